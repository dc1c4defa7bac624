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
// United States and Canada, "rasia*" those for Asia without a limit on data.
func (p Find) Trail() string {
	s := p.Mode + strings.Join(p.Places, "")
	switch {
	case p.Unlimited:
		s += "*"
	case p.PlanCriteria.Data >= 1<<30 && p.PlanCriteria.Data%(1<<30) == 0:
		s += strconv.FormatInt(p.PlanCriteria.Data>>30, 10)
	case p.PlanCriteria.Data > 0:
		s += strconv.FormatInt(max(p.PlanCriteria.Data>>20, 1), 10) + "m"
	}
	if p.Days > 0 {
		s += "_" + strconv.Itoa(p.Days)
	}
	return s
}

// MostPlaces of a search are kept: more do not fit into a button.
const MostPlaces = 8

var trailPattern = regexp.MustCompile(`^(?:([ao])((?:[A-Z]{2}){1,8})|(r)([a-z-]+))(\*|[1-9][0-9]{0,6}m?)?(?:_([1-9][0-9]{0,2}))?$`)

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
	n, _ := strconv.ParseInt(strings.TrimSuffix(m[5], "m"), 10, 64) // "" and "*" are 0
	p.PlanCriteria.Data = n << 30
	if strings.HasSuffix(m[5], "m") {
		p.PlanCriteria.Data = n << 20
	}
	p.Unlimited = m[5] == "*"
	p.Days, _ = strconv.Atoi(m[6])
	return p, p.Trail() == s
}
