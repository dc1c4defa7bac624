package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"esimbot/esim"
)

const pathPackages = "package/list"

// Values of PackageFilter.Place that are no places.
const (
	RegionalPlans = "!RG"
	GlobalPlans   = "!GL"
)

// A PackageFilter narrows the catalogue down; its fields are AND-ed. The zero
// value means everything that is sold as a new eSIM.
type PackageFilter struct {
	Place    string        // alpha-2, RegionalPlans or GlobalPlans
	TopUps   bool          // top-ups instead of new eSIMs; needs one of Code, Slug, ICCID
	Code     string        // packageCode
	Slug     string        //
	ICCID    esim.ICCID    // with TopUps: what this eSIM can be topped up with
	DataKind esim.DataKind // only esim.TotalVolume and esim.DailyThrottled are filters
}

type packageRequest struct {
	LocationCode string `json:"locationCode,omitempty"`
	Type         string `json:"type,omitempty"`
	PackageCode  string `json:"packageCode,omitempty"`
	Slug         string `json:"slug,omitempty"`
	ICCID        string `json:"iccid,omitempty"`
	DataType     string `json:"dataType,omitempty"`
}

type packageAnswer struct {
	PackageList []packageRow `json:"packageList"`
}

type packageRow struct {
	PackageCode         text         `json:"packageCode"`
	Slug                text         `json:"slug"`
	Name                text         `json:"name"`
	Description         text         `json:"description"`
	Price               number       `json:"price"`
	CurrencyCode        text         `json:"currencyCode"`
	Volume              number       `json:"volume"`
	SMSStatus           number       `json:"smsStatus"`
	DataType            number       `json:"dataType"`
	UnusedValidTime     number       `json:"unusedValidTime"`
	Duration            number       `json:"duration"`
	DurationUnit        text         `json:"durationUnit"`
	Location            text         `json:"location"`
	LocationCode        text         `json:"locationCode"`
	ActiveType          number       `json:"activeType"`
	Speed               text         `json:"speed"`
	LocationNetworkList []networkRow `json:"locationNetworkList"`
	IPExport            text         `json:"ipExport"`
	SupportTopUpType    number       `json:"supportTopUpType"`
	FUPPolicy           text         `json:"fupPolicy"`
}

type networkRow struct {
	LocationName text `json:"locationName"`
	LocationCode text `json:"locationCode"`
	OperatorList []struct {
		OperatorName text `json:"operatorName"`
		NetworkType  text `json:"networkType"`
	} `json:"operatorList"`
}

// Plans fetches everything the vendor sells as a new eSIM, in one request of about
// 3 MB. Wholesale is USD4 and, like Data (bytes), of one day for a day pass. It is
// a read that waits behind everything else; errors are *esim.VendorError. While the vendor's
// answer stays the same, to the byte, it returns the very list of the time before: nobody may
// change it.
//
// Source: POST /api/v1/open/package/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Plans(ctx context.Context) ([]esim.Plan, error) {
	return callReading(ctx, c, operation{path: pathPackages, priority: prioritySweep}, PackageFilter{}.request(), c.listed.read)
}

// Packages fetches the part of the catalogue that passes the filter. Top-up plans
// have codes that start with TOPUP_; the kind of top-up they say is not that of the
// eSIM they are for. Units and errors are those of Plans.
//
// Source: POST /api/v1/open/package/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Packages(ctx context.Context, f PackageFilter) ([]esim.Plan, error) {
	return c.packages(ctx, f, priorityCustomer)
}

// Plan fetches one plan as it is sold at this moment, by its packageCode or slug: the price to go
// by right before an order of a day pass, which has no price guard. It is asked for as urgently
// as the order itself. Units are those of Plans. For top-ups see TopUpPlan.
//
// Errors are *esim.VendorError; esim.ErrNotFound when nothing of that code is sold any more.
//
// Source: POST /api/v1/open/package/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Plan(ctx context.Context, code string) (esim.Plan, error) {
	if code == "" || strings.HasPrefix(code, topUpPrefix) { // asked without, the vendor would list everything
		return esim.Plan{}, misuse(pathPackages, errors.New("no code, or that of a top-up"))
	}
	plans, err := c.packages(ctx, PackageFilter{Code: code}, priorityPurchase)
	return pick(plans, code, err)
}

// TopUpPlan fetches one top-up as it is sold at this moment for an eSIM: the price to go by right
// before it, since no top-up has a price guard. It asks as TopUps does, because the vendor is
// not known to take a top-up's own code for a filter, but as urgently as for an order.
//
// Errors are *esim.VendorError; esim.ErrNotFound when the eSIM cannot be topped up with it any more.
//
// Source: POST /api/v1/open/package/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) TopUpPlan(ctx context.Context, esimID esim.ESIMID, iccid esim.ICCID, baseCode, code string) (esim.Plan, error) {
	plans, err := c.topUps(ctx, esimID, iccid, baseCode, priorityPurchase)
	return pick(plans, code, err)
}

// pick returns the plan of that code or slug.
func pick(plans []esim.Plan, code string, err error) (esim.Plan, error) {
	if esim.ActionFor(err) == esim.ActionNotFound {
		return esim.Plan{}, fmt.Errorf("plan %s: %w: %w", code, esim.ErrNotFound, err)
	} else if err != nil {
		return esim.Plan{}, err
	}
	for _, p := range plans {
		if p.Code == code || p.Slug == code {
			return p, nil
		}
	}
	return esim.Plan{}, fmt.Errorf("plan %s: %w", code, esim.ErrNotFound)
}

// topUpPrefix begins the codes of top-ups, and only theirs.
const topUpPrefix = "TOPUP_"

// TopUps lists what an eSIM can be topped up with; a plan's Code, which starts with
// TOPUP_, is that of TopUpRequest. It asks by ICCID where the eSIM has one and else, or if
// the vendor does not know the ICCID, by the code of the plan the eSIM was bought as;
// with neither it asks for the eSIM first. Whether an eSIM can be topped up at all is
// said by the plan it was bought as (esim.Plan.TopUp), not by the plans listed here.
//
// Units and errors are those of Plans; esim.ErrNotFound for an eSIM nobody knows.
//
// Source: POST /api/v1/open/package/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) TopUps(ctx context.Context, esimID esim.ESIMID, iccid esim.ICCID, baseCode string) ([]esim.Plan, error) {
	return c.topUps(ctx, esimID, iccid, baseCode, priorityCustomer)
}

func (c *Client) topUps(ctx context.Context, esimID esim.ESIMID, iccid esim.ICCID, baseCode string, l priority) ([]esim.Plan, error) {
	if iccid == "" && baseCode == "" {
		p, err := c.Profile(ctx, esimID)
		if err != nil {
			return nil, err
		}
		if p.ICCID == "" {
			return nil, misuse(pathPackages, fmt.Errorf("eSIM %s has no ICCID yet and no plan is named", esimID))
		}
		iccid = p.ICCID
	}
	f := PackageFilter{TopUps: true, ICCID: iccid}
	if iccid == "" {
		f.Code = baseCode
	}
	plans, err := c.packages(ctx, f, l)
	if esim.ActionFor(err) == esim.ActionNotFound && iccid != "" && baseCode != "" {
		plans, err = c.packages(ctx, PackageFilter{TopUps: true, Code: baseCode}, l)
	}
	return slices.DeleteFunc(plans, func(p esim.Plan) bool { return !strings.HasPrefix(p.Code, topUpPrefix) }), err
}

func (c *Client) packages(ctx context.Context, f PackageFilter, l priority) ([]esim.Plan, error) {
	answer, err := call[packageAnswer](ctx, c, operation{path: pathPackages, priority: l}, f.request())
	if err != nil {
		return nil, err
	}
	return answer.plans(), nil
}

// plans are the rows that can be sold.
func (a packageAnswer) plans() []esim.Plan {
	plans := make([]esim.Plan, 0, len(a.PackageList))
	for _, row := range a.PackageList {
		if row.sellable() {
			plans = append(plans, row.plan())
		}
	}
	return plans
}

func (f PackageFilter) request() packageRequest {
	r := packageRequest{LocationCode: f.Place, PackageCode: f.Code, Slug: f.Slug, ICCID: f.ICCID.Reveal()}
	if f.TopUps {
		r.Type = "TOPUP"
	}
	switch f.DataKind {
	case esim.TotalVolume:
		r.DataType = "1"
	case esim.DailyThrottled:
		r.DataType = "2"
	}
	return r
}

// sellable reports whether the row says what is sold and what it costs. A price
// that cannot be read is not zero, and a way of counting data that nobody has heard
// of cannot be described to a customer: such rows are left out.
func (r packageRow) sellable() bool {
	kind := r.kind()
	return r.PackageCode != "" &&
		r.Price.n > 0 && (r.CurrencyCode == "" || strings.EqualFold(string(r.CurrencyCode), "USD")) &&
		kind >= esim.TotalVolume && kind <= esim.DailyUnlimited &&
		(r.Volume.n > 0 || kind == esim.DailyUnlimited) &&
		days(r.Duration, r.DurationUnit) > 0
}

// kind is how data is counted; rows from before there were day passes do not say it.
func (r packageRow) kind() esim.DataKind {
	if r.DataType.n == 0 {
		return esim.TotalVolume
	}
	return esim.DataKind(r.DataType.int())
}

func (r packageRow) plan() esim.Plan {
	p := esim.Plan{
		Code:              string(r.PackageCode),
		Slug:              string(r.Slug),
		Name:              string(r.Name),
		Description:       string(r.Description),
		Location:          place(string(r.LocationCode)),
		Places:            places(string(r.Location)),
		Wholesale:         esim.USDTenThousandths(r.Price.n),
		Data:              max(0, r.Volume.n),
		Kind:              r.kind(),
		Days:              days(r.Duration, r.DurationUnit),
		UnusedDays:        max(0, r.UnusedValidTime.int()),
		ValidityStart:     esim.ValidityStart(r.ActiveType.int()),
		TopUp:             esim.TopUpKind(r.SupportTopUpType.int()),
		SMS:               esim.SMSKind(r.SMSStatus.int()),
		BreakoutCountries: exits(string(r.IPExport)),
		ThrottledSpeed:    fairUse(string(r.FUPPolicy)),
		Generations:       string(r.Speed),
	}
	if p.Location == "" && len(p.Places) == 1 {
		p.Location = p.Places[0]
	}
	for _, n := range r.LocationNetworkList {
		p.Coverage = append(p.Coverage, n.coverage())
	}
	if len(p.Coverage) == 1 && p.Coverage[0].Place == "" && len(p.Places) == 1 {
		p.Coverage[0].Place = p.Places[0]
	}
	return p
}

func (n networkRow) coverage() esim.Coverage {
	c := esim.Coverage{Place: place(string(n.LocationCode)), Name: string(n.LocationName)}
	for _, o := range n.OperatorList {
		if o.OperatorName != "" {
			c.Networks = append(c.Networks, esim.MobileNetwork{Name: string(o.OperatorName), Generation: string(o.NetworkType)})
		}
	}
	return c
}

// places splits the comma list of countries, sorted and each once.
func places(list string) []string {
	found := split(list, ",")
	slices.Sort(found)
	return slices.Compact(found)
}

// exits splits "UK/NO", in the vendor's order.
func exits(list string) []string { return split(list, "/") }

func split(list, separator string) []string {
	var found []string
	for part := range strings.SplitSeq(list, separator) {
		if p := place(part); p != "" && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	return found
}

var speedForm = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*([kKmMgG])bps$`)

// fairUse writes a speed as "384 Kbps", however the vendor spaced it. What is no
// speed stays as it is.
func fairUse(s string) string {
	m := speedForm.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return m[1] + " " + strings.ToUpper(m[2]) + "bps"
}
