package storage

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"esimbot/esim"
)

const (
	ann esim.CustomerID = 42
	bob esim.CustomerID = 43
)

// meet makes a customer known.
func meet(t testing.TB, db *DB, id esim.CustomerID) {
	t.Helper()
	_, _, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: id, Chat: int64(id), Language: "en", Name: fmt.Sprint("person ", id)})
	must(t, err)
}

var japan = esim.Plan{
	Code: "PJP1", Slug: "JP_1_7", Name: "Japan 1GB 7Days", Location: "JP", Places: []string{"JP"}, Wholesale: esim.USDTenThousandths(8_000),
	Data: 1 << 30, Kind: esim.TotalVolume, Days: 7, UnusedDays: 180, ValidityStart: esim.ValidFromFirstUse, TopUp: esim.TopUpVolume, SMS: esim.SMSFromAPI,
	BreakoutCountries: []string{"SG"}, ThrottledSpeed: "384 Kbps", Generations: "4G/5G",
}

// order is an order of a customer that waits for its payment of 100 Stars.
func order(id esim.OrderID, customer esim.CustomerID, quantity int) esim.Order {
	return esim.Order{
		ID: id, Customer: customer, Kind: esim.Purchase, Plan: japan, Quantity: quantity, IdempotencyKey: "eb-" + string(id),
		Wholesale: esim.USDTenThousandths(8_000).Times(quantity), Retail: esim.USDCents(130).Times(quantity), Price: esim.Stars(100).Times(quantity),
		Method: esim.MethodStars, State: esim.StateAwaitingPayment, Created: noon, Changed: noon, NextAt: noon,
	}
}

func add(t testing.TB, db *DB, o esim.Order) esim.Order {
	t.Helper()
	get(db.AddOrder(t.Context(), o, "", nil))(t)
	return o
}

func payment(id string, o esim.Order) esim.Payment {
	return esim.Payment{ID: id, Order: o.ID, Customer: o.Customer, Amount: o.Price, Method: o.Method, At: noon}
}

// paid adds an order and its payment.
func paid(t testing.TB, db *DB, id esim.OrderID, customer esim.CustomerID, quantity int) esim.Order {
	t.Helper()
	o := add(t, db, order(id, customer, quantity))
	o, b, err := db.BookPayment(t.Context(), payment("charge-"+string(id), o), nil, nil)
	must(t, err)
	if b != esim.PaymentBooked {
		t.Fatalf("booking is %v", b)
	}
	return o
}

func move(t testing.TB, db *DB, id esim.OrderID, states ...esim.State) {
	t.Helper()
	for i := range states[1:] {
		o := get(db.Order(t.Context(), id))(t)
		o.State = states[i]
		must(t, db.ApplyTransition(t.Context(), o.TransitionTo(states[i+1], "test", db.now())))
	}
}

func state(t testing.TB, db *DB, id esim.OrderID) esim.State {
	t.Helper()
	return get(db.Order(t.Context(), id))(t).State
}

// allocated walks an order to its eSIMs, whose QR messages are in the outbox.
func allocated(t testing.TB, db *DB, id esim.OrderID, customer esim.CustomerID, quantity int) []esim.ESIM {
	t.Helper()
	o := paid(t, db, id, customer, quantity)
	move(t, db, id, esim.StatePaid, esim.StateOrdering, esim.StateAllocating)
	var esims []esim.ESIM
	var notifications []esim.Notification
	for i := range quantity {
		e := esim.ESIM{
			Profile: esim.Profile{
				ID: esim.ESIMID(fmt.Sprintf("T-%s-%d", id, i+1)), VendorOrder: "B1", IdempotencyKey: o.IdempotencyKey, ICCID: "8943108170000000001", ActivationCode: "LPA:1$smdp.example$ABC",
				SMDPStatus: esim.SMDPReleased, Status: esim.ProfileGotResource, Total: 1 << 30, Days: 7, APN: "plus", PIN: "1", PUK: "2",
			},
			Customer: customer, Buyer: customer, Order: id, Index: i + 1, Plan: o.Plan, Created: noon,
		}
		esims = append(esims, e)
		notifications = append(notifications, esim.Notification{Kind: esim.NotifyQR, Key: string("qr:" + e.ID), Customer: customer, Order: id, ESIM: e.ID})
	}
	notifications = append(notifications, esim.Notification{Kind: esim.StaffSale, Key: "sale:" + string(id), Order: id})
	must(t, db.Allocate(t.Context(), whole(id, esims, notifications)))
	return esims
}

// whole is an allocation of all eSIMs of an order.
func whole(id esim.OrderID, esims []esim.ESIM, notifications []esim.Notification) esim.Allocation {
	return esim.Allocation{Order: esim.Order{ID: id, Allocated: true}, ESIMs: esims, Notifications: notifications}
}

func TestOrderComesBackAsItWas(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := order("ORDER001", ann, 2)
	o.Days, o.VendorOrder, o.Reason, o.Attempts, o.OutcomeUnknown, o.OutcomeUnknownAt, o.StaffTold = 3, "B9", "why", 4, true, noon.Add(time.Second), true
	o.PaidAt, o.Allocated, o.State, o.Plan.Kind = noon.Add(time.Minute), true, esim.StateAllocating, esim.DailyThrottled
	o.Plan.Coverage = []esim.Coverage{{Place: "JP", Name: "Japan", Networks: []esim.MobileNetwork{{Name: "SoftBank", Generation: "5G"}}}}
	o.Plan.Description, o.ESIM, o.CancellingESIM, o.Returned, o.Missing = "text", "T1", "T2", 1, 2
	o.Credit = esim.USDCents(100)
	o.Phone = esim.Phone{Family: "iphone", EID: "yes", Unlocked: "no"}
	o.Phone = esim.Phone{Family: esim.FamilySamsung, EID: esim.AnswerYes, Unlocked: esim.AnswerUnsure}
	o.Replaces, o.SwapWorth, o.SwapDone, o.SwappedFor = "T3", esim.USDCents(40), true, "ORDER009"
	o.Promo, o.Discount = "SUMMER", esim.USDCents(50)
	o.AmountBack, o.Gift = esim.USDCents(30), true
	o.Consent, o.Consented = "1 en", noon.Add(time.Second)
	o.EmergencyTopUp = true
	must(t, db.AddPromo(t.Context(), esim.Promo{Code: o.Promo, Percent: 20}, esim.AuditEntry{Who: 1, What: "promo"}))
	must(t, db.Grant(t.Context(), esim.GrantTransaction("1", ann, o.Credit, "test"), esim.AuditEntry{Who: 1, What: "credit"}, nil))
	noZero(t, reflect.ValueOf(o), "Order")
	add(t, db, o)
	if got := get(db.Order(t.Context(), o.ID))(t); !reflect.DeepEqual(got, o) {
		t.Errorf("got  %#v\nwant %#v", got, o)
	}
	if _, err := db.AddOrder(t.Context(), o, "", nil); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same id again: %v", err)
	}
	owing := order("ORDER003", ann, 1)
	owing.Credit = esim.USDCents(-70) // what it pays of a debt
	add(t, db, owing)
	if got := get(db.Order(t.Context(), owing.ID))(t); got.Credit != owing.Credit {
		t.Errorf("%s of a debt came back as %s", owing.Credit, got.Credit)
	}
	o.ID = "ORDER002"
	if _, err := db.AddOrder(t.Context(), o, "", nil); err == nil || errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same vendor key again: %v", err)
	}
}

// noZero fails if a field is not set, so that a field new in the domain is not
// forgotten here.
func noZero(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("%s is not set by this test", name)
	}
	if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() {
		for i := range v.NumField() {
			noZero(t, v.Field(i), name+"."+v.Type().Field(i).Name)
		}
	}
}

func TestESIMComesBackAsItWas(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	move(t, db, o.ID, esim.StatePaid, esim.StateOrdering, esim.StateAllocating)
	plan := japan
	plan.Coverage = []esim.Coverage{{Place: "JP", Name: "Japan", Networks: []esim.MobileNetwork{{Name: "SoftBank", Generation: "5G"}}}}
	plan.Description = "text"
	e := esim.ESIM{
		Profile: esim.Profile{
			ID: "T1", VendorOrder: "B1", IdempotencyKey: "eb-1", ICCID: "8943108170000000001", ActivationCode: "LPA:1$smdp.example$ABC", SMDPStatus: esim.SMDPEnabled,
			Status: esim.ProfileInUse, EID: "89049032", Total: 5 << 30, Used: 1 << 30, Days: 7, Activated: noon, Expires: noon.Add(7 * 24 * time.Hour),
			APN: "plus", PIN: "1234", PUK: "5678",
		},
		Customer: ann, Buyer: ann, Order: o.ID, Index: 1, Plan: plan, UsageAt: noon, Epoch: 1, Created: noon, Asked: noon, Returned: true,
		Trip: esim.Trip{Day: noon.AddDate(0, 1, 0), Days: 10}, Name: "Mum", Alerts: "data50,own",
		Downloaded: noon,
	}
	noZero(t, reflect.ValueOf(e), "ESIM")
	must(t, db.Allocate(t.Context(), whole(o.ID, []esim.ESIM{e}, nil)))
	if got := get(db.ESIMOf(t.Context(), ann, "T1"))(t); !reflect.DeepEqual(got, e) {
		t.Errorf("got  %#v\nwant %#v", got, e)
	}
	if got := get(db.Order(t.Context(), o.ID))(t); !got.Allocated {
		t.Error("the order is not marked as allocated")
	}
	if err := db.Allocate(t.Context(), whole(o.ID, []esim.ESIM{e}, nil)); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("allocated twice: %v", err)
	}
}

func TestOfSixteenMoversOneWins(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			m := o.TransitionTo(esim.StateOrdering, "race", noon)
			m.Notifications = []esim.Notification{esim.NewProgress(ann, o.ID, fmt.Sprint("race:", i))}
			err := db.ApplyTransition(t.Context(), m)
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, esim.ErrConflict):
				lost.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || lost.Load() != 15 {
		t.Errorf("%d won, %d lost", won.Load(), lost.Load())
	}
	if n := number(t, db, `SELECT count(*) FROM order_events WHERE became = 'ordering'`); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := number(t, db, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d notices: those of losers were not taken back", n)
	}
}

func TestMoveOrder(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	o := paid(t, db, "ORDER001", ann, 1)
	if err := db.ApplyTransition(t.Context(), esim.Transition{Order: o.ID, From: esim.StatePaid, To: esim.StateDelivered}); err == nil || errors.Is(err, esim.ErrConflict) {
		t.Errorf("a move that the table of states does not have: %v", err)
	}
	move(t, db, o.ID, esim.StatePaid, esim.StateOrdering)
	o = get(db.Order(t.Context(), o.ID))(t)
	o.Attempts, o.OutcomeUnknown, o.OutcomeUnknownAt, o.StaffTold, o.Reason, o.NextAt = 3, true, noon, true, "no answer", noon.Add(time.Minute)
	o.Wholesale = esim.USDTenThousandths(9_000)
	must(t, db.NoteWork(t.Context(), o, []esim.Notification{{Kind: esim.StaffLate, Key: "late", Order: o.ID}}))
	if got := get(db.Order(t.Context(), o.ID))(t); !reflect.DeepEqual(got, o) {
		t.Errorf("after NoteWork %#v, want %#v", got, o)
	}
	stale := o
	stale.State = esim.StatePaid
	if err := db.NoteWork(t.Context(), stale, []esim.Notification{{Kind: esim.StaffLate, Key: "stale"}}); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("work noted on a state that is over: %v", err)
	}
	c.move(time.Hour)
	m := o.TransitionTo(esim.StateAllocating, "accepted", noon.Add(2*time.Hour))
	m.VendorOrder = "B7"
	must(t, db.ApplyTransition(t.Context(), m))
	want := o
	want.State, want.Reason, want.Attempts, want.OutcomeUnknown, want.VendorOrder = esim.StateAllocating, "accepted", 0, false, "B7"
	want.Changed, want.NextAt = noon.Add(time.Hour), noon.Add(2*time.Hour)
	if got := get(db.Order(t.Context(), o.ID))(t); !reflect.DeepEqual(got, want) {
		t.Errorf("after MoveOrder %#v, want %#v", got, want)
	}
	var path []esim.State
	for _, e := range get(db.OrderEvents(t.Context(), o.ID))(t) {
		path = append(path, e.To)
	}
	if want := []esim.State{esim.StateAwaitingPayment, esim.StatePaid, esim.StateOrdering, esim.StateAllocating}; !reflect.DeepEqual(path, want) {
		t.Errorf("events %v, want %v", path, want)
	}
}

func TestOrdersDue(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	paid(t, db, "DUE00001", ann, 1)
	later := paid(t, db, "LATER001", ann, 1)
	later.NextAt = noon.Add(time.Minute)
	must(t, db.NoteWork(t.Context(), later, nil))
	allocated(t, db, "STORED01", ann, 1)
	add(t, db, order("UNPAID01", ann, 1))

	due, next, err := db.OrdersDue(t.Context(), []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating}, noon, 10)
	must(t, err)
	if len(due) != 1 || due[0].ID != "DUE00001" || next != noon.Add(time.Minute) {
		t.Errorf("due %v, next %v", due, next)
	}
	due, next, err = db.OrdersDue(t.Context(), []esim.State{esim.StatePaid}, noon.Add(time.Minute), 10)
	must(t, err)
	if len(due) != 2 || !next.IsZero() {
		t.Errorf("a minute later: %d due, next %v", len(due), next)
	}
}

func TestExpireOrders(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	for i := range expireChunk + 1 {
		add(t, db, order(esim.OrderID(fmt.Sprintf("OLD%05d", i)), ann, 1))
	}
	fresh := order("FRESH001", ann, 1)
	fresh.NextAt = noon.Add(time.Hour)
	add(t, db, fresh)
	c.move(2 * time.Hour)
	n := get(db.ExpireOrders(t.Context(), noon.Add(time.Minute)))(t)
	if n != expireChunk+1 || state(t, db, "OLD00007") != esim.StateExpired || state(t, db, "FRESH001") != esim.StateAwaitingPayment {
		t.Errorf("%d expired; fresh one is %s", n, state(t, db, "FRESH001"))
	}
	if _, b, err := db.BookPayment(t.Context(), payment("late", order("OLD00007", ann, 1)), nil, nil); err != nil || b != esim.PaymentBooked {
		t.Errorf("paid at the last second: %v, %v", b, err)
	}
}

func TestOthersOrdersAndESIMsAreNotFound(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	meet(t, db, bob)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	get(db.OrderOf(t.Context(), ann, "ORDER001"))(t)
	get(db.ESIMOf(t.Context(), ann, e.ID))(t)
	if _, err := db.OrderOf(t.Context(), bob, "ORDER001"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody else's order: %v", err)
	}
	if _, err := db.ESIMOf(t.Context(), bob, e.ID); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody else's eSIM: %v", err)
	}
	if all := get(db.OrdersOf(t.Context(), bob, 10))(t); len(all) != 0 {
		t.Errorf("%d orders of bob", len(all))
	}
	if all := get(db.ESIMsOf(t.Context(), bob))(t); len(all) != 0 {
		t.Errorf("%d eSIMs of bob", len(all))
	}
	if _, err := db.Order(t.Context(), "NOORDER1"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("an order that does not exist: %v", err)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	for i := range 5 {
		o := order(esim.OrderID(fmt.Sprintf("ORDER%03d", i)), ann, 1)
		o.Created = noon.Add(time.Duration(i) * time.Minute)
		add(t, db, o)
	}
	get2 := func(o esim.Order, b esim.PaymentResult, err error) { must(t, err) }
	get2(db.BookPayment(t.Context(), payment("c1", order("ORDER001", ann, 1)), nil, nil))
	get2(db.BookPayment(t.Context(), payment("c3", order("ORDER003", ann, 1)), nil, nil))
	move(t, db, "ORDER003", esim.StatePaid, esim.StateRefunding)
	ids := func(all []esim.Order) (ids []esim.OrderID) {
		for _, o := range all {
			ids = append(ids, o.ID)
		}
		return ids
	}
	for _, tt := range []struct {
		name string
		got  []esim.Order
		want []esim.OrderID
	}{
		{"of a person", get(db.OrdersOf(t.Context(), ann, 2))(t), []esim.OrderID{"ORDER004", "ORDER003"}},
		{"recent", get(db.RecentOrders(t.Context(), nil, 2))(t), []esim.OrderID{"ORDER004", "ORDER003"}},
		{"in states", get(db.RecentOrders(t.Context(), []esim.State{esim.StatePaid, esim.StateRefunding}, 9))(t), []esim.OrderID{"ORDER003", "ORDER001"}},
		{"in states, cut", get(db.RecentOrders(t.Context(), []esim.State{esim.StatePaid, esim.StateAwaitingPayment}, 1))(t), []esim.OrderID{"ORDER004"}},
	} {
		if got := ids(tt.got); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	counts := get(db.CountOrders(t.Context(), noon.Add(time.Minute)))(t)
	if want := map[esim.State]int{esim.StateAwaitingPayment: 2, esim.StatePaid: 1, esim.StateRefunding: 1}; !reflect.DeepEqual(counts, want) {
		t.Errorf("counts %v, want %v", counts, want)
	}
	n, revenue, cost, err := db.SalesSince(t.Context(), noon)
	must(t, err)
	if n != 1 || !reflect.DeepEqual(revenue, []esim.Money{esim.Stars(100)}) || cost != esim.USDTenThousandths(8_000) {
		t.Errorf("sales %d %v %v: a refund is no sale", n, revenue, cost)
	}
	if n, _, _, err := db.SalesSince(t.Context(), noon.Add(time.Second)); err != nil || n != 0 {
		t.Errorf("sales later: %d, %v", n, err)
	}
	if n := get(db.OpenOrders(t.Context()))(t); n != 2 {
		t.Errorf("%d open orders, want the paid and the one in refund", n)
	}
	if m := get(db.OpenCost(t.Context()))(t); m != esim.USDTenThousandths(8_000) {
		t.Errorf("committed %v", m)
	}
	move(t, db, "ORDER001", esim.StatePaid, esim.StateOrdering)
	m := get(db.Order(t.Context(), "ORDER001"))(t).TransitionTo(esim.StateAllocating, "accepted", db.now())
	m.VendorOrder = "B1"
	must(t, db.ApplyTransition(t.Context(), m))
	if m := get(db.OpenCost(t.Context()))(t); m != esim.USDTenThousandths(0) {
		t.Errorf("committed %v after the vendor accepted", m)
	}
}
