package customer

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// fromMenu is a listRef.From: the list was opened from the menu.
const fromMenu = "m"

// longestOrigin is the room a plan's card has for where it was opened, in bytes: with it the
// longest button of a purchase still fits callback data.
const longestOrigin = 20

// origin is how the card of a plan in this list remembers the list, and where that was
// opened: "JP", "JP.m". Where both have no room, only the list.
func (p listRef) origin() string {
	if p.From == "" || len(p.Code)+1+len(p.From) > longestOrigin {
		return p.Code
	}
	return p.Code + "." + p.From
}

// originOf is the list a plan's card leads back to.
func originOf(p esim.Plan, origin string) ui.CallbackRef {
	code, from, _ := strings.Cut(origin, ".")
	if find, ok := parseTrail(from); ok && code == "" {
		return find
	}
	list := listRef{Route: routeRegion, Code: code, Tab: tabOf(p), From: from}
	switch {
	case len(code) == 2:
		list.Route = routeCountry
	case code != "":
	case p.Scope() == esim.Country:
		list.Route, list.Code = routeCountry, ui.CountryOf(p)
	default:
		list.Code = p.Location
	}
	return list
}

// upFrom is where a list leads back to: where it was opened, or else to usual.
func upFrom(from string, usual ui.CallbackRef) ui.CallbackRef {
	if find, ok := parseTrail(from); ok {
		return find
	}
	switch {
	case from == fromMenu:
		return ui.RouteMenu
	case len(from) == 2: // a country, whose regions were shown
		return listRef{Route: routeCountry, Code: from, Tab: tabAround}
	}
	return usual
}
