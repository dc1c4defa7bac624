package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// A sale that store credit paid a part of is recovered from its invoice: the credit that paid is found
// in the books as spent, and comes back with the rest.
func TestAMixedSaleIsRecovered(t *testing.T) {
	t.Parallel()
	for _, had := range []int64{0, 40, 150} { // of an older copy
		o := order("ABCD0001", ann, 1)
		o.Credit = esim.USDCents(100)
		sale := esim.ParseInvoicePayload(esim.InvoicePayload(o))
		r := esim.Recover(esim.RecoverySources{
			Stars:   []esim.StarTransaction{{ID: "charge", Incoming: true, Amount: esim.Stars(300), Customer: ann, Order: o.ID, Invoiced: sale, At: noon}},
			Records: []esim.VendorRecord{{Profile: esim.Profile{ID: "T1", IdempotencyKey: esim.IdempotencyKeyOf(sale), ActivationCode: "LPA:1$a$b", Status: esim.ProfileInUse, SMDPStatus: esim.SMDPEnabled}, Plan: o.Plan, Bought: noon}},
			Plan:    func(string) (esim.Plan, error) { return o.Plan, nil },
			Pricing: esim.Pricing{StarValue: esim.USDTenThousandths(130)}, Now: noon.Add(240 * time.Hour),
		})
		db, _ := open(t)
		if had > 0 {
			meet(t, db, ann)
			must(t, db.Grant(t.Context(), esim.GrantTransaction("1", ann, esim.USDCents(had), "test"), esim.AuditEntry{Who: 1, What: "credit"}, nil))
			get(db.NoteUnexplained(t.Context(), esim.UnexplainedPayment{Payment: r.Orders[0].Payments[0].Payment}))(t)
			must(t, db.AdoptRecovered(t.Context(), r.Customers[0], r.Orders[0], nil))
		} else {
			must(t, db.FillRecovered(t.Context(), r))
		}
		got := get(db.Order(t.Context(), o.ID))(t)
		if got.State != esim.StateDelivered || got.Credit != o.Credit || got.Retail != esim.USDCents(490) {
			t.Errorf("%s, %s of which %s from credit", got.State, got.Retail, got.Credit)
		}
		left := max(had-100, 0)
		if credit := get(db.Credit(t.Context(), ann))(t); credit.Minor != left {
			t.Errorf("%s of store credit left of %d cents", credit, had)
		}
		faultless(t, db)
		must(t, db.ApplyTransition(t.Context(), got.TransitionTo(esim.StateRefunding, "test", noon)))
		due := get(db.RefundsDue(t.Context(), noon.Add(time.Hour), 10))(t)
		if len(due) != 2 {
			t.Fatalf("%d payments are due to go back", len(due))
		}
		for _, d := range due {
			back := esim.RefundedPayment{Payment: d.ID, At: noon}
			if d.Method == esim.MethodCredit {
				back.Credited = d.Amount
			}
			must(t, db.PaymentRefunded(t.Context(), back))
		}
		if credit := get(db.Credit(t.Context(), ann))(t); credit.Minor != left+100 || state(t, db, o.ID) != esim.StateRefunded {
			t.Errorf("%s of store credit after the refund", credit)
		}
		faultless(t, db)
	}
}
