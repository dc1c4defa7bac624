package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
)

// A shop that was stopped between sending a head card and noting where it stands sends another one: an answer to
// the first reaches the customer all the same.
func TestAReplyToAHeadCardThatWasNotNotedReachesTheCustomer(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.store.full = errors.New("stopped before it was noted")
	_, err := s.App.Outbox.Run(t.Context())
	s.Must(err)
	s.App.Outbox.Wait()
	s.store.full = nil
	first := olga.Last().ID
	s.Vendor.Advance(time.Minute)
	s.delivers()
	if n := strings.Count(strings.Join(said(olga, 0), "\n"), "🆘"); n != 2 {
		t.Fatalf("%d head cards, want the one that was not noted and another", n)
	}
	_, err = olga.Reply(first, "on its way")
	s.Must(err)
	s.delivers()
	if got := strings.Join(said(ann, 0), "\n"); !strings.Contains(got, "on its way") {
		t.Errorf("the answer never reaches Ann, and staff read %q", olga.Last().Text)
	}
}

// An answer to words of which is known no more who said them reaches nobody: staff are told.
func TestStaffReadThatAReplyReachesNobody(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.delivers()
	question := s.copyOf("where is it?")
	s.presses(ann, "endtalk|")
	s.delivers()
	s.Vendor.Advance(100 * 24 * time.Hour)
	s.Must(s.DB.Prune(t.Context(), s.Vendor.Time()))
	s.Send(olga, "/status")
	for _, to := range []int{question, olga.Last().ID} { // the answer, and then a word among staff on the bot's own
		_, err := olga.Reply(to, "on its way")
		s.Must(err)
		s.delivers()
	}
	n := 0
	for _, m := range olga.Chat() {
		if strings.Contains(m.Text, "Nobody got this") {
			n++
		}
	}
	if got := strings.Join(said(ann, 0), "\n"); n != 1 || strings.Contains(got, "on its way") {
		t.Errorf("staff are told %d times that nobody got it, want once; Ann reads %q", n, got)
	}
}

// What a customer said is told of again if the shop was stopped before it answered: it reaches staff once, and the
// customer reads that it did.
func TestWhoWasInterruptedReadsThatItIsWithStaff(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	u, err := telegram.Decode([]byte(`{"update_id":900000001,"message":{"message_id":4001,"date":1,"text":"where is it?",
		"chat":{"id":101,"type":"private","first_name":"Ann"},"from":{"id":101,"is_bot":false,"first_name":"Ann","language_code":"en"}}}`))
	s.Must(err)
	for range 2 {
		s.Must(s.App.Bot.Handle(t.Context(), u))
		s.delivers()
	}
	told := strings.Count(strings.Join(said(ann, 0), "\n"), "It is with our staff")
	asked := strings.Count(strings.Join(said(olga, 0), "\n"), "where is it?")
	if told != 2 || asked != 1 {
		t.Errorf("Ann reads it after %d of 2 turns, staff read the question %d times", told, asked)
	}
}
