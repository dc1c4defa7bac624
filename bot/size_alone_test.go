package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestASizeWithoutAPlaceAsksWhere: at "For how many days?" a traveller typed the answer, and read "I know no
// place called".
func TestASizeWithoutAPlaceAsksWhere(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	for query, wanted := range map[string]string{
		"5 GB a week": "5\u00a0GB · 7\u00a0days", "10 GB": "10\u00a0GB", "10 days": "10\u00a0days",
		"1 gb a day 10 days": "1\u00a0GB/day · 10\u00a0days", "5 гб на неделю": "5\u00a0GB · 7\u00a0days",
	} {
		screen, _ := s.typed(query)
		if !strings.Contains(screen.Text, wanted+"</b> — where are you going?") || len(screen.Rows) != 7 {
			t.Errorf("%q: %q with %d rows, want %q and six places", query, screen.Text, len(screen.Rows), wanted)
		}
	}
}

// TestAPhoneTypedIsAskedAbout: so was "Pixel 3a" at "Which phone is it?", and called a question.
func TestAPhoneTypedIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	for _, query := range []string{"Pixel 3a", "iPhone 13 mini", "Redmi Note 8", "is Pixel 6a supported", "will it work on my iPhone 12"} {
		s.Send(ann, query)
		if text := ann.Last().Text; !strings.Contains(text, "EID") {
			t.Errorf("%q is answered with %.120q, want the question about the EID", query, text)
		}
	}
}
