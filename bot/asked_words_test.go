package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestHalfAnOrdersNumberIsAskedForWhole: the beginning of an order's number leads to the order if it is one of theirs,
// and to no place if it is none.
func TestHalfAnOrdersNumberIsAskedForWhole(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.Send(ann, "BGED-4X8")
	if text := ann.Last().Text; !strings.Contains(text, "part of an order") {
		t.Errorf("half a number is answered with %q", text)
	}
	s.owns("JP", 1, false)
	es, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	id := string(es[0].Order)
	for n := 1; n <= 3; n++ {
		part := id[:4] + "-" + id[4:4+n]
		s.Send(ann, part)
		s.App.Bot.Wait()
		if text := ann.Last().Text; strings.ContainsAny(part, "0123456789") && !strings.Contains(text, es[0].ShortID(1)) {
			t.Errorf("%q of %s leads to %q", part, id, text)
		}
	}
}

// TestASlowESIMIsNotAskedAboutRoaming: it connects. And whoever asks for the access point is told it.
func TestASlowESIMIsNotAskedAboutRoaming(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	s.owns("JP", 1, false)
	es, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	tran := string(es[0].ID)
	s.Must(s.Vendor.Install(tran))
	s.Send(ann, "internet is slow")
	s.App.Bot.Wait()
	if text := ann.Last().Text; !strings.Contains(text, "another network by hand") || strings.Contains(text, "roaming") {
		t.Errorf("a slow eSIM is answered with %q", text)
	}
	s.Send(ann, "what is the apn")
	s.App.Bot.Wait()
	e, err := s.DB.ESIM(t.Context(), es[0].ID)
	s.Must(err)
	if text := ann.Last().Text; e.APN == "" || !strings.Contains(text, e.APN) {
		t.Errorf("of the access point %q they are told %q", e.APN, text)
	}
	if text := ann.Last().Text; !strings.Contains(text, "APN") {
		t.Errorf("asked for the APN: %q", text)
	}
}

// TestADayPassSaysThatMoneyComesBack as every other plan does.
func TestADayPassSaysThatMoneyComesBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	seen := 0
	for _, p := range s.App.Catalog.Current().Country("TR") {
		if !p.DayPass() || seen == 6 {
			continue
		}
		seen++
		s.Send(ann, p.Code)
		if text := ann.Last().Text; !strings.Contains(text, "your money back") {
			t.Errorf("the card of %s says nothing of money:\n%s", p.Code, text)
		}
	}
	if seen == 0 {
		t.Error("there is no day pass")
	}
}
