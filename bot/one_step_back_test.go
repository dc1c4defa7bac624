package bot_test

import (
	"slices"
	"testing"

	"esimbot/bot/ui"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// stepsBack presses Back until the screen with this text is there again, and returns what was shown on the way.
func (k *talk) stepsBack(to string) []string {
	k.Helper()
	var shown []string
	for range 12 {
		k.Press(k.user, "‹ Back")
		text := k.user.Last().Text
		if text == to {
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
