package refs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// CreateGiftLink makes the link of an eSIM, as a screen offered it.
type CreateGiftLink struct {
	ESIM esim.ESIMID // esimTranNo
	// Screen tells that screen from others: all its presses are one. "": a button of before.
	Screen string
}

// Data implements ui.CallbackRef.
func (p CreateGiftLink) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteCreateGiftLink, p.ESIM, p.Screen)
}

// ParseCreateGiftLink parses CreateGiftLink.
func ParseCreateGiftLink(d ui.CallbackData) (CreateGiftLink, error) {
	a := d.Read(RouteCreateGiftLink)
	return CreateGiftLink{esim.ESIMID(a.Text()), a.Text()}, a.Err()
}

// Gift is a link by which somebody gives an eSIM away.
type Gift struct {
	Route ui.Route
	Token esim.GiftToken
}

// Data implements ui.CallbackRef.
func (p Gift) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Token.Reveal()) }

// ParseGift parses the gifts of one route.
func ParseGift(route ui.Route) func(ui.CallbackData) (Gift, error) {
	return func(d ui.CallbackData) (Gift, error) {
		a := d.Read(route)
		return Gift{route, esim.GiftToken(a.Text())}, a.Err()
	}
}

// CancelOne has one eSIM cancelled, as its screen showed it.
type CancelOne struct {
	ESIM esim.ESIMID // esimTranNo
	// Holder marks who held it then; "": who bought it. It changes with the holder and does not tell who that is: the
	// buyer need not know a stranger's number.
	Holder string
}

// CancelOneOf is the button below what is said of an eSIM now.
func CancelOneOf(e esim.ESIM) CancelOne {
	ref := CancelOne{ESIM: e.ID}
	if e.GivenAway() {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s:%d", string(e.ID), e.Customer))
		ref.Holder = hex.EncodeToString(sum[:2])
	}
	return ref
}

// Data implements ui.CallbackRef.
func (p CancelOne) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteCancelOne, p.ESIM, p.Holder)
}

// ParseCancelOne parses CancelOne.
func ParseCancelOne(d ui.CallbackData) (CancelOne, error) {
	a := d.Read(RouteCancelOne)
	return CancelOne{esim.ESIMID(a.Text()), a.Text()}, a.Err()
}
