package esim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrBadSetting is a value that a setting cannot have.
var ErrBadSetting = errors.New("no sensible value of this setting")

// A SettingKind is what a setting's values are.
type SettingKind int

const (
	SettingPercent  SettingKind = iota // "37.5": hundredths of a percent
	SettingDollars                     // "0.50": US cents
	SettingCount                       // "20"
	SettingSwitch                      // "on" or "off": 1 or 0
	SettingRounding                    // a Rounding's
	SettingHour                        // "9", or "off": -1
)

// A Setting is what an operator decides about the shop and staff may decide otherwise while it sells. The environment gives
// its default, under its key in capital letters; what the group set wins until it is reset.
type Setting struct {
	Key  RuleKey
	Kind SettingKind
	// Min and Max bound its values, in the units of its kind.
	Min, Max int64
	// OfPrice: it is part of the price rule. It may be set of a place or a plan too, and its effect is shown before it holds.
	OfPrice bool
}

// The keys of the settings. No secret is among them.
const (
	RuleMarkup         RuleKey = "markup_percent"
	RuleMinProfit      RuleKey = "min_profit_usd"
	RuleMinPrice       RuleKey = "min_price_usd"
	RuleRounding       RuleKey = "price_rounding"
	RuleMaxLoss        RuleKey = "max_loss_usd"
	RuleBalanceFloor   RuleKey = "balance_floor_usd"
	RuleDailyOrders    RuleKey = "person_daily_orders"
	RuleDailySpent     RuleKey = "person_daily_usd"
	RuleApproval       RuleKey = "approval_above_usd"
	RuleReferralCredit RuleKey = "referral_credit_usd"
	RuleEmergencyTopUp RuleKey = "rescue_credit_usd"
	RulePromoCodes     RuleKey = "promo_codes"
	RuleRefundUnused   RuleKey = "refund_unused"
	RuleReportHour     RuleKey = "report_hour"
)

// settings are all of them, in the order in which staff see them.
var settings = []Setting{
	{RuleMarkup, SettingPercent, 0, 100_000, true},
	{RuleMinProfit, SettingDollars, 0, 10_000, true},
	{RuleMinPrice, SettingDollars, 0, 100_000, true},
	{RuleRounding, SettingRounding, 0, 0, true},
	{RuleMaxLoss, SettingDollars, 0, 100_000, false},
	{RuleBalanceFloor, SettingDollars, 0, 10_000_000, false},
	{RuleDailyOrders, SettingCount, 1, 10_000, false},
	{RuleDailySpent, SettingDollars, 1, 100_000_000, false},
	{RuleReferralCredit, SettingDollars, 0, 100_000, false},
	{RuleEmergencyTopUp, SettingDollars, 0, 10_000, false},
	{RulePromoCodes, SettingSwitch, 0, 1, false},
	{RuleRefundUnused, SettingSwitch, 0, 1, false},
	{RuleApproval, SettingDollars, 0, 1_000_000_000, false},
	{RuleReportHour, SettingHour, -1, 23, false},
}

// Settings lists all settings, in the order in which staff see them; the list must not be changed.
func Settings() []Setting { return settings }

// SettingOf is the setting of a key, whatever its scope; false: there is none.
func SettingOf(key RuleKey) (Setting, bool) {
	name, scope := key.Split()
	i := slices.IndexFunc(settings, func(s Setting) bool { return s.Key == name && (scope == "" || s.OfPrice) })
	if i < 0 {
		return Setting{}, false
	}
	return settings[i], true
}

// Split takes the scope off a key: "@JP", "#P2AB"; "" of the whole shop.
func (k RuleKey) Split() (name RuleKey, scope string) {
	if i := strings.IndexAny(string(k), "@#"); i >= 0 {
		return k[:i], string(k[i:])
	}
	return k, ""
}

// Env is the variable of the environment that gives the setting its default.
func (s Setting) Env() string { return strings.ToUpper(string(s.Key)) }

// NoneValue is the value of a part of the price rule that asks for nothing; "": the setting is none.
func (s Setting) NoneValue() string {
	switch {
	case !s.OfPrice:
		return ""
	case s.Kind == SettingRounding:
		return Rounding{}.String()
	}
	return s.Text(0)
}

// Parse reads a value as staff write it, "45 %", "$0.5", and returns it as it is stored, with what it is in the units of its
// kind. It fails with ErrBadSetting.
func (s Setting) Parse(text string) (value string, n int64, err error) {
	bad := fmt.Errorf("%s is %q: %w", s.Key, text, ErrBadSetting)
	text = strings.ToLower(strings.TrimSpace(text))
	ok := true
	switch s.Kind {
	case SettingPercent:
		n, ok = parseHundredths(strings.TrimSpace(strings.TrimSuffix(text, "%")))
	case SettingDollars:
		n, ok = parseHundredths(strings.TrimSpace(strings.TrimPrefix(text, "$")))
	case SettingCount:
		n, err = strconv.ParseInt(text, 10, 64)
		ok = err == nil
	case SettingHour:
		if n = -1; text != "off" {
			n, err = strconv.ParseInt(text, 10, 64)
			ok = err == nil && n >= 0
		}
	case SettingSwitch:
		if ok = text == "on" || text == "off"; text == "on" {
			n = 1
		}
	case SettingRounding:
		r, err := ParseRounding(text)
		if err != nil {
			return "", 0, bad
		}
		return r.String(), 0, nil
	}
	if !ok || n < s.Min || n > s.Max {
		return "", 0, bad
	}
	return s.Text(n), n, nil
}

// Text writes a value in the units of its kind as it is stored; Parse reads it.
func (s Setting) Text(n int64) string {
	switch s.Kind {
	case SettingPercent:
		return strings.TrimSuffix(strings.TrimRight(hundredths(n), "0"), ".")
	case SettingDollars:
		return hundredths(n)
	case SettingSwitch:
		if n != 0 {
			return "on"
		}
		return "off"
	case SettingHour:
		if n < 0 {
			return "off"
		}
	}
	return strconv.FormatInt(n, 10)
}

func hundredths(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// parseHundredths reads a number of at most two decimals, with a point or a comma, as hundredths.
func parseHundredths(s string) (int64, bool) {
	whole, rest, point := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(whole) > 9 || point && (rest == "" || len(rest) > 2) || strings.Trim(whole+rest, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(rest + "00")[:2], 10, 64)
	return n, err == nil
}
