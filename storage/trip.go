package storage

import (
	"context"
	"fmt"
	"time"

	"esimbot/esim"
)

// SetTrip stores a trip for eSIMs of a customer; others are left alone. A reminder that was given of
// another trip does not count for this one, unless told.
func (db *DB) SetTrip(ctx context.Context, customer esim.CustomerID, esimIDs []esim.ESIMID, trip esim.Trip, told bool) error {
	ids := jsonList(esimIDs)
	err := db.write(ctx, func(t *tx) error {
		if _, err := t.exec(`UPDATE esims SET trip = ?, trip_days = ? WHERE tran_no IN (SELECT value FROM json_each(?)) AND person = ?`,
			stamp(trip.Day), trip.Days, ids, customer); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM alerts WHERE kind = ? AND tran_no IN (SELECT e.tran_no FROM esims e JOIN json_each(?) j ON j.value = e.tran_no WHERE e.person = ?)`,
			esim.AlertTrip, ids, customer); err != nil {
			return err
		}
		if !told {
			return nil
		}
		_, err := t.exec(`INSERT INTO alerts (tran_no, epoch, kind, due, at) SELECT tran_no, epoch, ?, 0, ? FROM esims
			WHERE tran_no IN (SELECT value FROM json_each(?)) AND person = ?`, esim.AlertTrip, stamp(db.now()), ids, customer)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a trip: %w", err)
	}
	return nil
}

// Partial indexes find them: esims_travelling and esims_idle, whose words these are.
const (
	travelling = `SELECT ` + esimColumns + ` FROM esims WHERE watched = 1 AND activated IS NULL AND trip IS NOT NULL AND trip BETWEEN ? AND ?
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.tran_no = esims.tran_no AND a.epoch = esims.epoch AND a.kind = ?) ORDER BY trip`
	idle = `SELECT ` + esimColumns + ` FROM esims WHERE watched = 1 AND activated IS NULL AND trip IS NULL AND created BETWEEN ? AND ?
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.tran_no = esims.tran_no AND a.epoch = esims.epoch AND a.kind = ?) ORDER BY created`
)

const (
	firstTravelling = `SELECT min(trip) FROM esims WHERE watched = 1 AND activated IS NULL AND trip IS NOT NULL`
	firstIdle       = `SELECT min(created) FROM esims WHERE watched = 1 AND activated IS NULL AND trip IS NULL`
)

// TravellingESIMs lists watched eSIMs whose validity did not begin and whose customer has to be
// reminded of a trip that begins between two times, or told of none and got theirs between two others.
func (db *DB) TravellingESIMs(ctx context.Context, trips, created [2]time.Time) ([]esim.ESIM, error) {
	var soon []esim.ESIM
	none, err := db.noneBefore(ctx, trips[1], firstTravelling)
	if err == nil && !none {
		soon, err = db.eachESIM(ctx, "eSIMs before a trip", travelling, stamp(trips[0]), stamp(trips[1]), esim.AlertTrip)
	}
	if err != nil {
		return nil, err
	}
	if none, err := db.noneBefore(ctx, created[1], firstIdle); none || err != nil {
		return soon, err
	}
	lying, err := db.eachESIM(ctx, "eSIMs that lie there", idle, stamp(created[0]), stamp(created[1]), esim.AlertIdle)
	if err != nil {
		return nil, err
	}
	return append(soon, lying...), nil
}
