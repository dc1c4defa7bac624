package i18n

import "esimbot/i18n/places"

// A Query is what a traveller's text says.
type Query = places.Query

// A Topic is what a text is about, and with it what should answer it.
type Topic = places.Topic

// The topics that have answers of their own; see places.Topic.
const (
	Destination = places.Destination
	OwnESIM     = places.OwnESIM
	Trouble     = places.Trouble
	Talk        = places.Talk
)

// An Intent is what somebody wants who looks for no place.
type Intent = places.Intent

// The wishes; see places.Intent.
const (
	IntentNone     = places.IntentNone
	IntentLost     = places.IntentLost
	IntentRefund   = places.IntentRefund
	IntentCancel   = places.IntentCancel
	IntentQR       = places.IntentQR
	IntentOrder    = places.IntentOrder
	IntentConnect  = places.IntentConnect
	IntentTopUp    = places.IntentTopUp
	IntentRename   = places.IntentRename
	IntentGift     = places.IntentGift
	IntentUsage    = places.IntentUsage
	IntentSlow     = places.IntentSlow
	IntentAPN      = places.IntentAPN
	IntentInstall  = places.IntentInstall
	IntentFit      = places.IntentFit
	IntentPromo    = places.IntentPromo
	IntentLanguage = places.IntentLanguage
	IntentMenu     = places.IntentMenu
	IntentCheapest = places.IntentCheapest
	IntentPrice    = places.IntentPrice
	IntentThanks   = places.IntentThanks
	IntentHello    = places.IntentHello
	IntentAnswer   = places.IntentAnswer
)

// A Place is one place that was named.
type Place = places.Place

// A NamedPlace is one place of a Query, with others of the same name.
type NamedPlace = places.Named

// RegionPrefix begins the codes of parts of the world.
const RegionPrefix = places.RegionPrefix

// SureScore is the least Place.Score of a name that was typed as it is.
const SureScore = places.SureScore
