//go:build browser

package main

import (
	"regexp"
	"testing"
)

// TestBrowserWithdrawal walks through a withdrawal from a contract on a phone, and reads the receipt; and opens the copy of
// what is held.
func TestBrowserWithdrawal(t *testing.T) {
	s := browserShop(t, "")
	w := english(t)
	p := openPage(t, s.page, 390, 844)
	p.scheme("light")
	p.click("person-101")
	p.click("chat-101")
	buy(t, p, w)
	p.key(w.label("withdraw.btn"))
	p.sees("withdraw from the contract of")
	value[bool](p, "scroll down", `(document.querySelector("#down").click(), true)`)
	p.inView("the statement")
	p.looks("withdraw-ask")
	p.key(w.label("withdraw.btn_confirm"))
	p.sees("Receipt: your withdrawal from contract")
	p.sees("Receipt number: 1")
	value[bool](p, "scroll down", `(document.querySelector("#down").click(), true)`)
	p.looks("withdraw-receipt")
	text := value[string](p, "read the receipt", `[...document.querySelectorAll('[data-message-id]')].map((m) => m.innerText).find((t) => t.includes("Receipt number"))`)
	for _, want := range []string{`I, \S+, withdraw from the contract of`, `Order [0-9A-Z]{4}-[0-9A-Z]{4}, paid`, `\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)`, `Please keep this message`} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("the receipt has no %s:\n%s", want, text)
		}
	}
	p.sees("money is back")
	p.say("/mydata")
	p.sees("my-data.json")
	p.looks("mydata")
	p.say("/forget")
	p.sees("Erase everything about you?")
	p.looks("forget")
}
