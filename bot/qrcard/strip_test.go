package qrcard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDrawable(t *testing.T) {
	s := painter(t).strips
	for _, tt := range []struct{ name, in, want string }{
		{"Latin stays", "Côte d’Ivoire", "Côte d’Ivoire"},
		{"Cyrillic stays", "Босния и Герцеговина", "Босния и Герцеговина"},
		{"Ukrainian, Serbian and Greek stay", "Їжак Ђорђе Ελλάδα", "Їжак Ђорђе Ελλάδα"},
		{"letters with loose marks are joined", "Cura\u0063\u0327ao й", "Curaçao й"},
		{"marks the font lacks are taken off", "Việt Nam", "Viet Nam"},
		{"a flag is dropped", "🇯🇵 Japan", "Japan"},
		{"brackets stay", "Hong Kong (China)", "Hong Kong (China)"},
		{"all kinds of space become one", "1\u00a0GB \t·\u202f7\ndays", "1 GB · 7 days"},
		{"control and direction marks are dropped", "Ja\u200bpan\u200f\x00", "Japan"},
		{"a foreign part beside a longer Latin one is dropped", "Japan · 日本", "Japan"},
		{"what would lose as much as it keeps is dropped", "1 غيغابايت · 7 أيام", ""},
		{"nothing stays nothing", " · ", ""},
		{"broken UTF-8 does no harm", "Jap\xffan", "Japan"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := drawable(tt.in, s.place[0].covers); got != tt.want {
				t.Errorf("drawable(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestFit(t *testing.T) {
	s := painter(t).strips
	wide := lineRoom{560, 560}
	beside := lineRoom{560, 460}
	for _, tt := range []struct {
		name  string
		faces []fontFace
		text  string
		room  lineRoom
		want  string // lines divided by |
		size  int    // which face
	}{
		{"short", s.place, "Japan", wide, "Japan", 0},
		{"a longer name is smaller", s.place, "United Arab Emirates and X", wide, "United Arab Emirates and X", 1},
		{
			"a long name has two even lines", s.place, "United Kingdom of Great Britain and Northern Ireland", wide,
			"United Kingdom of Great|Britain and Northern Ireland", 2,
		},
		{
			"an endless name is cut", s.place, "Europe, Middle East, North Africa, Central Asia, Oceania and the Americas together", wide,
			"Europe, Middle East, North Africa,|Central Asia, Oceania and the…", 2,
		},
		{"an endless word is cut", s.place, strings.Repeat("Ж", 60), wide, strings.Repeat("Ж", 17) + "…", 2},
		{
			"a plan breaks at its dot", s.plan, "500 MB every day, then 384 kbps · 10 days", beside,
			"500 MB every day, then 384 kbps|10 days", 2,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			face, lines := fit(tt.faces, tt.text, tt.room)
			if got := strings.Join(lines, "|"); got != tt.want {
				t.Errorf("lines %q, want %q", got, tt.want)
			}
			if face.Face != tt.faces[tt.size].Face {
				t.Errorf("not in size number %d", tt.size)
			}
			for i, line := range lines {
				room := tt.room.first
				if i == len(lines)-1 {
					room = tt.room.last
				}
				if w := widthOf(face, line); w > room {
					t.Errorf("line %q is %d pixels wide in a room of %d", line, w, room)
				}
			}
		})
	}
}

func TestCaptionKeepsToTheEdgesOfTheCode(t *testing.T) {
	q := painter(t)
	for _, c := range []Card{
		{Place: "Japan", Plan: "1 GB · 7 days", ID: "7K2M"},
		{Place: "Ёлка", Plan: "3 ГБ · 15 дней", ID: "WWWWWWWWWWWW"},
		{Place: strings.Repeat("Щ", 100), Plan: strings.Repeat("Щ ", 90), ID: "8"},
		{Place: "United Kingdom of Great Britain and Northern Ireland", ID: "7K2M"},
		{Place: "日本", Plan: "無制限", ID: "七七"},
		{},
	} {
		c.ActivationCode = sampleLPA
		b, err := q.PNG(c)
		if err != nil {
			t.Fatal(err)
		}
		img := decodePNG(t, b)
		box := sampleBox
		left, right, bottom := pictureWidth, 0, 0
		for y := pictureWidth; y < img.Bounds().Dy(); y++ {
			for x := range pictureWidth {
				if img.ColorIndexAt(x, y) != white {
					left, right, bottom = min(left, x), max(right, x+1), y
				}
			}
		}
		if left != box.left() || right > box.right() {
			t.Errorf("%q: ink from %d to %d, want from %d to %d", c.Place, left, right, box.left(), box.right())
		}
		if c.ID == "7K2M" && box.right()-right > 2 {
			t.Errorf("%q: the id ends at %d, want at %d", c.Place, right, box.right())
		}
		if margin := img.Bounds().Dy() - 1 - bottom; margin < 45 {
			t.Errorf("%q: %d white rows at the bottom, want 45 or more", c.Place, margin)
		}
	}
}

func TestCaptionIsDrawnOncePerPlan(t *testing.T) {
	s := painter(t).strips
	k := stripKey{place: "Japan", plan: "1 GB", idLen: 4, box: sampleBox}
	first := s.strip(k)
	before := slices.Clone(first.rows)
	s.withID(nil, first, "7K2M")
	if again := s.strip(k); again != first {
		t.Error("the second picture of a plan drew its caption anew")
	}
	if !slices.Equal(before, first.rows) {
		t.Error("an id was written into the kept caption")
	}
}

func TestCaptionsKeptAreBounded(t *testing.T) {
	s := painter(t).strips
	used := stripKey{place: "Japan", idLen: 4, box: sampleBox}
	first := s.strip(used)
	for i := range 5 * keepStrips {
		s.strip(stripKey{place: fmt.Sprint(i), idLen: 4, box: sampleBox})
		if n := len(s.now) + len(s.old); n > 2*keepStrips {
			t.Fatalf("%d captions kept, want %d at most", n, 2*keepStrips)
		}
		if i%(keepStrips/2) == 0 && s.strip(used) != first {
			t.Fatalf("after %d others a caption in use was forgotten", i)
		}
	}
	if s.kept(stripKey{place: "0", idLen: 4, box: sampleBox}) != nil {
		t.Error("the oldest caption is still there")
	}
}

func TestDrawsEveryPlaceOfTheVendor(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "location-list.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared is absent: no list of the vendor's places")
	} else if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Obj struct {
			LocationList []struct{ Name string }
		}
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Obj.LocationList) < 100 {
		t.Fatalf("only %d places in the list", len(list.Obj.LocationList))
	}
	s := painter(t).strips
	for _, l := range list.Obj.LocationList {
		want := strings.Join(strings.Fields(l.Name), " ")
		if got := drawable(l.Name, s.place[0].covers); got != want {
			t.Errorf("%q becomes %q", l.Name, got)
		}
	}
}

func FuzzCaption(f *testing.F) {
	f.Add("Japan", "1 GB · 7 days", "7K2M")
	f.Add("United Kingdom of Great Britain and Northern Ireland", "500 MB every day, then 384 kbps · 10 days", "W0QM")
	f.Add("日本\xff", "1 غيغابايت · 7 أيام", "")
	f.Add(strings.Repeat("é", 81), "·", "~~~~~~~~~~~~~~~~")
	s := painter(f).strips
	left, right := sampleBox.left()/pixelsPerByte, (sampleBox.right()-1)/pixelsPerByte+1
	white := bytes.Repeat([]byte{0xff}, stride)
	f.Fuzz(func(t *testing.T, place, plan, id string) {
		for _, text := range []string{place, plan} {
			c := clipped(text)
			if len(c) > maxText || utf8.ValidString(text) && !utf8.ValidString(c) {
				t.Errorf("clipped(%q) = %q", text, c)
			}
			if d := drawable(c, s.plan[0].covers); d != drawable(d, s.plan[0].covers) {
				t.Errorf("drawable(%q) = %q, which it would change again", c, d)
			}
		}
		id = shortID(id)
		strip := s.draw(stripKey{place: clipped(place), plan: clipped(plan), idLen: len(id), box: sampleBox})
		if strip.height < 90 || strip.height > 240 {
			t.Errorf("the caption is %d pixels high", strip.height)
		}
		rows := s.withID(nil, strip, id)
		for y := range strip.height {
			row := rowOf(rows, y)
			if !bytes.Equal(row[:left], white[:left]) || !bytes.Equal(row[right:], white[right:]) {
				t.Fatalf("ink in row %d outside the edges of the code", y)
			}
		}
	})
}

func TestWrites(t *testing.T) {
	q := painter(t)
	for text, want := range map[string]bool{
		"Japan · 1\u00a0GB · 7 days": true, "Япония 🇯🇵": true, "Việt Nam": true, "": true, "1 GB": true,
		"日本": false, "जापान": false, "اليابان": false, "1 GB · 7 天": false,
	} {
		if got := q.Writes(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
