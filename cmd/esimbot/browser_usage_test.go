//go:build browser

package main

import (
	"testing"
	"time"

	"esimbot/esim"
)

// TestBrowserUsage looks at one's eSIMs and the picture of how the data went, light and dark, on a phone that is in
// Tokyo: the times in messages are those of its zone.
func TestBrowserUsage(t *testing.T) {
	s := browserShop(t, "")
	w := english(t)
	p := openPage(t, s.page, 390, 844)
	p.click("person-101")
	p.click("zone")
	value[bool](p, "choose a zone", `(document.querySelector('[data-test="new-zone"]').value = "Asia/Tokyo") !== ""`)
	p.click("zone-save")
	p.until("the zone", `document.querySelector('[data-test="zone"]').innerText.includes("Tokyo")`)
	p.click("chat-101")
	buy(t, p, w)
	_, tran := issued(t, s.vendorURL)
	for _, mb := range []int64{40, 60, 30, 150, 120, 80, 110} {
		if err := s.vendor.Burn(tran, mb<<20); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Advance(t.Context(), 8*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	e, err := s.app.DB.ESIM(t.Context(), esim.ESIMID(tran))
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	p.say("/esims")
	p.sees(w.head("esims.head"))
	p.looks("esims")
	p.key("🟢")
	p.sees(e.UsageAt.In(tokyo).Format("2 January 2006, 15:04"))
	p.key(w.Plain("esim.btn_chart", nil))
	for _, scheme := range []string{"light", "dark"} {
		p.scheme(scheme)
		p.until("the chart", `[...document.querySelectorAll('[data-test="photo"] img')].at(-1)?.naturalWidth === 1080`)
		p.looks("usage-" + scheme)
	}
}
