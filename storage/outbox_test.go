package storage

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"esimbot/esim"
)

func dueKeys(t testing.TB, db *DB, now time.Time) []string {
	t.Helper()
	items, _, err := db.DueMessages(t.Context(), now, 100)
	must(t, err)
	var keys []string
	for _, i := range items {
		keys = append(keys, i.Key)
	}
	return keys
}

// owe puts messages to somebody into the outbox, all about one order.
func owe(t testing.TB, db *DB, customer esim.CustomerID, keys ...string) {
	t.Helper()
	for _, k := range keys {
		must(t, db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.NotifyAlert, Key: k, Customer: customer, Order: "A"}}))
	}
}

func idOf(t testing.TB, db *DB, key string) int64 {
	t.Helper()
	return int64(number(t, db, `SELECT id FROM outbox WHERE key = ?`, key))
}

func wantKeys(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%s: due %v, want %v", what, got, want)
	}
}

func TestNotificationComesBackAsItWas(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	n := esim.Notification{
		Kind: esim.NotifyAlert, Key: "k", Customer: ann, Order: "ORDER001", ESIM: "T1", Alert: esim.AlertData10, Amount: esim.Stars(5), Note: "why",
	}
	noZero(t, reflect.ValueOf(n), "Notification")
	must(t, db.AddNotifications(t.Context(), []esim.Notification{n, n}))
	items, next, err := db.DueMessages(t.Context(), noon, 10)
	must(t, err)
	if want := []esim.OutboxMessage{{ID: 1, Notification: n, Created: noon}}; !reflect.DeepEqual(items, want) || !next.IsZero() {
		t.Errorf("got %+v, %v; want %+v", items, next, want)
	}
	n.Key = ""
	must(t, db.AddNotifications(t.Context(), []esim.Notification{n, n}))
	if w, _, err := db.OutboxSize(t.Context()); err != nil || w != 3 {
		t.Errorf("%d waiting (%v): notices without a key are always new", w, err)
	}
}

func TestMessagesOfAPersonComeInOrder(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	owe(t, db, ann, "ann1", "ann2")
	owe(t, db, bob, "bob1")
	owe(t, db, 0, "staff1", "staff2")
	owe(t, db, ann, "ann3")
	wantKeys(t, "all", dueKeys(t, db, noon), "ann1", "ann2", "bob1", "ann3", "staff1", "staff2")

	must(t, db.RescheduleMessage(t.Context(), idOf(t, db, "ann2"), noon.Add(time.Minute), "429"))
	must(t, db.RescheduleMessage(t.Context(), idOf(t, db, "staff1"), noon.Add(time.Hour), "429"))
	wantKeys(t, "one waits", dueKeys(t, db, noon), "ann1", "bob1")
	if _, next, err := db.DueMessages(t.Context(), noon, 100); err != nil || next != noon.Add(time.Minute) {
		t.Errorf("next is due at %v, %v", next, err)
	}
	if items, next, err := db.DueMessages(t.Context(), noon, 1); err != nil || len(items) != 1 || next != noon {
		t.Errorf("with more than the limit due the next is due now, not at %v (%v)", next, err)
	}
	must(t, db.MarkMessageSent(t.Context(), idOf(t, db, "ann1")))
	must(t, db.MarkMessageSent(t.Context(), idOf(t, db, "bob1")))
	items, next, err := db.DueMessages(t.Context(), noon.Add(time.Minute), 100)
	must(t, err)
	if len(items) != 2 || items[0].Key != "ann2" || items[0].Attempts != 1 || items[1].Key != "ann3" || next != noon.Add(time.Hour) {
		t.Errorf("a minute later: %+v, next %v", items, next)
	}
	must(t, db.DiscardMessage(t.Context(), idOf(t, db, "ann2"), "refused"))
	must(t, db.DiscardMessage(t.Context(), idOf(t, db, "staff1"), "refused"))
	wantKeys(t, "given up", dueKeys(t, db, noon), "ann3", "staff2")
	waiting, dead, err := db.OutboxSize(t.Context())
	must(t, err)
	if waiting != 2 || dead != 2 {
		t.Errorf("%d waiting, %d dead", waiting, dead)
	}
}

func TestMessagesWaitForWhoCannotBeReached(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	meet(t, db, ann)
	owe(t, db, ann, "ann1", "ann2")
	owe(t, db, 99, "stranger") // paid without ever having been met
	must(t, db.RescheduleMessage(t.Context(), idOf(t, db, "ann2"), noon.Add(time.Hour), "429"))
	must(t, db.SetUnreachable(t.Context(), ann))
	must(t, db.SetUnreachable(t.Context(), 99))
	owe(t, db, ann, "ann3")
	wantKeys(t, "away", dueKeys(t, db, noon.Add(2*time.Hour)), "stranger")
	if p := get(db.Customer(t.Context(), ann))(t); !p.Unreachable {
		t.Error("the person counts as reachable")
	}
	if w, _, err := db.OutboxSize(t.Context()); err != nil || w != 1 {
		t.Errorf("%d wait to be sent, %v", w, err)
	}
	c.move(time.Minute)
	p, fresh, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: ann})
	must(t, err)
	if p.Unreachable || fresh {
		t.Errorf("back: %+v, new %v", p, fresh)
	}
	wantKeys(t, "back", dueKeys(t, db, noon.Add(time.Minute)), "ann1", "ann2", "stranger", "ann3")
}

func TestOrderIsDeliveredWithItsLastQR(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	meet(t, db, bob)
	esims := allocated(t, db, "ORDER001", ann, 3)
	allocated(t, db, "ORDER002", bob, 1)
	sent := func(key string) {
		t.Helper()
		must(t, db.MarkMessageSent(t.Context(), idOf(t, db, key)))
	}
	sent("sale:ORDER001")
	sent(string("qr:" + esims[0].ID))
	must(t, db.DiscardMessage(t.Context(), idOf(t, db, "qr:"+string(esims[1].ID)), "refused"))
	sent(string("qr:" + esims[2].ID))
	if s := state(t, db, "ORDER001"); s != esim.StateAllocating {
		t.Errorf("the order is %s while a QR message was given up", s)
	}
	sent(string("qr:" + esims[1].ID))
	if s := state(t, db, "ORDER001"); s != esim.StateDelivered {
		t.Errorf("the order is %s after its last QR message", s)
	}
	sent(string("qr:" + esims[1].ID)) // told of twice
	events := get(db.OrderEvents(t.Context(), "ORDER001"))(t)
	if last := events[len(events)-1]; last.To != esim.StateDelivered || len(events) != 5 {
		t.Errorf("%d events, the last %+v", len(events), last)
	}
	if s := state(t, db, "ORDER002"); s != esim.StateAllocating {
		t.Errorf("the other order is %s", s)
	}
	if err := db.MarkMessageSent(t.Context(), 999); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("a message that does not exist: %v", err)
	}
}

// An order that needed a human may come back to StateAllocating after its messages were
// accepted: nobody would send another.
func TestOrderBackInAllocatingIsDelivered(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	move(t, db, "ORDER001", esim.StateAllocating, esim.StateNeedsHuman)
	must(t, db.MarkMessageSent(t.Context(), idOf(t, db, "qr:"+string(e.ID))))
	if s := state(t, db, "ORDER001"); s != esim.StateNeedsHuman {
		t.Fatalf("the order is %s", s)
	}
	move(t, db, "ORDER001", esim.StateNeedsHuman, esim.StateAllocating)
	if s := state(t, db, "ORDER001"); s != esim.StateDelivered {
		t.Errorf("the order is %s, want delivered", s)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	db, c := open(t)
	said := esim.Customer{ID: ann, Chat: 42, Language: "en", Name: "Ann"}
	p, fresh, err := db.UpsertCustomer(t.Context(), said)
	must(t, err)
	want := said
	want.Created, want.Seen = noon, noon
	if p != want || !fresh {
		t.Errorf("met %+v, new %v", p, fresh)
	}
	c.move(time.Hour)
	want.Seen = noon.Add(time.Hour)
	steps := []struct {
		name string
		say  esim.Customer
		want func(*esim.Customer)
	}{
		{"nothing new", said, func(*esim.Customer) {}},
		{"another name and chat", esim.Customer{ID: ann, Chat: 43, Name: "Anna"}, func(p *esim.Customer) { p.Chat, p.Name = 43, "Anna" }},
		{"the messenger's language moves", esim.Customer{ID: ann, Language: "ru"}, func(p *esim.Customer) { p.Language = "ru" }},
	}
	for _, s := range steps {
		s.want(&want)
		p, fresh, err := db.UpsertCustomer(t.Context(), s.say)
		must(t, err)
		if p != want || fresh {
			t.Errorf("%s: %+v, new %v, want %+v", s.name, p, fresh, want)
		}
		if p := get(db.Customer(t.Context(), ann))(t); p != want {
			t.Errorf("%s: stored %+v, want %+v", s.name, p, want)
		}
	}
	must(t, db.SetLanguage(t.Context(), ann, "ja"))
	want.Language, want.LanguageChosen = "ja", true
	if p, _, err := db.UpsertCustomer(t.Context(), said); err != nil || p.Language != "ja" || !p.LanguageChosen {
		t.Errorf("a chosen language stays: %+v, %v", p, err)
	}
	if err := db.SetLanguage(t.Context(), bob, "ja"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("language of a stranger: %v", err)
	}
	if _, err := db.Customer(t.Context(), bob); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestSmallThings(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	o := add(t, db, order("ORDER001", ann, 1))
	if _, _, err := db.ProgressMessage(t.Context(), o.ID); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("no message yet: %v", err)
	}
	for m := range 2 {
		must(t, db.SetProgressMessage(t.Context(), o.ID, 42, m))
		if chat, message, err := db.ProgressMessage(t.Context(), o.ID); err != nil || chat != 42 || message != m {
			t.Errorf("message %d in chat %d, %v", message, chat, err)
		}
	}
	if _, err := db.Setting(t.Context(), "admin_chat"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("a setting never set: %v", err)
	}
	for _, v := range []string{"-1", "-2"} {
		must(t, db.SetSetting(t.Context(), "admin_chat", v))
		if got := get(db.Setting(t.Context(), "admin_chat"))(t); got != v {
			t.Errorf("setting is %q, want %q", got, v)
		}
	}
}

func TestPlansComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	if _, _, err := db.LoadPlans(t.Context()); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("none saved: %v", err)
	}
	if err := db.PlansUnchanged(t.Context(), noon); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("none saved, and the same: %v", err)
	}
	plan := japan
	plan.Description = "text"
	plan.Coverage = []esim.Coverage{
		{Place: "JP", Name: "Japan", Networks: []esim.MobileNetwork{{Name: "SoftBank", Generation: "5G"}, {Name: "au"}}}, {Name: "Nowhere"},
	}
	noZero(t, reflect.ValueOf(plan), "Plan")
	var plans []esim.Plan
	for i := range 3000 {
		plan.Code = fmt.Sprint("P", i)
		plans = append(plans, plan)
	}
	for _, n := range []int{1, 3000} {
		must(t, db.SavePlans(t.Context(), plans[:n], noon.Add(time.Duration(n))))
		got, at, err := db.LoadPlans(t.Context())
		must(t, err)
		if !reflect.DeepEqual(got, plans[:n]) || at != noon {
			t.Errorf("%d plans of %v came back, or differ", len(got), at)
		}
	}
	must(t, db.PlansUnchanged(t.Context(), noon.Add(time.Hour)))
	if got, at, err := db.LoadPlans(t.Context()); err != nil || len(got) != 3000 || !at.Equal(noon.Add(time.Hour)) {
		t.Errorf("fetched again: %d plans of %v, %v", len(got), at, err)
	}
	if n := number(t, db, `SELECT length(plans) FROM catalog`); n > 100_000 {
		t.Errorf("3000 plans take %d bytes", n)
	}
}

// TestACrowdHidesNobody: two hundred messages for the group and as many alerts for one customer, and
// the eSIM that was paid for last of all is among those to be sent now.
func TestACrowdHidesNobody(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	meet(t, db, bob)
	for i := range 200 {
		owe(t, db, 0, fmt.Sprintf("staff%d", i))
		owe(t, db, ann, fmt.Sprintf("ann%d", i))
	}
	allocated(t, db, "ORDER009", bob, 1)
	items, next, err := db.DueMessages(t.Context(), noon, 20)
	must(t, err)
	counts := map[esim.CustomerID]int{}
	for _, i := range items {
		counts[i.Customer]++
	}
	if items[0].Kind != esim.NotifyQR || counts[bob] == 0 || counts[ann] == 0 || counts[0] == 0 || next != noon {
		t.Errorf("first %+v; of whom: %v; next %v", items[0], counts, next)
	}
}

// TestOneOrdersTroubleIsItsOwn: a message that waits for its next try holds back the later ones of
// its order, and nothing of the same customer's other orders.
func TestOneOrdersTroubleIsItsOwn(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	for _, m := range []struct {
		key   string
		order esim.OrderID
	}{{"a1", "A"}, {"a2", "A"}, {"b1", "B"}, {"b2", "B"}} {
		must(t, db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.NotifyAlert, Key: m.key, Customer: ann, Order: m.order}}))
	}
	must(t, db.RescheduleMessage(t.Context(), idOf(t, db, "a1"), noon.Add(time.Hour), "poison"))
	wantKeys(t, "one order waits", dueKeys(t, db, noon), "b1", "b2")
}

// What is about no order waits for nothing: one notice for the group that fails kept back all others of
// that kind, the daily reminder among them.
func TestWhatIsAboutNoOrderWaitsForNothing(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	for _, key := range []string{"a", "b"} {
		must(t, db.AddNotifications(t.Context(), []esim.Notification{
			{Kind: esim.StaffDeposit, Key: "staff " + key}, {Kind: esim.NotifyGranted, Key: key, Customer: ann},
		}))
	}
	for _, key := range []string{"a", "staff a"} {
		must(t, db.RescheduleMessage(t.Context(), idOf(t, db, key), noon.Add(time.Hour), "poison"))
	}
	wantKeys(t, "the others", dueKeys(t, db, noon), "b", "staff b")
}

// Staff read of a message that cannot be sent as long as it waits, and no longer.
func TestMessagesThatCannotBeSentAreListed(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	list := func() (keys []string) {
		for _, m := range get(db.StuckMessages(t.Context(), 10))(t) {
			keys = append(keys, m.Key)
		}
		return keys
	}
	for _, key := range []string{"fine", "stuck", "refused", "given up"} {
		must(t, db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.NotifyAlert, Key: key, Customer: ann}}))
	}
	stuck, refused, gone := idOf(t, db, "stuck"), idOf(t, db, "refused"), idOf(t, db, "given up")
	must(t, db.AddNotifications(t.Context(), []esim.Notification{
		esim.NewStaffStuckMessage(esim.OutboxMessage{ID: stuck}, "why"), esim.NewStaffRefused(refused, "", "why"), esim.NewStaffRefused(gone, "", "why"),
	}))
	must(t, db.DiscardMessage(t.Context(), gone, "why"))
	wantKeys(t, "cannot be sent", list(), "stuck", "refused")
	must(t, db.MarkMessageSent(t.Context(), stuck))
	wantKeys(t, "cannot be sent", list(), "refused")
}
