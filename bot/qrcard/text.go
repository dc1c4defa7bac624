package qrcard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/text/unicode/norm"
)

const (
	maxText = 160 // bytes of a place or plan that are looked at
	maxID   = 12  // letters of an id
)

// clipped cuts s to maxText bytes at most, between two letters.
func clipped(s string) string {
	if len(s) <= maxText {
		return s
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// shortID keeps the printable ASCII of an id.
func shortID(s string) string {
	id := strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return id[:min(len(id), maxID)]
}

// drawable returns what a font can draw of s. Marks the font lacks are taken
// off their letters ("ệ" becomes "e"), flags and other symbols are dropped, and
// so is a text that would lose as much as it keeps: half a name misleads.
func drawable(s string, covers func(rune) bool) string {
	var out strings.Builder
	can := func(r rune) bool { return covers(r) && unicode.IsPrint(r) && r != utf8.RuneError }
	kept, lost := 0, 0
	for _, r := range norm.NFC.String(s) {
		if unicode.IsSpace(r) {
			out.WriteByte(' ')
			continue
		}
		ok := can(r)
		if ok {
			out.WriteRune(r)
		} else {
			ok = bare(&out, r, can)
		}
		switch {
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
		case ok:
			kept++
		default:
			lost++
		}
	}
	if lost > 0 && lost >= kept {
		return ""
	}
	return strings.Trim(strings.Join(strings.Fields(out.String()), " "), " ·,/-–")
}

// Writes reports whether the fonts have each letter of a text, marks aside: those of Latin, Cyrillic and Greek.
func (q *Painter) Writes(text string) bool {
	var out strings.Builder
	for _, r := range norm.NFC.String(text) {
		for _, covers := range []func(rune) bool{q.strips.place[0].covers, q.strips.plan[0].covers} {
			if unicode.IsLetter(r) && !covers(r) && !bare(&out, r, covers) {
				return false
			}
		}
	}
	return true
}

// bare writes r without its marks and reports whether anything was left.
func bare(out *strings.Builder, r rune, can func(rune) bool) bool {
	wrote := false
	for _, part := range norm.NFKD.String(string(r)) {
		if can(part) && !unicode.IsMark(part) {
			out.WriteRune(part)
			wrote = true
		}
	}
	return wrote
}

// widthOf is the advance of s in whole pixels.
func widthOf(face fontFace, s string) int { return font.MeasureString(face, s).Ceil() }

// lineRoom is the width in pixels that a text may take: the id stands beside the
// last line of a caption, so that line can have less.
type lineRoom struct{ first, last int }

// fit returns s on one line in the largest face in which it fits, else in the
// smallest face on two lines, and cuts what does not fit even then.
func fit(faces []fontFace, s string, room lineRoom) (fontFace, []string) {
	for _, face := range faces {
		if widthOf(face, s) <= room.last {
			return face, []string{s}
		}
	}
	face := faces[len(faces)-1]
	first, second, ok := breakLine(face, s, room)
	if !ok {
		return face, []string{ellipsis(face, s, room.last)}
	}
	return face, []string{first, ellipsis(face, second, room.last)}
}

// breakLine breaks s at a space into a first line that fits and a second that, if
// possible, fits too. A break at the dot between two facts is better than one
// that only makes the lines alike. It reports false if the first word alone is
// too wide.
func breakLine(face fontFace, s string, room lineRoom) (first, second string, ok bool) {
	best := 0
	for i, r := range s {
		if r != ' ' {
			continue
		}
		one, dot := strings.CutSuffix(s[:i], " ·")
		a, b := widthOf(face, one), widthOf(face, s[i+1:])
		if a > room.first {
			break
		}
		bad := max(a, b)
		if b > room.last {
			bad += 2 * pictureWidth
		}
		if !dot {
			bad += pictureWidth
		}
		if !ok || bad < best {
			first, second, ok, best = one, strings.TrimPrefix(s[i+1:], "· "), true, bad
		}
	}
	return first, second, ok
}

// ellipsis cuts s so that it fits into room, with an ellipsis if anything was
// cut: after a whole word, unless that would take much of the line with it.
func ellipsis(face fontFace, s string, room int) string {
	if widthOf(face, s) <= room {
		return s
	}
	for cut := s; cut != ""; {
		_, size := utf8.DecodeLastRuneInString(cut)
		cut = cut[:len(cut)-size]
		if try := dots(cut); widthOf(face, try) <= room {
			word := strings.LastIndexByte(cut, ' ')
			if s[len(cut)] != ' ' && word > len(cut)*2/3 {
				return dots(cut[:word])
			}
			return try
		}
	}
	return ""
}

func dots(s string) string { return strings.TrimRight(s, " ,·(-–") + "…" }
