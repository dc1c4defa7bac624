package main

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

const (
	asked    = "Nothing works at Haneda airport" // by Ann, of staff
	advised  = "Restart the phone, please"       // by staff, as an answer
	atStaff  = "It is with our staff"            // says the shop to Ann
	talkOver = "Our staff closed this talk"
)

func (w *crashTown) screenshot() tgsandbox.Upload {
	w.t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 90))); err != nil {
		w.t.Fatal(err)
	}
	return tgsandbox.Upload{Kind: "photo", Data: b.Bytes(), Caption: "this is what I see"}
}

// shownHelp is a customer with an eSIM who looks for help.
func shownHelp(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	w.ann.says("/help", "How it works")
	w.ann.untilButton("💬 Ask a person")
}

// talksWithStaff asks a person, in words and with a picture, and reads the answer until staff close the talk.
// No clock is moved before staff know of it: a talk in which nobody says anything closes after half an hour.
func talksWithStaff(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "💬 Ask a person", "open talk", reads("What is it? Write it here"))
	if _, err := w.ann.Send(asked); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.ann.SendFile(0, w.screenshot()); err != nil {
		w.t.Fatal(err)
	}
	w.ann.untilText(atStaff)
	w.staff.untilText(asked)
	w.staff.until("picture", func(m tgsandbox.Message) bool { return m.Photo != nil })
	if err := w.settled(); err != nil { // staff answer what stands there for good
		w.t.Fatal(err)
	}
	question := w.staff.untilText(asked)
	if _, err := w.staff.Reply(question.ID, advised); err != nil {
		w.t.Fatal(err)
	}
	w.ann.untilText(advised)
	w.insists(w.staff, "✅ Close", "closed card", reads("Closed by staff"))
	w.ann.untilText(talkOver)
}

// talkedOnce holds that each word of the talk arrived, in its order, and no more often than the shop was killed
// and had to say again what it did not know to be said; and that the talk is over.
func talkedOnce(w *crashTown, a *audit) {
	w.t.Helper()
	most := 1 + w.killed()
	words := func(text string) func(tgsandbox.Message) bool {
		return func(m tgsandbox.Message) bool { return m.From.IsBot && strings.Contains(plain(m), text) }
	}
	picture := func(m tgsandbox.Message) bool { return m.From.IsBot && m.Photo != nil }
	for what, n := range map[string]int{
		"the question":    count(w.staff.Chat(), words(asked)),
		"the picture":     count(w.staff.Chat(), picture),
		"the answer":      count(w.ann.Chat(), words(advised)),
		"that it is over": count(w.ann.Chat(), words(talkOver)),
	} {
		if n < 1 || n > most {
			a.fault("%s arrived %d times, with %d kills", what, n, w.killed())
		}
	}
	group := w.staff.Chat()
	if slices.IndexFunc(group, words(asked)) > slices.IndexFunc(group, picture) {
		a.fault("the picture overtook the question")
	}
	db := w.books()
	defer db.Close()
	if t, err := db.Thread(w.ctx, 1); err != nil || t.Open() || t.ClosedBy != esim.EndByStaff {
		a.fault("the talk: %+v %v", t, err)
	}
	for _, staff := range []bool{false, true} {
		if left, err := db.WaitingThreadMessages(w.ctx, 1, staff); err != nil || left > 0 {
			a.fault("%d messages wait, of staff: %t (%v)", left, staff, err)
		}
	}
}
