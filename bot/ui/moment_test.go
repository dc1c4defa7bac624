package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/i18n"
)

func TestMoments(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 14, 5, 0, 0, time.FixedZone("there", 9*3600))
	for _, tt := range []struct {
		name, lang string
		write      func(r *Request) i18n.HTML
		want       string
	}{
		{"a moment", "en", func(r *Request) i18n.HTML { return r.Moment(at) }, `<tg-time unix="1795410300" format="Dt">23_November 2026, 05:05 UTC</tg-time>`},
		{"in Russian", "ru", func(r *Request) i18n.HTML { return r.Moment(at) }, `<tg-time unix="1795410300" format="Dt">23_ноября 2026, 05:05 UTC</tg-time>`},
		{"its day", "en", func(r *Request) i18n.HTML { return r.MomentDay(at) }, `<tg-time unix="1795410300" format="D">23_November 2026</tg-time>`},
		{"one that is not known", "en", func(r *Request) i18n.HTML { return r.Moment(time.Time{}) }, `1_January 1, 00:00 UTC`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &Request{Printer: texts.Printer(tt.lang)}
			if got := strings.ReplaceAll(string(tt.write(r)), "\u00a0", "_"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// A moment in a text is the reader's own: nothing but Moment writes one there.
func TestTextsShowMomentsInTheReadersZone(t *testing.T) {
	for _, room := range []string{"../customer", "../customer/*", "../staff"} {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil || len(files) < 5 {
			t.Fatalf("%d files in %s: %v", len(files), room, err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for n, line := range strings.Split(string(code), "\n") {
				if strings.Contains(line, ".DateTime(") {
					t.Errorf("%s:%d writes a moment in UTC: use Request.Moment", file, n+1)
				}
			}
		}
	}
}
