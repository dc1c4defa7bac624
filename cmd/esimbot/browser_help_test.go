//go:build browser

package main

import (
	"fmt"
	"testing"
	"time"
)

// TestBrowserTourAfterThePurchase goes on where TestBrowserTour ends: the day of the trip, another plan instead, money
// by hand, the fault finder and a lost phone, and what staff see of it all.
func TestBrowserTourAfterThePurchase(t *testing.T) {
	for _, width := range []int64{390, 1366} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d-%s", width, scheme), func(t *testing.T) { tourAfterwards(t, width, scheme) })
		}
	}
}

func tourAfterwards(t *testing.T, width int64, scheme string) {
	s := browserShopAs(t, smallCatalog(t), map[string]string{"PAYMENTS": "stars,manual"})
	w := english(t)
	height := int64(844)
	if width > 800 {
		height = 900
	}
	pass := ""
	for _, plan := range s.app.Catalog.Current().Country("JP") {
		if plan.DayPass() {
			pass = plan.Code
		}
	}
	p := openPage(t, s.page, width, height)
	p.scheme(scheme)
	p.click("person-101")
	if width < 800 {
		p.click("chat-101")
	}
	p.say("/start")
	p.key(w.Place("JP"))
	p.key(w.Data(1<<30) + " · ")
	p.key("Telegram Stars")
	p.payLast("")
	p.until("the QR picture", `document.querySelector('[data-test="photo"] img')?.naturalWidth > 0 && !document.querySelector('dialog[open]')`)

	p.key(w.label("trip.btn"))
	p.sees(w.head("trip.ask"))
	value[bool](p, "scroll down", `(document.querySelector("#down").click(), true)`)
	p.inView("the question")
	p.looks("trip-ask")
	p.say(time.Now().UTC().AddDate(0, 0, 20).Format("2.1.2006"))
	p.sees("How long is the trip?")
	p.looks("trip-day")
	p.say("12 days")
	p.sees("Top it up in time")
	p.looks("trip-too-long")

	p.key(w.label("qr.btn_open"))
	p.key(w.label("swap.btn"))
	p.sees("It counts for")
	p.looks("swap")
	p.key("+ ⭐")
	p.sees("You pay the difference")
	p.looks("swap-card")

	p.say("/start p_" + pass)
	p.sees("through our staff")
	p.looks("ways-to-pay")
	p.key("through our staff")
	p.sees("Waits for your payment")
	p.looks("by-hand")
	p.key(w.label("pay.btn_leave"))
	p.sees("Leave this order?")
	p.looks("by-hand-leave")
	p.key(w.label("pay.btn_leave_yes"))
	p.sees("You left this order")

	if err := s.vendor.Install(s.vendor.Profiles()[0].EsimTranNo); err != nil {
		t.Fatal(err)
	}
	p.say("/help")
	p.key(w.label("fault.btn"))
	p.sees("1/3")
	p.looks("fault-finder")
	p.key(w.label("fault.btn_no"))
	p.sees("Switch data roaming on")
	p.looks("fault-mend")
	p.say("/help")
	p.key(w.label("fault.btn"))
	p.key(w.label("fault.btn_lost"))
	p.key(w.label("fault.btn_loss_phone"))
	p.sees(w.label("fault.btn_replace"))
	p.looks("lost-phone")
	p.key(w.label("fault.btn_replace"))
	p.sees("It is with our staff")
	p.looks("support-thread")

	if width < 700 { // where a chat covers the people
		p.click("back")
	}
	p.click("person-201")
	p.click(fmt.Sprintf("chat-%d", s.telegram.Group().ID))
	p.sees("Left by the customer")
	p.sees("asks for a replacement")
	p.looks("staff-side")
}
