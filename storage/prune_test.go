package storage

import (
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
)

const day = 24 * time.Hour

// send sends all that waits, at the clock's time.
func send(t testing.TB, db *DB) {
	t.Helper()
	due, _, err := db.DueMessages(t.Context(), db.now(), 10_000)
	must(t, err)
	for _, n := range due {
		must(t, db.MarkMessageSent(t.Context(), n.ID))
	}
}

func TestPruneVendorEvents(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	for i := range pruneChunk + 7 {
		addVendorEvent(t, db, vendorEvent(fmt.Sprint("old", i), noon))
	}
	get(db.writer.conn.ExecContext(t.Context(), `UPDATE hints SET handled = ?`, noon.UnixMilli()))(t)
	addVendorEvent(t, db, vendorEvent("young", noon))
	must(t, db.VendorEventDone(t.Context(), "young", noon.Add(2*day)))
	addVendorEvent(t, db, vendorEvent("open", noon))
	must(t, db.Prune(t.Context(), noon.Add(keepVendorEvents)))
	if n := number(t, db, `SELECT count(*) FROM hints`); n != pruneChunk+9 {
		t.Errorf("%d hints at the last moment", n)
	}
	must(t, db.Prune(t.Context(), noon.Add(keepVendorEvents+day)))
	if n := number(t, db, `SELECT count(*) FROM hints WHERE id IN ('young', 'open')`); n != 2 || number(t, db, `SELECT count(*) FROM hints`) != 2 {
		t.Errorf("%d of the young and the open are left", n)
	}
	must(t, db.Prune(t.Context(), noon.Add(2*keepVendorEvents)))
	if n := number(t, db, `SELECT count(*) FROM hints WHERE id = 'open'`); n != 1 {
		t.Error("an event nobody looked into was forgotten")
	}
}

// TestPruneKeepsWhatStillGuards: a sent message is forgotten only when nothing can
// bring it back.
func TestPruneKeepsWhatStillGuards(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	delivered := allocated(t, db, "DELIVER1", ann, 1)[0]
	allocated(t, db, "REFUNDS1", ann, 1)
	allocated(t, db, "TWICE001", ann, 1)
	send(t, db)
	_, b, err := db.BookPayment(t.Context(), payment("again", order("TWICE001", ann, 1)), nil, nil)
	must(t, err)
	if b == esim.PaymentBooked {
		t.Fatal("paid twice")
	}
	move(t, db, "REFUNDS1", esim.StateDelivered, esim.StateCancelling, esim.StateRefunding)
	paid(t, db, "ORDERING", ann, 1)
	messages := []esim.Notification{
		{Kind: esim.StaffLate, Key: "late:ORDERING", Order: "ORDERING"},
		{Kind: esim.NotifyProgress, Key: "progress:REFUNDS1:refunding", Customer: ann, Order: "REFUNDS1"},
		{Kind: esim.StaffRefundStuck, Key: "refund-stuck:again", Order: "TWICE001"},
		{Kind: esim.NotifyProgress, Key: "progress:DELIVER1:ready", Customer: ann, Order: "DELIVER1"},
		{Kind: esim.StaffDeposit, Key: "balance"},
	}
	must(t, db.AddNotifications(t.Context(), messages))
	low := look(delivered, func(e *esim.ESIM) { e.Used = 1 << 29 }, esim.AlertData10)
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{low}))
	send(t, db)
	must(t, db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffSale, Key: "unsent"}, {Kind: esim.StaffSale, Key: "dead"}}))
	must(t, db.DiscardMessage(t.Context(), int64(idOf(t, db, "dead")), "refused"))

	c.move(keepSent)
	must(t, db.Prune(t.Context(), c.now()))
	if n := number(t, db, `SELECT count(*) FROM outbox WHERE key = 'balance'`); n != 1 {
		t.Error("forgotten too early")
	}
	c.move(time.Hour)
	must(t, db.Prune(t.Context(), c.now()))
	for key, want := range map[string]int{
		"late:ORDERING": 1, "progress:REFUNDS1:refunding": 1, "qr:T-REFU-NDS1-1": 1, "refund-stuck:again": 1, "unsent": 1, "dead": 1,
		"progress:DELIVER1:ready": 0, "qr:T-DELI-VER1-1": 0, "balance": 0, "alert:T-DELI-VER1-1:0:data10": 0,
	} {
		if n := number(t, db, `SELECT count(*) FROM outbox WHERE key = ?`, key); n != want {
			t.Errorf("%s is there %d times, want %d", key, n, want)
		}
	}
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{low}))
	must(t, db.AddNotifications(t.Context(), messages[:3]))
	wantKeys(t, "nothing waits a second time", dueKeys(t, db, c.now()), "unsent")
	if n := number(t, db, `SELECT count(*) FROM order_events WHERE order_id = 'DELIVER1'`); n == 0 {
		t.Error("the events of an order were forgotten")
	}
	if state(t, db, "DELIVER1") != esim.StateDelivered {
		t.Error("the order is not delivered any more")
	}
}

func TestPruneSamplesOfEndedESIMs(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	esims := allocated(t, db, "ORDER001", ann, 8)
	for i, e := range esims {
		for _, at := range []time.Time{noon, noon.Add(day), noon.Add(100 * day)} {
			must(t, db.SavePollResults(t.Context(), []esim.PollResult{{ESIM: e, Sample: &esim.Usage{ID: e.ID, AsOf: at, Used: 1, Total: 9}}}))
		}
		if i > 0 { // all but the first have ended
			must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(e, func(e *esim.ESIM) { e.Status = esim.ProfileUsedExpired })}))
		}
	}
	must(t, db.Prune(t.Context(), noon.Add(keepSamples)))
	if n := number(t, db, `SELECT count(*) FROM usage_samples`); n != 24 {
		t.Errorf("%d readings at the last moment", n)
	}
	must(t, db.Prune(t.Context(), noon.Add(keepSamples+2*day)))
	if n := number(t, db, `SELECT count(*) FROM usage_samples WHERE tran_no = ?`, esims[0].ID); n != 3 {
		t.Errorf("%d readings of an eSIM in use", n)
	}
	if n := number(t, db, `SELECT count(*) FROM usage_samples`); n != 3+7 {
		t.Errorf("%d readings in all", n)
	}
}

// TestPruneForgetsWhatWasNeverPaid: orders that expired long ago and are in no book.
func TestPruneForgetsWhatWasNeverPaid(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	add(t, db, order("EXPIRED1", ann, 1))
	must(t, db.AddInvoiceMessage(t.Context(), esim.InvoiceMessage{Order: "EXPIRED1", Chat: 1, Message: 2, Card: 1}))
	must(t, db.SetProgressMessage(t.Context(), "EXPIRED1", 1, 3))
	add(t, db, order("STAFFACT", ann, 2))
	must(t, db.AddAuditEntry(t.Context(), esim.AuditEntry{Who: 7, What: "retry", Order: "STAFFACT"}))
	add(t, db, order("MESSAGE1", ann, 3))
	must(t, db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.NotifyProgress, Key: "k", Customer: ann, Order: "MESSAGE1"}}))
	allocated(t, db, "DELIVER1", ann, 1)
	get(db.ExpireOrders(t.Context(), noon.Add(keepUnpaid)))(t)
	add(t, db, order("WAITING1", ann, 4))
	left := func() int { return number(t, db, `SELECT count(*) FROM orders`) }
	all := left()
	must(t, db.Prune(t.Context(), noon.Add(keepUnpaid)))
	if left() != all {
		t.Errorf("%d of %d orders are left after less than its time", left(), all)
	}
	c.move(keepUnpaid)
	must(t, db.Prune(t.Context(), noon.Add(2*keepUnpaid)))
	if n := number(t, db, `SELECT count(*) FROM orders WHERE id IN ('STAFFACT', 'MESSAGE1', 'DELIVER1', 'WAITING1')`); n != 4 || left() != 4 {
		t.Errorf("%d orders are left, %d of those that are in a book, waited for or have something to be told", left(), n)
	}
	for _, table := range []string{"order_events", "order_messages", "invoice_messages"} {
		if n := number(t, db, `SELECT count(*) FROM `+table+` WHERE order_id = 'EXPIRED1'`); n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
}
