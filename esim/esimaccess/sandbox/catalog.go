package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A plan is one row of obj.packageList, its keys in the vendor's order.
type plan struct {
	PackageCode     string    `json:"packageCode"`
	Slug            string    `json:"slug"`
	Name            string    `json:"name"`
	Price           int64     `json:"price"` // USD × 10,000; of a day pass for one day
	CurrencyCode    string    `json:"currencyCode"`
	Volume          int64     `json:"volume"` // bytes; of a day pass for one day
	SMSStatus       int       `json:"smsStatus"`
	DataType        int       `json:"dataType"`
	UnusedValidTime int       `json:"unusedValidTime"` // days
	Duration        int       `json:"duration"`
	DurationUnit    string    `json:"durationUnit"`
	Location        string    `json:"location"`
	LocationCode    string    `json:"locationCode"`
	Description     string    `json:"description"`
	ActiveType      int       `json:"activeType"`
	Favorite        bool      `json:"favorite"`
	RetailPrice     int64     `json:"retailPrice"`
	Speed           string    `json:"speed"`
	IPExport        string    `json:"ipExport"`
	SupportTopUp    int       `json:"supportTopUpType"`
	FUPPolicy       string    `json:"fupPolicy"`
	Networks        []network `json:"locationNetworkList"`
}

type network struct {
	Name      string     `json:"locationName"`
	Logo      string     `json:"locationLogo"`
	Code      string     `json:"locationCode"`
	Operators []operator `json:"operatorList"`
}

type operator struct {
	Name string `json:"operatorName"`
	Type string `json:"networkType"`
}

// The values of supportTopUpType and dataType.
const (
	topUpNone   = 1
	topUpPlain  = 2
	topUpByDays = 3

	dataDaily          = 2 // slowed after the day's volume
	dataDailyUnlimited = 4

	topUpPrefix = "TOPUP_"
)

// daily reports whether the plan is a day pass: bought for periodNum days.
func (p *plan) daily() bool { return p.DataType != 1 }

// endless reports whether the plan never runs out of data before its days do.
func (p *plan) endless() bool { return p.DataType == dataDaily || p.DataType == dataDailyUnlimited }

// days is how long the plan lasts when bought for periodNum days.
func (p *plan) days(periodNum int) int {
	if p.daily() {
		return p.Duration * periodNum
	}
	return p.Duration
}

// family is what an eSIM's top-ups have in common with its plan. A day pass can only be prolonged.
func (p *plan) family() string {
	if p.daily() {
		return p.Slug
	}
	return p.LocationCode + "|" + p.Location + "|" + p.IPExport
}

// A catalog is what the account can buy. It is guarded by Sandbox.mu.
type catalog struct {
	base   []*plan
	topUps []*plan
	// byCode finds base plans by packageCode and by slug, topUpByCode top-ups by packageCode.
	byCode, topUpByCode map[string]*plan
	// regions are the names of multi-country codes in location/list, where they are known.
	regions map[string]string

	whole     json.RawMessage // the encoded list of base plans, made when first asked for
	locations json.RawMessage
}

// newCatalog makes the top-ups of plans that allow them, unless plans holds top-ups already.
func newCatalog(plans []*plan, topUpCode func(*plan) string) *catalog {
	c := &catalog{byCode: map[string]*plan{}, topUpByCode: map[string]*plan{}}
	for _, p := range plans {
		if strings.HasPrefix(p.PackageCode, topUpPrefix) {
			c.addTopUp(p)
			continue
		}
		c.base = append(c.base, p)
		for _, code := range []string{p.PackageCode, p.Slug} {
			if _, ok := c.byCode[code]; !ok && code != "" {
				c.byCode[code] = p
			}
		}
	}
	if len(c.topUps) > 0 {
		return c
	}
	for _, p := range c.base {
		if p.SupportTopUp != topUpPlain && p.SupportTopUp != topUpByDays {
			continue
		}
		t := *p
		t.PackageCode = topUpCode(p)
		t.SupportTopUp = topUpNone // of the row itself, as in live answers; the parent's counts
		c.addTopUp(&t)
	}
	return c
}

func (c *catalog) addTopUp(p *plan) {
	c.topUps = append(c.topUps, p)
	c.topUpByCode[p.PackageCode] = p
}

// readCatalog reads a package/list answer, in its envelope.
func readCatalog(r io.Reader) (*catalog, error) {
	var in struct {
		Obj struct {
			PackageList []*plan `json:"packageList"`
		} `json:"obj"`
	}
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return nil, fmt.Errorf("reading a package/list answer: %w", err)
	}
	plans := slices.DeleteFunc(in.Obj.PackageList, func(p *plan) bool { return p == nil })
	for _, p := range plans {
		if p.PackageCode == "" || p.Price < 0 || p.Volume < 0 || p.Duration < 1 {
			return nil, fmt.Errorf("reading a package/list answer: row %q has no code, price, volume or duration", p.Slug)
		}
		p.settle()
	}
	if len(plans) == 0 {
		return nil, errors.New("reading a package/list answer: obj.packageList is empty or missing")
	}
	return newCatalog(plans, func(p *plan) string { return topUpPrefix + p.PackageCode }), nil
}

// settle fills what answers of older years left out.
func (p *plan) settle() {
	if p.DataType == 0 {
		p.DataType = 1
	}
	if p.ActiveType == 0 {
		p.ActiveType = 2
	}
	if p.UnusedValidTime == 0 {
		p.UnusedValidTime = 180
	}
	if p.LocationCode == "" {
		p.LocationCode = p.Location
	}
	if p.Networks == nil {
		p.Networks = []network{}
	}
	for i := range p.Networks {
		if p.Networks[i].Operators == nil {
			p.Networks[i].Operators = []operator{}
		}
	}
}

// forTopUp is the top-up that code means for an eSIM of plan p: a TOPUP_ code of its family, or the
// slug of a base plan in it. It is nil if there is none or the eSIM takes none.
func (c *catalog) forTopUp(p *plan, code string) *plan {
	if p.SupportTopUp != topUpPlain && p.SupportTopUp != topUpByDays {
		return nil
	}
	for _, t := range c.topUps {
		if t.family() == p.family() && (t.PackageCode == code || t.Slug == code) {
			return t
		}
	}
	return nil
}

// SetPrice moves the wholesale price (USD × 10,000) of a plan, named by packageCode or slug, and of
// the top-up made from it, as happens several times a day at the vendor's.
func (s *Sandbox) SetPrice(code string, price int64) error {
	var err error
	s.locked(func(time.Time) {
		if err = s.catalog.setPrice(code, price); err == nil {
			s.prices[code] = price
			s.dirty = true
		}
	})
	return err
}

func (c *catalog) setPrice(code string, price int64) error {
	p := c.byCode[code]
	if p == nil {
		return fmt.Errorf("no plan %q in the catalogue", code)
	}
	p.Price, p.RetailPrice = price, 2*price
	for _, t := range c.topUps {
		if t.Slug == p.Slug {
			t.Price, t.RetailPrice = price, 2*price
		}
	}
	c.whole = nil
	return nil
}

// all is obj of package/list without filters.
func (c *catalog) all() json.RawMessage {
	if c.whole == nil {
		c.whole = encodePlans(c.base)
	}
	return c.whole
}

func encodePlans(plans []*plan) json.RawMessage {
	if plans == nil {
		plans = []*plan{}
	}
	return encode(struct {
		PackageList []*plan `json:"packageList"`
	}{plans})
}

type location struct {
	Code string     `json:"code"`
	Name string     `json:"name"`
	Type int        `json:"type"` // 1 a country, 2 several
	Subs []location `json:"-"`
}

// MarshalJSON writes subLocationList, whose members have neither a type nor a list of their own.
func (l location) MarshalJSON() ([]byte, error) {
	type sub struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}
	var subs []sub
	for _, x := range l.Subs {
		subs = append(subs, sub{x.Code, x.Name})
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"code":%s,"name":%s,"type":%d,"subLocationList":%s}`,
		encode(l.Code), encode(l.Name), l.Type, encode(subs))
	return b.Bytes(), nil
}

// amount is where the volume begins in a plan's name: "Asia (7 areas)| 1GB 7Days".
var amount = regexp.MustCompile(`\s+[0-9.]+\s?[GM]B\b.*$`)

// places is obj.locationList: the countries and regions that plans are sold for, countries first.
func (c *catalog) places() json.RawMessage {
	if c.locations != nil {
		return c.locations
	}
	var countries, regions []location
	seen := map[string]bool{}
	for _, p := range c.base {
		if seen[p.LocationCode] {
			continue
		}
		seen[p.LocationCode] = true
		l := location{Code: p.LocationCode, Name: amount.ReplaceAllString(p.Name, ""), Type: 1}
		if !strings.Contains(p.Location, ",") {
			if len(p.Networks) == 1 && p.Networks[0].Name != "" {
				l.Name = p.Networks[0].Name
			}
			countries = append(countries, l)
			continue
		}
		l.Type = 2
		if name, ok := c.regions[l.Code]; ok {
			l.Name = name
		}
		for _, n := range p.Networks {
			l.Subs = append(l.Subs, location{Code: n.Code, Name: n.Name})
		}
		regions = append(regions, l)
	}
	c.locations = encode(struct {
		LocationList []location `json:"locationList"`
	}{append(countries, regions...)})
	return c.locations
}
