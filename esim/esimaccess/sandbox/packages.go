package sandbox

import (
	"strings"
	"time"
)

// listPackages is package/list. All filters that are given must hold; without any the answer is
// everything, whatever a pager says.
func (s *Sandbox) listPackages(now time.Time, req fields) (any, error) {
	f, err := readFilter(req)
	if err != nil {
		return nil, err
	}
	if f == (filter{}) {
		return s.catalog.all(), nil
	}
	plans := s.catalog.base
	if f.topUp {
		plans = s.catalog.topUps
	}
	of, err := s.planOf(now, f)
	if err != nil {
		return nil, err
	}
	var found []*plan
	for _, p := range plans {
		if f.holds(p) && s.catalog.names(f, p) && belongs(p, of) {
			found = append(found, p)
		}
	}
	return encodePlans(found), nil
}

// planOf is what the eSIM of the filter was bought as, nil if it names none.
func (s *Sandbox) planOf(now time.Time, f filter) (*plan, error) {
	p := s.book.byTran[f.tranNo]
	switch {
	case f.tranNo == "" && f.iccid == "":
		return nil, nil
	case f.tranNo == "":
		p = s.book.byICCID(f.iccid, now)
	case f.iccid != "" && p != nil && p.shownICCID() != f.iccid:
		p = nil
	}
	if p == nil || !p.there(now) {
		return nil, refuse(codeNoICCID, "the merchant has not the iccid.")
	}
	return p.plan, nil
}

// A filter is the request of package/list.
type filter struct {
	place, code, slug, iccid, tranNo string
	dataType                         int64
	topUp                            bool
}

func readFilter(req fields) (filter, error) {
	t, err := req.texts("locationCode", "type", "packageCode", "slug", "iccid", "esimTranNo")
	if err != nil {
		return filter{}, err
	}
	f := filter{place: t[0], code: t[2], slug: t[3], iccid: t[4], tranNo: t[5]}
	switch t[1] {
	case "BASE":
	case "TOPUP":
		f.topUp = true
	case "":
		f.topUp = f.iccid != "" || f.tranNo != "" // an eSIM is asked about for its top-ups
	default:
		return filter{}, refuse(codeValidation, "Req Param:[type] must be BASE or TOPUP")
	}
	f.dataType, err = req.dataType()
	return f, err
}

// dataType is one of the plans' own; 0 if not given. The vendor's table knows 1 and 2 alone.
func (f fields) dataType() (int64, error) {
	if s, err := f.text("dataType"); err == nil && s == "" {
		return 0, nil
	}
	n, _, err := f.integer("dataType")
	if err != nil {
		if _, bad := f.text("dataType"); bad != nil {
			return 0, bad
		}
	}
	if err != nil || n < 0 || n > dataDailyUnlimited {
		return 0, refuse(codeValidation, "Req Param:[dataType] must be 1 to %d", dataDailyUnlimited)
	}
	return n, nil
}

func (f filter) holds(p *plan) bool {
	if f.dataType != 0 && f.dataType != int64(p.DataType) {
		return false
	}
	global := strings.HasPrefix(p.LocationCode, "GL-")
	switch f.place {
	case "":
		return true
	case "!GL":
		return global
	case "!RG":
		return !global && len(p.LocationCode) > 2
	default:
		return p.LocationCode == f.place
	}
}

// names reports whether p is meant by the filter's packageCode and slug. A base plan is meant by
// its own; a top-up by its own code, or by code or slug of any base plan it can be added to.
func (c *catalog) names(f filter, p *plan) bool {
	for _, code := range []string{f.code, f.slug} {
		if code == "" || code == p.PackageCode || (code == p.Slug && !f.topUp) {
			continue
		}
		parent := c.byCode[code]
		if !f.topUp || parent == nil || !canTopUp(parent, p) {
			if f.topUp || parent != p {
				return false
			}
		}
	}
	return true
}

func canTopUp(parent, topUp *plan) bool {
	return parent.SupportTopUp != topUpNone && parent.family() == topUp.family()
}

// belongs reports whether p is the plan of an eSIM or one of its top-ups. A nil of asks nothing.
func belongs(p, of *plan) bool {
	return of == nil || p == of || (strings.HasPrefix(p.PackageCode, topUpPrefix) && canTopUp(of, p))
}

// listLocations is location/list.
func (s *Sandbox) listLocations(time.Time, fields) (any, error) {
	return s.catalog.places(), nil
}
