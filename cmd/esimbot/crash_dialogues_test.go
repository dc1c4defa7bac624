package main

import (
	"strings"

	"esimbot/esim"
)

// A turn is one press in a dialogue, and what it leads to.
type turn struct{ button, words string }

// goesThrough takes a dialogue turn by turn, from a message that shows some words. Whatever was lost with a shop
// is had by pressing again. What it began comes twice where it was stopped after saying it, so each turn is on the
// message of the turn before.
func (w *crashTown) goesThrough(shown string, turns []turn) {
	w.t.Helper()
	for _, t := range turns {
		w.insistsOn(w.ann, shown, t.button, t.words, reads(t.words))
		shown = t.words
	}
}

// asks writes something and waits for words of the answer, which no message had before.
func (w *crashTown) asks(text, words string) {
	w.t.Helper()
	if _, err := w.ann.Send(text); err != nil {
		w.t.Fatal(err)
	}
	w.ann.untilText(words)
}

// decides goes through the dialogues of somebody whose eSIM is not installed yet: another plan instead, does it
// fit my phone, and how much do I need.
func decides(w *crashTown) {
	w.t.Helper()
	w.goesThrough("Not installed yet", []turn{{"🔁 Swap for", "Swap this eSIM"}, {"🔎 Another place", "Which place"}})
	w.asks("Turkey", "Good plans")
	w.goesThrough("Good plans", []turn{{"100 MB", "Price:"}, {"🔁 Swap my eSIM", "your eSIM counts for"}})
	w.asks("Japan", "Good plans")
	w.goesThrough("Good plans", []turn{
		{"🧭 How much", "1 of 3. For how many days"},
		{"7 days", "2 of 3. What is it mostly for"},
		{"📸 Social", "3 of 3. How many phones"},
		{"1 phone", "in all."},
	})
	w.asks("/help", "How it works")
	w.goesThrough("How it works", []turn{
		{"📲 Will it work", "1 of 3. Which phone"},
		{"Samsung", "2 of 3. Dial"},
		{"✅ Yes, there is", "3 of 3. Does the phone take"},
		{"✅ No SIM", "Noted: you will get the steps"},
	})
}

// onThePhone is a customer whose eSIM is on the phone, and no network has seen it.
func onThePhone(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	if err := w.vendor.Install(w.vendor.Profiles()[0].EsimTranNo); err != nil {
		w.t.Fatal(err)
	}
}

const moneyQuestion = "Why was I charged in Stars"

// looksForHelp asks about a payment, and then goes through the fault finder to its end, a person.
func looksForHelp(w *crashTown) {
	w.t.Helper()
	w.asks("/paysupport", "What is it? Write it here")
	w.asks(moneyQuestion, atStaff)
	w.staff.untilText(moneyQuestion)
	w.goesThrough(atStaff, []turn{{"✅ End the talk", "The talk has ended. What you type"}})
	w.asks("/help", "How it works")
	w.goesThrough("How it works", []turn{
		{"🛟 It does not connect", "1/3"},
		{"❌ No", "Switch data roaming on"},
		{"➡️ Still no", "2/3"},
		{"✅ Yes", "3/3"},
		{"❌ No", "Set the access point"},
		{"➡️ Still no", "That is all that can be checked"},
		{"💬 Ask a person", "💬 It is with our staff"},
	})
	w.staff.untilText("Fault finder:")
}

// rememberedPhone holds that what was answered about the phone is known.
func rememberedPhone(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	c, err := db.Customer(w.ctx, esim.CustomerID(w.ann.ID()))
	if err != nil || !strings.HasPrefix(c.Phone.String(), "samsung") {
		a.fault("the phone is kept as %v (%v)", c.Phone, err)
	}
}
