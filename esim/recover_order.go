package esim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// qrAgain is how old a sale may be whose untouched eSIM is sent once more: whether its QR came
// is known to nobody, and a second one does no harm.
const qrAgain = day

// purchase recovers an order of eSIMs.
func (j *join) purchase(r *Recovery, id OrderID) {
	rec, ok := j.orderFromPayments(r, id)
	if !ok {
		return
	}
	o := &rec.Order
	o.Kind = Purchase
	lines := j.eSIMsOf(id, o)
	line := VendorRecord{}
	if len(lines) > 0 {
		line = lines[0]
	}
	j.describe(&rec, line)
	j.addESIMs(r, rec, lines)
}

// addESIMs adds a described order of eSIMs, whose lines those are.
func (j *join) addESIMs(r *Recovery, rec RecoveredOrder, lines []VendorRecord) {
	o := &rec.Order
	for i, v := range lines {
		j.used[v.ID] = true
		made := v.Bought
		if made.IsZero() {
			made = o.PaidAt
		}
		plan := o.Plan
		rec.ESIMs = append(rec.ESIMs, ESIM{
			Profile: v.Profile, Customer: o.Customer, Buyer: o.Customer, Order: o.ID, Index: i + 1, Plan: plan,
			Epoch: len(v.Added), Created: made, Asked: j.Now,
		})
	}
	j.finish(&rec)
	r.Orders = append(r.Orders, rec)
	for i := range rec.ESIMs {
		j.owners = append(j.owners, &ownedESIM{order: len(r.Orders) - 1, index: i, added: slices.Clone(lines[i].Added)})
	}
}

// eSIMsOf are the lines of an order's eSIMs. One that was bought twice keeps the first; the
// others are orphans.
func (j *join) eSIMsOf(id OrderID, o *Order) []VendorRecord {
	var lines []VendorRecord
	for _, v := range j.bought[id] {
		if !v.TopUp && (len(lines) == 0 || v.IdempotencyKey == lines[0].IdempotencyKey) {
			lines = append(lines, v)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if j.paid[id][0].Invoiced.Quantity == 0 {
		o.Quantity = len(lines)
	}
	o.IdempotencyKey, o.VendorOrder = lines[0].IdempotencyKey, lines[0].VendorOrder
	return lines[:min(len(lines), o.Quantity)]
}

// finish says where a purchase ends, and writes its books and its history.
func (j *join) finish(rec *RecoveredOrder) {
	o := &rec.Order
	gone, unused, touched := 0, 0, false
	for _, e := range rec.ESIMs {
		if e.Status.Withdrawn() {
			gone++
		}
		if e.Cancellable() {
			unused++
		}
		touched = touched || !e.unusedYet()
	}
	back := rec.Payments[0].Status == PaymentRefunded
	all := len(rec.ESIMs) >= o.Quantity
	young := j.Now.Sub(o.PaidAt) < qrAgain
	switch {
	case back && unused > 0: // a shop that lives cancels those: here one may be somebody's to whom staff gave it by a link
		o.State, o.Returned = StateNeedsHuman, gone
		rec.Note = fmt.Sprintf("its money went back, and %d of its eSIMs are live and unused: to be cancelled, unless staff gave it to somebody", unused)
		rec.markReturned()
	case back:
		o.State = StateRefunded
		if live := len(rec.ESIMs) - gone; live > 0 && len(rec.ESIMs) > 0 {
			rec.Note = fmt.Sprintf("its money went back, and %d of its eSIMs are not cancelled", live)
		}
	case len(rec.ESIMs) == 0:
		o.State, rec.Note = StateNeedsHuman, "it is paid, and the vendor lists no eSIM for it"
	case gone == len(rec.ESIMs) && j.swappedFor[o.ID] != "":
		id := j.swappedFor[o.ID]
		rec.swappedOff(id, j.bought[id][0])
	case gone == len(rec.ESIMs):
		o.State, rec.Note = StateNeedsHuman, "its eSIMs were taken back, and its money did not go back as Stars: it may have become store credit"
	case young && (!all || !touched):
		o.State = StateAllocating // fulfilment asks for its eSIMs again and sends them
		rec.ESIMs = nil
	default:
		o.State, o.Returned, o.Missing = StateDelivered, gone, o.Quantity-len(rec.ESIMs)
		rec.markReturned()
		if o.Parts() > 0 { // it may have been spent: on what, the two lists do not say
			rec.Note = fmt.Sprintf("%d of its %d eSIMs were given back or never came: %s was given as store credit, or is to be", o.Parts(), o.Quantity, o.share(o.Retail, o.Parts()))
		}
	}
	o.Allocated = len(rec.ESIMs) > 0
	rec.settle(len(rec.ESIMs) > 0, j.Now)
	rec.costBack()
}

// markReturned notes of each eSIM whether the vendor has it back.
func (rec *RecoveredOrder) markReturned() {
	for i, e := range rec.ESIMs {
		rec.ESIMs[i].Returned = e.Status.Withdrawn()
	}
}

// costBack books what the vendor gave back for what was cancelled.
func (rec *RecoveredOrder) costBack() {
	o := &rec.Order
	var gone []ESIM
	for _, e := range rec.ESIMs {
		if e.Status.gone() {
			gone = append(gone, e)
		}
	}
	if len(gone) > 0 && len(gone) == len(rec.ESIMs) {
		rec.post(o.Changed, CostBackTransaction(*o))
		return
	}
	for _, e := range gone {
		rec.post(o.Changed, LateReturnTransaction(*o, e.ID))
	}
}

// AlertsTold are the alerts that an eSIM called for while the database was whole: they were sent,
// and are not sent again.
func AlertsTold(e ESIM, now time.Time) []AlertKind {
	a := AlertsFor(e, now)
	return append(a.Passed, a.Due...)
}

// settle writes the history and the books of an order whose State, Note and Wholesale are set.
// given: the vendor gave what was bought, so the money was earned, whatever came after. What needs a
// human does so from now on: since when it might have, the two lists do not say.
func (rec *RecoveredOrder) settle(given bool, now time.Time) {
	o := &rec.Order
	rec.event(o.Created, "", StateAwaitingPayment, "recovered: created")
	rec.event(o.PaidAt, StateAwaitingPayment, StatePaid, "recovered: paid")
	was, at := StatePaid, o.PaidAt
	for _, p := range rec.Payments {
		rec.postPayment(p.Payment)
	}
	rec.Books = append(rec.Books, rec.commissions...)
	if given || o.State == StateAllocating {
		rec.post(at, CostTransaction(*o))
	}
	if given {
		rec.event(at, was, StateDelivered, "recovered: the vendor lists what was bought")
		paid := []Money{o.Price}
		if rec.Payments[0].Status == PaymentSettled {
			paid = append(paid, o.Credit)
		}
		rec.post(at, DeliveryTransaction(o.ID, paid...))
		was = StateDelivered
	}
	for _, p := range rec.Payments {
		if p.Status == PaymentRefunded {
			rec.postRefund(p, given)
			if !p.Surplus {
				at = p.Refunded
			}
		}
	}
	if o.State != was {
		why := "recovered"
		if rec.Note != "" {
			why = rec.Note
		}
		if o.State == StateNeedsHuman {
			at = now
		}
		rec.event(at, was, o.State, why)
	}
	o.Changed = at
	if o.State == StateRefunded && o.Credit.Minor > 0 && o.SwappedFor == "" { // it may have been spent: on what, the two lists do not say
		rec.Note = strings.TrimPrefix(rec.Note+fmt.Sprintf("; %s of it was store credit, and is again or is to be", o.Credit), "; ")
	}
	if rec.Note != "" {
		o.Reason = rec.Note
	}
}

func (rec *RecoveredOrder) event(at time.Time, from, to State, why string) {
	rec.Events = append(rec.Events, OrderEvent{At: at, From: from, To: to, Why: why})
}

func (rec *RecoveredOrder) post(at time.Time, t Transaction) {
	rec.Books = append(rec.Books, DatedTransaction{at, t})
}

func (rec *RecoveredOrder) postPayment(p Payment) {
	if t, err := PaymentTransaction(p); err == nil { // Stars are a payment method
		rec.post(p.At, t)
	}
}

func (rec *RecoveredOrder) postRefund(p OrderPayment, sold bool) {
	if t, err := p.RefundTransaction(rec.Order, sold, p.Credited); err == nil {
		rec.post(p.Refunded, t)
	}
}

// topUp recovers a top-up.
func (j *join) topUp(r *Recovery, id OrderID) {
	rec, ok := j.orderFromPayments(r, id)
	if !ok {
		return
	}
	o := &rec.Order
	o.Kind, o.Quantity, o.ESIM = TopUp, 1, j.paid[id][0].Invoiced.ESIM
	var line VendorRecord
	applied := false
	for _, v := range j.bought[id] {
		if v.TopUp {
			line, applied = v, true
			o.IdempotencyKey = v.IdempotencyKey
			break
		}
	}
	e := j.toppedUp(r, o.Customer, o.ESIM, line)
	if e == nil {
		if e = j.known(o.Customer, o.ESIM); e != nil && applied {
			rec.ToppedUp = e.ID
		}
	}
	if e != nil {
		o.ESIM = e.ID
		if e.Customer != o.Customer { // only who holds an eSIM is let top it up: it was given to them
			e.Customer = o.Customer
		}
	}
	j.describe(&rec, line)
	if e != nil { // its own line says little of what it is
		o.Plan.Kind, o.Plan.Location, o.Plan.Places = e.Plan.Kind, e.Plan.Location, e.Plan.Places
	}
	back := rec.Payments[0].Status == PaymentRefunded
	switch {
	case back:
		o.State = StateRefunded
		if applied {
			rec.Note = "its money went back, and the vendor lists it as applied"
		}
	case !applied:
		o.State, rec.Note = StateNeedsHuman, "it is paid, and the vendor lists no such top-up"
	case e == nil:
		o.State, rec.Note = StateNeedsHuman, "the vendor applied it, and to which eSIM is not known"
	default:
		o.State, o.Allocated = StateDelivered, true
	}
	rec.settle(applied, j.Now)
	r.Orders = append(r.Orders, rec)
}

// toppedUp is the eSIM that a top-up went to: the one its invoice names, else the one of this
// customer whose line shows that package since that moment. nil: none, or more than one.
func (j *join) toppedUp(r *Recovery, customer CustomerID, named ESIMID, line VendorRecord) *ESIM {
	var found *ownedESIM
	at := -1
	for _, owned := range j.owners {
		e := &r.Orders[owned.order].ESIMs[owned.index]
		if named == "" && e.Customer != customer || named != "" && e.ID != named {
			continue
		}
		i := slices.IndexFunc(owned.added, func(a AddedPackage) bool {
			return line.IdempotencyKey != "" && a.PlanCode == line.Plan.Code && a.At.Sub(line.Bought).Abs() <= 2*time.Second
		})
		if named == "" && i < 0 {
			continue
		}
		if found != nil {
			return nil
		}
		found, at = owned, i
	}
	if found == nil {
		return nil
	}
	if at >= 0 {
		found.added = slices.Delete(found.added, at, at+1)
	}
	return &r.Orders[found.order].ESIMs[found.index]
}

// known is an eSIM of a customer that the database has; nil: it has no such one.
func (j *join) known(customer CustomerID, named ESIMID) *ESIM {
	for i, e := range j.Known {
		if e.ID == named && e.Customer == customer {
			return &j.Known[i]
		}
	}
	return nil
}

// describe says what an order bought, and what it cost: as it is sold today, or, if it is not
// sold any more, as the vendor's line tells it, with the cost reckoned back from the price.
func (j *join) describe(rec *RecoveredOrder, line VendorRecord) {
	o := &rec.Order
	code := j.paid[o.ID][0].Invoiced.PlanCode
	if line.Plan.Code != "" {
		code = line.Plan.Code
	}
	p, err := j.Plan(code)
	if errors.Is(err, ErrPlanGone) && o.Kind == TopUp {
		if p, err = j.Plan(baseCode(code)); err == nil {
			p.Slug, p.Name = "", ""
		}
	}
	switch {
	case err != nil:
		if p = line.Plan; p.Data == 0 {
			p.Data, p.Days = line.Total, max(1, line.Days)
		}
	case line.Plan.Data > 0 && line.Plan.Days > 0: // the vendor may sell something else under that code
		p.Data, p.Days = line.Plan.Data, line.Plan.Days
	}
	p.Code = code
	if p.Kind == 0 {
		p.Kind = TotalVolume
	}
	units := o.Quantity
	if p.DayPass() {
		if o.Days == 0 {
			o.Days = max(1, line.Days)
		}
		units *= o.Days
	} else {
		o.Days = 0
	}
	if err != nil {
		rec.CostGuessed = true
		p.Wholesale = USDTenThousandths(mulDivCeil(o.Retail.fine().Minor, 10_000, 10_000+j.Pricing.MarkupBP) / int64(units))
	}
	o.Plan, o.Wholesale = p.Snapshot(), p.Wholesale.Times(units)
}

// retail is what an amount of Stars is worth.
func (j *join) retail(stars Money) Money {
	return USDTenThousandths(stars.Minor * j.Pricing.StarValue.Minor).Cents()
}

// CreditFound is store credit that a recovered order was paid with in part, as far as the books have
// less of it (USD): what its customer had before nobody knows, but this they had.
// The store calls it inside its transaction.
func (rec *RecoveredOrder) CreditFound(credit Money) []Transaction {
	o := &rec.Order
	for _, p := range rec.Payments {
		if p.Method == creditMethod() && p.paysDebt() { // what it was owed for the two lists do not say
			t := GrantTransaction("recovered:"+string(o.ID), o.Customer, p.Amount, "recovered: it paid what was owed")
			t.Owing = true
			return []Transaction{t}
		}
		if missing := p.Amount.Minor - credit.Minor; p.Method == creditMethod() && missing > 0 {
			return []Transaction{GrantTransaction("recovered:"+string(o.ID), o.Customer, USDCents(missing), "recovered: it paid a part of an order")}
		}
	}
	return nil
}
