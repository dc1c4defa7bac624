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

// What the card CardHalfInstalled (guide.stuck) says, and from where, as it stood on 2026-11-30:
//
//   - The same code again, on the same phone: the vendor's server gives a profile in the state "Downloaded" out once
//     more, as a retry after an installation that failed, and only to the chip (EID) that the order is linked to (the
//     GSMA's procedure in SGP.22 3.1.3 and SGP.32 3.2.3.1; read in a translation, blog.csdn.net/liudong200618, article
//     138352787). After too many tries it is in the state "Error", from which only the vendor frees it, with
//     DownloadOrderReset (patent US 2025/0338109 A1): so the last step is a person.
//   - VPN off, no Wi-Fi with a login page, restart, look whether the line is there before scanning again: what shops'
//     help pages agree on (roamiya.com/support/article/activation-failure, getesimify.com, help.gigs.com). Of the
//     makers only Apple has a page on it (support.apple.com/HT212780: Wi-Fi, and the newest iOS), of a finish that is
//     left to press nobody does: where it is comes from the menus in which each family keeps its lines.

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
		return [][]ui.Button{ui.Row(ui.NewButton(r.Plain("esim.btn_refresh", nil), refs.ESIM{Route: refs.RouteRefresh, ESIM: e.ID})), ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID}))}
	}
	return nil
}

// installLink opens a phone's own installer.
func installLink(r *ui.Request, f esim.PhoneFamily, e esim.ESIM) ui.Button {
	if f == esim.FamilyIPhone {
		return ui.Button{Text: r.Plain("guide.btn_link_iphone", nil), URL: installIOS + e.ActivationCode.Reveal()}.AsPrimary()
	}
	return ui.Button{Text: r.Plain("guide.btn_link", nil), URL: installAndroid + e.ActivationCode.Reveal()}.AsPrimary()
}
