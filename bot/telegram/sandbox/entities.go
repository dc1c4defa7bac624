package sandbox

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An Entity marks a part of a text: bold, a link, a command. Offset and Length
// count UTF-16 code units, as everywhere in the Bot API.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
	UserID        int64  `json:"user_id,omitempty"` // of a text_mention
	UnixTime      int64  `json:"unix_time,omitempty"`
	Format        string `json:"date_time_format,omitempty"`
}

// typeOrder breaks ties between entities that cover the same characters.
var typeOrder = map[string]int{
	"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49, "text_mention": 49,
	"bold": 90, "italic": 91, "underline": 92, "strikethrough": 93, "spoiler": 94, "date_time": 48, "custom_emoji": 99,
}

func sortEntities(list []Entity) {
	slices.SortStableFunc(list, func(a, b Entity) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.Length, a.Length), cmp.Compare(entityOrder(a.Type), entityOrder(b.Type)))
	})
}

func entityOrder(kind string) int {
	if n, ok := typeOrder[kind]; ok {
		return n
	}
	return 50 // mentions, commands, URLs that were found in the text
}

// decodeCharRef reads "&lt;" and its like at the start of s; n is 0 when there is none.
// Telegram knows four names, any number, and does not insist on the semicolon.
func decodeCharRef(s string) (r rune, n int) {
	at := func(i int) byte {
		if i < len(s) {
			return s[i]
		}
		return 0
	}
	i := 1
	if at(1) == '#' {
		base, isOne := 10, isDigit
		if i = 2; at(2) == 'x' {
			i, base, isOne = 3, 16, func(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
		}
		from := i
		for isOne(at(i)) && i < 12 {
			i++
		}
		v, err := strconv.ParseUint(s[from:i], base, 32)
		if err != nil || v == 0 || v >= 0x10ffff || i >= 10 {
			return 0, 0
		}
		r = rune(v)
	} else {
		for isAlpha(at(i)) {
			i++
		}
		r = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[s[1:i]]
		if r == 0 {
			return 0, 0
		}
	}
	if at(i) == ';' {
		i++
	}
	return r, i
}

// appendRune writes half surrogates too, so that two halves can be noticed and refused later.
func appendRune(b []byte, r rune) []byte {
	if r >= 0xd800 && r <= 0xdfff {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(b, r)
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
