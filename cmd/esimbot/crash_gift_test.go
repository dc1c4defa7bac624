package main

import (
	"context"
	"regexp"
	"slices"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

var claimLinks = regexp.MustCompile(`start=(claim_[A-Z2-7]+)`)

// friend is whom Ann gives an eSIM to.
func (w *crashTown) friend() visitor { return visit(w.rig, w.bob()) }

// givesAway makes a link, and Bob takes what it is for. A shop that died over a press makes another link, so that
// Bob opens the one that stands there, until the picture has come.
func givesAway(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "🎁 Give away", "question", func(chat []tgsandbox.Message) bool {
		return slices.ContainsFunc(chat, func(m tgsandbox.Message) bool { return offersLabel(m, "🎁 Make the link") })
	})
	w.insists(w.ann, "🎁 Make the link", "link", func(chat []tgsandbox.Message) bool { return claimLink(chat) != "" })
	w.takes(w.friend(), w.ann)
	w.eventually(w.ann, "word to who gave it", reads("took the eSIM"))
}

// takes opens the link that stands in somebody's chat, until the picture of what it is for has come.
func (w *crashTown) takes(bob, giver visitor) {
	w.t.Helper()
	for photosIn(bob.Chat()) == 0 {
		sent, err := bob.Send("/start " + claimLink(giver.Chat()))
		if err != nil {
			w.t.Fatal(err)
		}
		answer := bob.until("answer to the link", func(m tgsandbox.Message) bool { return m.ID > sent.ID && m.From.IsBot })
		if !offersLabel(answer, "🎁 Take it") { // another link took its place, or it was taken and the picture is on its way
			w.await(bob)
			continue
		}
		w.insists(bob, "🎁 Take it", "eSIM", reads("It is yours now", "It is yours already"))
		w.await(bob)
	}
}

// await gives Bob's picture a while.
func (w *crashTown) await(bob visitor) {
	ctx, cancel := context.WithTimeout(w.ctx, stepAfter)
	defer cancel()
	if _, err := bob.Wait(ctx, func(chat []tgsandbox.Message) bool { return photosIn(chat) > 0 }); err != nil {
		if w.ctx.Err() != nil {
			w.t.Fatalf("no picture came; the chat:\n%s\nthe log of the last run:\n%s", transcript(bob.Chat()), w.process().log)
		}
		w.later(step)
	}
}

// claimLink is the start parameter of the newest link in a chat; "": there is none.
func claimLink(chat []tgsandbox.Message) string {
	for _, m := range slices.Backward(chat) {
		if found := claimLinks.FindStringSubmatch(m.HTML()); found != nil {
			return found[1]
		}
	}
	return ""
}

// givenOnce holds that Bob holds the eSIM that Ann paid for, and that each was told of it no more often than the shop
// was killed and had to say again what it did not know to be said.
func givenOnce(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	bob, ann := w.friend(), esim.CustomerID(w.ann.ID())
	esims, err := db.ESIMsOf(w.ctx, esim.CustomerID(bob.ID()))
	if err != nil || len(esims) != 1 || esims[0].Buyer != ann {
		a.fault("Bob holds %d eSIMs: %+v, %v", len(esims), esims, err)
	}
	if left, err := db.ESIMsOf(w.ctx, ann); err != nil || len(left) != 0 {
		a.fault("Ann still holds %d, %v", len(left), err)
	}
	most := 1 + w.killed()
	told := count(w.ann.Chat(), func(m tgsandbox.Message) bool { return reads("took the eSIM")([]tgsandbox.Message{m}) })
	if pictures := photosIn(bob.Chat()); pictures < 1 || pictures > most || told < 1 || told > most {
		a.fault("%d pictures for Bob, and Ann was told %d times, with %d kills", pictures, told, w.killed())
	}
}
