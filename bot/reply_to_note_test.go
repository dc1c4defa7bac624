package bot_test

import (
	"strings"
	"testing"
)

// "Reply to this, or to anything below it": the bot's word that an answer waits stands below it.
func TestAReplyToANoteOfTheBotReachesTheCustomer(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is it?")
	s.delivers()
	ann.Block()
	s.Pump()
	_, err := olga.Reply(s.copyOf("where is it?"), "on its way")
	s.Must(err)
	s.delivers()
	note := olga.Last()
	_, err = olga.Reply(note.ID, "and it takes two hours more")
	s.Must(err)
	s.delivers()
	ann.Unblock()
	s.Send(ann, "/start")
	s.delivers()
	got := strings.Join(said(ann, 0), "\n")
	if !strings.Contains(got, "two hours more") {
		t.Errorf("the second answer never reaches Ann, and staff are told nothing: their last message is %q", olga.Last().Text)
	}
}
