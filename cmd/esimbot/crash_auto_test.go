package main

import (
	"errors"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

const (
	autoCredit = 500 // cents that Ann has for it
	autoSoon   = "will be added by itself"
	autoDone   = "Added by itself"
)

// setAutomatic is a customer with store credit and little data left, whose eSIM is set to top itself up; the shop
// has stopped.
func setAutomatic(w *crashTown) {
	w.t.Helper()
	onThePhone(w)
	p := w.vendor.Profiles()[0]
	if err := w.vendor.Burn(p.EsimTranNo, p.Total*85/100); err != nil {
		w.t.Fatal(err)
	}
	w.later(4 * time.Hour) // the networks report late
	w.ann.presses("🔄 Refresh")
	w.ann.untilText("🟢 In use")
	w.ann.untilText("Less than 20% of your data") // which draws the open card anew
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	w.ann.presses("🔋 Top up")
	w.ann.untilButton("🔁 Top up automatically")
	w.ann.presses("🔁 Top up automatically")
	w.ann.untilText("What should be added?")
	w.ann.presses("+ ")
	w.ann.untilButton("At 20% left")
	w.ann.presses("At 20% left")
	w.ann.untilText("Topping up automatically is on")
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	if code := w.process().stop(); code != 0 {
		w.t.Fatalf("exit code %d\n%s", code, w.process().log)
	}
	db := w.books()
	defer db.Close()
	credit := esim.GrantTransaction("auto", esim.CustomerID(w.ann.ID()), esim.USDCents(autoCredit), "for automatic top-ups")
	if err := db.Grant(w.ctx, credit, esim.AuditEntry{What: "credit", Customer: esim.CustomerID(w.ann.ID()), At: w.vendor.Time()}, nil); err != nil {
		w.t.Fatal(err)
	}
}

// topsItselfUp is told of the top-up, and when the shop begins anew after the time to stop it, it is made: what runs
// once a minute runs at each start too.
func topsItselfUp(w *crashTown) {
	w.t.Helper()
	w.opens()
	w.eventually(w.ann, "announcement", reads(autoSoon))
	if err := w.settled(); err != nil {
		w.t.Fatal(err)
	}
	w.reopens(esim.AutoTopUpNoticePeriod + time.Minute)
	w.eventually(w.ann, "top-up", reads(autoDone))
}

// toppedUpOnce holds that the threshold had one order, paid from store credit alone, and that its customer was told before
// and after no more often than the shop was killed and had to say again what it did not know to be said.
func toppedUpOnce(w *crashTown, a *audit) {
	w.t.Helper()
	db := w.books()
	defer db.Close()
	ann := esim.CustomerID(w.ann.ID())
	orders, err := db.OrdersOf(w.ctx, ann, 10)
	if err != nil || len(orders) != 2 || orders[0].Kind != esim.TopUp {
		w.t.Fatalf("%d orders, %v; want the purchase and one top-up", len(orders), err)
	}
	o := orders[0]
	payments, err := db.PaymentsOf(w.ctx, o.ID)
	if err != nil || len(payments) != 1 || payments[0].Method != esim.MethodCredit || payments[0].Amount != o.Price {
		a.fault("top-up %s costs %s and was paid with %+v, %v", o.ID, o.Price, payments, err)
	}
	if credit, err := db.Credit(w.ctx, ann); err != nil || credit.Minor != autoCredit-o.Price.Minor {
		a.fault("of %d cents %s is left after a top-up for %s, %v", autoCredit, credit, o.Price, err)
	}
	if auto, err := db.AutoTopUp(w.ctx, ann, o.ESIM); err != nil || auto.State != esim.AutoTopUpDone && (auto.State != esim.AutoTopUpWaiting || auto.Order != o.ID) {
		a.fault("the automatic top-up is %q for order %s, %v", auto.State, auto.Order, err)
	}
	for _, words := range []string{autoSoon, autoDone} {
		told := count(w.ann.Chat(), func(m tgsandbox.Message) bool { return reads(words)([]tgsandbox.Message{m}) })
		if told < 1 || told > 1+w.killed() {
			a.fault("%q was said %d times with %d kills", words, told, w.killed())
		}
	}
}

// reopens stops the shop and starts it again after some time. A kill that comes while it stops has started it already.
func (w *crashTown) reopens(after time.Duration) {
	w.t.Helper()
	w.again.Lock()
	defer w.again.Unlock()
	p := w.process()
	p.cmd.Process.Kill()
	<-p.ended
	w.later(after)
	if _, err := w.start(); err != nil {
		w.t.Fatal(errors.Join(errors.New("the shop does not start again"), err))
	}
}
