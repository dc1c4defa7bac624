package storage

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/esim"
)

// TestHotQueriesUseTheirIndex asks SQLite how it would run what runs all day. A
// query that walks a whole table is quick in every test and slow in a year.
func TestHotQueriesUseTheirIndex(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	states := jsonList([]esim.State{esim.StatePaid, esim.StateOrdering})
	tests := []struct {
		name, query string
		args        []any
		want        []string // parts of the plan
	}{
		{"an order", selectOrder, []any{"A"}, []string{"SEARCH orders USING INDEX sqlite_autoindex_orders_1"}},
		{"orders of a person", ordersOfCustomer, []any{1, 9}, []string{"orders_of_person"}},
		{"recent orders", ordersByAge, []any{9}, []string{"SCAN orders USING INDEX orders_by_age"}},
		{"recent orders in states", ordersInStates, []any{states, 9}, []string{"USING INDEX orders_by_state (state=?)", "sqlite_autoindex_orders_1"}},
		{"events of an order", eventsOfOrder, []any{"A"}, []string{"order_events_of_order"}},
		{"orders due", ordersDue, []any{states, 1, 9}, []string{"orders_due (state=? AND next_at<?)"}},
		{"invoices that expired", expiredInvoices, []any{9}, []string{"SCAN m", "sqlite_autoindex_orders_1 (id=?)"}}, // few stand
		{"next order due", ordersDueNext, []any{states, 1}, []string{"orders_due (state=? AND next_at>?)"}},
		{"first order due", firstOrder, []any{states}, []string{"orders_due (state=?)"}},
		{"first unpaid order", firstUnpaid, nil, []string{"orders_due (state=?)"}},
		{"first refund due", firstRefund, nil, []string{"COVERING INDEX payments_refund_due"}},
		{"first approval", firstApproval, nil, []string{"COVERING INDEX orders_approved"}},
		{"first vendor event", firstVendorEvent, nil, []string{"USING INDEX hints_due"}},
		{"first message", firstMessage, nil, []string{"COVERING INDEX outbox_next"}},
		{"first that ends", firstEnding, nil, []string{"USING INDEX esims_ending"}},
		{"first that lapses", firstLapsing, nil, []string{"USING INDEX esims_lapsing"}},
		{"first trip", firstTravelling, nil, []string{"USING INDEX esims_travelling"}},
		{"first that lies there", firstIdle, nil, []string{"USING INDEX esims_idle"}},
		{"first quiet thread", firstQuiet, nil, []string{"USING INDEX threads_quiet"}},
		{"first withdrawal", firstWithdrawal, nil, []string{"COVERING INDEX contract_withdrawals_open"}},
		{"whether a broadcast is sent", anySending, nil, []string{"broadcasts_sending"}},
		{"unpaid orders", unpaidBefore, []any{1, 9}, []string{"orders_due (state=? AND next_at<?)"}},
		{"open orders", countOpen, []any{states}, []string{"orders_by_state (state=?)"}},
		{"top-ups applied to an eSIM", topUpsApplied, []any{"T"}, []string{"orders_of_esim (esim=?)"}},
		{"committed", committed, []any{states}, []string{"orders_due (state=?)"}},
		{"orders begun since", countByState, []any{1}, []string{"orders_by_"}},
		{"sales", salesSince, []any{1, states}, []string{"orders_paid (paid_at>?)"}},
		{"refunds due", refundsDue, []any{1, 9}, []string{"payments_refund_due (next_at<?)", "sqlite_autoindex_orders_1"}},
		{"approvals that no payment followed", openApprovals, []any{1, "provider", 9}, []string{"orders_by_age (created>?)", "sqlite_autoindex_outbox_1 (key>? AND key<?)", "audit_of_order (order_id=?)"}},
		{"an eSIM", selectESIM, []any{"T"}, []string{"sqlite_autoindex_esims_1"}},
		{"which eSIMs are stored", knownESIMs, []any{`["T"]`, 1}, []string{"sqlite_autoindex_esims_1", "orphan_links_of"}},
		{"eSIMs by name", esimsByName, []any{`["T"]`}, []string{"sqlite_autoindex_esims_1"}},
		{"eSIMs of a person", esimsOfPerson, []any{1}, []string{"esims_of_person"}},
		{"eSIMs of an order", esimsOfOrder, []any{"A"}, []string{"esims_of_order"}},
		{"watched eSIMs", esimsWatched, nil, []string{"COVERING INDEX esims_watched"}},
		{"size of the watch", watchSize, []any{1, 2}, []string{"COVERING INDEX esims_to_meter", "COVERING INDEX esims_to_meter (edge<?)", "COVERING INDEX esims_to_look (next_look<?)"}},
		{"eSIMs to meter", esimsDueForUsage, []any{1, 9}, []string{"esims_to_meter"}},
		{"eSIMs to look at", esimsToLookAt, []any{1, 9}, []string{"esims_to_look (next_look<?)"}},
		{"hints due", dueVendorEvents, []any{1, 9}, []string{"hints_due (due<?)"}},
		{"next vendor event", nextVendorEvent, []any{1}, []string{"hints_due (due>?)"}},
		{"hurry an order", hurryOrder, []any{1, "B1", "eb-1", states}, []string{"orders"}},
		{"old hints", oldVendorEvents, []any{1, 9}, []string{"hints_handled (handled<?)"}},
		{"old messages", oldSent, []any{1, 9, states}, []string{"outbox_sent (ended<?)", "sqlite_autoindex_orders_1", "payments_of_order"}},
		{"old samples", oldSamples, []any{1, 9}, []string{"esims_ended (created<?)", "PRIMARY KEY (tran_no=? AND as_of<?)"}},
		{"ending eSIMs", esimsEnding, []any{1, "expired"}, []string{"esims_ending (expires>? AND expires<?)", "SEARCH a USING PRIMARY KEY"}},
		{"lapsing eSIMs", esimsLapsing, []any{1, "lapsed"}, []string{"esims_lapsing (expires>? AND expires<?)", "SEARCH a USING PRIMARY KEY"}},
		{"eSIMs before a trip", travelling, []any{1, 2, "trip"}, []string{"esims_travelling (trip>? AND trip<?)", "SEARCH a USING PRIMARY KEY"}},
		{"eSIMs that lie there", idle, []any{1, 2, "idle"}, []string{"esims_idle (created>? AND created<?)", "SEARCH a USING PRIMARY KEY"}},
		{"a message that shows an order", showsOrder, []any{1, 2}, []string{"messages_of_orders (chat=? AND message=?)"}},
		{"invoices of an order", invoicesOfOrder, []any{"A"}, []string{"invoices_of_order (order_id=?)"}},
		{"fetched eSIMs", esimsFetched, []any{1, 2, "half_installed", 9}, []string{"esims_fetched (fetched>? AND fetched<?)", "SEARCH a USING PRIMARY KEY"}},
		{"who had a top-up on credit", rescuedBefore, []any{1}, []string{"orders_rescued (person=?)"}},
		{"a top-up under way", topUpOpen, []any{"T", states}, []string{"orders_of_esim (esim=?)"}},
		{"samples", samplesOf, []any{"T", 1, 9}, []string{"SEARCH usage_samples USING PRIMARY KEY (tran_no=? AND as_of>?)"}},
		{"course of an eSIM", courseOf, []any{"T", 1, 9}, []string{"SEARCH usage_samples USING PRIMARY KEY (tran_no=? AND as_of>?)"}},
		{"messages due", dueMessages, []any{1, 9}, []string{"outbox_waiting", "outbox_of_order (order_id=? AND id<?)"}},
		{"eSIMs due", dueESIMs, []any{1, 9}, []string{"outbox_of_order (order_id=? AND id<?)"}},
		{"messages due for staff", dueForStaff, []any{1, 9}, []string{"outbox_in_turn (person=?)", "outbox_of_order (order_id=? AND id<?)"}},
		{"threads due for staff", dueThreads, []any{1, 9}, []string{"outbox_threads", "outbox_of_order (order_id=? AND id<?)"}},
		{"the broadcast that is sent", broadcastSending, nil, []string{"broadcasts_sending"}},
		{"who is next of a broadcast", broadcastNext, []any{1, 9, 0}, []string{"broadcast_people_waiting (broadcast=? AND person>?)"}},
		{"how far a customer of a broadcast is", noteBroadcast, []any{1, 2, "sent"}, []string{"PRIMARY KEY (broadcast=? AND person=?)"}},
		{"an open thread", threadOpen, []any{1}, []string{"threads_open (person=?)"}},
		{"threads that wait", threadsWaiting, nil, []string{"threads USING INDEX threads_"}},
		{"quiet threads", threadsQuiet, []any{1, 2}, []string{"threads_quiet (spoken<?)"}},
		{"a customer's topic", customerTopic, []any{1, 2}, []string{"PRIMARY KEY (person=? AND chat=?)"}},
		{"whose topic it is", customerAt, []any{1, 2}, []string{"customer_topics_at (chat=? AND topic=?)"}},
		{"newest thread of a customer", newestThread, []any{1}, []string{"threads_of (person=?)"}},
		{"thread of a head", threadOfHead, []any{1, 2}, []string{"PRIMARY KEY (chat=? AND message=?)"}},
		{"what stands there", threadMessageByPost, []any{1, 2}, []string{"thread_messages_at (chat=? AND message=?)"}},
		{"whose copy stands there", threadMessageByCopy, []any{1, 2}, []string{"thread_messages_copied (copy_chat=? AND copy=?)"}},
		{"what waits in a thread", threadMessagesDue, []any{1, false, 9}, []string{"thread_messages_waiting (thread=? AND from_staff=?)"}},
		{"how much waits in a thread", threadMessagesLeft, []any{1, false}, []string{"thread_messages_waiting (thread=? AND from_staff=?)"}},
		{"old threads", oldThreads, []any{1, 9}, []string{"threads_closed (closed>? AND closed<?)"}},
		{"old held words", oldHeld, []any{1, 9}, []string{"thread_messages_of (thread=?)"}},
		{"messages that cannot be sent", stuckMessages, []any{9}, []string{"outbox_waiting", "sqlite_autoindex_outbox_1 (key=?)"}},
		{"next notice", nextMessage, []any{1}, []string{"outbox_next (next_at>?)"}},
		{"size of the outbox", outboxSize, nil, []string{"outbox_next", "outbox_dead"}},
		{"QR messages of an order", qrUnsent, []any{"A"}, []string{"outbox_qr_unsent (order_id=?)"}},
		{"release held notices", releaseHeld, []any{1, 1}, []string{"outbox_held (person=?)"}},
		{"hurry what waits for the night to end", hurryQuiet, []any{1, 2}, []string{"outbox_in_turn (person=?)"}},
		{"hold notices", holdWaiting, []any{1}, []string{"outbox_in_turn (person=?)"}},
		{"payments of an order", markPaymentsForRefund, []any{1, "", "A"}, []string{"payments_of_order (order_id=?)"}},
		{"payments listed", paymentsOf, []any{"A"}, []string{"payments_of_order (order_id=?)"}},
		{"an order by its key", orderByTx, []any{"A"}, []string{"USING INDEX sqlite_autoindex_orders_2"}},
		{"a posting", transactionKnown, []any{"pay:A"}, []string{"sqlite_autoindex_ledger_1 (key=?)"}},
		{"a balance", balanceOf, []any{"credit:1", "USD"}, []string{"COVERING INDEX ledger_by_account (account=? AND currency=?)"}},
		{"what is set aside", reservedOf, []any{"reserved", "USD", 1}, []string{"orders_of_person (person=?)", "ledger_by_account (account=? AND currency=? AND order_id=?)"}},
		{"all balances", balances, nil, []string{"COVERING INDEX ledger_by_account"}},
		{"books of an order", ledgerOfOrder, []any{"A"}, []string{"ledger_of_order (order_id=?)"}},
		{"acts on an order", auditOfOrder, []any{"A", 9}, []string{"audit_of_order (order_id=?)"}},
		{"standing", customerUsage, []any{1, 2, states}, []string{"orders_paid_of_person (person=? AND paid_at>?)"}},
		{"a customer at a glance", onePerson, []any{1, states}, []string{"SEARCH p USING INTEGER PRIMARY KEY", "orders_paid_of_person", "ledger_by_account (account=?"}},
		{"customers of a username", peopleCalled, []any{"ann", 9}, []string{"people_username (username=?"}},
		{"customers of a name", peopleNamed, []any{"An", 9}, []string{"people_by_name (name>? AND name<?)"}},
		{"acts about a customer", auditOfPerson, []any{1, 9}, []string{"audit_of_person (person=?)"}},
		{"what was earned", earnedLines, []any{1, 2}, []string{"SEARCH l USING INDEX ledger_earned (at>? AND at<?)", "sqlite_autoindex_orders_1 (id=?)"}},
		{"what an order has earned", earnedByOrder, []any{"A"}, []string{"ledger_of_order (order_id=?)", "sqlite_autoindex_orders_1 (id=?)"}},
		{"when something was first earned", firstEarned, nil, []string{"ledger_earned"}},
		{"visits", visitsIn, []any{1, 2}, []string{"PRIMARY KEY (hour>? AND hour<?)"}},
		{"new customers", newPeople, []any{1, 2}, []string{"people_by_age (created>? AND created<?)"}},
		{"purchases begun", ordersBegun, []any{1, 2}, []string{"orders_by_age (created>? AND created<?)"}},
		{"purchases delivered", ordersGotten, []any{1, 2}, []string{"order_events_delivered (at>? AND at<?)", "sqlite_autoindex_orders_1 (id=?)"}},
		{"open orders by state", countStates, []any{states}, []string{"orders_by_state (state=?)"}},
		{"hurry the work", hurryWork, []any{1, "A"}, []string{"sqlite_autoindex_orders_1"}},
		{"hurry refunds", hurryRefunds, []any{1, "A"}, []string{"payments_of_order (order_id=?)"}},
		{"hurry QR messages", hurryQR, []any{1, "A"}, []string{"outbox_of_order (order_id=?)"}},
		{"eSIMs by ICCID", esimsByICCID, []any{"89"}, []string{"esims_by_iccid (iccid=?)"}},
		{"left-over updates", unhandled, []any{9}, []string{"inbox_unhandled"}},
	}
	sorted := map[string]bool{
		"orders due": true, "orders begun since": true, "sales": true, "eSIMs of a person": true,
		"visits": true, "payments listed": true, "eSIMs by ICCID": true, "customers of a username": true, "course of an eSIM": true,
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := explain(t, db, tt.query, tt.args...)
			for _, want := range tt.want {
				if !strings.Contains(plan, want) {
					t.Errorf("the plan lacks %q:\n%s", want, plan)
				}
			}
			// Orders under work, sales by currency, eSIMs of a customer, payments of an order and customers of a username are few; the rest is
			// read in the order of its index and stops at its limit.
			if strings.Contains(plan, "TEMP B-TREE") && !sorted[tt.name] {
				t.Errorf("rows are sorted after reading:\n%s", plan)
			}
			for line := range strings.Lines(plan) {
				if strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "INDEX") && !strings.Contains(line, "json_each") && !strings.Contains(line, "CONSTANT") && !strings.HasPrefix(line, "SCAN (subquery") {
					t.Errorf("a whole table is walked:\n%s", plan)
				}
			}
		})
	}
}

// explain returns the steps of a query's plan, one on a line.
func explain(t testing.TB, db *DB, query string, args ...any) string {
	t.Helper()
	steps, err := list(db.read(t.Context()), func(rows *sql.Rows) (string, error) {
		var id, parent, unused int
		var detail string
		err := rows.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	return fmt.Sprintln(strings.Join(steps, "\n"))
}

// A limit that is a bare parameter is part of what SQLite compiles: with another number than last time
// the query is prepared anew, which costs up to five times what running it does. A plus hides it.
func TestNoLimitIsABareParameter(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	must(t, err)
	limits := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		must(t, err)
		limits += strings.Count(string(source), "LIMIT +?")
		for n, line := range strings.Split(string(source), "\n") {
			if strings.Contains(line, "LIMIT ?") {
				t.Errorf("%s:%d: write LIMIT +?: %s", name, n+1, strings.TrimSpace(line))
			}
		}
	}
	if limits < 10 {
		t.Errorf("%d limits were looked at; there are more", limits)
	}
}
