//go:build browser

package main

import (
	"fmt"
	"testing"
	"time"

	"esimbot/i18n"
)

// TestBrowserLanguages looks at a purchase and what comes after it in languages that differ most from English: in
// letters, in direction, in length.
func TestBrowserLanguages(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ code, scheme string }{
		{"ar", "light"}, {"de", "light"}, {"hi", "light"}, {"zh-Hans", "light"}, {"en", "dark"},
	} {
		t.Run(tt.code, func(t *testing.T) {
			s := browserShop(t, "")
			p := openPage(t, s.page, 390, 844)
			p.scheme(tt.scheme)
			tourOf(t, s, p, words{texts.Printer(tt.code)})
		})
	}
}

func tourOf(t *testing.T, s *runningSandbox, p *page, w words) {
	p.click("person-101")
	p.click("chat-101")
	p.say("/start")
	p.says("/language "+w.Lang(), w.Plain("menu.btn_esims", nil))
	p.looks("start")
	p.key(w.Place("JP"))
	size := w.Facts(w.Data(1<<30), w.Days(7))
	p.offers(size)
	p.looks("country")
	p.key(size)
	p.offers(w.label("plan.btn_buy"))
	p.looks("card")
	p.key(w.label("plan.btn_buy"))
	p.until("the invoice", `document.querySelector('[data-test="pay"]')`)
	p.payLast("")
	p.until("the QR picture", `document.querySelector('[data-test="photo"] img')?.naturalWidth > 0`)
	p.looks("receipt")
	_, tran := issued(t, s.vendorURL)
	for _, mb := range []int64{140, 160, 130, 250, 250} {
		if err := s.vendor.Burn(tran, mb<<20); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Advance(t.Context(), 8*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	p.offers(w.Plain("topup.btn", nil))
	p.looks("alert")
	p.says("/esims", w.Plain("menu.btn_settings", nil))
	p.looks("esims")
	p.key("🟢")
	p.key(w.Plain("esim.btn_chart", nil))
	p.until("the chart", `[...document.querySelectorAll('[data-test="photo"] img')].at(-1)?.naturalWidth === 1080`)
	p.looks("usage")
	p.says("/settings", w.Plain("menu.btn_menu", nil))
	p.looks("settings")
}

// says types something and waits for an answer with a button.
func (p *page) says(text, button string) {
	p.t.Helper()
	p.say(text)
	p.offers(button)
}

// offers waits until one of the buttons in the chat has a text.
func (p *page) offers(label string) {
	p.t.Helper()
	p.until("a button "+label, fmt.Sprintf(`[...document.querySelectorAll('[data-test="key"]')].some((k) => k.innerText.includes(%q))`, label))
}
