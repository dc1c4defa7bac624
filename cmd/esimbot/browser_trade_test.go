//go:build browser

package main

import (
	"fmt"
	"testing"
)

// TestBrowserTopUpCancelAndDesk tops an eSIM up, gives a second one back for the money,
// looks at an order as staff do, and at the vendor's own page.
func TestBrowserTopUpCancelAndDesk(t *testing.T) {
	s := browserShop(t, "")
	w := english(t)
	p := openPage(t, s.page, 1440, 900)
	p.click("person-101")
	buy(t, p, w)

	p.key(w.label("qr.btn_open"))
	p.sees(w.label("cancel.btn"))
	p.shoot("esim")
	p.key(w.label("topup.btn"))
	p.until("the offers", `[...document.querySelectorAll('[data-test="key"]')].some((k) => k.innerText.startsWith("+ "))`)
	p.shoot("topup-offers")
	p.key("+ ")
	p.sees(w.label("topup.promise"))
	p.shoot("topup-card")
	p.key("Pay ")
	p.payLast("topup-invoice")
	p.sees("Topped up")
	p.shoot("topped-up")

	p.say("/start")
	buyAgain(p, w)
	p.key(w.label("qr.btn_open"))
	p.key(w.label("cancel.btn"))
	p.sees(w.head("cancel.ask"))
	p.shoot("cancel-ask")
	p.key(w.label("cancel.btn_yes"))
	p.sees(w.head("progress.returned_refunded"))
	p.shoot("cancelled")

	p.click("person-201")
	p.click(fmt.Sprintf("chat-%d", s.telegram.Group().ID))
	p.say("/orders")
	p.sees(w.head("staff.orders_head"))
	p.shoot("staff-orders")
	orders := s.vendor.Orders()
	o, err := s.app.DB.OrderByIdempotencyKey(t.Context(), orders[0].TransactionID)
	if err != nil {
		t.Fatal(err)
	}
	p.say("/order " + o.ID.String())
	p.key(w.label("staff.btn_refund"))
	p.shoot("staff-confirm")
	p.say("/ledger")
	p.sees(w.head("staff.ledger_agrees"))
	p.say("/stats 7")
	p.sees("Charged by the vendor: ")
	p.shoot("staff-books")

	vendor := openPage(t, s.vendorURL+"/", 1440, 900)
	vendor.until("the eSIMs", fmt.Sprintf(`document.body.innerText.includes(%q)`, orders[0].EsimTranNos[0]))
	vendor.shoot("vendor-page")
}

// buyAgain buys the smallest plan of Japan once more, without pictures of the way.
func buyAgain(p *page, w words) {
	p.t.Helper()
	photos := `document.querySelectorAll('[data-test="photo"] img').length`
	before := value[int](p, "count the pictures", photos)
	p.key(w.Place("JP"))
	p.key(w.Data(1<<30) + " · ")
	p.key(w.label("plan.btn_buy"))
	p.payLast("")
	p.until("a second picture", fmt.Sprintf(`%s > %d`, photos, before))
}

// payLast pays the one invoice in the chat that is not paid yet.
func (p *page) payLast(shot string) {
	p.t.Helper()
	p.click("pay")
	p.until("the payment sheet", `document.querySelector('[data-test="pay-confirm"]')`)
	if shot != "" {
		p.shoot(shot)
	}
	p.click("pay-confirm")
	p.paid()
	p.until("the sheet to close", `!document.querySelector('dialog[open]')`)
}

// paid waits until a payment has gone through. The sheet says so for a moment and closes by itself; one that was
// refused stays.
func (p *page) paid() {
	p.t.Helper()
	p.until("the payment to go through", `document.querySelector('[data-test="pay-done"]') || !document.querySelector('dialog[open]')`)
}
