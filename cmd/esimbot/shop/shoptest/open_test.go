package shoptest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"esimbot/bot/intake"
	"esimbot/bot/telegram"
	"esimbot/esim/esimaccess/sandbox"
)

// A test whose payment cannot be booked fails with the reason, and does not hang.
func TestAPaymentThatIsNeverBookedFailsItsTest(t *testing.T) {
	w := &watched{TB: t}
	s := Open(w, sandbox.Options{}, nil)
	good := s.App.Intake.Bot
	s.App.Intake.Bot = unbooked{good}
	ann := s.Messenger.User(Ann)
	s.Send(ann, "/start p_"+s.Catalog.Current().Country("JP")[0].Code)
	for _, label := range ann.Last().Labels() {
		if strings.HasPrefix(label, "Buy") {
			s.Press(ann, label)
			break
		}
	}
	func() {
		defer func(usual time.Duration) { handledWithin = usual }(handledWithin)
		handledWithin = 2 * time.Second // for the question before the payment too, and that is answered
		defer func() {
			if p := recover(); p != nil && p != any(w) {
				panic(p)
			}
		}()
		_ = s.Pay(ann)
	}()
	if !strings.Contains(w.failed, "no such account") {
		t.Errorf("the test failed with %q, want the reason", w.failed)
	}
}

// unbooked books no payment.
type unbooked struct{ intake.Handler }

func (h unbooked) Handle(ctx context.Context, u telegram.Update) error {
	if u.Message != nil && u.Message.Payment != nil {
		return errors.New("no such account")
	}
	return h.Handler.Handle(ctx, u)
}

// watched is a test that notes its failure and goes on elsewhere.
type watched struct {
	testing.TB
	failed string
}

func (w *watched) Fatalf(format string, args ...any) {
	w.failed = fmt.Sprintf(format, args...)
	panic(w)
}
