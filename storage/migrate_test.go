package storage

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/esim"
)

var freeze = flag.Bool("freeze", false, "write the tables after a new migration to testdata (once, before its release)")

func migrations(t testing.TB) []migration {
	t.Helper()
	return get(readMigrations())(t)
}

// newest is the version this program knows.
func newest(t testing.TB) int { return len(migrations(t)) }

func frozenFile(version int) string { return fmt.Sprintf("testdata/schema_%04d.sql", version) }

// schema writes out all tables, indexes and triggers of a database file, in the order in
// which they can be made again.
func schema(t testing.TB, path string) string {
	t.Helper()
	pool := get(openPool(fileURI(path), 1))(t)
	defer pool.Close()
	rows := get(pool.Query(`SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger', type DESC, rowid`))(t)
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var sql string
		must(t, rows.Scan(&sql))
		b.WriteString(sql + ";\n")
	}
	must(t, rows.Err())
	return b.String()
}

// old makes a database as the release with this version left it, with the rows of
// testdata/rows_*.sql in it.
func old(t *testing.T, version int) string {
	t.Helper()
	return oldWith(t, version, fmt.Sprintf("testdata/rows_%04d.sql", version))
}

func oldWith(t *testing.T, version int, rows string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, create(path))
	pool := get(openPool(writerDSN(path), 1))(t)
	defer pool.Close()
	for _, sql := range []string{
		string(get(os.ReadFile(frozenFile(version)))(t)),
		string(get(os.ReadFile(rows))(t)),
		fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version),
	} {
		get(pool.Exec(sql))(t)
	}
	return path
}

func TestMigrationsAreNumbered(t *testing.T) {
	t.Parallel()
	for i, m := range migrations(t) {
		if want := fmt.Sprintf("migrations/%04d_", i+1); !strings.HasPrefix(m.name, want) {
			t.Errorf("file %d is %s, want %s…: the number is the version", i+1, m.name, want)
		}
	}
}

// A migration that was shipped and then edited would leave old databases with
// other tables than new ones.
func TestTablesAreThoseOfTheFrozenSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, openAt(t, path, Options{}).Close())
	got, file := schema(t, path), frozenFile(newest(t))
	if _, err := os.Stat(file); *freeze && errors.Is(err, fs.ErrNotExist) {
		must(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: after writing a new migration run: go test ./storage -run Frozen -freeze", err)
	}
	if got != string(want) {
		t.Errorf("the tables differ from %s: shipped migrations are not edited, add a new one. Got:\n%s", file, got)
	}
}

func TestEveryOldDatabaseIsMigrated(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one migration after the other: nothing to find for the race detector")
	}
	fresh := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, openAt(t, fresh, Options{NoSync: true}).Close())
	for version := 1; version <= newest(t); version++ {
		if version <= newest(t)-newestMigrations && version%5 != 1 {
			continue
		}
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			path := old(t, version)
			db := openAt(t, path, Options{NoSync: true})
			o := get(db.Order(t.Context(), "ABCD0001"))(t)
			e := get(db.ESIMOf(t.Context(), 42, "T1"))(t)
			if o.State != esim.StateDelivered || o.Plan.Code != "PJP1" || e.Order != o.ID || e.ActivationCode.Reveal() == "" {
				t.Errorf("order %+v\neSIM %+v", o, e)
			}
			must(t, db.Close())
			if got, want := schema(t, path), schema(t, fresh); got != want {
				t.Errorf("tables after the migration:\n%s\nof a new database:\n%s", got, want)
			}
		})
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	must(t, openAt(t, path, Options{}).Close())
	pool := get(openPool(fileURI(path), 1))(t)
	get(pool.Exec(fmt.Sprintf(`PRAGMA user_version = %d`, newest(t)+1)))(t)
	must(t, pool.Close())
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrNewer) {
		t.Errorf("Open: %v, want ErrNewer", err)
	}
}

func TestMigrationHappensWithACopyOrNotAtAll(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	meet(t, db, ann)
	add(t, db, order("ORDER001", ann, 1))
	must(t, db.Close())
	before := schema(t, path)

	run := func(sql string) (string, error) {
		var log bytes.Buffer
		w := get(openWriter(t.Context(), path))(t)
		defer func() { must(t, w.close()) }()
		files := append(migrations(t), migration{"test", sql})
		err := migrate(t.Context(), w.conn, path, files, slog.New(slog.NewTextHandler(&log, nil)))
		return log.String(), err
	}
	for name, sql := range map[string]string{
		"a fault at its end":         `CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);`,
		"rows that point nowhere":    `INSERT INTO order_messages VALUES ('NOORDER1', 1, 1);`,
		"a row that a CHECK refuses": `UPDATE people SET unreachable = 2;`,
	} {
		_, err := run(sql)
		if err == nil || schema(t, path) != before {
			t.Errorf("%s: error %v, tables\n%s", name, err, schema(t, path))
		}
	}
	// customers is what orders point to: rebuilding it needs foreign keys out of the way.
	log, err := run(`CREATE TABLE whole (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL) STRICT;
		INSERT INTO whole SELECT id, chat FROM people; DROP TABLE people; ALTER TABLE whole RENAME TO people;`)
	must(t, err)
	if got := schema(t, path); got == before || strings.Contains(got, "language_chosen") || !strings.Contains(got, "REFERENCES people") {
		t.Error("the migration did not happen")
	}
	backup := fmt.Sprintf("%s.v%d", path, newest(t))
	if got := schema(t, backup); got != before || !strings.Contains(log, backup) {
		t.Errorf("the copy has the tables\n%s\nthe log says %s", got, log)
	}
}
