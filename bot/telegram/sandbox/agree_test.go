package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"reflect"
	"testing"
)

var cases = flag.String("cases", "", "also compare with this file of Telegram's own answers, and show what differs")

// A parsed is what Telegram's own parser (TDLib 1.8.65) answers to a text in a mode; "plain" is what it finds in a
// text without any.
type parsed struct {
	Mode, Text string
	Want       struct {
		OK                bool
		Text, Description string
		Entities          []Entity
	}
}

// agrees reports whether ours answers the same, and what.
func (c parsed) agrees() (got any, ok bool) {
	var text string
	var ents []Entity
	var err error
	switch c.Mode {
	case "HTML":
		text, ents, err = ParseHTML(c.Text)
	case "Markdown":
		text, ents, err = ParseMarkdown(c.Text)
	case "MarkdownV2":
		text, ents, err = ParseMarkdownV2(c.Text)
	default:
		text = c.Text
		ents = findEntities(units16(c.Text), nil)
	}
	if err != nil {
		desc := bad("%s", err).desc
		return desc, !c.Want.OK && desc == c.Want.Description
	}
	if len(ents) == 0 {
		ents = []Entity{}
	}
	for i := range ents {
		ents[i].Format = "" // of the file's answers it is left out
	}
	return map[string]any{"text": text, "entities": ents}, c.Want.OK && text == c.Want.Text && reflect.DeepEqual(ents, c.Want.Entities)
}

// compare reads a file of answers and counts agreements by mode.
func compare(t *testing.T, file string, differs func(c parsed, got any)) map[string][2]int {
	t.Helper()
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	count := map[string][2]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c parsed
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		n := count[c.Mode]
		n[1]++
		if got, ok := c.agrees(); ok {
			n[0]++
		} else {
			differs(c, got)
		}
		count[c.Mode] = n
	}
	return count
}

// TestAgreesWithTelegramsParser counts in how many of its own cases each mode agrees. What does not agree is listed with
// -v; the least is what was measured.
func TestAgreesWithTelegramsParser(t *testing.T) {
	t.Parallel()
	least := map[string]int{"HTML": 99, "Markdown": 100, "MarkdownV2": 100, "plain": 206}
	got := compare(t, "testdata/tdlib.jsonl", func(c parsed, got any) { t.Logf("%s %q: %+v, want %+v", c.Mode, c.Text, got, c.Want) })
	for mode, n := range got {
		t.Logf("%s: %d of %d agree", mode, n[0], n[1])
		if n[0] < least[mode] {
			t.Errorf("%s: %d of %d agree, and %d did", mode, n[0], n[1], least[mode])
		}
	}
	if len(got) != len(least) {
		t.Errorf("modes: %v", got)
	}
}

// TestAgreesWithMore compares with a file given by -cases.
func TestAgreesWithMore(t *testing.T) {
	if *cases == "" {
		t.Skip("no -cases")
	}
	for mode, n := range compare(t, *cases, func(c parsed, got any) {
		g, _ := json.Marshal(got)
		w, _ := json.Marshal(c.Want)
		t.Logf("%s %q\n got %s\nwant %s", c.Mode, c.Text, g, w)
	}) {
		t.Logf("SUM %s: %d of %d agree", mode, n[0], n[1])
	}
}
