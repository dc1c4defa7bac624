package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"modernc.org/sqlite"

	"esimbot/esim"
)

// What workers ask every few seconds has, most of the time, the answer that it had the last time: nothing waits, or its
// time has not come. So has what is asked about a person at each of their presses: who they are, and that no question to them
// is open. Such an answer is taken out of memory for as long as no table that it was read from was changed. The
// connection that writes tells, row by row, which tables it changes; which tables a query reads is asked of SQLite once.
// A program of its own that writes into the file tells nobody: an answer is given so often, and then read again.

// trustedTimes is how often an answer is given out of memory before it is read again: a queue that is looked at every two
// seconds is read every quarter of a minute, one that is looked at every minute every seven.
const trustedTimes = 6

// answersKept bounds the memory: with more, all are forgotten. It is three answers for each of some hundred people who press at
// the same time, half a megabyte.
const answersKept = 2000

// changes are which tables were changed by which transaction, counted.
type changes struct {
	mu      sync.Mutex
	count   int64
	last    map[string]int64 // table → the count at its last change
	answers map[string]*answer
}

type answer struct {
	asOf  int64
	left  int
	value any
}

// note counts a transaction that changed some tables, or may have.
func (c *changes) note(tables map[string]bool) {
	if len(tables) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last == nil {
		c.last = map[string]int64{}
	}
	c.count++
	for table := range tables {
		c.last[table] = c.count
	}
	clear(tables)
}

// known is the answer under a key, if no table was changed since. Else asOf is what a new one is kept with.
func (c *changes) known(key string, tables []string) (v any, asOf int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, table := range tables {
		asOf = max(asOf, c.last[table])
	}
	a := c.answers[key]
	if a == nil || a.asOf != asOf || a.left <= 0 {
		return nil, asOf, false
	}
	a.left--
	return a.value, asOf, true
}

// keep keeps an answer that was read after known told asOf.
func (c *changes) keep(key string, asOf int64, v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers == nil || len(c.answers) >= answersKept {
		c.answers = map[string]*answer{}
	}
	c.answers[key] = &answer{asOf, trustedTimes, v}
}

// forget forgets all answers: a database that was closed has none.
func (c *changes) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers = nil
}

// listen has the connection that writes tell which tables it changes.
func (w *writer) listen() error {
	return w.conn.Raw(func(conn any) error {
		hooks, ok := conn.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("SQLite's driver does not tell what is changed")
		}
		hooks.RegisterPreUpdateHook(func(row sqlite.SQLitePreUpdateData) { w.touched[row.TableName] = true })
		return nil
	})
}

// unchanged is list for a query that is asked often and hangs on no clock. What it lists must have no pointers in it, since all who
// ask get the same.
func unchanged[T any](r reading, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	tables, err := r.db.tablesOf(r.ctx, query, args)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintln(append(args[:len(args):len(args)], query)...)
	v, asOf, ok := r.db.changes.known(key, tables)
	if ok {
		return slices.Clone(v.([]T)), nil
	}
	all, err := list(r, scan, query, args...)
	if err == nil {
		r.db.changes.keep(key, asOf, slices.Clone(all))
	}
	return all, err
}

// oneUnchanged is unchanged for a single row; esim.ErrNotFound if there is none.
func oneUnchanged[T any](r reading, scan func(*sql.Rows) (T, error), query string, args ...any) (v T, err error) {
	all, err := unchanged(r, scan, query, args...)
	if err == nil && len(all) == 0 {
		err = esim.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	return all[0], nil
}

// wrapped says of an error what failed; nil stays nil.
func wrapped(what string, err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return err
}

// firstDue is what a query for the earliest time of a queue finds: zero if nothing waits.
func (db *DB) firstDue(ctx context.Context, query string, args ...any) (time.Time, error) {
	return oneUnchanged(db.read(ctx), moment, query, args...)
}

// noneBefore reports whether nothing of a queue is due before a time.
func (db *DB) noneBefore(ctx context.Context, t time.Time, query string, args ...any) (bool, error) {
	first, err := db.firstDue(ctx, query, args...)
	return err == nil && (first.IsZero() || first.After(t)), err
}

// seldomFound are the queries of workers that hang on no clock and mostly list nothing. That they do is remembered.
var seldomFound = map[string]bool{
	expiredInvoices: true, unexplained: true, stuckMessages: true, starsAtStake: true, openOrders: true, unusedOfNobody: true, acts: true,
	ordersInStates: true,
}

// nothing reports whether such a query is known to list nothing. Else found has to be told whether it did.
func (r reading) nothing(query string, args []any) (none bool, found func(bool)) {
	if !seldomFound[query] {
		return false, func(bool) {}
	}
	tables, err := r.db.tablesOf(r.ctx, query, args)
	if err != nil {
		return false, func(bool) {} // the read itself says so
	}
	key := fmt.Sprintln(append(args[:len(args):len(args)], query)...)
	_, asOf, ok := r.db.changes.known(key, tables)
	return ok, func(any bool) {
		if !any {
			r.db.changes.keep(key, asOf, nil)
		}
	}
}

// tablesRead are the tables that a query reads, by its text.
var tablesRead sync.Map

// tablesOf is which tables a query reads: those of whose trees its program opens one.
// https://www.sqlite.org/lang_explain.html, https://www.sqlite.org/opcode.html#OpenRead
func (db *DB) tablesOf(ctx context.Context, query string, args []any) ([]string, error) {
	if tables, ok := tablesRead.Load(query); ok {
		return tables.([]string), nil
	}
	tables, err := db.explain(ctx, query, args)
	if err != nil {
		return nil, fmt.Errorf("which tables a query reads: %w", err)
	}
	if len(tables) == 0 {
		return nil, fmt.Errorf("a query reads no table: %s", query)
	}
	tablesRead.Store(query, tables)
	return tables, nil
}

func (db *DB) explain(ctx context.Context, query string, args []any) ([]string, error) {
	both, err := db.reads.BeginTx(ctx, nil) // of one moment: Scrub moves the trees
	if err != nil {
		return nil, err
	}
	defer both.Rollback()
	of := map[int64]string{}
	roots, err := both.QueryContext(ctx, `SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0`)
	if err != nil {
		return nil, err
	}
	defer roots.Close()
	for roots.Next() {
		var root int64
		var table string
		if err := roots.Scan(&root, &table); err != nil {
			return nil, err
		}
		of[root] = table
	}
	if err := errors.Join(roots.Err(), roots.Close()); err != nil {
		return nil, err
	}
	steps, err := both.QueryContext(ctx, `EXPLAIN `+query, args...)
	if err != nil {
		return nil, err
	}
	defer steps.Close()
	read := map[string]bool{}
	for steps.Next() {
		var addr, p1, p2, p3 int64
		var opcode string
		var p4, p5, comment any
		if err := steps.Scan(&addr, &opcode, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
			return nil, err
		}
		if opcode == "OpenRead" || opcode == "ReopenIdx" {
			table, ok := of[p2]
			if !ok {
				return nil, fmt.Errorf("no table has its tree on page %d", p2)
			}
			read[table] = true
		}
	}
	var tables []string
	for table := range read {
		tables = append(tables, table)
	}
	slices.Sort(tables)
	return tables, steps.Err()
}
