package bot_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// creditOrder makes an order of a plan that waits to be paid from store credit.
func (s *shop) creditOrder(p esim.Plan) esim.Order {
	s.Helper()
	q, err := s.Checkout.QuoteWith(esim.MethodCredit, p.Code, 1, 0)
	s.Must(err)
	o, err := s.Checkout.Begin(s.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: p.Code, Quantity: 1, Method: esim.MethodCredit, Seen: q.Price})
	s.Must(err)
	return o
}

func (s *shop) meetAnn() {
	s.Helper()
	_, _, err := s.DB.UpsertCustomer(s.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: "Ann"})
	s.Must(err)
}

func TestFiftyPressesSpendStoreCreditOnce(t *testing.T) {
	t.Parallel()
	for name, several := range map[string]bool{"of one order": false, "of two orders, with credit for one": true} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit}
			s.meetAnn()
			p := s.Catalog.Current().Country("JP")[0]
			orders := []esim.Order{s.creditOrder(p)}
			if several {
				orders = append(orders, s.creditOrder(p))
			}
			price := orders[0].Price.Minor
			s.credits(2*price - 1)
			var paid atomic.Int32
			var all sync.WaitGroup
			for n := range 50 {
				all.Go(func() {
					o := orders[n%len(orders)]
					_, err := s.screen(t, s.request("en", ui.NewCallbackData("paycredit", string(o.ID))))
					switch {
					case err == nil:
						paid.Add(1)
					case !errors.Is(err, esim.ErrAlreadyPaid) && !errors.Is(err, esim.ErrInsufficientCredit):
						t.Errorf("press %d: %v", n, err)
					}
				})
			}
			all.Wait()
			left, err := s.DB.Credit(t.Context(), annID)
			s.Must(err)
			if paid.Load() != 1 || left != esim.USDCents(price-1) {
				t.Errorf("paid %d times, %s of %s left", paid.Load(), left, esim.USDCents(2*price-1))
			}
		})
	}
}

// TestNobodyUsesTheButtonsOfOthers presses, as somebody else, every button that names
// something of Ann's.
func TestNobodyUsesTheButtonsOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodCredit}
	ann, olga := s.Messenger.User(annID), s.Messenger.User(staffID)
	s.Send(ann, "/start")
	p := s.Catalog.Current().Country("JP")[0]
	waiting := s.creditOrder(p)
	bought := s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	tran := esims[0].ID
	calls := len(s.Vendor.Calls())
	s.Send(olga, "/start")
	answers := map[string]string{} // of Ann's and of nobody's
	for _, d := range []ui.CallbackData{
		ui.NewCallbackData("esim", tran), ui.NewCallbackData("fresh", tran), ui.NewCallbackData("qr", tran), ui.NewCallbackData("install", tran),
		ui.NewCallbackData("topup", tran), ui.NewCallbackData("tcard", tran, "TOPUP_"+p.Code, 0), ui.NewCallbackData("tbuy", tran, "TOPUP_"+p.Code, 0, 48, esim.MethodStars),
		ui.NewCallbackData("cancel", tran), ui.NewCallbackData("cancelone", tran), ui.NewCallbackData("cancelnow", string(bought.ID)), ui.NewCallbackData("paycredit", string(waiting.ID)),
		ui.NewCallbackData("cancelnow", "ZZZZZZZZ"), ui.NewCallbackData("paycredit", ""), ui.NewCallbackData("esim", "26010100000001"),
		ui.NewCallbackData("trip", tran), ui.NewCallbackData("trip", "o"+string(bought.ID)), ui.NewCallbackData("trip", "oZZZZZZZZ"),
	} {
		data, err := d.Encode()
		s.Must(err)
		id, err := olga.PressData(olga.Last().ID, data)
		s.Must(err)
		s.Pump()
		if toast := olga.Toast(); toast.QueryID != id {
			t.Errorf("%s: %+v", data, toast)
		}
		about := "eSIM"
		if strings.Contains(data, "|o") || d.Route == "cancelnow" || d.Route == "paycredit" {
			about = "order"
		}
		last := olga.Last()
		if want := "You have no such " + about + "."; last.Text != want || olga.Toast().Text != want {
			t.Errorf("%s: shows %q, toast %q; want %q", data, last.Text, olga.Toast().Text, want)
		}
		if answer := last.Text + strings.Join(last.Labels(), "|"); answers[about] == "" {
			answers[about] = answer
		} else if answers[about] != answer {
			t.Errorf("%s: %q, and of another %s %q", data, answer, about, answers[about])
		}
		if labels := strings.Join(last.Labels(), " "); !strings.Contains(labels, "My eSIMs") || !strings.Contains(labels, "Find a plan") || !strings.Contains(labels, "Ask a person") {
			t.Errorf("%s: leads on to %q only", data, labels)
		}
	}
	if s.state(bought.ID) != esim.StateDelivered || s.state(waiting.ID) != esim.StateAwaitingPayment {
		t.Errorf("orders are %s and %s", s.state(bought.ID), s.state(waiting.ID))
	}
	if n := len(s.Vendor.Calls()); n != calls {
		t.Errorf("%d calls to the vendor", n-calls)
	}
}

// TestNoButtonIsTooDear presses each number of days and eSIMs that a card offers.
func TestNoButtonIsTooDear(t *testing.T) {
	t.Parallel()
	eachCatalog(t, func(t *testing.T, s *shop) {
		s.Checkout.Pricing.MaxStars = 1_000
		refused := 0
		for i, p := range s.Catalog.Current().Plans() {
			if i%oneIn != 0 {
				continue
			}
			card, err := s.screen(t, s.request("en", ui.NewCallbackData("plan", p.Code)))
			if errors.Is(err, esim.ErrPriceTooHigh) {
				refused++
				continue
			}
			s.Must(err)
			for _, row := range card.Rows {
				for _, b := range row {
					if b.Data.Route != "plan" {
						continue
					}
					if _, err := s.screen(t, s.request("en", b.Data)); err != nil {
						t.Errorf("%s: button %q: %v", p.Code, b.Text, err)
					}
				}
			}
		}
		if refused == 0 {
			t.Error("no plan is dearer than the limit: the test tests nothing")
		}
	})
}

func TestNotificationOfUnknownKindIsLogged(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: "nosuch", Key: "x", Customer: annID}}))
	s.Deliver()
	if !s.Log.Has("notification of unknown kind") {
		t.Errorf("log: %s", s.Log)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting != 1 || dead != 1 { // staff are told, in the next turn
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}

// TestOldBuyButtonsStillWork presses a button as releases before quantities and payment methods wrote it.
func TestOldBuyButtonsStillWork(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.meetAnn()
	p := s.Catalog.Current().Country("JP")[0]
	q, err := s.Checkout.Quote(p.Code, 1, 0)
	s.Must(err)
	screen, err := s.screen(t, s.request("en", ui.NewCallbackData("buy", p.Code, "JP", 0, q.Price.Minor)))
	s.Must(err)
	if inv := screen.Invoice; inv == nil || inv.Amount != q.Price.Minor || inv.Currency != "XTR" {
		t.Errorf("invoice %+v", inv)
	}
}

// TestTopUpPriceThatMovedIsShownAgain moves it between the card and the press.
func TestTopUpPriceThatMovedIsShownAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	e := esims[0]
	offers, err := s.TopUps.Offers(t.Context(), e, 0)
	s.Must(err)
	same := slices.IndexFunc(offers, func(q esim.Quote) bool { return q.Plan.Data == e.Plan.Data && q.Plan.Days == e.Plan.Days })
	q := offers[same]
	s.Must(s.Vendor.SetPrice(e.Plan.Code, q.Plan.Wholesale.Minor+20_000))
	s.Vendor.Advance(time.Minute)
	screen, err := s.screen(t, s.request("en", ui.NewCallbackData("tbuy", e.ID, q.Plan.Code, 0, q.Price.Minor, q.Method)))
	s.Must(err)
	late, err := screen.After(t.Context())
	s.Must(err)
	if late.Invoice != nil || !strings.Contains(late.Text, "The price has changed") || len(late.Rows) == 0 {
		t.Errorf("shows %+v", late)
	}
}
