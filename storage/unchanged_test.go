package storage

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

// What is kept out of memory reads these tables, by SQLite's own word. A name that is missing here is an answer that
// stays though what it was read from was changed.
func TestTablesThatQueriesRead(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	states := jsonList(openStates)
	for _, tt := range []struct {
		query string
		args  []any
		want  string
	}{
		{firstOrder, []any{states}, "orders"},
		{firstUnpaid, nil, "orders"},
		{firstMessage, nil, "outbox"},
		{firstRefund, nil, "payments"},
		{firstEnding, nil, "esims"},
		{broadcastSending, nil, "broadcasts"},
		{expiredInvoices, []any{9}, "invoice_messages orders"},
		{stuckMessages, []any{9}, "outbox"},
		{unusedOfNobody, nil, "esims orders"},
		{starsAtStake, []any{"stars", states, "GOT_RESOURCE"}, "esims orders payments"},
		{allLedgerFaults, nil, "ledger order_events orders payments"},
	} {
		got, err := db.tablesOf(t.Context(), tt.query, tt.args)
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s reads %v (%v), not %s", tt.query, got, err, tt.want)
		}
	}
}

var errTakenBack = errors.New("taken back")

// A row that is written, changed or taken away, also along a key of another table or with all others of its table, counts as a
// change of its table; what is taken back does too, since nobody knows; a read does not.
func TestChangesAreKnownByTable(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	changed := func(do func(*tx) error) []string {
		t.Helper()
		before := db.changes.count
		if err := db.write(t.Context(), do); err != nil && !errors.Is(err, errTakenBack) {
			t.Error(err)
		}
		var tables []string
		for table, last := range db.changes.last {
			if last > before {
				tables = append(tables, table)
			}
		}
		slices.Sort(tables)
		return tables
	}
	does := func(queries ...string) func(*tx) error {
		return func(t *tx) error {
			for _, q := range queries {
				if _, err := t.exec(q); err != nil {
					return err
				}
			}
			return nil
		}
	}
	get(db.AddOrder(t.Context(), order("A", ann, 1), "", nil))(t)
	for _, tt := range []struct {
		name string
		do   func(*tx) error
		want []string
	}{
		{"a read", func(t *tx) error { _, err := one(t, scanOrder, selectOrder, "A"); return err }, nil},
		{"nothing changed", does(`UPDATE orders SET next_at = 1 WHERE id = 'none'`), nil},
		{"a row changed", does(`UPDATE orders SET next_at = 1`), []string{"orders"}},
		{"two tables", does(`INSERT INTO settings (key, value) VALUES ('a', 'b')`, `UPDATE orders SET next_at = 2`), []string{"orders", "settings"}},
		{"all rows taken away", does(`DELETE FROM settings`), []string{"settings"}},
		{"by a key of another table", does(
			`INSERT INTO threads (id, person, esim, findings, opened, spoken, said, answered, closed_by, head_chat, head) VALUES (7, 42, '', '', 1, 1, 0, 0, '', 0, 0)`,
			`INSERT INTO thread_heads (thread, chat, message) VALUES (7, 1, 1)`), []string{"thread_heads", "threads"}},
		{"away with it", does(`DELETE FROM threads WHERE id = 7`), []string{"thread_heads", "threads"}},
	} {
		if got := changed(tt.do); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v changed, not %v", tt.name, got, tt.want)
		}
	}
	if got := changed(func(t *tx) error { return errors.Join(does(`UPDATE orders SET next_at = 3`)(t), errTakenBack) }); got != nil {
		t.Errorf("what was taken back alone changed %v", got)
	}
}

// A queue in which nothing was due is read again once something is put in it, once its time has come, and now and then
// for who writes into the file from elsewhere.
func TestAnEmptyQueueIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	db, clock := open(t)
	reads := 0
	db.beforeRead = func() error { reads++; return nil }
	due := func() int {
		t.Helper()
		messages, _, err := db.DueMessages(t.Context(), clock.now(), 9)
		must(t, err)
		return len(messages)
	}
	due()
	first := reads
	for range trustedTimes {
		due()
	}
	if reads != first {
		t.Errorf("a queue in which nothing changed was read %d times", reads-first)
	}
	must(t, db.AddNotifications(t.Context(), []esim.Notification{esim.NewStaffOpenItems(noon)}))
	if n := due(); n != 1 {
		t.Errorf("%d messages after one was written", n)
	}
	outside := get(sql.Open("sqlite", fileURI(db.path)))(t)
	defer outside.Close()
	later := noon.Add(time.Hour)
	get(outside.ExecContext(t.Context(), `UPDATE outbox SET next_at = ?`, later.UnixMilli()))(t)
	for range trustedTimes + 1 {
		due()
	}
	if n := due(); n != 0 {
		t.Errorf("%d messages after another program put it off", n)
	}
	clock.at = later
	if n := due(); n != 1 {
		t.Errorf("%d messages once its time had come", n)
	}
	clock.at = noon
	if n := due(); n != 0 {
		t.Errorf("%d messages after the clock was set back", n)
	}
	clock.at = later
	get(outside.ExecContext(t.Context(), `UPDATE outbox SET status = 'held'`))(t)
	for range trustedTimes + 1 {
		due()
	}
	get(outside.ExecContext(t.Context(), `UPDATE outbox SET status = 'waiting'`))(t)
	seen := false
	for range trustedTimes + 1 {
		seen = seen || due() == 1
	}
	if !seen {
		t.Errorf("what another program wrote is not seen in %d looks", trustedTimes+1)
	}
}
