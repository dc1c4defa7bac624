package rights

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// dataFlow gives customers a copy of everything that is held about them.
type dataFlow struct {
	store esim.PersonalStore
	now   func() time.Time
}

func (f *dataFlow) register(t *ui.Router) {
	t.Command("mydata", true, f.send)
	t.Route(refs.RouteMyData, f.send)
}

// send sends the copy, once to be read and once for a program.
func (f *dataFlow) send(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	data, err := f.store.PersonalData(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	at := f.now().UTC().Format("2006-01-02 15:04:05 UTC")
	object := map[string]any{"as_of": at}
	for _, t := range data {
		object[t.Name] = t.Rows
	}
	machine, err := json.MarshalIndent(object, "", "  ")
	if err != nil {
		return ui.Screen{}, fmt.Errorf("write what is held about a customer: %w", err)
	}
	return ui.Screen{
		Text: r.T("mydata.text", nil), Rows: ui.MenuRow(r),
		Files: []ui.File{{Name: "my-data.txt", Data: []byte(readable(r, data, at))}, {Name: "my-data.json", Data: machine}},
	}, nil
}

// namedFields have words of their own: what customers know, and what is about them.
var namedFields = map[string]bool{
	"account": true, "activated": true, "amount": true, "as_of": true, "at": true, "became": true, "changed": true, "code": true, "consent": true, "created": true, "credit_amount": true, "credited": true, "days": true,
	"discount": true, "esim": true, "expires": true, "file": true, "kind": true, "language": true, "level": true,
	"message": true, "name": true, "note": true, "order_id": true, "paid_at": true, "payment": true, "person": true, "phone": true, "plan": true, "price_amount": true, "promo": true, "quantity": true, "quiet": true,
	"rail": true, "reason": true, "refunded_at": true, "retail_amount": true, "state": true, "status": true,
	"text": true, "total": true, "tran_no": true, "trip": true, "trip_days": true, "used": true, "was": true,
	"why": true, "zone": true,
}

//i18n:use mydata.of_*
//i18n:use mydata.field_*

// readable is the copy for a person: each kind under a heading, each thing in lines of its own.
func readable(r *ui.Request, data []esim.PersonalTable, at string) string {
	var b strings.Builder
	word := func(field string) string {
		if namedFields[field] {
			return r.Plain("mydata.field_"+field, nil)
		}
		return strings.ReplaceAll(field, "_", " ") // of a program, and for one: it has the same name everywhere
	}
	b.WriteString(r.Plain("mydata.title", i18n.Args{"time": at}) + "\n")
	for _, t := range data {
		heading := r.Plain("mydata.of_"+t.Name, nil)
		fmt.Fprintf(&b, "\n\n=== %s (%s)\n", heading, r.Number(int64(len(t.Rows))))
		for _, row := range t.Rows {
			b.WriteString("\n" + strings.Join(row.Lines(word), "\n") + "\n")
		}
	}
	return b.String()
}
