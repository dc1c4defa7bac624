package refs

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// FromMenu is a List.From: the list was opened from the menu.
const FromMenu = "m"

// longestOrigin is the room a plan's card has for where it was opened, in bytes: with it the
// longest button of a purchase still fits callback data.
const longestOrigin = 20

// state is how an origin remembers a page of all plans: "fg2-7-5" for the packs by price per GB,
// page 2, of 7 days and 5 GB or more; "" for the good plans.
func (p List) state() string {
	if p.Tab != TabFixed && p.Tab != TabDays {
		return ""
	}
	s := p.Tab + cmp.Or(p.Order, ByData) + strconv.Itoa(p.Page)
	if p.MinDays > 0 || p.MinGB > 0 {
		s += fmt.Sprintf("-%d-%d", p.MinDays, p.MinGB)
	}
	return s
}

// state is how an origin remembers the answers to "How much do I need?": "n7s2" for a week of social
// media on two phones.
func (p Need) state() string {
	return fmt.Sprintf("n%d%.1s%d", p.Days, p.Purpose, p.Phones)
}

// Origin is how the card of a plan that answers "How much do I need?" remembers the answer: "JP.m.n7s2". Where
// there is no room, where the list was opened is forgotten rather than what was answered.
func (p Need) Origin() string {
	s := p.Code + "." + p.From + "." + p.state()
	if len(s) > longestOrigin {
		s = p.Code + ".." + p.state()
	}
	if len(s) > longestOrigin {
		return p.Code
	}
	return s
}

var needPattern = regexp.MustCompile(`^n([1-9][0-9]{0,2})([a-z])([1-9][0-9]?)$`)

// parseNeedState reads what state wrote.
func parseNeedState(code, from, s string) (Need, bool) {
	m := needPattern.FindStringSubmatch(s)
	if m == nil {
		return Need{}, false
	}
	p := Need{Code: code, From: from}
	p.Days, _ = strconv.Atoi(m[1])
	p.Phones, _ = strconv.Atoi(m[3])
	for _, use := range esim.Purposes() {
		if string(use)[:1] == m[2] {
			p.Purpose = use
		}
	}
	return p, esim.Need{Days: p.Days, Purpose: p.Purpose, Phones: p.Phones}.Valid()
}

// parseState reads what state wrote; anything else is no state.
func (p List) parseState(s string) List {
	if len(s) < 3 {
		return p
	}
	back := p
	back.Tab, back.Order = s[:1], s[1:2]
	numbers := strings.SplitN(s[2:], "-", 3)
	for i, field := range []*int{&back.Page, &back.MinDays, &back.MinGB}[:len(numbers)] {
		n, err := strconv.Atoi(numbers[i])
		if err != nil {
			return p
		}
		*field = n
	}
	if again := back.state(); again != s {
		return p
	}
	return back
}

// Origin is how the card of a plan in this list remembers the list, and where that was
// opened: "JP", "JP.m", "JP.m.fd1". What has no room is left out from the end.
func (p List) Origin() string {
	s := p.Code
	if p.From != "" && len(s)+1+len(p.From) <= longestOrigin {
		s += "." + p.From
	}
	if state := p.state(); state != "" {
		if !strings.Contains(s, ".") {
			s += "."
		}
		if len(s)+1+len(state) <= longestOrigin {
			return s + "." + state
		}
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// UpFromPlan is the list, or the answer to "How much do I need?", that a plan's card leads back to.
func UpFromPlan(p esim.Plan, origin string) ui.CallbackRef {
	code, rest, _ := strings.Cut(origin, ".")
	from, state, _ := strings.Cut(rest, ".")
	if find, ok := parseTrail(from); ok && code == "" {
		return find
	}
	if need, ok := parseNeedState(code, from, state); ok {
		return need
	}
	list := List{Route: RouteRegion, Code: code, From: from}.parseState(state)
	switch {
	case len(code) == 2:
		list.Route = RouteCountry
	case code != "":
	case p.Scope() == esim.ScopeCountry:
		list.Route, list.Code = RouteCountry, ui.CountryOf(p)
	default:
		list.Code = p.Location
	}
	return list
}

// UpFromList is where a list leads back to: where it was opened, or else to usual.
func UpFromList(from string, usual ui.CallbackRef) ui.CallbackRef {
	if find, ok := parseTrail(from); ok {
		return find
	}
	switch {
	case from == FromMenu:
		return ui.RouteMenu
	case len(from) == 2: // a country, whose regions were shown
		return List{Route: RouteCountry, Code: from, Tab: TabAround}
	}
	return usual
}

// UpFromCountry is where a country's screen leads back to: its continent.
func UpFromCountry(code string) ui.CallbackRef {
	if c := esim.ContinentOf(code); c != "" {
		return Continent{Continent: c}
	}
	return RouteContinents
}
