package main

import (
	"strings"
	"testing"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// doctor says what the group set and what the environment says of it, while the shop runs.
func TestDoctorSaysWhatTheGroupSet(t *testing.T) {
	s := shoptest.Open(t, sandbox.Options{}, nil)
	cfg := s.Settings()
	cfg.Database = s.Database()
	if f := checkRules(t.Context(), cfg); f.warn || !strings.Contains(f.found, "the environment decides") {
		t.Errorf("nothing is set: %+v", f)
	}
	change := s.Rules.Current().Values().Change(
		esim.RuleEdit{Key: esim.RuleMarkup, Value: "45"}, esim.RuleEdit{Key: esim.RuleMarkup + "@JP", Value: "50"},
		esim.RuleEdit{Key: esim.RulePaused, Value: "back soon"}, esim.RuleEdit{Key: esim.RuleReportHour, Value: "off"}, esim.HideEdit("@TR", true),
	)
	s.Must(s.Rules.Change(t.Context(), change, esim.AuditEntry{Who: shoptest.Olga, What: "test"}))
	f := checkRules(t.Context(), cfg)
	for _, want := range []string{"markup_percent 45 (MARKUP_PERCENT: 40)", "report_hour off (REPORT_HOUR: ", "prices of their own: 1", "hidden: 1", "paused", "back soon"} {
		if !strings.Contains(f.found, want) {
			t.Errorf("%q is not in %q", want, f.found)
		}
	}
	if !f.warn || !strings.Contains(f.advice, "/resume") {
		t.Errorf("a pause: %+v", f)
	}
}
