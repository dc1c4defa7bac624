package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The messenger lets a bot's owner start an affiliate program: whoever brings a customer gets a part of what that customer
// pays in Stars. The messenger takes it from the payment before the bot has it, and says so in its account of Stars alone: to
// whoever pays, and on the invoice, the price is the whole. So a payment is booked whole, and the commission beside it when
// the account is read; what comes back of it with a refund is booked when the account says so.

// starParts is how many of XTR9 a Star has.
const starParts = 1_000_000_000

// WholeStars is a sum of Stars and of parts of Stars, without what is less than a Star.
func WholeStars(stars, parts Money) Money {
	return Stars((stars.Minor*starParts + parts.Minor) / starParts)
}

// starHundredths counts hundredths of a Star, only to be shown.
const starHundredths Currency = "XTR2"

// RoundedForDisplay rounds parts of Stars to hundredths of one, as money is told to people; all else it leaves as it is.
func (m Money) RoundedForDisplay() Money {
	if m.Currency != XTR9 {
		return m
	}
	const part = starParts / 100
	half := int64(part / 2)
	if m.Minor < 0 {
		half = -half
	}
	return Money{(m.Minor + half) / part, starHundredths}
}

func commissionKey(payment string) string { return "commission:" + payment }

// CommissionTransaction is what an affiliate got of the payment, or gave back with its refund, as the messenger's account has
// it. It has no postings where there is none, and is not written before the payment.
func (m StarTransaction) CommissionTransaction() Transaction {
	t := Transaction{Order: m.Order, Payment: m.ID, Requires: "pay:" + m.ID, Key: commissionKey(m.ID), Why: "an affiliate's part"}
	switch {
	case m.Incoming && m.Commission.Minor > 0:
		t.Postings = posting(AccountStars, AccountCommission, m.Commission)
	case !m.Incoming && m.Commission.Minor < 0:
		t.Key, t.Requires, t.Why = commissionKey(m.ID)+":back", commissionKey(m.ID), "an affiliate's part came back"
		t.Postings = posting(AccountStars, AccountCommission, m.Commission)
	}
	return t
}

// commission books what the account says of an affiliate, and remembers that a program runs.
func (r *Reconciler) commission(ctx context.Context, m StarTransaction) error {
	t := m.CommissionTransaction()
	if len(t.Postings) == 0 {
		return nil
	}
	if err := r.Store.BookCommission(ctx, m.At, t); err != nil {
		return err
	}
	if !m.Incoming {
		return nil
	}
	return r.Affiliates.saw(ctx, r.Store, AffiliateProgram{m.PerMille, m.At})
}

// An AffiliateProgram is what the messenger's account showed last of one: nobody is told when it begins or ends.
type AffiliateProgram struct {
	PerMille int64 // of a payment in Stars
	Seen     time.Time
}

// affiliateRuns is how long a program counts as running after a payment showed it.
const affiliateRuns = 90 * 24 * time.Hour

// Running is at how many per mille the program runs; 0: none is known to run.
func (p AffiliateProgram) Running(now time.Time) int64 {
	if now.Sub(p.Seen) > affiliateRuns {
		return 0
	}
	return p.PerMille
}

// AffiliateSettingKey is the setting that holds what was seen.
const AffiliateSettingKey = "affiliate_program"

// String is how it is stored: the rate and milliseconds.
func (p AffiliateProgram) String() string {
	return fmt.Sprintf("%d %d", p.PerMille, p.Seen.UnixMilli())
}

// ParseAffiliateProgram reads what String wrote; the zero value of anything else.
func ParseAffiliateProgram(s string) AffiliateProgram {
	var p AffiliateProgram
	var ms int64
	if _, err := fmt.Sscan(s, &p.PerMille, &ms); err != nil {
		return AffiliateProgram{}
	}
	p.Seen = time.UnixMilli(ms)
	return p
}

// Affiliates is what is known of the affiliate program. The zero value and nil know of none.
type Affiliates struct {
	known atomic.Pointer[AffiliateProgram]
}

// PerMille is what affiliates may get of a payment in Stars; 0: no program is known to run.
func (a *Affiliates) PerMille(now time.Time) int64 {
	if a == nil {
		return 0
	}
	if p := a.known.Load(); p != nil {
		return p.Running(now)
	}
	return 0
}

// load reads what an earlier run saw, once.
func (a *Affiliates) load(ctx context.Context, store SettingStore) error {
	if a == nil || a.known.Load() != nil {
		return nil
	}
	v, err := store.Setting(ctx, AffiliateSettingKey)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("what was seen of an affiliate program: %w", err)
	}
	p := ParseAffiliateProgram(v)
	a.known.Store(&p)
	return nil
}

// saw notes that a payment showed the program: a line is read again often, and once a day is enough.
func (a *Affiliates) saw(ctx context.Context, store SettingStore, p AffiliateProgram) error {
	if a == nil {
		return nil
	}
	was := a.known.Load()
	if was != nil && (p.Seen.Before(was.Seen) || p.PerMille == was.PerMille && p.Seen.Sub(was.Seen) < 24*time.Hour) {
		return nil
	}
	if err := store.SetSetting(ctx, AffiliateSettingKey, p.String()); err != nil {
		return fmt.Errorf("note an affiliate program: %w", err)
	}
	a.known.Store(&p)
	return nil
}

// commission is what an affiliate may get of the order's price in Stars (USD4).
func (o Order) commission(perMille int64) Money {
	if o.Method != MethodStars {
		return USDTenThousandths(0)
	}
	return USDTenThousandths(mulDivCeil(max(0, o.Retail.Minor-o.Credit.Minor)*100, perMille, 1000))
}

// beforeCommission is what has to be asked for by a method, so that an amount is left of it.
func beforeCommission(left int64, method PaymentMethod, perMille int64) int64 {
	if method != MethodStars || left <= 0 || perMille <= 0 || perMille >= 1000 {
		return left
	}
	return mulDivCeil(left, 1000, 1000-perMille)
}

// TakesOtherThanStars reports whether money is taken in other ways than Stars, too. While an affiliate program runs the messenger
// forbids to lead customers there.
func TakesOtherThanStars(methods []PaymentMethod) bool {
	return slices.ContainsFunc(methods, func(m PaymentMethod) bool {
		spec, err := m.Spec()
		return err == nil && m != MethodStars && !spec.FromCredit && spec.RefundRoute != RefundNothing
	})
}

// PerMilleText writes a rate as a percentage: "12.5 %".
func PerMilleText(n int64) string {
	return strings.TrimSuffix(strconv.FormatInt(n/10, 10)+"."+strconv.FormatInt(n%10, 10), ".0") + " %"
}
