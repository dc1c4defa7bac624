package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/bot/ui"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// stepsBack presses Back until the screen with this text is there again, and returns what was shown on the way.
func (k *talk) stepsBack(to string) []string {
	k.Helper()
	title, _, _ := strings.Cut(to, "\n") // "Japan · 1 GB · 7 days": a card says besides that it is not for the phone asked about
	var shown []string
	for range 12 {
		k.Press(k.user, "‹ Back")
		text := k.user.Last().Text
		if text == to || strings.Contains(title, " · ") && strings.HasPrefix(text, title+"\n") {
			return shown
		}
		shown = append(shown, text)
	}
	k.Fatalf("no way back to %q, only to %q", to, shown)
	return nil
}

// TestBackGoesOneStep: out of a dialogue it leads through the questions as they were asked, and what was
// answered is kept.
func TestBackGoesOneStep(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	list := k.user.Last().Text

	t.Run("How much do I need?", func(t *testing.T) {
		var asked []string
		for _, answer := range []string{"need|JP|m", "need|JP|m|7", "need|JP|m|7|social", "need|JP|m|7|social|2", "plan|"} {
			k.taps(answer)
			asked = append(asked, k.user.Last().Text)
		}
		got := k.stepsBack(list)
		slices.Reverse(got)
		if want := asked[:4]; !slices.Equal(got, want) {
			t.Errorf("back leads through %q, want %q", got, want)
		}
	})

	for _, eid := range []string{"eid_yes", "eid_no"} {
		t.Run("Will it work on my phone? "+eid, func(t *testing.T) {
			k.says("JP")
			k.taps("plan|")
			card := k.user.Last().Text
			k.taps("phone|")
			for _, row := range k.user.Last().Keyboard { // of what was answered before
				for _, b := range row {
					if d, err := ui.ParseCallbackData(b.Data); err == nil && argument(d, 4) == "again" {
						k.taps(b.Data)
					}
				}
			}
			asked := []string{k.user.Last().Text}
			answers := []string{"iphone", eid}
			if eid == "eid_yes" {
				answers = append(answers, "unlocked_yes")
			}
			for _, answer := range answers {
				k.taps(k.fits(answer))
				asked = append(asked, k.user.Last().Text)
			}
			got := k.stepsBack(card)
			slices.Reverse(got)
			if want := asked[:len(asked)-1]; !slices.Equal(got, want) {
				t.Errorf("back leads through %q, want %q", got, want)
			}
			k.taps("phone|")
			if k.user.Last().Text != asked[len(asked)-1] {
				t.Errorf("the answers are lost: %q", k.user.Last().Text)
			}
		})
	}
}

// TestBackAfterAChangedAnswer: it leads to what was asked last, also for who went back and answers otherwise.
func TestBackAfterAChangedAnswer(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	k.taps("plan|")
	k.taps("phone|")
	k.taps(k.fits("iphone"))
	eid := k.user.Last().Text
	k.taps(k.fits("eid_yes"))
	lock := k.user.Last().Text
	k.taps(k.fits("unlocked_yes"))
	for _, again := range []struct{ answer, asks string }{
		{"eid_no", eid},      // judged at once
		{"eid_unsure", lock}, // asked for the lock, as before
		{"eid_yes", lock},    // and again
		{"eid_no", eid},
	} {
		if k.user.Last().Text != eid {
			k.stepsBack(eid)
		}
		k.taps(k.fits(again.answer))
		shown := k.user.Last().Text
		if again.asks == lock {
			if shown != lock {
				t.Fatalf("%s: the next question is %q, want %q", again.answer, shown, lock)
			}
			k.Press(k.user, "‹ Back")
			if got := k.user.Last().Text; got != eid {
				t.Fatalf("%s: Back from the lock leads to %q", again.answer, got)
			}
			k.taps(k.fits(again.answer))
			k.taps(k.fits("unlocked_yes"))
			shown = k.user.Last().Text
		}
		k.Press(k.user, "‹ Back")
		if got := k.user.Last().Text; got != again.asks {
			t.Errorf("%s: from %q Back leads to %q, want %q", again.answer, shown, got, again.asks)
		}
	}
}

// TestBackInTheFaultFinderGoesOneStep: through the questions, and what mends what they were about, to the eSIM.
func TestBackInTheFaultFinderGoesOneStep(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buy(k.user)
	k.fulfils()
	tran := s.Vendor.Profiles()[0].EsimTranNo
	s.Must(s.Vendor.Install(tran))
	s.Vendor.Advance(time.Minute)
	k.says("/esims")
	k.taps("esim|")
	k.taps("fault|") // the vendor is asked
	k.says("/esims")
	k.taps("esim|")
	card := k.user.Last().Text
	lost := []string{"fault|" + tran, "lost|" + tran, "lost|" + tran + "|phone"}
	ways := [][]string{lost}
	for _, steps := range [][]string{
		{"", "|y", "|yy", "|yyy"},
		{"", "|n|m", "|n", "|ny", "|nyn|m", "|nyn"},
		{"", "|n|m", "|n", "|nn|m", "|nn", "|nnn|m", "|nnn"},
		{"", "|y", "|yn|m"},
		{"", "||e"},
	} {
		var way []string
		for _, step := range steps {
			way = append(way, "fault|"+tran+step)
		}
		ways = append(ways, way)
	}
	for _, way := range ways {
		k.says("/esims")
		k.taps("esim|")
		var shown []string
		for _, step := range way {
			k.tapsOn(step)
			shown = append(shown, k.user.Last().Text)
		}
		got := k.stepsBack(card)
		slices.Reverse(got)
		if want := shown[:len(shown)-1]; !slices.Equal(got, want) {
			t.Errorf("from %s back leads through %q, want %q", way[len(way)-1], got, want)
		}
	}
}
