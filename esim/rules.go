package esim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// The shop's rules are what staff set while it sells: that it pauses, what it asks for, what it hides, and settings. They are one
// flat list of keys and values. Each change names what it changes before and after, and stands so in the audit log: the
// rules of any past moment can be read back from it (RulesAt), and with them every price.

// A RuleKey names a rule, as "paused". One of a place has its code behind an @, one of a plan behind a #:
// "hidden@JP", "markup_percent#P2AB".
type RuleKey string

// RulePaused is set while nothing new is sold; its value is what customers are told of it, and may be "".
const RulePaused RuleKey = "paused"

// Of a scope: it is not sold; it is on top of its place.
const (
	ruleHidden   RuleKey = "hidden"
	ruleFeatured RuleKey = "featured"
	ruleOn               = "on" // their value
)

// HideEdit is the edit that takes a scope off the shop, or brings it back.
func HideEdit(scope string, hidden bool) RuleEdit {
	return RuleEdit{Key: ruleHidden + RuleKey(scope), Value: ruleOn, Unset: !hidden}
}

// FeatureEdit is the edit that puts a plan on top of its place, or back where it belongs.
func FeatureEdit(code string, featured bool) RuleEdit {
	return RuleEdit{Key: ruleFeatured + RuleKey(ScopeOfPlan(code)), Value: ruleOn, Unset: !featured}
}

// RuleValues are rules with their values, as they are stored. A key that is not there is not set: the environment decides.
type RuleValues map[RuleKey]string

// String is what ParseRuleValues reads: a JSON object with its keys in order.
func (v RuleValues) String() string {
	if v == nil {
		v = RuleValues{}
	}
	var text strings.Builder
	lines := json.NewEncoder(&text)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(v); err != nil { // of strings there is nothing that cannot be written
		panic(err)
	}
	return strings.TrimSpace(text.String())
}

// ParseRuleValues reads what RuleValues.String wrote; "" has none.
func ParseRuleValues(s string) (RuleValues, error) {
	v := RuleValues{}
	if s == "" {
		return v, nil
	}
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return nil, fmt.Errorf("rules of the shop: %w", err)
	}
	return v, nil
}

// A RuleEdit is what somebody wants of one rule.
type RuleEdit struct {
	Key   RuleKey
	Value string
	Unset bool // back to what the environment says
}

// A RuleChange is what one act changes: the rules it is about, before and after. One that is in only one of the two was
// not set, or is not any more.
type RuleChange struct{ Before, After RuleValues }

// Change is what some edits would change of the rules; edits that change nothing are not in it.
func (v RuleValues) Change(edits ...RuleEdit) RuleChange {
	c := RuleChange{RuleValues{}, RuleValues{}}
	for _, e := range edits {
		old, set := v[e.Key]
		if e.Unset && !set || !e.Unset && set && old == e.Value {
			continue
		}
		if set {
			c.Before[e.Key] = old
		}
		if !e.Unset {
			c.After[e.Key] = e.Value
		}
	}
	return c
}

// Empty reports whether nothing would change.
func (c RuleChange) Empty() bool { return len(c.Before)+len(c.After) == 0 }

// Keys are the rules that change, in order.
func (c RuleChange) Keys() []RuleKey {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(c.Before)), maps.Keys(c.After))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Apply returns the rules after a change; ErrConflict if they are not what it was made for.
func (v RuleValues) Apply(c RuleChange) (RuleValues, error) {
	after := maps.Clone(v)
	if after == nil {
		after = RuleValues{}
	}
	for _, key := range c.Keys() {
		was, wasSet := v[key]
		before, set := c.Before[key]
		if wasSet != set || was != before {
			return nil, fmt.Errorf("rule %s is %q, not %q: %w", key, was, before, ErrConflict)
		}
		if value, set := c.After[key]; set {
			after[key] = value
		} else {
			delete(after, key)
		}
	}
	return after, nil
}

// entry is the audit entry with the change in it.
func (c RuleChange) entry(a AuditEntry) AuditEntry {
	a.Before, a.After = c.Before.String(), c.After.String()
	return a
}

// RulesAt reads the rules that held at a moment back from the audit log, which has its oldest entry first. It fails
// with ErrConflict where an entry does not follow from those before it.
func RulesAt(log []AuditEntry, at time.Time) (RuleValues, error) {
	rules := RuleValues{}
	for _, a := range log {
		if a.Before == "" && a.After == "" || a.At.After(at) {
			continue
		}
		before, err := ParseRuleValues(a.Before)
		if err != nil {
			return nil, err
		}
		after, err := ParseRuleValues(a.After)
		if err != nil {
			return nil, err
		}
		if rules, err = rules.Apply(RuleChange{before, after}); err != nil {
			return nil, fmt.Errorf("%s at %s: %w", a.What, a.At.UTC().Format(time.RFC3339), err)
		}
	}
	return rules, nil
}

// RulesBefore are the rules without what a log says was changed, its newest entry first. It stops at a change that two
// persons have agreed to: what both have looked at is where the next one begins.
func RulesBefore(now RuleValues, log []AuditEntry) (RuleValues, error) {
	for _, a := range log {
		if a.Before == "" && a.After == "" {
			continue
		}
		if a.ApprovedBy != 0 {
			break
		}
		before, err := ParseRuleValues(a.Before)
		if err != nil {
			return nil, err
		}
		after, err := ParseRuleValues(a.After)
		if err != nil {
			return nil, err
		}
		if now, err = now.Apply(RuleChange{after, before}); err != nil {
			return nil, fmt.Errorf("undo %s of %s: %w", a.What, a.At.UTC().Format(time.RFC3339), err)
		}
	}
	return now, nil
}
