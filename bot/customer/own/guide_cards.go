package own

import (
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// guideCards are the cards of a family's guide in order: only what exists on such a phone. A code
// that no phone can scan can only be typed.
func guideCards(f esim.PhoneFamily, scannable bool) []refs.GuideCard {
	var cards []refs.GuideCard
	for _, way := range f.InstallWays() {
		if scannable || way == esim.InstallByCodes {
			cards = append(cards, refs.GuideCard(way))
		}
	}
	if f == esim.FamilyIPhone {
		cards = append(cards, refs.CardAsks)
	}
	return append(cards, refs.CardUse, refs.CardHome, refs.CardFull, refs.CardHalfInstalled)
}

// guideMenus are what the menus of a phone are called by, in the steps of a card.
var guideMenus = []string{"add", "scan", "gallery", "manual", "lines", "roaming", "switching", "finish"}

//i18n:use guide.*

// guideSteps are the steps of a card: the same for all phones but for what their menus are called,
// where the phones do not differ more than that.
func guideSteps(r *ui.Request, f esim.PhoneFamily, card refs.GuideCard) string {
	key := "guide." + string(card)
	if f == esim.FamilyIPhone {
		switch esim.InstallWay(card) {
		case esim.InstallByLink, esim.InstallByPhoto, esim.InstallByCodes:
			key += "_iphone"
		}
	}
	args := i18n.Args{"ask": r.Plain("support.btn_person", nil)}
	for _, menu := range guideMenus {
		args[menu] = i18n.HTML(r.T("guide."+menu+"_"+string(f), nil))
	}
	text := r.T(key, args)
	if card == refs.CardFull && f == esim.FamilyHuawei {
		text += "\n\n" + r.T("guide.full_slot", nil)
	}
	return text
}

// guideActions are the buttons with which a card's first step is taken.
func guideActions(r *ui.Request, f esim.PhoneFamily, card refs.GuideCard, e esim.ESIM) [][]ui.Button {
	switch esim.InstallWay(card) {
	case esim.InstallByLink:
		return [][]ui.Button{ui.Row(installLink(r, f, e))}
	case esim.InstallByPhoto, esim.InstallByScreen:
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("esim.btn_qr", nil), refs.ESIM{Route: refs.RouteQR, ESIM: e.ID}))}
	case esim.InstallByCodes:
		if f == esim.FamilyIPhone && e.ActivationCode.Drawable() {
			return copyCodes(r, e)
		}
		return append(copyWhole(r, e), copyCodes(r, e)...)
	}
	if card == refs.CardHalfInstalled {
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("esim.btn_refresh", nil), refs.ESIM{Route: refs.RouteRefresh, ESIM: e.ID})), ui.Row(refs.AskAboutButton(r, refs.Person{ESIM: e.ID}))}
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
