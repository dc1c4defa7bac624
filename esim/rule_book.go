package esim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// RuleStore keeps the rules.
type RuleStore interface {
	// Rules returns all that are set.
	Rules(ctx context.Context) (RuleValues, error)
	// ChangeRules applies a change, with the audit entry, in one transaction; ErrConflict if the rules are not what it
	// was made for.
	ChangeRules(ctx context.Context, change RuleChange, entry AuditEntry) error
}

// Rules are the shop's rules at one moment, read once: nobody changes them. The zero value sets nothing.
type Rules struct {
	values   RuleValues
	settings map[RuleKey]int64 // in the units of their kinds
	prices   *PriceRules       // nil: none
	hidden   map[string]bool   // scopes of what is not sold: "@JP", "#P2AB"
	featured map[string]bool   // codes of plans on top of their places
	unread   []RuleKey
}

var noRules = &Rules{}

// NewRules reads rules. One that it cannot read does not hold: see Unread.
func NewRules(values RuleValues) *Rules {
	r := &Rules{values: values, settings: map[RuleKey]int64{}, hidden: map[string]bool{}, featured: map[string]bool{}}
	for key, value := range values {
		name, scope := key.Split()
		s, known := SettingOf(key)
		var err error
		switch {
		case known && s.OfPrice:
			if r.prices == nil {
				r.prices = &PriceRules{}
			}
			err = r.prices.add(s, scope, value)
		case known:
			_, r.settings[key], err = s.Parse(value)
			if err != nil {
				delete(r.settings, key)
			}
		case name == ruleHidden && scope != "":
			r.hidden[scope] = true
		case name == ruleFeatured && strings.HasPrefix(scope, "#"):
			r.featured[scope[1:]] = true
		case name != RulePaused && !strings.HasPrefix(string(key), string(ruleEnv)):
			err = ErrBadSetting
		}
		if err != nil {
			r.unread = append(r.unread, key)
		}
	}
	slices.Sort(r.unread)
	return r
}

// Unread are the keys of rules that this program cannot read: a later one wrote them. What the environment says holds instead.
func (r *Rules) Unread() []RuleKey { return r.unread }

// setting is what staff set of a setting, in the units of its kind; else what the environment says of it.
func (r *Rules) setting(key RuleKey, env int64) int64 {
	if n, set := r.settings[key]; set {
		return n
	}
	return env
}

// Values are the rules as they are stored; they must not be changed.
func (r *Rules) Values() RuleValues { return r.values }

// Hides reports whether staff took a plan off the shop, by itself or with its place.
func (r *Rules) Hides(p *Plan) bool {
	return len(r.hidden) > 0 && (r.hidden[ScopeOfPlan(p.Code)] || r.hidden[ScopeOfPlace(p.Place())])
}

// Hidden lists the scopes that staff took off the shop, in order: "#P2AB", "@JP".
func (r *Rules) Hidden() []string { return slices.Sorted(maps.Keys(r.hidden)) }

// Featured lists the codes of the plans that staff put on top of their places, in order.
func (r *Rules) Featured() []string { return slices.Sorted(maps.Keys(r.featured)) }

// Paused reports whether nothing new is sold, and what customers are told of it besides; "": nothing.
func (r *Rules) Paused() (text string, paused bool) {
	text, paused = r.values[RulePaused]
	return text, paused
}

// CheckOpen is a PausedError while nothing new is sold.
func (r *Rules) CheckOpen() error {
	if text, paused := r.Paused(); paused {
		return &PausedError{text}
	}
	return nil
}

// A PausedError says that staff have paused the shop. It is ErrShopPaused.
type PausedError struct{ Text string } // what they want customers to read; "": nothing

// Error implements error.
func (e *PausedError) Error() string { return ErrShopPaused.Error() }

// Is reports whether target is ErrShopPaused.
func (e *PausedError) Is(target error) bool { return target == ErrShopPaused }

// A RuleBook holds the newest Rules. Readers never wait. Of a nil book nothing is set.
type RuleBook struct {
	Store RuleStore
	// Defaults are the settings as the environment has them.
	Defaults RuleValues
	// Pricing is what else the environment says of prices.
	Pricing Pricing
	// Changed is called with the new rules before anybody else sees them as the newest ones; nil: nobody is.
	Changed func(*Rules)

	mu      sync.Mutex // held by who changes them
	current atomic.Pointer[Rules]
}

// Current returns the newest rules.
func (b *RuleBook) Current() *Rules {
	if b == nil {
		return noRules
	}
	if r := b.current.Load(); r != nil {
		return r
	}
	return noRules
}

// Value is what holds of a rule of the whole shop, and whether staff set it: else the environment did.
func (b *RuleBook) Value(key RuleKey) (value string, here bool) {
	if value, here = b.Current().values[key]; here && !slices.Contains(b.Current().unread, key) {
		return value, true
	}
	return b.Defaults[key], false
}

// Restore reads what an earlier run of the shop was told. It comes before anything is sold.
func (b *RuleBook) Restore(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	values, err := b.Store.Rules(ctx)
	if err != nil {
		return fmt.Errorf("read the shop's rules: %w", err)
	}
	if c := b.newEnvironment(values); !c.Empty() { // prices of the past can be told from the log alone
		if err := b.Store.ChangeRules(ctx, c, c.entry(AuditEntry{What: AuditEnvironment})); err != nil {
			return fmt.Errorf("note what the environment says: %w", err)
		}
		if values, err = values.Apply(c); err != nil {
			return err
		}
	}
	b.put(NewRules(values))
	return nil
}

func (b *RuleBook) put(r *Rules) {
	if b.Changed != nil {
		b.Changed(r)
	}
	b.current.Store(r)
}

// Change applies a change and holds from then on. It fails with ErrConflict if the rules are not what it was made for.
func (b *RuleBook) Change(ctx context.Context, c RuleChange, entry AuditEntry) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	after, err := b.Current().values.Apply(c)
	if err != nil {
		return err
	}
	if err := b.Store.ChangeRules(ctx, c, c.entry(entry)); err != nil {
		return fmt.Errorf("change the shop's rules: %w", err)
	}
	b.put(NewRules(after))
	return nil
}
