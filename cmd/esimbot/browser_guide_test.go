//go:build browser

package main

import (
	"fmt"
	"testing"

	"esimbot/i18n"
)

// TestBrowserGuide answers whether the phone will do, buys, and turns the pages of the guide for it, on
// a phone and on a desk, in light and dark.
func TestBrowserGuide(t *testing.T) {
	for _, at := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"390-light", 390, 844, "light"}, {"390-dark", 390, 844, "dark"}, {"1366-light", 1366, 900, "light"}, {"1366-dark", 1366, 900, "dark"}} {
		t.Run(at.name, func(t *testing.T) {
			s := browserShop(t, "")
			w := english(t)
			p := openPage(t, s.page, at.width, at.height)
			p.scheme(at.scheme)
			p.click("person-101")
			if at.width < 1000 {
				p.click("chat-101")
			}
			shows := func(what string) {
				t.Helper()
				p.fits(what)
				p.shoot(what + "-" + at.name)
			}
			p.say("/start")
			p.key(w.Place("JP"))
			p.key(w.Data(1<<30) + " · ")
			p.key(w.label("help.btn_phone"))
			p.sees("1 of 3")
			shows("fit-which")
			p.key(w.label("phone.btn_samsung"))
			p.sees("2 of 3")
			shows("fit-eid")
			p.key(w.label("fit.btn_eid_yes"))
			p.sees("3 of 3")
			p.key(w.label("fit.btn_unlocked_yes"))
			p.sees(w.head("fit.is_yes"))
			shows("fit-result")
			p.key(w.label("fit.btn_plan"))
			p.key(w.label("plan.btn_buy"))
			p.payLast("")
			p.until("the QR picture", `document.querySelector('[data-test="photo"] img')?.naturalWidth > 0`)
			shows("guide-picture")
			p.key(w.label("guide.btn"))
			p.sees(fmt.Sprintf("Samsung · 1. %s", w.Plain("guide.title_link", nil)))
			p.inView("the guide")
			shows("guide-link")
			p.key("›")
			p.sees(i18n.HTML(w.Plain("guide.title_photo", nil)).Text())
			shows("guide-photo")
			p.key(w.label("guide.btn_all"))
			p.sees(w.head("guide.all"))
			p.inView("the list of cards")
			shows("guide-all")
		})
	}
}
