package esimaccess

import (
	"context"
	"iter"
	"strings"
	"time"

	"esimbot/esim"
)

// A boughtPart is one package of an eSIM: what it was bought as, or a top-up. Newest first.
type boughtPart struct {
	PackageName  text   `json:"packageName"`
	PackageCode  text   `json:"packageCode"`
	Slug         text   `json:"slug"`
	Duration     number `json:"duration"`
	Volume       number `json:"volume"`
	LocationCode text   `json:"locationCode"` // the countries, in spite of its name
	CreateTime   moment `json:"createTime"`
}

func (p boughtPart) topUp() bool { return strings.HasPrefix(string(p.PackageCode), topUpPrefix) }

// AllRecords walks everything that our account ever bought, newest first, page by page: eSIMs and
// top-ups, with the plan as far as a row tells it. It ends after the first error, an
// *esim.VendorError. It only reads.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01; what
// packageList holds is from captured answers.
func (c *Client) AllRecords(ctx context.Context) iter.Seq2[[]esim.VendorRecord, error] {
	return c.records(ctx, querySweep, queryRequest{})
}

// RecordsOrdered is AllRecords for what was ordered between two times.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) RecordsOrdered(ctx context.Context, from, to time.Time) iter.Seq2[[]esim.VendorRecord, error] {
	return c.records(ctx, queryPerson, between(from, to))
}

func (c *Client) records(ctx context.Context, op operation, request queryRequest) iter.Seq2[[]esim.VendorRecord, error] {
	return func(yield func([]esim.VendorRecord, error) bool) {
		for rows, err := range c.walk(ctx, op, request) {
			if err != nil {
				yield(nil, err)
				return
			}
			records := make([]esim.VendorRecord, 0, len(rows))
			for _, r := range rows {
				if r.EsimTranNo != "" {
					records = append(records, r.record())
				}
			}
			if !yield(records, nil) {
				return
			}
		}
	}
}

func (r profileRow) record() esim.VendorRecord {
	v := esim.VendorRecord{Profile: r.profile(), TopUp: !r.real()}
	base := -1
	for i, p := range r.PackageList { // the oldest is what it was bought as
		if !p.topUp() || v.TopUp {
			base = i
			continue
		}
		v.Added = append(v.Added, esim.AddedPackage{PlanCode: string(p.PackageCode), At: p.CreateTime.time()})
	}
	if base >= 0 {
		v.Plan, v.Bought = r.plan(r.PackageList[base]), r.PackageList[base].CreateTime.time()
	}
	return v
}

func (r profileRow) plan(p boughtPart) esim.Plan {
	plan := esim.Plan{
		Code: string(p.PackageCode), Slug: string(p.Slug), Name: string(p.PackageName), Places: places(string(p.LocationCode)),
		Data: max(0, p.Volume.n), Kind: esim.DataKind(max(1, r.DataType.int())), Days: days(p.Duration, r.DurationUnit),
		ValidityStart: esim.ValidityStart(r.ActiveType.int()), TopUp: esim.TopUpKind(r.SupportTopUpType.int()), SMS: esim.SMSKind(r.SMSStatus.int()),
		BreakoutCountries: exits(string(r.IPExport)), ThrottledSpeed: fairUse(string(r.FUPPolicy)),
	}
	if plan.DayPass() {
		plan.Days = 1
	}
	if len(plan.Places) == 1 {
		plan.Location = plan.Places[0]
	}
	return plan
}
