package ui

import (
	"reflect"
	"strings"
	"testing"
)

func TestDataComesBack(t *testing.T) {
	for _, d := range []Data{To("menu"), To("plan", "CKH823", "EU-42"), To("country", "JP", "f", "p", 0), To("x", "", "")} {
		s, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseData(s)
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("%q came back as %+v, %v; want %+v", s, again, err, d)
		}
	}
}

func TestDataThatWouldNotComeBackIsRefused(t *testing.T) {
	for name, d := range map[string]Data{
		"no route":   {},
		"separator":  To("plan", "a|b"),
		"not ASCII":  To("plan", "Япония"),
		"65 bytes":   To("p", strings.Repeat("x", 63)),
		"line break": To("plan", "a\nb"),
	} {
		if s, err := d.Encode(); err == nil {
			t.Errorf("%s: encoded as %q", name, s)
		}
	}
	if _, err := To("p", strings.Repeat("x", 62)).Encode(); err != nil {
		t.Errorf("64 bytes: %v", err)
	}
}

func FuzzParseData(f *testing.F) {
	for _, s := range []string{"menu", "plan|CKH823|EU-42", "|", "a||b", strings.Repeat("|", 64), "\x00", "п|1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseData(s)
		if err != nil {
			return
		}
		if again, err := d.Encode(); err != nil || again != s {
			t.Errorf("%q parsed to %+v, encoded %q, %v", s, d, again, err)
		}
	})
}
