package places

import (
	"slices"
	"strings"
)

// longestCalled is how many words a name has that begins as a question does: "What's up phone".
const longestCalled = 4

// ClassifyAnswer reports what a text is that may be the answer to a question: a question or a wish itself, or a no.
func (x *Index) ClassifyAnswer(text string) (asks, leaves bool) {
	tokens := x.lex(cutTo(strings.ToValidUTF8(text, " "), longestText))
	tokens = x.merge(tokens)
	asks = strings.ContainsAny(text, questionMarks)
	if len(tokens) == 0 {
		return asks, false
	}
	ask, leave, noise := x.words.kinds["ask"], x.words.kinds["leave"], x.words.kinds["noise"]
	var squashed strings.Builder
	for _, t := range tokens {
		squashed.WriteString(t.text)
	}
	asker := x.words.kinds["asker"].at(tokens)
	asks = asks || ask.at(tokens) > 0 || unspaced(firstRune(tokens[0].text)) && ask.in(squashed.String()) ||
		asker > 0 && (len(tokens) == asker || len(tokens) > longestCalled)
	for i := 0; i < len(tokens); {
		n := leave.at(tokens[i:])
		if n > 0 {
			leaves = true
		} else if n = noise.at(tokens[i:]); n == 0 || tokens[i].isNum {
			return asks, slices.Contains(leave.glued, squashed.String())
		}
		i += n
	}
	return asks, leaves
}
