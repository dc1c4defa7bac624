package esim_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"esimbot/esim"
)

func TestAChangeOfTheRulesSaysWhatWasAndWhatIs(t *testing.T) {
	t.Parallel()
	rules := esim.RuleValues{"paused": "x", "hidden@JP": "on"}
	tests := []struct {
		name          string
		edits         []esim.RuleEdit
		before, after string
	}{
		{"set anew", []esim.RuleEdit{{Key: "markup_percent", Value: "45"}}, `{}`, `{"markup_percent":"45"}`},
		{"another value", []esim.RuleEdit{{Key: "paused", Value: "y"}}, `{"paused":"x"}`, `{"paused":"y"}`},
		{"back to the environment", []esim.RuleEdit{{Key: "paused", Unset: true}}, `{"paused":"x"}`, `{}`},
		{"as it is", []esim.RuleEdit{{Key: "paused", Value: "x"}, {Key: "hidden@KR", Unset: true}}, `{}`, `{}`},
		{"several", []esim.RuleEdit{{Key: "paused", Unset: true}, {Key: "b", Value: "<1>"}, {Key: "a", Value: ""}}, `{"paused":"x"}`, `{"a":"","b":"<1>"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := rules.Change(tt.edits...)
			if c.Before.String() != tt.before || c.After.String() != tt.after {
				t.Errorf("%s → %s, want %s → %s", c.Before, c.After, tt.before, tt.after)
			}
			if c.Empty() != (tt.before == tt.after) {
				t.Errorf("empty: %t", c.Empty())
			}
			after, err := rules.Apply(c)
			if err != nil {
				t.Fatal(err)
			}
			back, err := after.Apply(esim.RuleChange{Before: c.After, After: c.Before})
			if err != nil || !maps.Equal(back, rules) {
				t.Errorf("undone: %s, %v", back, err)
			}
			if _, err := after.Apply(c); !c.Empty() && !errors.Is(err, esim.ErrConflict) {
				t.Errorf("applied twice: %v", err)
			}
		})
	}
}

func TestRulesAreReadBackFromTheAuditLog(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, time.UTC) }
	log := []esim.AuditEntry{
		{At: at(1), What: "pause", Before: `{}`, After: `{"paused":""}`},
		{At: at(2), What: "refund"},
		{At: at(3), What: "price", Before: `{}`, After: `{"markup_percent":"50","markup_percent@JP":"60"}`},
		{At: at(4), What: "resume", Before: `{"paused":""}`, After: `{}`},
	}
	for hour, want := range []string{`{}`, `{"paused":""}`, `{"paused":""}`, `{"markup_percent":"50","markup_percent@JP":"60","paused":""}`, `{"markup_percent":"50","markup_percent@JP":"60"}`} {
		if got, err := esim.RulesAt(log, at(hour)); err != nil || got.String() != want {
			t.Errorf("at %d: %s, %v, want %s", hour, got, err, want)
		}
	}
	if _, err := esim.RulesAt(log[1:], at(5)); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("a log without its beginning: %v", err)
	}
}
