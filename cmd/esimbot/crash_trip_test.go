package main

import (
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

const tripDays = 5

// tripDay is the day that Ann types, far enough from either end of what is reminded of.
func (w *crashTown) tripDay() time.Time {
	return w.begin.UTC().Truncate(24*time.Hour).AddDate(0, 0, 20)
}

// tellsTrip is asked for the day of the trip, types it, and how long it is.
func tellsTrip(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "✈️ When do you travel", "question", reads("When does your trip begin"))
	if _, err := w.ann.Send(w.tripDay().Format("2.1.2006")); err != nil {
		w.t.Fatal(err)
	}
	w.ann.untilText("How long is the trip?")
	if _, err := w.ann.Send("5 days"); err != nil {
		w.t.Fatal(err)
	}
	w.ann.until("word on the length", func(m tgsandbox.Message) bool {
		return m.From.IsBot && reads("Your trip begins on")([]tgsandbox.Message{m}) && !reads("How long is the trip?")([]tgsandbox.Message{m})
	})
}

// toldTrip is a customer who told of a trip; the shop stops, and starts again on the day before it.
func toldTrip(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	tellsTrip(w)
	if code := w.process().stop(); code != 0 {
		w.t.Fatalf("exit code %d\n%s", code, w.process().log)
	}
	w.later(w.tripDay().Add(-12 * time.Hour).Sub(w.vendor.Time()))
}

func isReminded(w *crashTown) {
	w.t.Helper()
	w.opens()
	w.ann.until("reminder", isTripReminder)
}

// isTripReminder tells the reminder from the word that a trip was noted.
func isTripReminder(m tgsandbox.Message) bool {
	return m.From.IsBot && reads("Your trip begins on")([]tgsandbox.Message{m}) && offersLabel(m, "📲 Install")
}

// keptTrip holds that the trip stands in the books, and that its reminder came so many times.
func keptTrip(reminders int) func(*crashTown, *audit) {
	return func(w *crashTown, a *audit) {
		w.t.Helper()
		db := w.books()
		defer db.Close()
		esims, err := db.ESIMsOf(w.ctx, esim.CustomerID(w.ann.ID()))
		if err != nil || len(esims) != 1 {
			w.t.Fatalf("%d eSIMs, %v", len(esims), err)
		}
		if trip := esims[0].Trip; !trip.Day.Equal(w.tripDay()) || trip.Days != tripDays {
			a.fault("the trip is kept as %+v", trip)
		}
		most := reminders
		if reminders > 0 {
			most += w.killed()
		}
		if n := count(w.ann.Chat(), isTripReminder); n < reminders || n > most {
			a.fault("%d reminders of the trip with %d kills, want %d", n, w.killed(), reminders)
		}
	}
}
