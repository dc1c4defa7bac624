package esim

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// One constructor per kind of notification. The key says what is told only once: the same
// order going back is one event however often a worker comes by it. Keys are stored, so
// their form must not change, nor where an order's id has its dash and where it has none.

// NewProgress shows the customer where an order is. step names a place that an order
// comes by once.
func NewProgress(customer CustomerID, id OrderID, step string) Notification {
	return Notification{Kind: NotifyProgress, Key: fmt.Sprintf("progress:%s:%s", id, step), Customer: customer, Order: id}
}

// AlertNotifications are what an alert that is new brings: the customer is told, and staff where
// somebody has to decide about money. Who switched it off, for all or for this one, is not told.
func AlertNotifications(e ESIM, k AlertKind, s AlertSettings) []Notification {
	var told []Notification
	if s.ForESIM(e).Wants(k) {
		told = append(told, NewAlert(e, k))
	}
	if k == AlertLapsed && !e.Returned {
		told = append(told, NewStaffLapsed(e))
	}
	return told
}

// NewStaffLapsed tells of an eSIM that lapsed without having been used: its money did not go back.
func NewStaffLapsed(e ESIM) Notification {
	return Notification{Kind: StaffLapsed, Key: "lapsed:" + string(e.ID), Order: e.Order, ESIM: e.ID}
}

// NewStaffToppedUpUnused tells of an eSIM that is about to lapse unused, and is not given back by
// itself since it was topped up.
func NewStaffToppedUpUnused(e ESIM) Notification {
	return Notification{Kind: StaffToppedUpUnused, Key: fmt.Sprintf("topped-up-unused:%s:%d", e.ID, e.Epoch), Order: e.Order, ESIM: e.ID}
}

// NewProgressAgain is NewProgress for a place that an order can come by more than once.
func NewProgressAgain(customer CustomerID, id OrderID, step string, at time.Time) Notification {
	return NewProgress(customer, id, fmt.Sprintf("%s:%d", step, at.UnixMilli()))
}

// progress is the place of an order in a state.
func (o Order) progress(s State) Notification { return NewProgress(o.Customer, o.ID, string(s)) }

// The steps of an order that are not a state.
const (
	stepLate  = "late"  // it takes long
	stepReady = "ready" // its eSIMs are here
	stepKept  = "kept"  // it could not be cancelled
	stepPart  = "part"  // one of its eSIMs was given back

	stepSwapped = "swapped" // the eSIM it takes the place of is back

	stepCreditBack = "refunded:credit" // its part from store credit is back
)

// NewQR brings one eSIM to its customer.
func NewQR(e ESIM) Notification {
	return Notification{Kind: NotifyQR, Key: "qr:" + string(e.ID), Customer: e.Customer, Order: e.Order, ESIM: e.ID}
}

// NewQRAgain brings it once more, at most once a minute.
func NewQRAgain(e ESIM, at time.Time) Notification {
	n := NewQR(e)
	n.Key = fmt.Sprintf("qr:%s:again:%d", e.ID, at.Unix()/60)
	return n
}

// NewQRGone marks the pictures of an eSIM that was given back.
func NewQRGone(e ESIM) Notification {
	return Notification{Kind: NotifyQRGone, Key: "qr-gone:" + string(e.ID), Customer: e.Customer, Order: e.Order, ESIM: e.ID}
}

// NewAlert is one alert of an eSIM, given once per epoch.
func NewAlert(e ESIM, k AlertKind) Notification {
	n := Notification{
		Kind: NotifyAlert, Key: fmt.Sprintf("alert:%s:%d:%s", e.ID, e.Epoch, k),
		Customer: e.Customer, Order: e.Order, ESIM: e.ID, Alert: k,
	}
	if k == AlertTrip { // which can be put off
		n.Key += ":" + e.Trip.Day.UTC().Format(time.DateOnly)
	}
	return n
}

// NewRefunded says that a payment came back the way it went.
func NewRefunded(p Payment) Notification {
	return Notification{Kind: NotifyRefunded, Key: "refunded:" + p.ID, Customer: p.Customer, Order: p.Order, Amount: p.Amount}
}

// NewCredited says that a payment came back as store credit.
func NewCredited(p Payment, credited Money) Notification {
	return Notification{Kind: NotifyCredited, Key: "refunded:" + p.ID, Customer: p.Customer, Order: p.Order, Amount: credited}
}

// NewPartCredited says that a part of an order became store credit: that of an eSIM, or ("") what
// never came. key is that of its transaction.
func NewPartCredited(o Order, key string, esimID ESIMID, credited Money) Notification {
	return Notification{Kind: NotifyPartCredited, Key: key, Customer: o.Customer, Order: o.ID, ESIM: esimID, Amount: credited}
}

// NewAmountBack says that staff gave a part of an order's price back as store credit (USD), and its eSIMs stay. key is that
// of its transaction.
func NewAmountBack(o Order, key string, amount Money) Notification {
	return Notification{Kind: NotifyAmountBack, Key: key, Customer: o.Customer, Order: o.ID, Amount: amount}
}

// NewStaffPart tells staff of a part or an amount that became store credit; toReturn asks them to give the money itself back elsewhere.
func NewStaffPart(o Order, key string, esimID ESIMID, credited Money, toReturn bool) Notification {
	n := Notification{Kind: StaffRefunded, Key: "staff-" + key, Order: o.ID, ESIM: esimID, Amount: credited}
	if toReturn {
		n.Kind = StaffToReturn
	}
	return n
}

// NewGranted tells a customer of store credit (USD) from staff; key is that of the grant.
func NewGranted(key string, customer CustomerID, amount Money) Notification {
	return Notification{Kind: NotifyGranted, Key: "granted:" + key, Customer: customer, Amount: amount}
}

// NewToppedUp shows the customer the eSIM that an order topped up.
func NewToppedUp(o Order) Notification {
	return Notification{Kind: NotifyToppedUp, Key: "topped:" + string(o.ID), Customer: o.Customer, Order: o.ID, ESIM: o.ESIM}
}

// NewNotCancelled says that the eSIMs of an order stay, since they were installed.
func NewNotCancelled(o Order, at time.Time) Notification {
	return Notification{Kind: NotifyNotCancelled, Key: fmt.Sprintf("kept:%s:%d", o.ID, at.UnixMilli()), Customer: o.Customer, Order: o.ID}
}

// NewSwapCredit says what of an eSIM that was given back for another became store credit.
func NewSwapCredit(customer CustomerID, id OrderID, credited Money) Notification {
	return Notification{Kind: NotifySwapCredit, Key: "swap-credit:" + string(id), Customer: customer, Order: id, Amount: credited}
}

// NewSwapFailed says that an eSIM stays which was to be swapped for an order.
func NewSwapFailed(o Order) Notification {
	return Notification{Kind: NotifySwapFailed, Key: "swap-off:" + string(o.ID), Customer: o.Customer, Order: o.ID, ESIM: o.Replaces}
}

// NewStaffSale tells of an order that the vendor delivered.
func NewStaffSale(o Order) Notification {
	return Notification{Kind: StaffSale, Key: "sale:" + string(o.ID), Order: o.ID}
}

// NewStaffFailure tells of an order whose money goes back, and why.
func NewStaffFailure(o Order, why string) Notification {
	return Notification{Kind: StaffFailure, Key: "failure:" + o.ID.String(), Order: o.ID, Note: why}
}

// NewStaffRefused tells of a message of the outbox that the messenger refuses, and why.
func NewStaffRefused(message int64, order OrderID, why string) Notification {
	return Notification{Kind: StaffFailure, Key: fmt.Sprintf("refused:%d", message), Order: order, Note: why}
}

// NewStaffLate tells of a paid order that takes long, for o.Reason.
func NewStaffLate(o Order) Notification {
	return Notification{Kind: StaffLate, Key: "late:" + o.ID.String(), Order: o.ID, Note: o.Reason}
}

// NewStaffLateCancel tells of a cancellation that takes long, once for each.
func NewStaffLateCancel(o Order) Notification {
	return Notification{Kind: StaffLate, Key: fmt.Sprintf("late-cancel:%s:%d", o.ID, o.Changed.UnixMilli()), Order: o.ID, Note: o.Reason}
}

// NewStaffNeedsHuman tells, each time, of an order that needs a human, and why.
func NewStaffNeedsHuman(o Order, why string, at time.Time) Notification {
	return Notification{Kind: StaffNeedsHuman, Key: fmt.Sprintf("human:%s:%d", o.ID, at.UnixMilli()), Order: o.ID, Note: why}
}

// NewStaffOpenItems reminds, once a day, of all that is open when it is sent.
func NewStaffOpenItems(at time.Time) Notification {
	return Notification{Kind: StaffOpenItems, Key: "open:" + at.UTC().Format(time.DateOnly)}
}

// NewStaffReport tells, on a day, how the one before went.
func NewStaffReport(today Period) Notification {
	return Notification{Kind: StaffReport, Key: "report:" + today.String(), Note: today.Before().String()}
}

// NewStaffManual tells of an order that waits for money by hand.
func NewStaffManual(o Order) Notification {
	return Notification{Kind: StaffManual, Key: "manual:" + string(o.ID), Order: o.ID, Amount: o.Price}
}

// NewStaffAbandoned tells of an order that its customer left while it waited for money by hand.
func NewStaffAbandoned(o Order) Notification {
	return Notification{Kind: StaffAbandoned, Key: "left:" + string(o.ID), Order: o.ID, Amount: o.Price}
}

// NewExpiring tells a customer that an order waits for money and expires soon, once for each time
// that it got more time.
func NewExpiring(o Order) Notification {
	return Notification{
		Kind: NotifyExpiring, Key: fmt.Sprintf("expiring:%s:%d", string(o.ID), o.NextAt.UnixMilli()), Customer: o.Customer, Order: o.ID, Amount: o.Price,
	}
}

// NewExpired tells a customer that an order was not paid in time.
func NewExpired(o Order) Notification {
	return Notification{Kind: NotifyExpired, Key: "expired:" + string(o.ID), Customer: o.Customer, Order: o.ID, Amount: o.Price}
}

// NewStaffTopUp tells of an eSIM that was topped up.
func NewStaffTopUp(o Order) Notification {
	return Notification{Kind: StaffTopUp, Key: "topup:" + string(o.ID), Order: o.ID, ESIM: o.ESIM}
}

// NewStaffUnreachable tells of an order on its way to a customer who blocked the bot.
func NewStaffUnreachable(id OrderID) Notification {
	return Notification{Kind: StaffUnreachable, Key: "unreachable:" + string(id), Order: id}
}

// NewStaffRefunded tells that an amount went back for a payment.
func NewStaffRefunded(p Payment, amount Money) Notification {
	return Notification{Kind: StaffRefunded, Key: "staff-refunded:" + p.ID, Order: p.Order, Amount: amount}
}

// NewStaffToReturn is NewStaffRefunded where staff may return the money itself elsewhere.
func NewStaffToReturn(p Payment, amount Money) Notification {
	n := NewStaffRefunded(p, amount)
	n.Kind = StaffToReturn
	return n
}

// NewStaffRefundStuck tells of a payment that cannot be sent back, and why.
func NewStaffRefundStuck(p Payment, why string) Notification {
	return Notification{Kind: StaffRefundStuck, Key: "refund-stuck:" + p.ID, Order: p.Order, Amount: p.Amount, Note: why}
}

// NewStaffRefundedElsewhere tells of a payment that somebody else refunded.
func NewStaffRefundedElsewhere(m StarTransaction) Notification {
	return Notification{Kind: StaffRefundedElsewhere, Key: "refunded-out:" + m.ID, Order: m.Order, Amount: m.Amount}
}

// NewStaffRefundedTwice tells of a payment that somebody else refunded after it had become store
// credit, which is its Note.
func NewStaffRefundedTwice(p OrderPayment) Notification {
	return Notification{Kind: StaffRefundedTwice, Key: "refunded-twice:" + p.ID, Order: p.Order, Amount: p.Amount, Note: p.Credited.String()}
}

// NewRefundedElsewhere tells the customer of it.
func NewRefundedElsewhere(m StarTransaction) Notification {
	return Notification{Kind: NotifyRefundedElsewhere, Key: "refunded-out-customer:" + m.ID, Customer: m.Customer, Order: m.Order, Amount: m.Amount}
}

// NewStaffFoundPaid tells of a payment that was found and booked. id is "" if the order it
// names is not the payer's.
func NewStaffFoundPaid(m StarTransaction, id OrderID) Notification {
	return Notification{Kind: StaffFoundPaid, Key: "found:" + m.ID, Order: id, Amount: m.Amount}
}

// NewStaffFoundCredit tells of an order that store credit had paid before an older copy of this database was put back, and that is paid
// again. id is "" if the order is not here.
func NewStaffFoundCredit(sale, id OrderID, amount Money) Notification {
	return Notification{Kind: StaffFoundCredit, Key: "found-credit:" + string(sale), Order: id, Amount: amount, Note: sale.String()}
}

// NewStaffLateESIM tells of an eSIM that came after its order was refunded, and was cancelled.
func NewStaffLateESIM(p Profile, id OrderID) Notification {
	return Notification{Kind: StaffLateESIM, Key: "late-esim:" + string(p.ID), Order: id, ESIM: p.ID}
}

// NewStaffUnexplained tells of payments that no order here explains, oldest first, once for
// each time that some are new: their number, with that of those older than the database behind ⏪, and
// the newest three.
func NewStaffUnexplained(open []UnexplainedPayment, at time.Time) Notification {
	n := Notification{Kind: StaffUnexplained, Key: fmt.Sprintf("unexplained:%d", at.UnixMilli()), Amount: Stars(0)}
	older := 0
	for _, u := range open {
		if u.Older {
			older++
		}
	}
	n.Note = fmt.Sprintf("%d (⏪ %d)", len(open), older)
	for i, sum := range UnexplainedTotals(open) {
		if i == 0 {
			n.Amount = sum
		} else {
			n.Note += fmt.Sprintf("; + %s", sum)
		}
	}
	for _, u := range open[max(0, len(open)-3):] {
		n.Note += fmt.Sprintf("; %s %s %d", u.At.UTC().Format("2006-01-02 15:04"), u.Amount, u.Customer)
	}
	return n
}

// NewStaffUnpaidApproval tells, once per approval, of a payment that was approved and did not come.
func NewStaffUnpaidApproval(o Order, approved time.Time) Notification {
	key := fmt.Sprintf("unpaid:%s:%d", string(o.ID), approved.UnixMilli())
	return Notification{Kind: StaffUnpaidApproval, Key: key, Order: o.ID, Amount: o.Price}
}

// NewStaffPromoOver tells of a paid order whose code was used up without it.
func NewStaffPromoOver(o Order, f PromoFacts) Notification {
	n := Notification{Kind: StaffPromoOver, Key: "promo-over:" + string(o.ID), Order: o.ID, Note: fmt.Sprintf("%s: %d", o.Promo, f.Uses+1)}
	if f.Promo.Uses > 0 {
		n.Note += fmt.Sprintf(" / %d", f.Promo.Uses)
	}
	return n
}

// NewStaffWithdrawn tells of an eSIM that the vendor took back or away, and what follows.
func NewStaffWithdrawn(e ESIM, why string) Notification {
	return Notification{Kind: StaffWithdrawn, Key: "withdrawn:" + string(e.ID), Order: e.Order, ESIM: e.ID, Note: why}
}

// NewStaffUnmatchedESIM tells of an eSIM of the vendor that belongs to no order, or is one more
// than the order paid for.
func NewStaffUnmatchedESIM(p Profile, id OrderID) Notification {
	return Notification{Kind: StaffUnmatchedESIM, Key: "orphan:" + string(p.ID), Order: id, ESIM: p.ID, Note: string(p.ID)}
}

// NewStaffOlderCopy tells, once a day on which more of it shows, that this database is an older copy, and how much store credit
// may be spent a second time by how many.
func NewStaffOlderCopy(held CreditHeld, at time.Time) Notification {
	return Notification{Kind: StaffOlderCopy, Key: "older-copy:" + at.UTC().Format(time.DateOnly), Amount: held.Amount, Note: strconv.Itoa(held.Customers)}
}

// NewStaffAssigned tells that an eSIM of no order has a holder.
func NewStaffAssigned(e ESIM) Notification {
	return Notification{Kind: StaffAssigned, Key: "assigned:" + string(e.ID), Order: e.Order, ESIM: e.ID}
}

// NewStaffLedger tells, once a day for each, of a place where the books are off, and of
// how many there are.
func NewStaffLedger(f LedgerFault, all int, at time.Time) Notification {
	return Notification{
		Kind: StaffLedger, Key: fmt.Sprintf("ledger:%s:%s:%s", f.What, f.Name, at.UTC().Format(time.DateOnly)),
		Amount: f.Off, Note: fmt.Sprintf("%s %s (%d)", f.What, f.Name, all),
	}
}

// NewStaffDeposit tells that our account at the vendor has more than the books explain, once for
// each comparison (in ms) that it is measured from.
func NewStaffDeposit(from int64, amount, balance Money) Notification {
	return Notification{Kind: StaffDeposit, Key: fmt.Sprintf("deposit:%d:%d", from, amount.Minor), Amount: amount, Note: balance.String()}
}

// NewStaffBalanceOff is NewStaffDeposit for what is missing.
func NewStaffBalanceOff(from int64, amount, balance Money) Notification {
	return Notification{Kind: StaffBalanceOff, Key: fmt.Sprintf("balance-off:%d:%d", from, amount.Minor), Amount: amount, Note: balance.String()}
}

// NewStaffOddCode tells of an eSIM whose activation code cannot be drawn.
func NewStaffOddCode(e ESIM) Notification {
	return Notification{Kind: StaffOddCode, Key: "odd-code:" + string(e.ID), Order: e.Order, ESIM: e.ID}
}

// NewStaffStuck tells, once a day for each, of something that keeps failing while all others go on.
// what and item name it, order is whose it is, "" for none.
func NewStaffStuck(what, item string, order OrderID, why string, at time.Time) Notification {
	return Notification{
		Kind: StaffStuck, Key: fmt.Sprintf("stuck:%s:%s:%s", what, item, at.UTC().Format(time.DateOnly)),
		Order: order, Note: fmt.Sprintf("%s: %s", what, why),
	}
}

// NewStaffStuckMessage tells, once, of a message of the outbox that fails here before it can be sent.
func NewStaffStuckMessage(m OutboxMessage, why string) Notification {
	to := "the staff group"
	if m.Customer != 0 {
		to = fmt.Sprintf("customer %d", m.Customer)
	}
	return Notification{
		Kind: StaffStuck, Key: fmt.Sprintf("stuck-message:%d", m.ID), Order: m.Order, ESIM: m.ESIM,
		Note: fmt.Sprintf("message %q to %s: %s", m.Kind, to, why),
	}
}

// AboutMessage reports whether the notification tells of a message that cannot be sent. If that one
// cannot be sent either, nothing more is told: each would bring the next.
func (n Notification) AboutMessage() bool {
	return strings.HasPrefix(n.Key, "stuck-message:") || strings.HasPrefix(n.Key, "refused:")
}

// NewStaffGivenUp tells of an update that was given up: its kind, whose it was (0 if it has no sender) and its
// number in the log. What it says is the customer's and stays out of the group.
func NewStaffGivenUp(u Update) Notification {
	whose := "nobody"
	if u.Sender > 0 {
		whose = fmt.Sprintf("customer %d", u.Sender)
	}
	return Notification{
		Kind: StaffGivenUp, Key: fmt.Sprintf("given-up:%d", u.ID),
		Note: fmt.Sprintf("%s · %s · update %d", whose, u.Kind, u.ID),
	}
}
