package places

import (
	"fmt"
	"strings"
)

// expand writes out the phrases of one column of a words file: phrases are separated by |, and brackets hold what may
// stand in their place, separated by commas: "(my,our) (mum,dad) flies" is four phrases. Nothing may be one of them:
// "(my,) trip". Brackets do not nest.
func expand(column string) ([]string, error) {
	out := make([]string, 0, strings.Count(column, "|")+1)
	for phrase := range strings.SplitSeq(column, "|") {
		var err error
		if out, err = expandPhrase(out, "", phrase); err != nil {
			return nil, fmt.Errorf("%q: %w", phrase, err)
		}
	}
	return out, nil
}

// expandPhrase adds to out every phrase that begins with begun and goes on as rest says.
func expandPhrase(out []string, begun, rest string) ([]string, error) {
	at := strings.IndexAny(rest, "()")
	if at < 0 {
		return append(out, begun+rest), nil
	}
	if rest[at] == ')' {
		return nil, fmt.Errorf("a bracket is closed that was not opened")
	}
	begun, rest = begun+rest[:at], rest[at+1:]
	end := strings.IndexAny(rest, "()")
	switch {
	case end < 0:
		return nil, fmt.Errorf("a bracket is not closed")
	case rest[end] == '(':
		return nil, fmt.Errorf("there is a bracket within a bracket")
	case !strings.Contains(rest[:end], ","):
		return nil, fmt.Errorf("there is no choice in (%s)", rest[:end])
	}
	for choice := range strings.SplitSeq(rest[:end], ",") {
		var err error
		if out, err = expandPhrase(out, begun+choice, rest[end+1:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
