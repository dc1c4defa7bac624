package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/esim"
)

// The program is killed after any statement of any migration, with what it wrote until then in the
// log of the file: the next start finds the database as it was, and migrates it.
func TestKilledAfterAnyStatementOfAMigrationItOpensAgain(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("opens the database a hundred times")
	}
	fresh := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, openAt(t, fresh, Options{NoSync: true}).Close())
	want := schema(t, fresh)
	all := migrations(t)
	for i, m := range all[1:] {
		if i+1 < len(all)-newestMigrations {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			path := old(t, i+1)
			pool := get(openPool(writerDSN(path)+"&_pragma=cache_size(1)&_pragma=cache_spill(1)", 1))(t)
			defer pool.Close()
			tx := get(pool.BeginTx(t.Context(), nil))(t)
			get(tx.Exec(`PRAGMA defer_foreign_keys = 1`))(t)
			written := int64(0)
			for k, statement := range statements(m.text) {
				if _, err := tx.Exec(statement); err != nil {
					t.Fatalf("statement %d: %v\n%s", k, err, statement)
				}
				died := filepath.Join(t.TempDir(), fmt.Sprint(k), "esimbot.db")
				must(t, os.Mkdir(filepath.Dir(died), 0o700))
				for _, end := range []string{"", "-wal"} {
					b := get(os.ReadFile(path + end))(t)
					must(t, os.WriteFile(died+end, b, 0o600))
					if end != "" {
						written = max(written, int64(len(b)))
					}
				}
				db := openAt(t, died, Options{NoSync: true})
				o := get(db.Order(t.Context(), "ABCD0001"))(t)
				must(t, db.Close())
				if got := schema(t, died); got != want || o.State != esim.StateDelivered {
					t.Errorf("after statement %d the order is %s, the tables are\n%s", k, o.State, got)
				}
			}
			must(t, tx.Rollback())
			t.Logf("%d bytes of it were in the log", written)
		})
	}
}

// statements are those of a migration: each ends at the end of a line.
func statements(text string) []string {
	var all []string
	for _, s := range strings.SplitAfter(text, ";\n") {
		if strings.TrimSpace(s) != "" {
			all = append(all, s)
		}
	}
	return all
}
