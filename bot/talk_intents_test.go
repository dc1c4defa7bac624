package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/bot/ui"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// aboutTheirs are texts of each wish about an eSIM, and the route that one eSIM leads to while it is unused.
var aboutTheirs = []struct{ text, route string }{
	{"it does not connect", "fault"},
	{"I lost my phone", "lost"},
	{"refund", "cancel"},
	{"where is my QR", "qr"},
	{"where is my order", "esim"},
	{"cancel my order", "cancel"},
	{"top up", "topup"},
	{"gift", "give"},
	{"how much data is left", "esim"},
	{"rename my esim", "name"},
}

// smallTalk are texts that are about nothing of one's own.
var smallTalk = []string{"promo code", "thanks", "👍", "no", "hi", "menu", "language", "price", "cheapest", "help"}

// TestTalkWishes: who writes what they want is led there, without an eSIM, with one, with one in use, and with several.
func TestTalkWishes(t *testing.T) {
	t.Parallel()
	talks(t, "wishes", func(k *talk) {
		for _, text := range smallTalk {
			k.says(text)
		}
		k.note("no eSIM")
		for _, about := range aboutTheirs {
			k.says(about.text)
		}
		k.says("/start")
		k.buy(k.user)
		k.look()
		k.note("one is on its way")
		k.says("where is my order")
		k.fulfils()
		k.look()
		k.note("one, unused")
		for _, about := range aboutTheirs {
			k.says(about.text)
		}
		k.note("it is in use")
		k.Must(k.Vendor.Install(k.Vendor.Profiles()[0].EsimTranNo))
		k.later(time.Hour)
		for _, about := range aboutTheirs {
			k.says(about.text)
		}
		k.says("/start")
		k.buy(k.user)
		k.fulfils()
		k.look()
		k.note("two")
		for _, about := range aboutTheirs {
			k.says(about.text)
		}
	})
}

// TestAWishLeadsToItsOwnStep: each to its own screen, and always with a person below.
func TestAWishLeadsToItsOwnStep(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	asks := func(screen ui.Screen) bool {
		return slices.ContainsFunc(screen.Rows, func(row []ui.Button) bool { return row[0].Data.Route == "person" })
	}
	for _, about := range aboutTheirs {
		if screen, _ := s.typed(about.text); !asks(screen) || strings.Contains(screen.Text, "know no place") {
			t.Errorf("%q without an eSIM: %q, asks a person: %v", about.text, screen.Text, asks(screen))
		}
	}
	s.buy(ann)
	if screen, to := s.typed("where is my order"); to.Route != "order" || !asks(screen) {
		t.Errorf("an order on its way leads to %v", to)
	}
	s.fulfils()
	for _, about := range aboutTheirs {
		screen, to := s.typed(about.text)
		if to.Route != about.route || screen.After == nil && !asks(screen) {
			t.Errorf("%q leads to %v, want %s; asks a person: %v", about.text, to, about.route, asks(screen))
		}
	}
}

// TestWhoHasTheirMoneyBackIsToldSo: and not that an eSIM on a phone cannot be cancelled.
func TestWhoHasTheirMoneyBackIsToldSo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.delivered()
	s.pressesOn(ann, ann.Last().ID, "cancelnow|"+string(o.ID))
	s.fulfils()
	for _, text := range []string{"refund", "cancel my order"} {
		screen, to := s.typed(text)
		if to.Route != "order" || !strings.Contains(screen.Text, "money is back") || !strings.Contains(screen.Text, o.ID.String()) {
			t.Errorf("%q leads to %v: %s", text, to, screen.Text)
		}
	}
}
