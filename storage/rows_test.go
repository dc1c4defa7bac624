package storage

import (
	"context"
	"errors"
	"testing"
	"time"
)

// numbers is a query that takes longer than a test.
const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000) SELECT count(*) FROM n`

// Whoever begins no read any more begins none; and a read of much, or one whose caller gave it a
// deadline, does not go on without them.
func TestReadsEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := one(db.read(gone), value[int], `SELECT 1`); !errors.Is(err, context.Canceled) {
		t.Errorf("a read of a caller who had gone: %v", err)
	}
	bounded, end := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer end()
	if _, err := one(db.read(bounded), value[int], numbers); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a read past its deadline: %v", err)
	}
	leaving, leave := context.WithCancel(t.Context())
	time.AfterFunc(5*time.Millisecond, leave)
	if _, err := one(db.walk(leaving), value[int], numbers); !errors.Is(err, context.Canceled) {
		t.Errorf("a walk whose caller left: %v", err)
	}
}
