package main

import (
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

const (
	typedName   = "Tablet of Mum"
	named       = typedName + " · Japan"
	typedCity   = "Yekaterinburg"
	typedZone   = "Asia/Yekaterinburg"
	replacement = "Phone lost or new, asks for a replacement" // says the card of who asks for another eSIM
)

// ownsOne gives her eSIM a name, says where she is, and asks for another eSIM since the phone is lost.
func ownsOne(w *crashTown) {
	w.t.Helper()
	w.goesThrough("Not installed yet", []turn{{"✏️ Name it", "What should this eSIM be called"}})
	w.asks(typedName, named)
	w.asks("/settings", "Choose what I tell you")
	w.goesThrough("Choose what I tell you", []turn{{"🕘 Set my time zone", "Where are you?"}})
	w.asks(typedCity, "Your time zone is that of "+typedCity)
	w.goesThrough(named, []turn{ // the card, which may have been drawn anew since it said that the name is kept
		{"🛟 It does not connect", "1/3"},
		{"📱 Phone lost, eSIM", "What happened?"},
		{"📱 Phone lost, or", "Our staff can look for a replacement"},
		{"🔁 Ask for a replacement", atStaff},
	})
	w.staff.untilText(replacement)
}

// keptWhatWasTyped holds that the name and the zone stand in the books, and that staff have one talk about the phone.
func keptWhatWasTyped(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	id := esim.CustomerID(w.ann.ID())
	esims, err := db.ESIMsOf(w.ctx, id)
	if err != nil || len(esims) != 1 || esims[0].Name != typedName {
		a.fault("the name is kept as %+v, %v", esims, err)
	}
	if c, err := db.Customer(w.ctx, id); err != nil || c.Zone != typedZone {
		a.fault("the zone is kept as %q, %v", c.Zone, err)
	}
	if q, err := db.Question(w.ctx, id); err == nil {
		a.fault("a question is still open: %+v", q)
	}
	told := count(w.staff.Chat(), func(m tgsandbox.Message) bool { return reads(replacement)([]tgsandbox.Message{m}) })
	if told < 1 || told > 1+w.killed() {
		a.fault("staff have %d cards of the lost phone with %d kills", told, w.killed())
	}
	if t, err := db.Thread(w.ctx, 1); err != nil || !t.Open() {
		a.fault("the talk: %+v %v", t, err)
	}
}
