package storage

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"esimbot/esim"
)

// What /export and /stats read comes row by row, sorted by nothing but an index where it can be much: nothing of it is gathered first,
// and while it is walked others write and read.
func TestAnExportKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	db := large(t, 300)
	year := esim.Period{From: noon, To: noon.AddDate(1, 0, 1)}
	from, to := bounds(year)
	for _, query := range []string{exportedOrders, exportedLedger, earnedLines} {
		if plan := explain(t, db, query, from, to); strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("all is sorted before the first row:\n%s\n%s", query, plan)
		}
	}
	walks(t, db, 300, db.ExportOrders(t.Context(), year))
	walks(t, db, 6*300, db.ExportLedger(t.Context(), year))
	walks(t, db, 2*300, db.EarnedLines(t.Context(), year))
}

// walks reads all rows, and in the middle does what a press and a payment do.
func walks[T any](t *testing.T, db *DB, want int, rows iter.Seq2[T, error]) {
	t.Helper()
	n := 0
	for _, err := range rows {
		must(t, err)
		if n++; n == want/2 {
			value := fmt.Sprintf("%T", rows)
			must(t, db.SetSetting(t.Context(), "walked", value))
			if got := get(db.Setting(t.Context(), "walked"))(t); got != value {
				t.Errorf("read %q", got)
			}
			get(db.Credit(t.Context(), ann))(t)
		}
	}
	if n != want {
		t.Errorf("%d rows, want %d", n, want)
	}
}
