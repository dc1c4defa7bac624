package main

import (
	"strings"
	"testing"
	"time"
)

// An operator's note grows old unnoticed: customers read it, and the operator reads doctor.
func TestDoctorTellsOfOldNotes(t *testing.T) {
	cfg, err := LoadConfig(environ(map[string]string{"COUNTRY_NOTES": `{
		"KP": {"sold": false},
		"JP": {"notes": [{"text": {"en": "Buy a Suica card at the airport counter."}, "checked": "2026-01-10", "source": "https://suica.example"}]},
		"VN": {"text": {"en": "Old form."}}
	}`}))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		now  string
		says []string
		not  string
	}{
		{"2026-11-30", []string{`VN "Old form." without a day`, "not sold to: KP"}, "Suica"},
		{"2027-01-11", []string{`JP "Buy a Suica card at the airpo…" of 2026-01-10`, "VN"}, "RU"},
		{"2028-01-01", []string{"JP", "RU pause of 2026-11-28"}, "within a year"},
	} {
		now, err := time.Parse(time.DateOnly, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		f := notesAt(cfg.CountryNotes, now)
		for _, says := range tt.says {
			if !strings.Contains(f.found, says) {
				t.Errorf("on %s doctor finds %q, without %q", tt.now, f.found, says)
			}
		}
		if strings.Contains(f.found, tt.not) || !f.warn || !strings.Contains(f.advice, "COUNTRY_NOTES") {
			t.Errorf("on %s doctor finds %q, advice %q, warn %t", tt.now, f.found, f.advice, f.warn)
		}
	}
	cfg.CountryNotes, err = cfg.CountryNotes.With([]byte(`{"JP": {"remove": ["all"]}, "VN": {"remove": ["all"]}}`), "en")
	if f := notesAt(cfg.CountryNotes, time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)); err != nil || f.advice != "" || f.found != "all looked at within a year; not sold to: KP" {
		t.Errorf("all is well, and doctor finds %q, advice %q: %v", f.found, f.advice, err)
	}
}
