package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A journey is what a customer does, in two parts: up to the press that matters, and
// from it on. In the second part the shop may die at any moment.
type journey struct {
	name    string
	arrange func(w *crashTown)
	trouble func(w *crashTown) // that the neighbours make from the press on
	act     func(w *crashTown)
	want    string // what the audit has to find
	short   bool   // the default run has it too, at the exchanges that matter
	env     []string
	check   func(w *crashTown, a *audit) // what else has to be so, of a shop that has stopped
}

// matters is at which exchanges the default run kills, once their work is done and before the shop hears of it:
// those that move money or an eSIM.
var matters = []string{"esim/order", "esim/query", "esim/topup", "refundStarPayment", "sendPhoto", "esim/cancel"}

// limit is how long one run of a journey may take; most of it is other tests' time.
const limit = 5 * time.Minute

func (j journey) world(t *testing.T) *crashTown {
	t.Helper()
	w := newCrashTown(t, limit, tgsandbox.Options{})
	w.plans = w.stock()
	w.extra = j.env
	w.opens()
	w.introduced()
	return w
}

const (
	one     = "1 delivered, 0 topped up, 0 refunded"
	none    = "0 delivered, 0 topped up, 1 refunded"
	nothing = "0 delivered, 0 topped up, 0 refunded"
)

func journeys() []journey {
	return []journey{
		{name: "buy", arrange: shownPlan(aPack), act: buysAndGets(1), want: one}, // by default TestAKilledShopDeliversOnce has it
		{name: "day pass", arrange: shownPlan(aDayPass), act: buysAndGets(1), want: one},
		{name: "refund", arrange: shownPlan(aPack), trouble: refuses("esim/order", "200011"), act: buysAndIsRefunded, want: none, short: true},
		{name: "top-up", arrange: shownTopUp, act: topsUp, want: "1 delivered, 1 topped up, 0 refunded", short: true},
		{name: "batch of 3", arrange: shownBatch, act: buysAndGets(3), want: one},
		{name: "cancel", arrange: askedToCancel, act: cancels, want: none},
		{name: "cancel one of 2", arrange: askedToCancelOne, act: cancelsOne, want: one},
		{
			name: "top-up refused", arrange: shownTopUp, trouble: refuses("esim/topup", "310241"), act: topUpIsRefunded,
			want: "1 delivered, 0 topped up, 1 refunded",
		},
		{name: "part with credit", arrange: askedHowToPay, act: paysInPart, want: one},
		{name: "part with credit, refunded", arrange: askedHowToPay, trouble: refuses("esim/order", "200011"), act: paysInPartAndIsRefunded, want: none},
		{name: "swap for a dearer plan", arrange: shownSwap("+"), act: swapsFor(2), want: "1 delivered, 0 topped up, 1 refunded"},
		{name: "swap for a cheaper plan", arrange: shownCheaperSwap, act: swapsAtOnce, want: "1 delivered, 0 topped up, 2 refunded"},
		{name: "swap, used meanwhile", arrange: shownSwap("+"), trouble: installsIt, act: swapIsOff, want: "1 delivered, 0 topped up, 1 refunded"},
		{name: "swap, refused", arrange: shownSwap("+"), trouble: refuses("esim/order", "310241"), act: swapIsRefunded, want: "0 delivered, 0 topped up, 2 refunded"},
		{name: "lost update", arrange: paidUnheard, act: isFound, want: one},
		{name: "late vendor", arrange: shownPlan(aPack), trouble: isLate, act: buysAndGets(1), want: one},
		{name: "by hand, paid", env: byHand, arrange: askedHowToPay, act: paysByHand, want: one},
		{name: "by hand, left", env: byHand, arrange: askedHowToPay, act: leavesByHand, want: nothing, check: leftFree},
		{name: "talk with staff", arrange: shownHelp, act: talksWithStaff, want: one, check: talkedOnce},
		{name: "trip told", arrange: shownESIM, act: tellsTrip, want: one, check: keptTrip(0)},
		{name: "trip reminder", arrange: toldTrip, act: isReminded, want: one, check: keptTrip(1)},
		{name: "dialogues before it is installed", arrange: shownESIM, act: decides, want: one, check: rememberedPhone},
		{name: "dialogues of who looks for help", arrange: onThePhone, act: looksForHelp, want: one},
		{name: "a name, a city, a lost phone", arrange: onThePhone, act: ownsOne, want: one, check: keptWhatWasTyped},
		{name: "tops itself up", arrange: setAutomatic, act: topsItselfUp, want: "1 delivered, 1 topped up, 0 refunded", check: toppedUpOnce},
		{name: "with a promo code", arrange: shownPromoted, act: buysAndGets(1), want: one, check: usedOnce},
		{
			name: "top-up paid back elsewhere", arrange: toppedUpPaidBack, act: leavesWhatWasPaidBack,
			want: "1 delivered, 1 topped up, 1 refunded",
		},
		{name: "given away", arrange: shownESIM, act: givesAway, want: one, check: givenOnce},
		{name: "assigned", arrange: shownStray, act: assignsStray, want: one, check: assignedOnce(true)},
		{name: "assigned, lost by its holder", arrange: shownESIM, act: assignsLost, want: one, check: assignedOnce(false)},
		{name: "withdrawn", arrange: askedToWithdraw, act: withdraws, want: none, check: statedOnce(esim.WithdrawalCancelled)},
		{name: "withdrawn, used meanwhile", arrange: askedToWithdraw, trouble: installsIt, act: withdrawsInVain, want: one, check: statedOnce(esim.WithdrawalToPerson)},
		{name: "forgotten", arrange: askedToForget, act: isForgotten, want: one, check: nobodyIsLeft},
	}
}

func aPack(p esim.Plan) bool {
	return p.Location == "JP" && !p.DayPass() && p.Days >= 7 && p.Days <= 30 && p.Data >= 1<<30 && p.TopUp != esim.NoTopUp
}

func aDayPass(p esim.Plan) bool { return p.Location == "JP" && p.DayPass() }

func (w *crashTown) plan(fits func(esim.Plan) bool) esim.Plan {
	w.t.Helper()
	for _, p := range w.plans {
		if fits(p) {
			return p
		}
	}
	w.t.Fatal("the price list has no such plan")
	return esim.Plan{}
}

func shownPlan(fits func(esim.Plan) bool) func(*crashTown) {
	return func(w *crashTown) {
		w.t.Helper()
		p := w.plan(fits)
		w.ann.says("/start p_"+p.Code, "Price:")
		if p.DayPass() {
			w.ann.presses("3 days")
			w.ann.untilText("3 days")
		}
	}
}

// insists presses a button until what it is for has come: what a shop draws after it has
// asked the vendor is lost with it, and customers press again.
func (w *crashTown) insists(v visitor, label, what string, ok func(chat []tgsandbox.Message) bool) {
	w.t.Helper()
	w.insistsOn(v, "", label, what, ok)
}

// insistsOn is insists, on the newest message with these words.
func (w *crashTown) insistsOn(v visitor, words, label, what string, ok func(chat []tgsandbox.Message) bool) {
	w.t.Helper()
	message, data := v.button(words, label)
	for {
		v.forges(message, data)
		ctx, cancel := context.WithTimeout(w.ctx, stepAfter)
		_, err := v.Wait(ctx, ok)
		cancel()
		if err == nil {
			return
		}
		if w.ctx.Err() != nil {
			w.t.Fatalf("no %s came; the chat:\n%s\nthe log of the last run:\n%s", what, transcript(v.Chat()), w.process().log)
		}
	}
}

// button is the newest button whose label begins so, on a message with these words.
func (v visitor) button(words, label string) (message int, data string) {
	v.t.Helper()
	for _, m := range slices.Backward(v.Chat()) {
		if !strings.Contains(plain(m), words) {
			continue
		}
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.HasPrefix(unbroken(b.Text), label) && b.Data != "" {
					return m.ID, b.Data
				}
			}
		}
	}
	v.t.Fatalf("no button %q under %q in the chat:\n%s", label, words, transcript(v.Chat()))
	return 0, ""
}

// offersLabel is a message with a button whose label begins so.
func offersLabel(m tgsandbox.Message, label string) bool {
	return slices.ContainsFunc(m.Labels(), func(l string) bool { return strings.HasPrefix(unbroken(l), label) })
}

func (v visitor) untilButton(label string) {
	v.t.Helper()
	v.until(fmt.Sprintf("button %q", label), func(m tgsandbox.Message) bool { return offersLabel(m, label) })
}

func (w *crashTown) pays(button string) {
	w.t.Helper()
	w.insists(w.ann, button, "invoice", func(chat []tgsandbox.Message) bool {
		return count(chat, unpaid) > 0
	})
	err := w.ann.Pay()
	for errors.Is(err, tgsandbox.ErrNoMessage) && w.ctx.Err() == nil { // a second press puts another one in its place
		w.ann.until("invoice", unpaid)
		err = w.ann.Pay()
	}
	if err != nil {
		w.t.Fatalf("pay: %v\n%s", err, transcript(w.ann.Chat()))
	}
}

func unpaid(m tgsandbox.Message) bool { return m.Invoice != nil && !m.Invoice.Paid }

func photosIn(chat []tgsandbox.Message) int {
	return count(chat, func(m tgsandbox.Message) bool { return m.Photo != nil })
}

func buysAndGets(pictures int) func(*crashTown) {
	return func(w *crashTown) {
		w.t.Helper()
		w.pays("Buy for")
		w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= pictures })
	}
}

func (w *crashTown) getsMoneyBack() {
	w.t.Helper()
	w.eventually(w.ann, "refund", reads("are back with you"))
}

func buysAndIsRefunded(w *crashTown) {
	w.t.Helper()
	w.pays("Buy for")
	w.getsMoneyBack()
}

func refuses(endpoint, code string) func(*crashTown) {
	return func(w *crashTown) {
		w.vendor.Break(vendorsandbox.Fault{Endpoint: endpoint, Kind: vendorsandbox.Refuse, Code: code})
	}
}

func shownBatch(w *crashTown) {
	w.t.Helper()
	shownPlan(aPack)(w)
	for _, n := range []string{"2 eSIMs", "3 eSIMs"} {
		w.ann.presses("+")
		w.ann.until("card of "+n, func(m tgsandbox.Message) bool { return slices.Contains(m.Labels(), n) })
	}
}

// shownESIM is a customer with an eSIM, looking at it.
func shownESIM(w *crashTown) {
	w.t.Helper()
	shownPlan(aPack)(w)
	buysAndGets(1)(w)
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	w.ann.says("/esims", "Your eSIMs")
	w.ann.presses("🆕")
	w.ann.untilButton("↩️ Cancel and")
}

func shownTopUp(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	w.ann.presses("🔋 Top up")
	w.ann.untilButton("+ ")
	w.ann.presses("+ ")
	w.ann.untilText("Adds ")
}

func topsUp(w *crashTown) {
	w.t.Helper()
	w.pays("Pay ")
	w.eventually(w.ann, "top-up", reads("Added: "))
}

func topUpIsRefunded(w *crashTown) {
	w.t.Helper()
	w.pays("Pay ")
	w.getsMoneyBack()
}

func askedToCancel(w *crashTown) {
	w.t.Helper()
	shownESIM(w)
	w.ann.presses("↩️ Cancel and")
	w.ann.untilButton("↩️ Yes, cancel")
}

func cancels(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "↩️ Yes, cancel", "cancellation", reads("eing cancelled", "money is on its way", "money is back", "are back with you"))
	w.getsMoneyBack()
}

// askedToCancelOne is a customer with two eSIMs of one order, before giving one of them back.
func askedToCancelOne(w *crashTown) {
	w.t.Helper()
	shownPlan(aPack)(w)
	w.ann.presses("+")
	w.ann.until("card of 2 eSIMs", func(m tgsandbox.Message) bool { return slices.Contains(m.Labels(), "2 eSIMs") })
	buysAndGets(2)(w)
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	w.ann.says("/esims", "Your eSIMs")
	w.ann.presses("🆕")
	w.ann.untilButton("↩️ Cancel and")
	w.ann.presses("↩️ Cancel and")
	w.ann.untilButton("↩️ Only this one")
}

func cancelsOne(w *crashTown) {
	w.t.Helper()
	w.insists(w.ann, "↩️ Only this one", "cancellation", reads("eing cancelled", "one eSIM of order"))
	w.eventually(w.ann, "store credit", reads("one eSIM of order"))
}

// reads is a chat with a message of the bot's that has some of these words.
func reads(some ...string) func(chat []tgsandbox.Message) bool {
	return func(chat []tgsandbox.Message) bool {
		return slices.ContainsFunc(chat, func(m tgsandbox.Message) bool {
			return m.From.IsBot && slices.ContainsFunc(some, func(words string) bool { return strings.Contains(plain(m), words) })
		})
	}
}

// isLate makes the vendor allocate slowly, in its own words.
func isLate(w *crashTown) {
	w.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/query", Kind: vendorsandbox.Refuse, Code: "200010", Count: 4})
}

// paidUnheard is a payment of which Telegram never tells, and a shop that has stopped.
func paidUnheard(w *crashTown) {
	w.t.Helper()
	shownPlan(aPack)(w)
	w.telegram.LosePayments(1)
	w.pays("Buy for")
	if code := w.process().stop(); code != 0 {
		w.t.Fatalf("exit code %d\n%s", code, w.process().log)
	}
	w.later(time.Minute)
}

func isFound(w *crashTown) {
	w.t.Helper()
	w.opens()
	w.eventually(w.ann, "picture", func(chat []tgsandbox.Message) bool { return photosIn(chat) >= 1 })
}
