package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
)

// ErrNewer is returned by Open when the database was written by a later release.
var ErrNewer = errors.New("the database is newer than this program")

// The files of migrations are run in the order of their names. A shipped file is
// never edited: testdata has the tables each of them led to.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks a file as ours: "eSIM" in ASCII.
// https://www.sqlite.org/pragma.html#pragma_application_id
const applicationID = 0x6553494d

// A migration is one step from version to version.
type migration struct{ name, text string }

func readMigrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	all := make([]migration, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all[i] = migration{name, string(text)}
	}
	return all, nil
}

// migrate runs the files the database has not seen, each in its own transaction.
// PRAGMA user_version counts those it has seen. Of a database with anything in
// it a copy is made first.
func migrate(ctx context.Context, conn *sql.Conn, path string, files []migration, log *slog.Logger) error {
	have, err := version(ctx, conn)
	switch {
	case err != nil:
		return err
	case have > len(files):
		return fmt.Errorf("it is at version %d, this program knows %d; start the release that wrote it, or restore the copy it made: %w", have, len(files), ErrNewer)
	case have == len(files):
		return nil
	case have > 0:
		to := fmt.Sprintf("%s.v%d", path, have)
		if err := Copy(ctx, path, to); err != nil {
			return fmt.Errorf("copy the database before the migration: %w", err)
		}
		log.Info("database copied before migration", "version", have, "copy", to)
	}
	// Else a table that others point to could not be rebuilt; each step is checked as
	// a whole instead. https://www.sqlite.org/lang_altertable.html#otheralter
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = 0`); err != nil {
		return err
	}
	for i, m := range files[have:] {
		if err := m.run(ctx, conn, have+i+1); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = 1`); err != nil {
		return err
	}
	log.Info("database migrated", "from", have, "to", len(files))
	return nil
}

// version reads user_version and refuses files that are not ours.
func version(ctx context.Context, conn *sql.Conn) (int, error) {
	var have, app, tables int
	err := conn.QueryRowContext(ctx, `SELECT (SELECT user_version FROM pragma_user_version),
		(SELECT application_id FROM pragma_application_id),
		(SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\_litestream%' ESCAPE '\')`).
		Scan(&have, &app, &tables)
	if err != nil {
		return 0, fmt.Errorf("read the version: %w", err)
	}
	if tables > 0 && app != applicationID {
		return 0, errors.New("this file is the database of another program")
	}
	return have, nil
}

// run runs one file and notes that it was run, or does neither.
func (m migration) run(ctx context.Context, conn *sql.Conn, number int) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	var lost int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil {
		return fmt.Errorf("check the foreign keys: %w", err)
	}
	if lost > 0 {
		return fmt.Errorf("%d rows would point nowhere", lost)
	}
	set := fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, number)
	if _, err := tx.ExecContext(ctx, set); err != nil {
		return fmt.Errorf("note the version: %w", err)
	}
	return tx.Commit()
}
