package bot_test

import (
	"slices"
	"testing"

	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// toppable gives Ann an eSIM in use that can be topped up, and returns its order.
func (s *shop) toppable() esim.Order {
	s.Helper()
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodCredit}
	s.credits(10_000)
	japan := s.Catalog.Current().Country("JP")
	plan := japan[slices.IndexFunc(japan, func(p esim.Plan) bool { return !p.DayPass() && p.TopUp != esim.NoTopUp })]
	q, err := s.Checkout.Quote(plan.Code, 1, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: plan.Code, Quantity: 1, Seen: q.Price})
	s.Must(err)
	_, err = s.Checkout.PayWithoutInvoice(s.Context(), annID, o.ID)
	s.Must(err)
	s.fulfils()
	s.Must(s.Vendor.Install(s.Vendor.Profiles()[0].EsimTranNo))
	s.Must(s.Watcher.Refresh(s.Context(), esim.ESIMID(s.Vendor.Profiles()[0].EsimTranNo)))
	return o
}

// TestTalkStaffGift tops an eSIM up as a present, to which two agree where it costs more than one may spend.
func TestTalkStaffGift(t *testing.T) {
	t.Parallel()
	talks(t, "staff-gift", func(k *talk) {
		ann := k.user
		k.Reopen(func(cfg *wiring.Config) { cfg.ApprovalAbove = esim.USDCents(1) })
		k.Send(ann, "/start")
		olga, pia := k.staffed(), k.joins(piaID, "Pia", esim.RoleOwner)
		k.Must(k.DB.AssignRole(k.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
		o := k.toppable()
		k.becomes(olga)
		k.says("/order " + o.ID.String())
		k.taps("s_ask_esim|gift|")
		k.App.Bot.Screens().Wait()
		k.look()
		k.taps("s_gift|")
		k.replies(olga.Last().ID, "the network was slow")
		yes, data := k.button(olga, "s_yes_gift|")
		k.taps("s_yes_gift|")
		k.user = pia
		k.taps("s_agree|")
		k.App.Bot.Screens().Wait()
		k.look()
		k.pressesOn(olga, yes, data) // once more, as an update that comes again
		k.App.Bot.Screens().Wait()
		k.becomes(ann)
		k.note("Ann")
		k.works()
		k.becomes(olga)
		k.taps("s_card|")
		k.says("/stats")
		k.note("her card, and its buttons")
		k.says("/user nn")
		k.taps("s_user_do|u_message|")
		k.taps("s_user_do|u_note|")
		k.taps("s_user_do|u_credit|")
		k.replies(olga.Last().ID, "much too much")
		k.taps("s_user_do|u_block|")
		if n := k.did("gift"); n != 1 {
			k.Errorf("%d gifts", n)
		}
	})
}
