package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The daily reminder names all that is open when it is sent, with the way to each.
func TestTheDailyReminderLeadsToEachOpenItem(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.Must(s.DB.ApplyTransition(t.Context(), o.TransitionTo(esim.StateNeedsHuman, "test", s.Vendor.Time())))
	_, err := s.DB.NoteUnmatchedESIM(t.Context(), "T0000000000000042", "", s.Vendor.Time(), nil)
	s.Must(err)
	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Admin.Remind(t.Context()))
	s.Deliver()
	last := olga.Last()
	for _, want := range []string{o.ID.String(), "Still open: 2", "…000042", "/reconcile"} {
		if !strings.Contains(last.Text, want) {
			t.Errorf("%q is not in %q", want, last.Text)
		}
	}
	s.presses(olga, "s_card|"+o.ID.String())
	s.sees(olga, o.ID.String())

	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Admin.Remind(t.Context())) // closed before it is sent
	s.Must(s.Admin.Refund(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "refund", Order: o.ID}))
	s.Vendor.Advance(72 * time.Hour) // and the orphan was not seen again
	before := len(olga.Chat())
	s.Deliver()
	for _, m := range olga.Chat()[before:] {
		if strings.Contains(m.Text, "Still open") {
			t.Errorf("reminded of what is closed: %s", m.Text)
		}
	}
}

// Staff close a payment by card that was let through and never came, after they looked at the processor.
func TestStaffLookAtTheProcessor(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodProvider}
	ann, olga := s.Messenger.User(annID), s.staffed()
	s.Send(ann, "/start")
	plan := s.Catalog.Current().Country("JP")[0]
	q, err := s.Checkout.Quote(plan.Code, 1, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: plan.Code, Quantity: 1, Seen: q.Price})
	s.Must(err)
	s.Must(s.Checkout.Approve(t.Context(), o.ID, annID, o.Price))
	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Checkout.Expire(t.Context()))
	s.Deliver()
	s.sees(olga, "Approved, and no payment came", o.ID.String())
	s.Vendor.Advance(25 * time.Hour)
	s.Must(s.Admin.Remind(t.Context()))
	s.Deliver()
	s.sees(olga, "Still open: 1", "never came", o.ID.String())

	s.presses(olga, "s_card|"+o.ID.String())
	s.presses(olga, "s_ask|"+esim.AuditProcessorChecked)
	s.sees(olga, o.ID.String(), "payment provider")
	s.presses(olga, "s_yes|"+esim.AuditProcessorChecked)
	s.sees(olga, "Closed")
	if open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time()); err != nil || open.Count() != 0 {
		t.Errorf("still open: %+v, %v", open.Unpaid, err)
	}
	s.presses(olga, "s_card|"+o.ID.String())
	if labels := strings.Join(olga.Last().Labels(), " "); strings.Contains(labels, "processor") {
		t.Errorf("it can be closed again: %s", labels)
	}
}
