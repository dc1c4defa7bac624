package ui

import (
	"errors"
	"testing"
)

// News of a screen reach a message that still shows it; who went on meanwhile is not thrown back, and nothing is
// remembered of a message that waits no more.
func TestNewsReachOnlyWhatStillStands(t *testing.T) {
	t.Parallel()
	edited, failed := 0, errors.New("refused")
	edit := func() error { edited++; return failed }
	key := messageKey{chat: 1, message: 7}
	tests := map[string]struct {
		meanwhile func(s *standingMessages)
		edits     int
	}{
		"nothing happened":          {func(*standingMessages) {}, 1},
		"another screen is there":   {func(s *standingMessages) { s.leave(key) }, 0},
		"another waits there":       {func(s *standingMessages) { s.leave(key); s.stand(key, "list") }, 0},
		"the same was opened anew":  {func(s *standingMessages) { s.leave(key); s.stand(key, "card") }, 1},
		"another message changed":   {func(s *standingMessages) { s.leave(messageKey{1, 8}) }, 1},
		"it was told already":       {func(s *standingMessages) { _ = s.change(key, "card", func() error { return nil }) }, 0},
		"there was nothing to tell": {func(s *standingMessages) { _ = s.change(key, "card", nil) }, 0},
	}
	for name, test := range tests {
		var s standingMessages
		edited = 0
		s.stand(key, "card")
		test.meanwhile(&s)
		err := s.change(key, "card", edit)
		if edited != test.edits || errors.Is(err, failed) != (test.edits > 0) {
			t.Errorf("%s: %d edits, %v", name, edited, err)
		}
		s.leave(key)
		if len(s.by) != 0 {
			t.Errorf("%s: %d messages are remembered", name, len(s.by))
		}
	}
}
