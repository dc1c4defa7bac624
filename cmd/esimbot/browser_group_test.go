//go:build browser

package main

import (
	"fmt"
	"testing"
)

// TestBrowserGroup looks at what staff see in their group, on a phone and on a screen: an order's card, what a change of
// prices would do, the picture of /stats, a customer's talk.
func TestBrowserGroup(t *testing.T) {
	for _, width := range []int64{390, 1366} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			s := browserShop(t, "")
			w := english(t)
			p := openPage(t, s.page, width, 900)
			p.scheme("light")
			open := func(person, chat int64) {
				if width < 700 && value[bool](p, "look for the way back", `!!document.querySelector('[data-test="back"]')?.offsetParent`) {
					p.click("back")
				}
				p.click(fmt.Sprintf("person-%d", person))
				if width < 700 || chat < 0 {
					p.click(fmt.Sprintf("chat-%d", chat))
				}
			}
			open(101, 101)
			buy(t, p, w)
			p.say("my esim does not work in tokyo")
			p.sees(w.Plain("fault.btn_lost", nil))
			p.key(w.Plain("support.btn_person", nil))
			p.sees("staff")
			p.say("It says: no service")
			p.sees(w.Plain("support.btn_end", nil))
			open(201, s.telegram.Group().ID)
			p.sees("It says: no service")
			p.key(w.Plain("staff.btn_thread_take", nil))
			p.sees("looks after it")
			p.looks("group-thread")
			p.say("/answers roaming Switch data roaming on for the eSIM, then restart the phone.")
			p.sees("roaming")
			p.key(w.Plain("staff.btn_thread_answers", nil))
			p.sees("What to tell")
			p.looks("group-answers")
			p.key("roaming")
			p.sees("then restart the phone")
			orders := s.vendor.Orders()
			o, err := s.app.DB.OrderByIdempotencyKey(t.Context(), orders[0].TransactionID)
			if err != nil {
				t.Fatal(err)
			}
			p.say("/order " + o.ID.String())
			p.sees("What happened")
			p.looks("group-order")
			p.key(w.Plain("staff.btn_refund", nil))
			p.sees(w.head("staff.ask_words_why"))
			p.looks("group-refund")
			p.key(w.Plain("staff.btn_amount", nil))
			p.sees("as store credit? At most")
			p.looks("group-refund-part")
			p.say("/order " + o.ID.String())
			p.until("the card again", `[...document.querySelectorAll('[data-test="key"]')].at(-1)?.innerText.includes("`+w.Plain("staff.btn_assign", nil)+`")`)
			p.key(w.Plain("staff.btn_gift", nil))
			p.sees("what it costs the shop")
			p.looks("group-gift")
			p.key(w.Plain("staff.btn_assign", nil))
			p.sees("Whoever opens it first")
			p.looks("group-assign")
			p.say("/price JP 55%")
			p.sees("open invoices keep their price")
			p.looks("group-price")
			p.say("/broadcast all: Japan is cheaper until Sunday.")
			p.sees("Send this?")
			p.looks("group-broadcast")
			p.say("/stats 7")
			p.until("the picture", `[...document.querySelectorAll('[data-test="photo"] img')].some((i) => i.naturalWidth > 0)`)
			p.looks("group-stats")
			p.say("/status")
			p.sees(w.head("staff.concern_backup"))
			p.looks("group-status")
			s.telegram.SetForum(true)
			s.telegram.Promote(true, true)
			open(101, 101)
			p.say("And now it is slow")
			p.sees("And now it is slow")
			open(201, s.telegram.Group().ID)
			p.sees("And now it is slow")
			p.looks("group-topics")
		})
	}
}
