//go:build browser

package main

import (
	"fmt"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// TestBrowserEdges looks, on a phone, at what is shown when not all goes well: one eSIM of three
// does not come, one is given back, both become store credit, an eSIM is about to lapse unused,
// a payment is refunded elsewhere; and what staff read of it.
func TestBrowserEdges(t *testing.T) {
	s := &rig{browserShop(t, ""), t, patient(t)}
	s.refresh()
	p := openPage(t, s.page, 390, 844)
	ann, plan := visit(s, s.ann()), s.japan()
	ann.says("/start p_"+plan.Code, "Price:")
	p.click("person-101")
	p.click("chat-101")
	shoot := func(name string) {
		t.Helper()
		p.size(390, 1500) // what one scrolls through
		p.fits(name)
		p.shoot(name)
	}

	for _, label := range []string{"2 eSIMs", "3 eSIMs"} {
		ann.presses("+")
		ann.untilButton(label)
	}
	shoot("three")
	ann.presses("Buy for")
	ann.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil })
	if err := ann.Pay(); err != nil {
		t.Fatal(err)
	}
	var order esim.Order
	for order.VendorOrder == "" {
		order = s.newestOf(101)
	}
	if err := s.vendor.Withhold(order.VendorOrder, 1); err != nil {
		t.Fatal(err)
	}
	ann.until("two pictures", func(tgsandbox.Message) bool { return ann.photos() == 2 })
	shoot("two-of-three")
	s.hours(49)
	ann.untilText("store credit")
	shoot("part-credit")

	ann.says("/esims", "Your eSIMs")
	shoot("esims")
	ann.presses("🆕")
	ann.untilButton("↩️ Cancel")
	shoot("esim")
	ann.presses("↩️ Cancel")
	shoot("cancel-ask")
	ann.untilButton("↩️ Only this one")
	ann.presses("↩️ Only this one")
	shoot("cancel-one")
	s.hours(1)
	shoot("cancel-one-done")

	ann.says("/start p_"+plan.Code, "Price:")
	ann.untilButton("⭐")
	shoot("with-credit")
	s.hours(24 * 171)
	ann.untilText("Your unused eSIM lapses soon")
	shoot("lapses-soon")

	staff := visit(s, s.staff())
	p.click("back")
	p.size(390, 844)
	p.click("person-201")
	p.click(fmt.Sprintf("chat-%d", s.telegram.Group().ID))
	staff.says("/order "+order.ID.String(), order.ID.String())
	shoot("staff-order")
}

// hours lets time pass, with the shop at work.
func (s *rig) hours(n int) {
	s.t.Helper()
	if _, err := s.Advance(s.ctx, time.Duration(n)*time.Hour); err != nil {
		s.t.Fatal(err)
	}
	if err := s.app.RunDueWork(s.ctx); err != nil {
		s.t.Fatal(err)
	}
}
