package sandbox

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A detected is a part of a text, in bytes, that Telegram makes a link of.
type detected struct {
	kind     string
	from, to int
}

// detect finds what Telegram turns into links by itself; what comes first goes first where two touch.
//
// Source: the behaviour of TDLib (MessageEntity.cpp: find_bot_commands and its neighbours; read 2026-11).
func detect(text string) []detected {
	var out []detected
	for _, find := range []func(string) []detected{findAddresses, findMentions, findCommands, findHashtags, findCashtags} {
		for _, d := range find(text) {
			if !overlaps(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

func overlaps(list []detected, d detected) bool {
	for _, o := range list {
		if d.from < o.to && o.from < d.to {
			return true
		}
	}
	return false
}

// isWord is \w of Telegram's rules.
func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isName(c byte) bool { return isAlnum(c) || c == '_' }

// before and after are the characters around a place; 0 where there is none.
func before(text string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

func after(text string, i int) rune {
	if i >= len(text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return r
}

// names is where a run of A-Z, a-z, 0-9 and _ that begins at i ends.
func names(text string, i int) int {
	for i < len(text) && isName(text[i]) {
		i++
	}
	return i
}

// eachAt calls f with each place where c stands.
func eachAt(text string, c byte, f func(i int)) {
	for i := 0; i < len(text); i++ {
		if text[i] == c {
			f(i)
		}
	}
}

func barred(r rune) bool { return r == '/' || r == '<' || r == '>' || isWord(r) }

func findCommands(text string) (out []detected) {
	eachAt(text, '/', func(i int) {
		end := names(text, i+1)
		if n := end - i - 1; n < 1 || n > 64 || barred(before(text, i)) {
			return
		}
		if end < len(text) && text[end] == '@' {
			if to := names(text, end+1); to-end-1 >= 3 && to-end-1 <= 32 {
				end = to
			}
		}
		if !barred(after(text, end)) {
			out = append(out, detected{"bot_command", i, end})
		}
	})
	return out
}

// shortNames are those of Telegram's own bots, which have less than four letters.
var shortNames = []string{"gif", "vid", "pic", "ya"}

func findMentions(text string) (out []detected) {
	eachAt(text, '@', func(i int) {
		end := names(text, i+1)
		n := end - i - 1
		if n < 2 || n > 32 || isWord(before(text, i)) || isWord(after(text, end)) {
			return
		}
		if n < 4 {
			for _, s := range shortNames {
				if strings.EqualFold(s, text[i+1:end]) {
					out = append(out, detected{"mention", i, end})
				}
			}
			return
		}
		out = append(out, detected{"mention", i, end})
	})
	return out
}

func isTag(r rune) bool { return isWord(r) || r == '\u200c' || r == '\u00b7' }

func findHashtags(text string) (out []detected) {
	eachAt(text, '#', func(i int) {
		if isTag(before(text, i)) {
			return
		}
		end, letters, n := i+1, false, 0
		for end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			if !isTag(r) {
				break
			}
			letters = letters || r != '_' && r != '\u200c' && r != '\u00b7' && !unicode.IsDigit(r)
			end += size
			n++
		}
		if letters && n <= 256 && after(text, end) != '#' {
			out = append(out, detected{"hashtag", i, end})
		}
	})
	return out
}

func findCashtags(text string) (out []detected) {
	eachAt(text, '$', func(i int) {
		end := i + 1
		if strings.HasPrefix(text[end:], "1INCH") {
			end += len("1INCH")
		} else {
			for end < len(text) && text[end] >= 'A' && text[end] <= 'Z' {
				end++
			}
			if n := end - i - 1; n < 1 || n > 8 {
				return
			}
		}
		for _, r := range []rune{before(text, i), after(text, end)} {
			if r == '$' || isTag(r) {
				return
			}
		}
		out = append(out, detected{"cashtag", i, end})
	})
	return out
}
