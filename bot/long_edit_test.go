package bot_test

import (
	"strings"
	"testing"
)

// An edit that makes a text longer than fits with what stands around it reaches the other side.
func TestALongEditReachesTheOtherSide(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	m, err := ann.Send("my code is A")
	s.Must(err)
	s.Pump()
	s.delivers()
	s.Must(ann.Edit(m.ID, "my code is B "+strings.Repeat("x", 4080)))
	s.delivers()
	if !strings.Contains(olga.Last().Text, "code is B") {
		t.Errorf("staff still read %.60q", olga.Last().Text)
	}
	a, err := olga.Reply(s.copyOf("my code is"), "your code is C")
	s.Must(err)
	s.delivers()
	s.Must(olga.Edit(a.ID, "your code is D "+strings.Repeat("y", 4075)))
	s.delivers()
	got := strings.Join(said(ann, 0), "\n")
	if strings.Contains(got, "code is C") {
		t.Errorf("Ann still reads the old answer")
	}
}

// An edit that comes while the copy is on its way (the group takes 20 messages a minute: it waits for seconds).
func TestAnEditWhileTheCopyIsOnItsWay(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	m, err := ann.Send("my order is AAAA")
	s.Must(err)
	s.Pump()
	s.store.noting = func() {
		s.store.noting = nil
		s.Must(ann.Edit(m.ID, "my order is BBBB"))
		s.Pump()
	}
	s.delivers()
	s.delivers()
	if got := strings.Join(said(olga, 0), "\n"); !strings.Contains(got, "BBBB") {
		t.Errorf("staff read %q for ever", got)
	}
}
