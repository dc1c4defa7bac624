package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// promo makes a code.
func (s *shop) promo(p esim.Promo) {
	s.Helper()
	s.Must(s.DB.AddPromo(s.Context(), p, esim.AuditEntry{Who: staffID, What: "promo"}))
}

func TestTalkPromo(t *testing.T) {
	t.Parallel()
	talks(t, "promo", func(k *talk) {
		k.promo(esim.Promo{Code: "SUMMER", Percent: 20})
		k.promo(esim.Promo{Code: "KOREA", Amount: esim.USDCents(100), Places: []string{"KR"}, Ends: k.Vendor.Time().AddDate(0, 1, 0)})
		k.says("JP")
		k.taps("plan|")
		k.taps("promo|")
		k.says("WINTER")
		k.says("korea")
		k.taps("promo|")
		k.says("summer")
		k.taps("plan|" + k.vendorPlan() + "|JP.m|0|2")
		k.taps("details|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.note("used")
		k.says("/start promo_SUMMER")
		k.says("/start promo_KOREA__KR")
		k.taps("plan|")
		k.taps("promo|")
		k.taps("promo|")
		k.note("words that can be no code are what they always are")
		k.taps("promo|")
		k.says("Turkey, please")
	})
}

// The invoice asks for what the card showed; when the code ended meanwhile the card is shown again and nothing is charged.
func TestAPromoThatEndsUnderTheCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.promo(esim.Promo{Code: "SUMMER", Percent: 20})
	k := s.talk(s.Messenger.User(annID))
	k.says("/start promo_SUMMER__JP")
	k.taps("plan|")
	card := k.user.Last()
	if !strings.Contains(card.Text, "SUMMER") {
		t.Fatalf("the card says nothing of the code: %s", card.Text)
	}
	s.Must(s.DB.EndPromo(t.Context(), "SUMMER", esim.AuditEntry{Who: staffID, What: "promo"}))
	toast := s.presses(k.user, "buy|")
	if now := k.user.Last(); !toast.Alert || now.Invoice != nil || strings.Contains(now.Text, "SUMMER") {
		t.Errorf("%+v, %s", toast, now.Text)
	}
}

// A code that was asked for after the last word in an open thread is not sent to staff, and other words are.
func TestACodeIsNoWordToStaff(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.promo(esim.Promo{Code: "SUMMER", Percent: 20})
	k := s.talk(s.Messenger.User(annID))
	k.says("/help")
	k.taps("person")
	k.says("Have you a code for me?")
	s.Vendor.Advance(time.Minute)
	k.says("/start JP")
	k.taps("plan|")
	k.taps("promo|")
	k.says("SUMMER")
	if p, err := s.DB.EnteredPromo(t.Context(), annID); err != nil || p.Code != "SUMMER" {
		t.Errorf("entered: %+v, %v", p, err)
	}
}

func TestTalkInvite(t *testing.T) {
	t.Parallel()
	talks(t, "invite", func(k *talk) {
		k.App.Referrals.Credit = esim.USDCents(30)
		k.says("/start")
		bob := k.friend()
		k.taps("invite")
		sum, err := k.DB.ReferralOf(k.Context(), annID)
		k.Must(err)
		k.as("Bob", bob, func() {
			k.says("/start ref_" + sum.Code + "__JP")
			k.taps("plan|")
			k.taps("buy|")
			k.pays()
			k.works()
			k.later(10 * time.Second)
			k.works()
			k.note("Bob uses it")
			k.uses(k.Vendor.Profiles()[0].EsimTranNo, 1, 4*time.Hour, k.Vendor.Profiles()[0].Total/8)
		})
		k.works()
		k.taps("menu")
		k.taps("invite")
	})
}

// A card with a code that is pressed again leads to the same order at the same price, though its code counts as used meanwhile:
// by an order that waits for staff, or by a payment that was let through and did not come.
func TestACardWithACodePressedTwice(t *testing.T) {
	t.Parallel()
	for _, method := range []esim.PaymentMethod{esim.MethodStars, esim.MethodManual} {
		t.Run(string(method), func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			s.promo(esim.Promo{Code: "SUMMER", Percent: 20})
			s.Checkout.Methods = []esim.PaymentMethod{method}
			k := s.talk(s.Messenger.User(annID))
			k.says("/start promo_SUMMER__JP")
			k.taps("plan|")
			message, buy := s.button(k.user, "buy|")
			var first esim.Order
			for press := range 2 {
				if toast := s.pressesOn(k.user, message, buy); toast.Alert {
					t.Errorf("press %d: %q", press+1, toast.Text)
				}
				orders, err := s.DB.OrdersOf(t.Context(), annID, 10)
				s.Must(err)
				if len(orders) != 1 {
					t.Fatalf("%d orders after press %d", len(orders), press+1)
				}
				if first = orders[0]; first.Promo != "SUMMER" || first.Discount.Minor == 0 {
					t.Errorf("%+v", first)
				}
				if method == esim.MethodStars {
					s.Must(s.Checkout.Approve(t.Context(), first.ID, annID, first.Price))
				}
			}
		})
	}
}
