package refs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// What a search is for, as it stands in callback data.
const (
	FindAll    = "a" // plans that work in all of the places
	FindOne    = "o" // one of the places is meant
	FindRegion = "r" // plans for a part of the world
)

// Find leads to what a search found, so that one can come back to it.
type Find struct {
	Mode   string
	Places []string // alpha-2; the one part of the world of findRegion: "europe"
	esim.PlanCriteria
}

// Data implements ui.CallbackRef.
func (p Find) Data() ui.CallbackData { return ui.NewCallbackData(RouteFind, p.Trail()) }

// ParseFind reads what a Find wrote.
func ParseFind(d ui.CallbackData) (Find, error) {
	a := d.Read(RouteFind)
	p, ok := parseTrail(a.Text())
	if err := a.Err(); err != nil || ok {
		return p, err
	}
	return p, ui.ErrBadData
}

// Trail writes a search in few letters: "aUSCA10_30" is the plans with 10 GB and 30 days for the
// United States and Canada, "aJP1d_10" the day passes of 1 GB for 10 days, "rasia*" those for Asia without a limit on data.
func (p Find) Trail() string {
	s := p.Mode + strings.Join(p.Places, "")
	switch {
	case p.Unlimited:
		s += "*"
	case p.Daily > 0:
		s += sizeInTrail(p.Daily) + "d"
	case p.PlanCriteria.Data > 0:
		s += sizeInTrail(p.PlanCriteria.Data)
	}
	if p.Days > 0 {
		s += "_" + strconv.Itoa(p.Days)
	}
	return s
}

// sizeInTrail writes an amount of data: "10" GB, "500m" MB.
func sizeInTrail(bytes int64) string {
	if bytes >= 1<<30 && bytes%(1<<30) == 0 {
		return strconv.FormatInt(bytes>>30, 10)
	}
	return strconv.FormatInt(max(bytes>>20, 1), 10) + "m"
}

// MaxSearchPlaces of a search are kept: more do not fit into a button.
const MaxSearchPlaces = 8

var trailPattern = regexp.MustCompile(`^(?:([ao])((?:[A-Z]{2}){1,8})|(r)([a-z-]+))(\*|[1-9][0-9]{0,6}m?d?)?(?:_([1-9][0-9]{0,2}))?$`)

// parseTrail reads what trail wrote.
func parseTrail(s string) (Find, bool) {
	m := trailPattern.FindStringSubmatch(s)
	if m == nil {
		return Find{}, false
	}
	p := Find{Mode: m[1] + m[3]}
	for pair := range slices.Chunk([]byte(m[2]), 2) {
		p.Places = append(p.Places, string(pair))
	}
	if p.Mode == FindRegion {
		p.Places = []string{m[4]}
	}
	size, daily := strings.CutSuffix(m[5], "d")
	size, mega := strings.CutSuffix(size, "m")
	n, _ := strconv.ParseInt(size, 10, 64) // "" and "*" are 0
	n <<= 20
	if !mega {
		n <<= 10
	}
	if p.PlanCriteria.Data = n; daily {
		p.PlanCriteria.Data, p.Daily = 0, n
	}
	p.Unlimited = m[5] == "*"
	p.Days, _ = strconv.Atoi(m[6])
	return p, p.Trail() == s
}
