package esim

import (
	"slices"
	"strings"
)

// A DataKind says how a plan counts data (dataType of the vendor).
type DataKind int

const (
	// TotalVolume volume for the whole validity.
	TotalVolume DataKind = 1
	// DailyThrottled: a volume per day, then fair-use speed until the next day.
	DailyThrottled DataKind = 2
	// DailyCutOff: a volume per day, then nothing until the next day.
	DailyCutOff DataKind = 3
	// DailyUnlimited: no limit within a day.
	DailyUnlimited DataKind = 4
)

// A ValidityStart says when the validity of an eSIM begins (activeType of the vendor).
type ValidityStart int

const (
	// ValidFromInstall: with the first installation.
	ValidFromInstall ValidityStart = 1
	// ValidFromFirstUse: with the first connection to a network.
	ValidFromFirstUse ValidityStart = 2
)

// A TopUpKind says whether an eSIM can be topped up (supportTopUpType of the vendor).
type TopUpKind int

const (
	// NoTopUp: it cannot.
	NoTopUp TopUpKind = 1
	// TopUpVolume adds data and days.
	TopUpVolume TopUpKind = 2
	// TopUpDays adds days to a day pass.
	TopUpDays TopUpKind = 3
)

// An SMSKind says whether an eSIM can receive text messages (smsStatus of the vendor).
type SMSKind int

const (
	// NoSMS: none.
	NoSMS SMSKind = 0
	// SMSFromAll: from phones and from the API.
	SMSFromAll SMSKind = 1
	// SMSFromAPI: only from the API.
	SMSFromAPI SMSKind = 2
)

// A MobileNetwork is a mobile network and the best generation it offers, "5G".
type MobileNetwork struct {
	Name       string
	Generation string
}

// Coverage lists the networks a plan uses in one country.
type Coverage struct {
	Place    string // ISO 3166-1 alpha-2; may be empty where the vendor names no code
	Name     string // the vendor's English name of the country
	Networks []MobileNetwork
}

// A Plan is one product of the vendor, without a retail price.
type Plan struct {
	Code              string // packageCode: stable, short
	Slug              string // readable alias; renamed by the vendor when a region grows
	Name              string // English
	Description       string // English, often empty or equal to Name
	Location          string // "JP", or a region such as "EU-42"
	Places            []string
	Coverage          []Coverage
	Wholesale         Money // USD4; of one day for a day pass
	Data              int64 // bytes; per day for a day pass
	Kind              DataKind
	Days              int // validity; 1 for a day pass
	UnusedDays        int // how long an eSIM that was never used keeps
	ValidityStart     ValidityStart
	TopUp             TopUpKind
	SMS               SMSKind
	BreakoutCountries []string // countries where the traffic leaves, alpha-2; empty: not stated
	ThrottledSpeed    string   // speed after the daily volume, "384 Kbps"; empty: not stated
	Generations       string   // network generations, "3G/4G/5G"
}

// DayPass reports whether the plan is sold by the day: volume and price are of one day.
func (p Plan) DayPass() bool { return p.Kind != TotalVolume && p.Kind != 0 }

// A PlanScope is how far a plan reaches.
type PlanScope int

const (
	// ScopeCountry plans are sold for one country (some include a neighbour).
	ScopeCountry PlanScope = iota
	// ScopeRegional plans cover a named group of countries.
	ScopeRegional
	// ScopeGlobal plans cover most of the world.
	ScopeGlobal
)

// Scope tells country, regional and global plans apart, as the vendor's filters
// do: a region's code is longer than two letters, a global one starts with GL-.
func (p Plan) Scope() PlanScope {
	switch {
	case strings.HasPrefix(p.Location, "GL-"):
		return ScopeGlobal
	case len(p.Location) == 2 || len(p.Places) == 1:
		return ScopeCountry
	}
	return ScopeRegional
}

// Place is the country that the plan is sold for, or its region.
func (p *Plan) Place() string {
	if p.Scope() == ScopeCountry && len(p.Location) != 2 && len(p.Places) > 0 {
		return p.Places[0]
	}
	return p.Location
}

// Covers reports whether the plan works in the country with this alpha-2 code.
func (p Plan) Covers(place string) bool { return slices.Contains(p.Places, place) }

// ExitsIn reports whether the plan's traffic leaves in this country.
func (p Plan) ExitsIn(place string) bool { return slices.Contains(p.BreakoutCountries, place) }

// Snapshot is the plan as it is kept with an order: all facts but the long lists.
func (p Plan) Snapshot() Plan {
	p.Coverage = nil
	if len(p.Places) > 1 {
		p.Places = nil
	}
	p.Description = ""
	return p
}
