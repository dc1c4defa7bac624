package ui

import (
	"reflect"
	"strings"
	"testing"
)

func TestDataComesBack(t *testing.T) {
	for _, d := range []CallbackData{NewCallbackData("menu"), NewCallbackData("plan", "CKH823", "EU-42"), NewCallbackData("country", "JP", "f", "p", 0), NewCallbackData("x", "", "")} {
		s, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseCallbackData(s)
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("%q came back as %+v, %v; want %+v", s, again, err, d)
		}
	}
}

func TestDataThatWouldNotComeBackIsRefused(t *testing.T) {
	for name, d := range map[string]CallbackData{
		"no route":   {},
		"separator":  NewCallbackData("plan", "a|b"),
		"not ASCII":  NewCallbackData("plan", "Япония"),
		"65 bytes":   NewCallbackData("p", strings.Repeat("x", 63)),
		"line break": NewCallbackData("plan", "a\nb"),
	} {
		if s, err := d.Encode(); err == nil {
			t.Errorf("%s: encoded as %q", name, s)
		}
	}
	if _, err := NewCallbackData("p", strings.Repeat("x", 62)).Encode(); err != nil {
		t.Errorf("64 bytes: %v", err)
	}
}

func FuzzParseData(f *testing.F) {
	for _, s := range []string{"menu", "plan|CKH823|EU-42", "|", "a||b", strings.Repeat("|", 64), "\x00", "п|1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseCallbackData(s)
		if err != nil {
			return
		}
		if again, err := d.Encode(); err != nil || again != s {
			t.Errorf("%q parsed to %+v, encoded %q, %v", s, d, again, err)
		}
	})
}
