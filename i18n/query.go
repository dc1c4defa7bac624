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

// A Wish is what somebody wants who looks for no place.
type Wish = places.Wish

// The wishes; see places.Wish.
const (
	WishNone     = places.WishNone
	WishLost     = places.WishLost
	WishRefund   = places.WishRefund
	WishCancel   = places.WishCancel
	WishQR       = places.WishQR
	WishOrder    = places.WishOrder
	WishConnect  = places.WishConnect
	WishTopUp    = places.WishTopUp
	WishRename   = places.WishRename
	WishGift     = places.WishGift
	WishUsage    = places.WishUsage
	WishInstall  = places.WishInstall
	WishFit      = places.WishFit
	WishPromo    = places.WishPromo
	WishLanguage = places.WishLanguage
	WishMenu     = places.WishMenu
	WishCheapest = places.WishCheapest
	WishPrice    = places.WishPrice
	WishThanks   = places.WishThanks
	WishHello    = places.WishHello
)

// A Place is one place that was named.
type Place = places.Place

// A NamedPlace is one place of a Query, with others of the same name.
type NamedPlace = places.Named

// RegionPrefix begins the codes of parts of the world.
const RegionPrefix = places.RegionPrefix

// SureScore is the least Place.Score of a name that was typed as it is.
const SureScore = places.SureScore
