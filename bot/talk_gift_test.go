package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// claimLink is the start parameter of the link that a message shows.
func claimLink(t testing.TB, m tgsandbox.Message) string {
	t.Helper()
	found := regexp.MustCompile(`start=(claim_[A-Z2-7]{26})\b`).FindStringSubmatch(m.HTML())
	if found == nil {
		t.Fatalf("no link in %s", m.HTML())
	}
	return found[1]
}

// friend is Bob, who reads the language of the talk.
func (k *talk) friend() *tgsandbox.UserClient {
	k.Helper()
	who, err := k.DB.Customer(k.Context(), annID)
	k.Must(err)
	return k.Messenger.AddUser(tgsandbox.User{ID: annID + 1, FirstName: "Bob", LanguageCode: who.Language})
}

// offers has who speaks give an eSIM, and returns the start parameter of the link.
func (k *talk) offers(tran string) string {
	k.Helper()
	k.says("/esims")
	k.taps("esim|" + tran)
	k.taps("give|" + tran)
	k.taps("givenow|" + tran)
	return claimLink(k.TB, k.user.Last())
}

// gives has who speaks give an eSIM to another, who takes it.
func (k *talk) gives(tran string, to *tgsandbox.UserClient) {
	k.Helper()
	k.Send(to, "/start "+k.offers(tran))
	k.presses(to, "take|")
	k.Work()
}

func TestTalkGift(t *testing.T) {
	t.Parallel()
	talks(t, "gift", func(k *talk) {
		k.many(2)
		bob := k.friend()
		k.taps("buy|")
		k.pays()
		k.arrives()
		tran := k.bought(0)
		k.taps("esim|" + tran)
		k.taps("give|")
		k.taps("givenow|")
		link := claimLink(k.TB, k.user.Last())
		k.says("/start " + link)
		k.taps("giveback|")
		k.taps("give|")
		k.taps("givenow|")
		old := link
		link = claimLink(k.TB, k.user.Last())
		k.as("Bob", bob, func() {
			k.says("/start " + old)
			k.says("/start " + link)
			k.taps("take|")
			k.works()
		})
		k.works()
		k.says("/esims")
		k.taps("given|")
		k.taps("cancel|" + tran)
		k.taps("given|" + tran)
		k.says("/start " + link)
		k.as("Bob", bob, func() {
			k.says("/start " + link)
			k.taps("cancel|" + tran)
			k.taps("cancelone|" + tran)
			k.works()
		})
		k.works()
		k.taps("given|" + tran)
		k.says("/esims")
	})
}

// The button that makes a link makes one, however often its press comes: handled again after a kill, or pressed twice. Of a
// link that was taken back it makes none, and of one that was taken it says who has the eSIM.
func TestOneScreenMakesOneLink(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, bob := s.Messenger.User(annID), s.Messenger.User(annID+1)
	k := s.talk(ann)
	tran := k.buys()
	k.taps("esim|" + tran)
	asked := func() (message int, data string) {
		t.Helper()
		for _, row := range ann.Last().Keyboard {
			if strings.HasPrefix(row[0].Data, "givenow|") {
				return ann.Last().ID, row[0].Data
			}
		}
		t.Fatalf("nothing makes a link: %q", ann.Last().Labels())
		return 0, ""
	}
	k.taps("give|" + tran)
	message, data := asked()
	s.pressesOn(ann, message, data)
	link := claimLink(t, ann.Last())
	s.pressesOn(ann, message, data)
	if again := claimLink(t, ann.Last()); again != link {
		t.Errorf("the press again made %s of %s", again, link)
	}
	k.taps("giveback|")
	s.pressesOn(ann, message, data)
	if message, next := asked(); next == data {
		t.Error("what makes the next link is what made the one that was taken back")
	} else {
		s.pressesOn(ann, message, next)
		data = next
	}
	s.Send(bob, "/start "+claimLink(t, ann.Last()))
	s.presses(bob, "take|")
	s.Work()
	s.pressesOn(ann, message, data)
	if text := k.message(message).Text; !strings.Contains(text, "Given to") {
		t.Errorf("after it was taken the press shows %q", text)
	}
}

// Nobody learns of, or changes, what others give each other: not by their buttons, and not by links that are used.
func TestGiftsAreNoBusinessOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	bob, carol := s.Messenger.User(annID+1), s.Messenger.User(annID+2)
	k.taps("esim|" + tran)
	k.taps("give|" + tran)
	k.taps("givenow|")
	link := claimLink(t, k.user.Last())
	s.Send(carol, "/start")
	s.Send(bob, "/start "+link)
	for _, route := range []string{"give", "givenow", "giveback", "given", "cancel", "cancelone"} {
		s.pressesOn(carol, carol.Last().ID, route+"|"+tran)
	}
	s.presses(bob, "take|")
	s.Work()
	holder := func() esim.CustomerID {
		t.Helper()
		e, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
		s.Must(err)
		return e.Customer
	}
	if holder() != annID+1 {
		t.Fatalf("%d has it: a stranger's press took the link back", holder())
	}
	ann := k.user
	for who, presses := range map[*tgsandbox.UserClient][]string{
		ann:   {"esim|", "qr|", "install|", "give|", "givenow|", "topup|", "name|", "swap|", "fresh|"},
		carol: {"given|", "cancel|", "cancelone|", "esim|", "qr|", "take|" + strings.TrimPrefix(link, "claim_") + "|"},
	} {
		s.Send(who, "/help")
		for _, route := range presses {
			data := strings.TrimSuffix(route, "|")
			if !strings.HasPrefix(route, "take|") {
				data = route + tran
			}
			s.pressesOn(who, who.Last().ID, data)
			for _, m := range who.Chat() {
				if m.Photo != nil && who == carol || strings.Contains(m.Text, "Bob") && who == carol {
					t.Errorf("%s shows a stranger %q", data, m.Text)
				}
			}
		}
	}
	if holder() != annID+1 {
		t.Errorf("%d has it", holder())
	}
	if profile := s.Vendor.Profiles()[0]; profile.EsimStatus != "GOT_RESOURCE" {
		t.Errorf("the vendor's state of it is %s", profile.EsimStatus)
	}
	s.Send(carol, "/start "+link)
	used := carol.Last().HTML()
	s.Send(carol, "/start claim_"+esim.NewGiftToken().Reveal())
	if carol.Last().HTML() != used {
		t.Errorf("a used link is told from one that never was:\n%s\n%s", used, carol.Last().HTML())
	}
}

// A top-up by hand waits while its eSIM goes on: who paid hears that the money goes back, and nothing of the eSIM's data;
// no word of it stays behind.
func TestATopUpOfWhatWentOnIsNobodysNews(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	bob, carol := s.Messenger.User(annID+1), s.Messenger.User(annID+2)
	k.gives(tran, bob)
	e, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
	s.Must(err)
	offers, err := s.App.TopUps.Offers(t.Context(), e, 0)
	s.Must(err)
	s.Checkout.Methods = []esim.PaymentMethod{esim.MethodStars, esim.MethodManual}
	o, err := s.App.TopUps.Begin(t.Context(), e, esim.PurchaseRequest{
		Customer: annID + 1, PlanCode: offers[0].Plan.Code, Quantity: 1, Method: esim.MethodManual, Seen: offers[0].Retail,
	})
	s.Must(err)
	s.talk(bob).gives(tran, carol)
	_, err = s.Checkout.PaidByHand(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "paid"})
	s.Must(err)
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{esim.NewToppedUp(o)})) // as if it was applied before it went on
	for range 5 {
		s.Work()
		s.Vendor.Advance(time.Minute)
	}
	if stuck, err := s.DB.StuckMessages(t.Context(), 10); err != nil || len(stuck) > 0 {
		t.Errorf("%+v, %v", stuck, err)
	}
	if now, err := s.DB.Order(t.Context(), o.ID); err != nil || now.State != esim.StateRefunded {
		t.Errorf("%s, %v", now.State, err)
	}
	if said := chatText(bob); !strings.Contains(said, "now your store credit") || strings.Contains(said, "left of") {
		t.Errorf("Bob reads:\n%s", said)
	}
}

// A cancel screen that was shown before somebody took the eSIM, or before it went on, cancels nothing: it is shown anew, with
// whose it is now.
func TestAnOldCancelScreenTakesNothingFromTheHolder(t *testing.T) {
	t.Parallel()
	for name, quantity := range map[string]int{"the only one": 1, "one of two": 2} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			k := s.talk(s.Messenger.User(annID))
			k.many(quantity)
			k.taps("buy|")
			k.pays()
			k.arrives()
			tran := k.bought(0)
			bob, carol := s.Messenger.User(annID+1), s.Messenger.User(annID+2)
			button := map[int]string{1: "cancelnow|", 2: "cancelone|"}[quantity]
			link := k.offers(tran)
			for _, holder := range []*tgsandbox.UserClient{bob, carol} {
				k.says("/esims")
				s.pressesOn(k.user, k.user.Last().ID, "cancel|"+tran)
				message, data := s.button(k.user, button)
				s.Send(holder, "/start "+link)
				s.presses(holder, "take|")
				s.pressesOn(k.user, message, data)
				s.Work()
				for _, p := range s.Vendor.Profiles() {
					if p.EsimStatus == "CANCEL" {
						t.Fatalf("%s cancelled what somebody else has", data)
					}
				}
				for _, m := range k.user.Chat() {
					if m.ID == message && !strings.Contains(m.Text, "Cancel the eSIM that Person 102 has?") {
						t.Errorf("not asked anew: %s", m.Text)
					}
				}
				if holder == bob {
					link = s.talk(bob).offers(tran)
					button = "cancelone|"
				}
			}
			s.presses(k.user, "cancelone|")
			s.Work()
			e, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
			s.Must(err)
			if e.Status != esim.ProfileCancelled {
				t.Errorf("the screen that names the holder leaves it %s", e.Status)
			}
		})
	}
}

// Who gave an eSIM to Bob never reads to whom he gave it, be the word of Bob as late as it will.
func TestWhereAGiftWentFromThereIsNotToldToItsBuyer(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"told at once": false, "told late": true} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			k := s.talk(s.Messenger.User(annID))
			tran := k.buys()
			bob := s.Messenger.User(annID + 1)
			carol := s.Messenger.AddUser(tgsandbox.User{ID: annID + 2, FirstName: "Carolina", LanguageCode: "en"})
			s.Send(bob, "/start "+k.offers(tran))
			s.presses(bob, "take|")
			if !late {
				s.Work()
			}
			s.Send(carol, "/start "+s.talk(bob).offers(tran))
			s.presses(carol, "take|")
			s.Work()
			k.says("/esims")
			k.taps("given|" + tran)
			k.taps("cancel|" + tran)
			if said := k.user.Last().Text; !strings.Contains(said, "Person 102") {
				t.Errorf("the screen that cancels it: %s", said)
			}
			for _, m := range k.user.Chat() {
				if said := rendered(m); strings.Contains(said, "Carolina") {
					t.Errorf("Ann reads %s", said)
				}
			}
			if !strings.Contains(chatText(k.user), "Person 102 took the eSIM") {
				t.Error("Ann was not told of Bob")
			}
		})
	}
}
