package bot_test

import (
	"strings"
	"testing"
)

// What differs from customer to customer is filled into an answer; what cannot be is refused and never sent as it stands. Who
// changed an answer is in the log.
func TestAnswersAreFilledIn(t *testing.T) {
	t.Parallel()
	s, ann, olga := talking(t)
	s.Send(ann, "where is my money?")
	s.delivers()
	q := s.copyOf("where is my money?")
	s.Send(olga, "/answers refund Dear {customer}, wait")
	s.sees(olga, "{customer} would be sent as it stands: only {name}, {order}")
	s.Send(olga, "/answers refund Dear {name}, your money is on its way")
	s.Send(olga, "/answers which It is about {order}")
	s.Send(olga, "/language en")
	said := func(command, answer string) {
		t.Helper()
		_, err := olga.Reply(q, command)
		s.Must(err)
		s.Pump()
		s.delivers()
		s.sees(olga, answer)
	}
	said("/answer refund", "Dear Ann, your money is on its way")
	s.sees(ann, "Dear Ann, your money is on its way")
	said("/answer which", "nothing to put in for {order}")
	if text := ann.Last().Text; strings.Contains(text, "{") {
		t.Errorf("Ann reads %q", text)
	}
	s.Send(olga, "/answers which -")
	s.Send(olga, "/answers which -")
	s.sees(olga, "which")
	var log []string
	for _, a := range s.audit() {
		log = append(log, a.What+": "+a.Why)
	}
	got := strings.Join(log, "\n")
	for _, want := range []string{"answers: refund → Dear {name}, your money is on its way", "answers: which → -", "language: en"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("%q is %d times in\n%s", want, strings.Count(got, want), got)
		}
	}
}
