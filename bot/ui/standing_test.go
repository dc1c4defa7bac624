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

// An outcome is put on its message while nothing younger than its press stands there, but for the outcome of the same
// press made twice; and nothing is remembered afterwards.
func TestAnOutcomeIsPutOnlyWhereItWasAskedFor(t *testing.T) {
	t.Parallel()
	key := messageKey{chat: 1, message: 7}
	tests := map[string]struct {
		acts string // s: another screen, a, b: the outcome of that, n: news of the screen before
		put  string
	}{
		"nothing happened":               {"a", "a"},
		"another screen is there":        {"sa", ""},
		"pressed twice":                  {"aa", "aa"},
		"two asked for, one by one":      {"ab", "ab"},
		"two asked for, the later first": {"ba", "b"},
		"twice, and gone on after one":   {"asa", "a"},
		"news of the screen before":      {"an", "a"},
		"news first":                     {"na", "na"},
	}
	for name, test := range tests {
		var s standingMessages
		var put []byte
		s.stand(key, "card")
		waiting := []*awaited{s.await(key, "a"), s.await(key, "a"), s.await(key, "b")}
		places := map[rune][]*awaited{'a': waiting[:2], 'b': waiting[2:]}
		for _, act := range test.acts {
			edit := func() error { put = append(put, byte(act)); return nil }
			switch act {
			case 's':
				s.leave(key)
			case 'n':
				_ = s.change(key, "card", edit)
			default:
				before := len(put)
				if _, err := places[act][0].put(func() (int, error) { return 7, edit() }); errors.Is(err, errElsewhere) == (len(put) > before) {
					t.Errorf("%s: %v", name, err)
				}
				places[act] = places[act][1:]
			}
		}
		if string(put) != test.put {
			t.Errorf("%s: %q were put, want %q", name, put, test.put)
		}
		for _, place := range waiting {
			place.end()
		}
		s.leave(key)
		if len(s.awaits)+len(s.by) != 0 {
			t.Errorf("%s: %d messages are remembered", name, len(s.awaits)+len(s.by))
		}
	}
}
