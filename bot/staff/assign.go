package staff

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// assignAction makes a link by which a customer gets an eSIM that is no order's, or one that its holder lost. A reason is
// asked, and what it is worth decides whether it takes two: of an eSIM of no order nobody knows, so it always does.
const assignAction = "assign"

const (
	// assignShown is how many eSIMs of no order are offered.
	assignShown = 12
	// assignShortest is how many of its last digits say something about an eSIM.
	assignShortest = 4
)

// claims are the links that staff make.
type claims struct {
	assigner *esim.Assigner
	byICCID  SearchStore
	// link is the address that a customer opens.
	link func(esim.GiftToken) string
}

// assignFits is what is known of an eSIM that somebody holds.
func assignFits(e esim.ESIM) bool {
	return !e.Customer.Forgotten() && !e.Returned && !e.Status.Final() && e.SMDPStatus != esim.SMDPDeleted
}

// assign lists the eSIMs of no order, or asks about the one whose number ends so.
func (f *actions) assign(ctx context.Context, r *request) (ui.Screen, error) {
	wanted := r.Word(0)
	orphans, err := f.claims.assigner.UnmatchedESIMs(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	if wanted == "" {
		return f.assignable(r, orphans), nil
	}
	var found []esim.ESIMID
	if len(wanted) >= assignShortest {
		for _, id := range orphans {
			if strings.HasSuffix(string(id), wanted) {
				found = append(found, id)
			}
		}
		held, err := f.claims.byICCID.ESIMsByICCID(ctx, wanted)
		if err != nil {
			return ui.Screen{}, err
		}
		for _, e := range held {
			if assignFits(e) && !slices.Contains(found, e.ID) {
				found = append(found, e.ID)
			}
		}
	}
	switch len(found) {
	case 0:
		return ui.Screen{Text: r.T("staff.assign_unknown", i18n.Args{"words": ui.Truncate(wanted, 64)})}, nil
	case 1:
		return f.questionAssign(ctx, r, found[0], r.given.reason)
	}
	return f.assignable(r, found), nil
}

// assignable offers eSIMs to be given.
func (f *actions) assignable(r *request, all []esim.ESIMID) ui.Screen {
	if len(all) == 0 {
		return ui.Screen{Text: r.T("staff.assign_none", nil)}
	}
	screen := ui.Screen{Text: r.T("staff.assign_list", nil)}
	var buttons []ui.Button
	for _, id := range all[:min(len(all), assignShown)] {
		buttons = append(buttons, ui.NewButton(shortTran(id), askESIMRef{Action: assignAction, ESIM: id}))
	}
	screen.Rows = slices.Collect(slices.Chunk(buttons, 3))
	return screen
}

// assignedTo is the eSIM that a link is asked for, as far as it is somebody's: the zero value is one of no order.
func (f *actions) assignedTo(ctx context.Context, id esim.ESIMID) (esim.ESIM, error) {
	e, err := f.cards.store.ESIM(ctx, id)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.ESIM{}, nil
	}
	return e, err
}

// questionAssign asks for the reason, and then whether to make the link.
func (f *actions) questionAssign(ctx context.Context, r *request, id esim.ESIMID, why string) (ui.Screen, error) {
	e, err := f.assignedTo(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	text := r.T("staff.ask_assign_orphan", i18n.Args{"tran": shortTran(id)})
	if e.ID != "" {
		if !assignFits(e) {
			return ui.Screen{}, esim.ErrWrongState
		}
		args, err := f.giftArgs(ctx, r, e)
		if err != nil {
			return ui.Screen{}, err
		}
		text = r.T("staff.ask_assign", args)
	}
	if why == "" {
		no := wordsRef{Action: assignAction, Order: e.Order, ESIM: id}
		return ui.Screen{Fresh: true, Text: text + "\n" + r.T("staff.ask_words_gift", nil), Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), no)}}}, nil
	}
	return ui.Screen{Fresh: true, Text: reasoned(r, text, why), Rows: yesNo(r, assignRef{id, e.Customer}, e.Order)}, nil
}

// stakeAssign is of an eSIM that is taken from who holds it, or given without anybody knowing what it is worth.
func (f *actions) stakeAssign(ctx context.Context, r *request, ref assignRef) (esim.SensitiveAction, error) {
	if r.reason() == "" {
		return esim.SensitiveAction{}, nil
	}
	e, err := f.assignedTo(ctx, ref.ESIM)
	if err != nil || e.Customer != ref.Holder {
		return esim.SensitiveAction{}, err
	}
	return f.stakeOfESIM(ctx, assignAction, e)
}

// yesAssign makes the link, once for the question that was asked.
func (f *actions) yesAssign(ctx context.Context, r *request, ref assignRef) (ui.Screen, error) {
	e, err := f.assignedTo(ctx, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if e.Customer != ref.Holder {
		return ui.Screen{}, esim.ErrConflict
	}
	entry := r.auditEntry(assignAction, f.now())
	if entry.Why = r.reason(); entry.Why == "" {
		return ui.Screen{}, ui.ErrBadData
	}
	end, err := f.admin.BeginVendorAction(ctx, esim.VendorAction{Who: entry.Who, What: assignAction, Order: e.Order, ESIM: ref.ESIM})
	if err != nil {
		return ui.Screen{}, err
	}
	press := fmt.Sprintf("assign:%d", r.message)
	return ui.Screen{Text: r.T("staff.assign_working", i18n.Args{"id": shortTran(ref.ESIM)}), After: ended(end, func(ctx context.Context) (ui.Screen, error) {
		g, token, err := f.claims.assigner.Assign(ctx, ref.ESIM, press, entry)
		if ctx.Err() != nil {
			return ui.Screen{}, ctx.Err()
		}
		if err != nil {
			return ui.Screen{Text: string(words(r, err))}, nil
		}
		r.done = true
		link := f.claims.link(token)
		return ui.Screen{Text: reasoned(r, r.T("staff.done_assign", i18n.Args{"who": r.name, "link": link, "date": r.Moment(g.Ends)}), entry.Why), Rows: [][]ui.Button{
			ui.Row(ui.Button{Text: r.Plain("gift.btn_send", nil), URL: shareURL(link)}),
			ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy", nil), Copy: link}),
		}}, nil
	})}, nil
}

// shareURL sends a link on to a chat that is chosen then; its host is that of the link.
// Source: https://core.telegram.org/widgets/share.
func shareURL(link string) string {
	base, _, _ := strings.Cut(link, "?")
	base = base[:strings.LastIndex(base, "/")]
	return base + "/share/url?" + url.Values{"url": {link}}.Encode()
}
