package main

import (
	"context"
	"slices"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

// lostByHand is why staff make a link, in words of theirs.
const lostByHand = "it was paid by hand"

// shownStray is a shop whose staff have the notice of an eSIM that the vendor sold under a key of no order, and a second
// person to agree with.
func shownStray(w *crashTown) {
	w.t.Helper()
	w.telegram.AddUser(tgsandbox.User{ID: piaID, FirstName: "Pia", LanguageCode: "en", Staff: true})
	w.staff.says("/role 906 owner", "for Pia")
	w.insists(w.staff, "✓ Yes", "role", reads("gave Pia"))
	vendor, err := esimaccess.New(esimaccess.Config{AccessCode: goodCode, BaseURL: w.vendorURL, Now: w.vendor.Time})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := vendor.Order(w.ctx, esim.VendorPurchase{IdempotencyKey: "sold-before-this-shop", Plan: w.plan(aPack), Quantity: 1}); err != nil {
		w.t.Fatal(err)
	}
	w.later(time.Minute)
	w.staff.says("/reconcile", "without an order")
	w.staff.untilButton("🔗 Assign")
}

const piaID = 906

// pia is the second one of the staff.
func (w *crashTown) pia() visitor {
	return visit(w.rig, w.telegram.User(piaID).In(w.telegram.Group().ID))
}

// assignsStray makes a link for it, to which a second person agrees, and Bob takes what it is for.
func assignsStray(w *crashTown) {
	w.t.Helper()
	w.insists(w.staff, "🔗 Assign", "question for the reason", func(chat []tgsandbox.Message) bool { return count(chat, asksForReason) > 0 })
	w.givesReason()
	tran := w.vendor.Profiles()[0].EsimTranNo
	w.getsLink(tran[len(tran)-6:], func() bool {
		w.insists(w.staff, "✓ Yes", "request", reads("Needs a second person"))
		return w.linked(w.pia(), "✓ I agree")
	})
	w.takes(w.friend(), w.staff)
}

// getsLink makes a link by an answer to the question that stands there. A shop that died when the link was made and not shown
// yet left nothing to press: staff ask anew then, as the message tells them.
func (w *crashTown) getsLink(tail string, yes func() bool) {
	w.t.Helper()
	for !yes() {
		if _, err := w.staff.Send("/assign " + tail + " " + lostByHand); err != nil {
			w.t.Fatal(err)
		}
		w.untilAsked()
	}
}

// linked presses a button twice, and reports whether the link came.
func (w *crashTown) linked(v visitor, label string) bool {
	w.t.Helper()
	message, data := v.button("", label)
	for range 2 {
		v.forges(message, data)
		ctx, cancel := context.WithTimeout(w.ctx, stepAfter)
		_, err := v.Wait(ctx, hasClaimLink)
		cancel()
		if err == nil {
			return true
		}
	}
	if w.ctx.Err() != nil {
		w.t.Fatalf("no link came; the chat:\n%s\nthe log of the last run:\n%s", transcript(v.Chat()), w.process().log)
	}
	return false
}

func asksForReason(m tgsandbox.Message) bool {
	return m.From.IsBot && strings.Contains(plain(m), "What is the reason?")
}

func hasClaimLink(chat []tgsandbox.Message) bool { return claimLink(chat) != "" }

// givesReason answers the question for one.
func (w *crashTown) givesReason() {
	w.t.Helper()
	chat := w.staff.Chat()
	i := slices.IndexFunc(chat, asksForReason)
	if _, err := w.staff.Reply(chat[i].ID, lostByHand); err != nil {
		w.t.Fatal(err)
	}
	w.untilAsked()
}

// untilAsked waits for the question whether to make the link.
func (w *crashTown) untilAsked() {
	w.t.Helper()
	w.eventually(w.staff, "question", func(chat []tgsandbox.Message) bool {
		return slices.ContainsFunc(chat, func(m tgsandbox.Message) bool {
			return strings.Contains(plain(m), lostByHand) && offersLabel(m, "✓ Yes")
		})
	})
}

// assignsLost gives the eSIM of Ann, who lost her account, to Bob.
func assignsLost(w *crashTown) {
	w.t.Helper()
	iccid := w.vendor.Profiles()[0].ICCID
	tail := iccid[len(iccid)-6:]
	w.staff.says("/assign "+tail+" "+lostByHand, "Make a link")
	w.getsLink(tail, func() bool { return w.linked(w.staff, "✓ Yes") })
	w.takes(w.friend(), w.staff)
}

// assignedOnce holds that Bob holds the one eSIM that there is, by a link in the audit log, and that each was told of it no more
// often than the shop was killed and had to say again what it did not know to be said.
func assignedOnce(stray bool) func(*crashTown, *audit) {
	return func(w *crashTown, a *audit) {
		w.t.Helper()
		db := w.books()
		defer db.Close()
		bob := w.friend()
		esims, err := db.ESIMsOf(w.ctx, esim.CustomerID(bob.ID()))
		if err != nil || len(esims) != 1 {
			a.fault("Bob holds %d eSIMs: %+v, %v", len(esims), esims, err)
			return
		}
		if left, err := db.ESIMsOf(w.ctx, esim.CustomerID(w.ann.ID())); err != nil || len(left) != 0 {
			a.fault("Ann holds %d, %v", len(left), err)
		}
		most := 1 + w.killed()
		if pictures := photosIn(bob.Chat()); pictures < 1 || pictures > most {
			a.fault("%d pictures for Bob, with %d kills", pictures, w.killed())
		}
		log, err := db.AuditLog(w.ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		made := 0
		for _, e := range log {
			if e.What != "assign" {
				continue
			}
			made++
			if e.Why != lostByHand || e.ESIM != esims[0].ID || (e.ApprovedBy == piaID) != stray {
				a.fault("the log says %+v", e)
			}
		}
		if made < 1 || made > most {
			a.fault("%d links in the log, with %d kills", made, w.killed())
		}
		balances, err := db.Balances(w.ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		var given int64
		for _, m := range balances[esim.AccountGrants] {
			if m.Currency == esim.USD4 {
				given += m.Minor
			}
		}
		o, err := db.Order(w.ctx, esims[0].Order)
		switch {
		case err != nil:
			w.t.Fatal(err)
		case o.Gift != stray:
			a.fault("the order is %+v", o)
		case stray && given != o.Wholesale.Minor, !stray && given != 0:
			a.fault("%d are given away, of %s", given, o.Wholesale)
		}
	}
}
