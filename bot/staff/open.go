package staff

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	openNamed   = 10 // items of a kind that are named in the daily reminder
	openButtons = 12 // orders that have a button under it
)

// recipient is the customer whom a message is for; "" for staff.
func recipient(m esim.OutboxMessage) string {
	if m.Customer == 0 {
		return ""
	}
	return strconv.FormatInt(int64(m.Customer), 10)
}

//i18n:use staff.open_*

// open is the daily reminder of all that is open when it is sent; empty if nothing is.
func (f *notifications) open(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	open, err := esim.FindOpenItems(ctx, f.items, f.cards.now())
	if err != nil || open.Count() == 0 {
		return ui.Screen{}, err
	}
	lines, rows := openWords(r, open)
	return ui.Screen{Text: ui.Clip(append([]string{r.T("staff.notice_open", i18n.Args{"count": open.Count()})}, lines...)), Rows: rows}, nil
}

// openWords is a line for each kind of what is open, and the buttons that lead there.
func openWords(r *ui.Request, open esim.OpenItems) (lines []string, rows [][]ui.Button) {
	var buttons []ui.Button
	line := func(kind string, names []string) {
		if len(names) == 0 {
			return
		}
		shown := strings.Join(names[:min(len(names), openNamed)], ", ")
		if len(names) > openNamed {
			shown += " …"
		}
		lines = append(lines, r.T("staff.open_"+kind, i18n.Args{"count": len(names), "names": shown}))
	}
	named := func(kind string, all []esim.OrderID) {
		var names []string
		for _, id := range all {
			names = append(names, id.String())
			if len(buttons) < openButtons {
				buttons = append(buttons, ui.NewButton(id.String(), cardRef{id}))
			}
		}
		line(kind, names)
	}
	orders := func(kind string, all []esim.Order) {
		var ids []esim.OrderID
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		named(kind, ids)
	}
	var withdrawals []esim.OrderID
	for _, w := range open.Withdrawals {
		withdrawals = append(withdrawals, w.Order)
	}
	orders("human", open.Human)
	orders("late", open.Late)
	orders("manual", open.Manual)
	orders("unpaid", open.Unpaid)
	named("withdrawal", withdrawals)
	var refunds, orphans, unexplained, messages []string
	for _, d := range open.Refunds {
		refunds = append(refunds, d.Order.String()+" "+r.ExactAmount(d.Amount))
	}
	for _, id := range open.UnmatchedESIMs {
		orphans = append(orphans, shortTran(id))
	}
	for _, u := range open.Unexplained {
		unexplained = append(unexplained, r.ExactAmount(u.Amount))
	}
	for _, m := range open.Messages {
		messages = append(messages, cmp.Or(m.Order.String(), recipient(m), string(m.Kind)))
	}
	line("refund", refunds)
	line("orphan", orphans)
	line("held", unexplained)
	line("message", messages)
	for chunk := range slices.Chunk(buttons, 3) {
		rows = append(rows, chunk)
	}
	if len(unexplained) > 0 {
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("staff.btn_held", nil), unexplainedListRef{})))
	}
	return lines, rows
}
