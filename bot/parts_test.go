package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// While one of three eSIMs is awaited, the customer reads how many are here and can give one of them
// back, and the staff's card says of each where it is.
func TestPartsOfAnOrderAreSeenByAll(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, ann := s.staffed(), s.Messenger.User(annID)
	s.Send(ann, "/start")
	plan := s.Catalog.Current().Country("JP")[0]
	q, err := s.Checkout.Quote(plan.Code, 3, 0)
	if plan.DayPass() {
		t.Fatal("the first plan is a day pass")
	}
	s.Must(err)
	o, err := s.Checkout.Begin(t.Context(), esim.PurchaseRequest{Customer: annID, PlanCode: plan.Code, Quantity: 3, Seen: q.Price})
	s.Must(err)
	_, _, err = s.Checkout.Paid(t.Context(), esim.Payment{ID: "charge-1", Order: o.ID, Customer: annID, Amount: o.Price, Method: o.Method, At: s.Vendor.Time()})
	s.Must(err)
	_, err = s.Fulfiller.Run(t.Context())
	s.Must(err)
	s.Fulfiller.Wait()
	stored, err := s.DB.Order(t.Context(), o.ID)
	s.Must(err)
	s.Must(s.Vendor.Withhold(stored.VendorOrder, 3))
	s.Vendor.Advance(time.Minute)
	s.Work()
	if says(ann, "Ready so far: 2 of 3") != 1 || pictures(ann) != 2 {
		t.Fatalf("%d pictures; the customer reads %v", pictures(ann), ann.Chat())
	}
	s.Send(olga, "/order "+string(o.ID))
	if text := olga.Last().Text; strings.Count(text, "· delivered") != 2 || !strings.Contains(text, "still to come: 1") {
		t.Errorf("the card: %s", text)
	}
	s.Send(ann, "/esims")
	s.presses(ann, "esim|")
	s.presses(ann, "cancel|")
	s.sees(ann, "store credit", "others of this order are still on their way")
	if offers(ann, "cancelnow|") {
		t.Error("all of it can be given back, though one is to come")
	}
	s.presses(ann, "cancelone|")
	s.Work()
	s.Send(olga, "/order "+string(o.ID))
	if text := olga.Last().Text; strings.Count(text, "· delivered") != 1 || !strings.Contains(text, "given back, ") || !strings.Contains(text, "still to come: 1") {
		t.Errorf("the card: %s", text)
	}
	if says(ann, "Ready so far: 1 of 2") != 1 {
		t.Errorf("the customer reads %v", ann.Chat())
	}
	s.Vendor.Advance(49 * time.Hour)
	s.Work()
	s.Send(olga, "/order "+string(o.ID))
	s.sees(olga, "never came, store credit: 1")
	if got := s.state(o.ID); got != esim.StateDelivered {
		t.Errorf("it is %s", got)
	}
}

// The card of an unused eSIM that was topped up says why it has no button to give it back.
func TestAToppedUpESIMSaysWhyItIsNotGivenBack(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string]string{"en": "It was topped up", "ru": "пополняли"} {
		s := newShop(t, vendorsandbox.Options{})
		ann := s.Messenger.User(annID)
		s.Send(ann, "/start")
		o := s.buy(ann)
		s.fulfils()
		esims, err := s.DB.ESIMsOfOrder(t.Context(), o.ID)
		s.Must(err)
		offers, err := s.TopUps.Offers(t.Context(), esims[0], 0)
		s.Must(err)
		added, err := s.TopUps.Begin(t.Context(), esims[0], esim.PurchaseRequest{Customer: annID, PlanCode: offers[0].Plan.Code, Quantity: 1, Seen: offers[0].Price})
		s.Must(err)
		_, _, err = s.Checkout.Paid(t.Context(), esim.Payment{ID: "charge-2", Order: added.ID, Customer: annID, Amount: added.Price, Method: added.Method, At: s.Vendor.Time()})
		s.Must(err)
		s.fulfils()
		s.Must(s.DB.SetLanguage(t.Context(), annID, lang))
		s.Send(ann, "/esims")
		s.presses(ann, "esim|")
		s.sees(ann, words)
	}
}
