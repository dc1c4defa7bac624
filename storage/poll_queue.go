package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

// The words of these queries are those of the partial indexes of migration 2.
const (
	esimsWatched = `SELECT tran_no FROM esims WHERE watched = 1`
	watchSize    = `SELECT
		(SELECT count(*) FROM esims WHERE watched = 1 AND status = 'IN_USE'),
		(SELECT count(*) FROM esims WHERE watched = 1 AND status = 'IN_USE' AND edge <= ?2 AND next_look <= ?1),
		(SELECT count(*) FROM esims WHERE watched = 1 AND status <> 'IN_USE'),
		(SELECT count(*) FROM esims WHERE watched = 1 AND status <> 'IN_USE' AND next_look <= ?1)`
	esimsDueForUsage = `SELECT tran_no FROM esims WHERE watched = 1 AND status = 'IN_USE' AND next_look <= ? ORDER BY edge LIMIT +?`
	esimsToLookAt    = `SELECT tran_no FROM esims WHERE watched = 1 AND status <> 'IN_USE' AND next_look <= ? ORDER BY next_look LIMIT +?`
)

// WatchedESIMs lists the esimTranNo of all eSIMs whose status is not final.
func (db *DB) WatchedESIMs(ctx context.Context) ([]esim.ESIMID, error) {
	return db.esimIDs(ctx, "watched eSIMs", esimsWatched)
}

// WatchedCounts counts the watched eSIMs and those due to be looked at; near is the time
// until which a warning is expected soon.
func (db *DB) WatchedCounts(ctx context.Context, now, near time.Time) (esim.WatchedCounts, error) {
	size, err := one(db.read(ctx), func(rows *sql.Rows) (n esim.WatchedCounts, err error) {
		err = rows.Scan(&n.InUse, &n.NearDue, &n.Other, &n.OtherDue)
		return n, err
	}, watchSize, stamp(now), stamp(near))
	if err != nil {
		return esim.WatchedCounts{}, fmt.Errorf("count watched eSIMs: %w", err)
	}
	return size, nil
}

// ESIMsDueForUsage lists those in use that are due before the given time, those whose next
// warning is expected soonest first.
func (db *DB) ESIMsDueForUsage(ctx context.Context, before time.Time, limit int) ([]esim.ESIMID, error) {
	return db.esimIDs(ctx, "eSIMs due for usage", esimsDueForUsage, stamp(before), limit)
}

// ESIMsDueForProfile lists watched eSIMs not in use that are due before the given time,
// those due longest first.
func (db *DB) ESIMsDueForProfile(ctx context.Context, before time.Time, limit int) ([]esim.ESIMID, error) {
	return db.esimIDs(ctx, "eSIMs to look at", esimsToLookAt, stamp(before), limit)
}

func (db *DB) esimIDs(ctx context.Context, what, query string, args ...any) ([]esim.ESIMID, error) {
	all, err := list(db.read(ctx), value[esim.ESIMID], query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}
