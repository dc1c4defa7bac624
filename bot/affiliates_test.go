package bot_test

import (
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// affiliated is a shop with an affiliate program of 3.3 %.
func affiliated(t *testing.T, keeps bool) *shop {
	t.Helper()
	s := newShop(t, vendorsandbox.Options{})
	s.Must(s.Messenger.RunAffiliateProgram(tgsandbox.AffiliateProgram{PerMille: 33, Keeps: keeps}))
	return s
}

// delivered sells one eSIM, to its arrival.
func (s *shop) delivered() esim.Order {
	s.Helper()
	o := s.buy(s.Messenger.User(annID))
	s.fulfils()
	if s.state(o.ID) != esim.StateDelivered {
		s.Fatalf("the sale is %s", s.state(o.ID))
	}
	return o
}

// starsAgree holds the books to what the bot has, without what is less than a Star.
func (s *shop) starsAgree() {
	s.Helper()
	booked, err := s.DB.StarsBooked(s.Context())
	s.Must(err)
	if has := esim.Stars(s.Messenger.BotStars()); booked != has {
		s.Errorf("the books have %s, the bot %s", booked, has)
	}
	faults, err := s.DB.LedgerFaults(s.Context())
	s.Must(err)
	if len(faults) > 0 {
		s.Errorf("faults in the books: %+v", faults)
	}
}

// commissions is what the books say that affiliates got.
func (s *shop) commissions() (sum int64) {
	s.Helper()
	all, err := s.DB.Balances(s.Context())
	s.Must(err)
	for _, m := range all[esim.AccountCommission] {
		sum += m.Minor
	}
	return sum
}

func TestAnAffiliatesPartIsInTheBooks(t *testing.T) {
	t.Parallel()
	s := affiliated(t, false)
	o := s.delivered()
	for range 2 { // its line is read again
		if rep := s.compare(); rep.Mended() || rep.Unexplained > 0 {
			t.Errorf("reconciliation mends %+v", rep)
		}
	}
	s.starsAgree()
	if want := o.Price.Minor * 33_000_000; s.commissions() != want || want%1_000_000_000 == 0 {
		t.Errorf("affiliates got %d billionths of Stars, want %d", s.commissions(), want)
	}
	sum := esim.NewSalesSummarizer(esim.Period{})
	for line, err := range s.DB.EarnedLines(t.Context(), esim.Period{}) {
		s.Must(err)
		sum.Add(line)
	}
	earned := sum.Report().Total
	if c := earned.Commission.Minor; c < o.Retail.Minor*33/10 || c > o.Retail.Minor*33/10+1 {
		t.Errorf("of %s the commission is %s", o.Retail, earned.Commission)
	}
	if n := s.Affiliates.PerMille(s.Vendor.Time()); n != 33 {
		t.Errorf("%d per mille are known", n)
	}
	// A refund brings it back.
	s.Must(s.Canceller.Begin(t.Context(), o.ID, nil))
	s.Vendor.Advance(time.Minute)
	s.fulfils()
	s.compare()
	if s.starsAgree(); s.commissions() != 0 || s.Messenger.BotStars() != 0 {
		t.Errorf("after the refund affiliates have %d, the bot %d", s.commissions(), s.Messenger.BotStars())
	}
}

// What an affiliate keeps of a payment that went back is a loss, and in the books.
func TestAnAffiliateMayKeepItsPartOfARefund(t *testing.T) {
	t.Parallel()
	s := affiliated(t, true)
	first := s.delivered()
	s.delivered()
	s.Must(s.Canceller.Begin(t.Context(), first.ID, nil))
	s.Vendor.Advance(time.Minute)
	s.fulfils()
	s.compare()
	if s.starsAgree(); s.commissions() == 0 {
		t.Error("the books know of no part of an affiliate")
	}
}

// A payment whose update is lost is found with the whole price, though the account lists what is left of it.
func TestALostPaymentWithAnAffiliateIsFound(t *testing.T) {
	t.Parallel()
	s := affiliated(t, false)
	s.Messenger.LosePayments(1)
	h := s.Messenger.User(annID)
	s.Send(h, "JP")
	s.Press(h, h.Last().Keyboard[0][0].Text)
	s.Press(h, h.Last().Keyboard[0][0].Text)
	s.Must(s.Pay(h))
	s.Vendor.Advance(time.Minute)
	if rep := s.compare(); rep.Payments != 1 || rep.Unexplained != 0 {
		t.Errorf("found %+v", rep)
	}
	s.fulfils()
	orders, err := s.DB.OrdersOf(t.Context(), annID, 1)
	if s.Must(err); len(orders) != 1 || orders[0].State != esim.StateDelivered {
		t.Errorf("the orders are %+v", orders)
	}
	s.starsAgree()
}
