package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"esimbot/esim"
)

// smallFile is up to which size the file is written anew in memory; a larger one needs the system's folder for temporary
// files.
const smallFile = 64 << 20

// Scrub rewrites the database file if somebody was forgotten since the last time, and empties its log: what was deleted
// stands in neither any more. Writes wait meanwhile: about a second for 100 MB. It may be repeated.
func (db *DB) Scrub(ctx context.Context) error {
	if _, err := db.Setting(ctx, scrubDue); errors.Is(err, esim.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	err := db.alone(ctx, func(conn *sql.Conn) error {
		place := "file"
		if info, err := os.Stat(db.path); err == nil && info.Size() <= smallFile {
			place = "memory"
		}
		for _, statement := range []string{
			`PRAGMA temp_store = ` + place, `VACUUM`, `PRAGMA temp_store = memory`, `DELETE FROM settings WHERE key = '` + scrubDue + `'`,
		} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return truncateLog(ctx, conn)
	})
	if err != nil {
		return fmt.Errorf("take what was forgotten out of the file: %w", errors.Join(err, db.SetSetting(context.WithoutCancel(ctx), scrubDue, "1")))
	}
	return nil
}

// truncateLog moves the log into the file and empties it. Reads that run keep it from that: it waits for them a little.
func truncateLog(ctx context.Context, conn *sql.Conn) error {
	for try := range 20 {
		var busy, pages, moved int
		if err := conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * 10 * time.Millisecond):
		}
	}
	return errors.New("reads keep the log from being emptied")
}

// alone runs do on the connection that writes, outside of any transaction.
func (db *DB) alone(ctx context.Context, do func(*sql.Conn) error) error {
	done := make(chan error, 1)
	select {
	case db.writer.alone <- func(conn *sql.Conn) { done <- do(conn) }:
		return <-done
	case <-ctx.Done():
		return ctx.Err()
	case <-db.writer.closing:
		return ErrClosed
	}
}
