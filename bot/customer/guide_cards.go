package customer

import (
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A guideCard is one card of a guide. Its values stand in buttons. The first cards are the ways to
// install (esim.InstallWay), under their own names.
type guideCard string

const (
	cardAll           guideCard = "all"   // the list of the others
	cardWhich         guideCard = "which" // which phone is it?
	cardAsks          guideCard = "asks"  // what iOS 26 asks after installing
	cardUse           guideCard = "use"   // switch it on at the destination
	cardHome          guideCard = "home"  // no data over the line from home
	cardFull          guideCard = "full"  // too many eSIMs
	cardHalfInstalled guideCard = "stuck" // downloaded, and not installed
)

// guideCards are the cards of a family's guide in order: only what exists on such a phone. A code
// that no phone can scan can only be typed.
func guideCards(f esim.PhoneFamily, scannable bool) []guideCard {
	var cards []guideCard
	for _, way := range f.InstallWays() {
		if scannable || way == esim.InstallByCodes {
			cards = append(cards, guideCard(way))
		}
	}
	if f == esim.FamilyIPhone {
		cards = append(cards, cardAsks)
	}
	return append(cards, cardUse, cardHome, cardFull, cardHalfInstalled)
}

//i18n:use guide.*

// guideSteps are the steps of a card: the same for all phones but for what their menus are called,
// where the phones do not differ more than that.
func guideSteps(r *ui.Request, f esim.PhoneFamily, card guideCard) string {
	key := "guide." + string(card)
	if f == esim.FamilyIPhone {
		switch esim.InstallWay(card) {
		case esim.InstallByLink, esim.InstallByPhoto, esim.InstallByCodes:
			key += "_iphone"
		}
	}
	args := i18n.Args{"ask": r.Plain("support.btn_person", nil)}
	for _, menu := range []string{"add", "scan", "manual", "lines", "roaming", "switching", "finish"} {
		args[menu] = i18n.HTML(r.T("guide."+menu+"_"+string(f), nil))
	}
	text := r.T(key, args)
	if card == cardFull && f == esim.FamilyHuawei {
		text += "\n\n" + r.T("guide.full_slot", nil)
	}
	return text
}

// guideActions are the buttons with which a card's first step is taken.
func guideActions(r *ui.Request, f esim.PhoneFamily, card guideCard, e esim.ESIM) [][]ui.Button {
	switch esim.InstallWay(card) {
	case esim.InstallByLink:
		return [][]ui.Button{ui.Row(installLink(r, f, e))}
	case esim.InstallByPhoto, esim.InstallByScreen:
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("esim.btn_qr", nil), esimRef{routeQR, e.ID}))}
	case esim.InstallByCodes:
		if f == esim.FamilyIPhone && e.ActivationCode.Drawable() {
			return copyCodes(r, e)
		}
		return append(copyWhole(r, e), copyCodes(r, e)...)
	}
	if card == cardHalfInstalled {
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("esim.btn_refresh", nil), esimRef{routeRefresh, e.ID})), ui.Row(askAboutButton(r, personRef{ESIM: e.ID}))}
	}
	return nil
}

// installLink opens a phone's own installer.
func installLink(r *ui.Request, f esim.PhoneFamily, e esim.ESIM) ui.Button {
	if f == esim.FamilyIPhone {
		return ui.Button{Text: r.Plain("guide.btn_link_iphone", nil), URL: installIOS + e.ActivationCode.Reveal()}
	}
	return ui.Button{Text: r.Plain("guide.btn_link", nil), URL: installAndroid + e.ActivationCode.Reveal()}
}
