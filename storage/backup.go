package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"esimbot/esim"
)

// CopyTo writes a consistent copy of the database to another file while the shop
// goes on; see Copy.
func (db *DB) CopyTo(ctx context.Context, to string) error { return Copy(ctx, db.path, to) }

// Copy writes a consistent copy of the database file from, which may be in use by
// this or another process, to the file to, readable by its owner only. A file that
// is there already is replaced when the copy is complete and on the disk.
// It needs no lock and changes nothing in from; never copy the file by other means.
func Copy(ctx context.Context, from, to string) error {
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("clear the way for a copy: %w", err)
	}
	if err := create(part); err != nil { // VACUUM INTO accepts an empty file: it is private from the start
		return err
	}
	if err := vacuumInto(ctx, from, part); err != nil {
		return errors.Join(fmt.Errorf("copy %s: %w", from, err), os.Remove(part))
	}
	if err := sayCopied(ctx, part); err != nil {
		return errors.Join(fmt.Errorf("note in the copy that it is one: %w", err), os.Remove(part))
	}
	if err := flush(part); err != nil {
		return fmt.Errorf("flush the copy: %w", err)
	}
	if err := os.Rename(part, to); err != nil {
		return fmt.Errorf("put the copy in place: %w", err)
	}
	return nil
}

func vacuumInto(ctx context.Context, from, to string) error {
	pool, err := openPool(fileURI(from)+commonOptions+"&mode=ro", 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, `VACUUM INTO '`+strings.ReplaceAll(fileURI(to), `'`, `''`)+`'`)
	return err
}

// sayCopied notes in a copy that it is one. A file that never was a shop's database has no place for that.
func sayCopied(ctx context.Context, path string) error {
	pool, err := openPool(fileURI(path)+commonOptions+"&_journal_mode=DELETE", 1)
	if err != nil {
		return err
	}
	defer pool.Close()
	var has bool
	if err := pool.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'settings')`).Scan(&has); err != nil || !has {
		return err
	}
	_, err = pool.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES (?, '') ON CONFLICT (key) DO UPDATE SET value = ''`, esim.CopiedSetting)
	return err
}

// flush waits until a file is on the disk, which VACUUM INTO does not.
func flush(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
