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
	var of *plan // what the eSIM in question was bought as
	if f.iccid != "" {
		p := s.book.byICCID(f.iccid, now)
		if p == nil {
			return nil, refuse(codeNoICCID, "the merchant has not the iccid.")
		}
		of = p.plan
	}
	var found []*plan
	for _, p := range plans {
		if f.holds(p) && s.catalog.names(f, p) && belongs(p, of) {
			found = append(found, p)
		}
	}
	return encodePlans(found), nil
}

// A filter is the request of package/list.
type filter struct {
	place, code, slug, iccid string
	dataType                 int64
	topUp                    bool
}

func readFilter(req fields) (filter, error) {
	t, err := req.texts("locationCode", "type", "packageCode", "slug", "iccid")
	if err != nil {
		return filter{}, err
	}
	f := filter{place: t[0], code: t[2], slug: t[3], iccid: t[4], topUp: t[1] == "TOPUP"}
	if kind := t[1]; kind != "" && kind != "BASE" && kind != "TOPUP" {
		return filter{}, refuse(codeValidation, "Req Param:[type] must be BASE or TOPUP")
	}
	if f.dataType, err = req.dataType(); err != nil {
		return filter{}, err
	}
	return f, nil
}

// dataType is 1 or 2, as a number or, as the vendor's table writes it, a string; 0 if not given.
func (f fields) dataType() (int64, error) {
	n, _, err := f.integer("dataType")
	if err != nil {
		s, err := f.text("dataType")
		if err != nil {
			return 0, err
		}
		n = map[string]int64{"": 0, "1": 1, "2": 2}[s]
		if s != "" && n == 0 {
			return 0, refuse(codeValidation, "Req Param:[dataType] must be 1 or 2")
		}
		return n, nil
	}
	if n < 0 || n > 2 {
		return 0, refuse(codeValidation, "Req Param:[dataType] must be 1 or 2")
	}
	return n, nil
}

func (f filter) holds(p *plan) bool {
	if f.dataType != 0 && (f.dataType == 2) != p.daily() {
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
