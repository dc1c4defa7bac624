package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"esimbot/esim"
)

// TestQuestionsThatWaitBecomeThreads: what was asked before there were threads, and not brought to staff
// yet, is in one afterwards; what was brought is history.
func TestQuestionsThatWaitBecomeThreads(t *testing.T) {
	t.Parallel()
	const before = 14
	rows := filepath.Join(t.TempDir(), "rows.sql")
	questions := get(os.ReadFile(fmt.Sprintf("testdata/rows_%04d.sql", before)))(t)
	for i, q := range []struct{ note, status string }{{"42 Where is <it>?", "waiting"}, {"42 And when?", "waiting"}, {"42 old", "sent"}, {"77 a stranger", "waiting"}, {"nobody", "waiting"}} {
		questions = fmt.Appendf(questions, `
			INSERT INTO outbox (key, kind, person, order_id, esim, alert, minor, currency, note, status, created, next_at, attempts, ended, reason)
			VALUES ('question:%d', 'staff_question', 0, '', '', '', 0, '', '%s', '%s', %d, 1, 0, NULL, '');`, i, q.note, q.status, 1795435900000+i)
	}
	must(t, os.WriteFile(rows, questions, 0o600))
	db := openAt(t, oldWith(t, before, rows), Options{})
	defer func() { must(t, db.Close()) }()
	thread := get(db.OpenThreadOf(t.Context(), 42))(t)
	said := get(db.PendingThreadMessages(t.Context(), thread.ID, false, 9))(t)
	if len(said) != 2 || said[0].Text != "Where is <it>?" || said[1].Text != "And when?" || !thread.HasContent {
		t.Errorf("thread %+v of %+v", thread, said)
	}
	if n := number(t, db, `SELECT count(*) FROM outbox WHERE kind = 'staff_thread' AND note = ? AND status = 'waiting'`, fmt.Sprint(int64(thread.ID))); n != 2 {
		t.Errorf("%d notifications move the thread on, want 2", n)
	}
	if _, err := db.OpenThreadOf(t.Context(), 77); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("a stranger has a thread: %v", err)
	}
}

// TestAThreadIsForgottenAfterAWhile with all that was said in it, and words that nobody brought to staff
// much sooner.
func TestAThreadIsForgottenAfterAWhile(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	thread := get(db.StartThread(t.Context(), esim.SupportThread{Customer: ann, Opened: noon, LastSpoken: noon}, 0))(t)
	must(t, db.AddThreadMessage(t.Context(), esim.ThreadMessage{Thread: thread.ID, Customer: ann, Chat: int64(ann), Message: 1, Text: "x", At: noon},
		esim.NewStaffThread(thread.ID, int64(ann), 1), noon))
	must(t, db.SetThreadHead(t.Context(), thread.ID, -5, 9))
	must(t, db.CloseThread(t.Context(), thread.ID, esim.EndByCustomer, nil))
	must(t, db.HoldMessage(t.Context(), esim.ThreadMessage{Customer: ann, Chat: int64(ann), Message: 2, Text: "y", At: noon}))
	left := func() (all [3]int) {
		for i, table := range []string{"threads", "thread_heads", "thread_messages"} {
			all[i] = number(t, db, `SELECT count(*) FROM `+table)
		}
		return all
	}
	for _, tt := range []struct {
		after time.Duration
		want  [3]int
	}{{time.Hour, [3]int{1, 1, 2}}, {50 * time.Hour, [3]int{1, 1, 1}}, {91 * 24 * time.Hour, [3]int{}}} {
		must(t, db.Prune(t.Context(), noon.Add(tt.after)))
		if got := left(); got != tt.want {
			t.Errorf("after %s: %v are left, want %v", tt.after, got, tt.want)
		}
	}
}
