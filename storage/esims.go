package storage

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"esimbot/esim"
)

const esimColumns = `tran_no, person, coalesce(order_id, ''), idx, plan, vendor_order, tx_id, iccid, code, smdp, status, eid, total, used,
	days, activated, expires, apn, pin, puk, usage_at, epoch, created, asked, returned, fetched, trip, trip_days, name, alerts,
	coalesce((SELECT o.person FROM orders o WHERE o.id = esims.order_id), 0)`

const selectESIM = `SELECT ` + esimColumns + ` FROM esims WHERE tran_no = ?`

func scanESIM(rows *sql.Rows) (esim.ESIM, error) {
	var e esim.ESIM
	var plan string
	err := rows.Scan(&e.ID, &e.Customer, &e.Order, &e.Index, &plan, &e.VendorOrder, &e.IdempotencyKey, &e.ICCID, &e.ActivationCode, &e.SMDPStatus,
		&e.Status, &e.EID, &e.Total, &e.Used, &e.Days, (*stamp)(&e.Activated), (*stamp)(&e.Expires), &e.APN, &e.PIN, &e.PUK,
		(*stamp)(&e.UsageAt), &e.Epoch, (*stamp)(&e.Created), (*stamp)(&e.Asked), &e.Returned, (*stamp)(&e.Downloaded), (*stamp)(&e.Trip.Day), &e.Trip.Days, &e.Name, &e.Alerts, &e.Buyer)
	if err != nil {
		return esim.ESIM{}, err
	}
	e.Plan, err = parsePlan(plan)
	return e, err
}

// addESIM stores a new eSIM.
func (t *tx) addESIM(e esim.ESIM) error {
	plan, err := planText(e.Plan)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO esims (tran_no, person, order_id, idx, plan, vendor_order, tx_id, iccid, code, smdp, status, eid,
			total, used, days, activated, expires, apn, pin, puk, usage_at, epoch, created, asked, watched, returned, fetched, trip, trip_days, name, alerts)
		VALUES (?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Customer, e.Order, e.Index, plan, e.VendorOrder, e.IdempotencyKey, e.ICCID.Reveal(), e.ActivationCode.Reveal(), e.SMDPStatus, e.Status, e.EID,
		e.Total, e.Used, e.Days, stamp(e.Activated), stamp(e.Expires), e.APN, e.PIN, e.PUK, stamp(e.UsageAt), e.Epoch,
		stamp(e.Created), stamp(e.Asked), !e.Status.Final(), e.Returned, stamp(e.Downloaded), stamp(e.Trip.Day), e.Trip.Days, e.Name, e.Alerts)
	if err != nil {
		return fmt.Errorf("store eSIM %s: %w", e.ID, err)
	}
	return nil
}

// updateESIM stores what a look at the vendor may change.
func (t *tx) updateESIM(e esim.ESIM) error {
	_, err := t.exec(`UPDATE esims SET vendor_order = ?, tx_id = ?, iccid = ?, code = ?, smdp = ?, status = ?, eid = ?, total = ?, used = ?,
			days = ?, activated = ?, expires = ?, apn = ?, pin = ?, puk = ?, usage_at = ?, asked = ?, watched = ?, fetched = ?
		WHERE tran_no = ?`,
		e.VendorOrder, e.IdempotencyKey, e.ICCID.Reveal(), e.ActivationCode.Reveal(), e.SMDPStatus, e.Status, e.EID, e.Total, e.Used, e.Days, stamp(e.Activated),
		stamp(e.Expires), e.APN, e.PIN, e.PUK, stamp(e.UsageAt), stamp(e.Asked), !e.Status.Final() && !e.Customer.Forgotten(), stamp(e.Downloaded), e.ID)
	return err
}

// ESIM returns an eSIM by its esimTranNo, or esim.ErrNotFound.
func (db *DB) ESIM(ctx context.Context, esimID esim.ESIMID) (esim.ESIM, error) {
	e, err := one(db.read(ctx), scanESIM, selectESIM, esimID)
	if err != nil {
		return esim.ESIM{}, fmt.Errorf("eSIM %s: %w", esimID, err)
	}
	return e, nil
}

// ESIMOf returns an eSIM of a customer by its esimTranNo. It is esim.ErrNotFound also
// when the eSIM is somebody else's.
func (db *DB) ESIMOf(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error) {
	e, err := one(db.read(ctx), scanESIM, selectESIM+` AND person = ?`, esimID, customer)
	if err != nil {
		return esim.ESIM{}, fmt.Errorf("eSIM %s: %w", esimID, err)
	}
	return e, nil
}

const esimFor = `SELECT ` + esimColumns + ` FROM esims WHERE tran_no = ?1 AND ?2 IN (person, (SELECT o.person FROM orders o WHERE o.id = esims.order_id))`

// ESIMFor returns an eSIM that a customer holds, or bought and gave away; esim.ErrNotFound if it is neither.
func (db *DB) ESIMFor(ctx context.Context, customer esim.CustomerID, esimID esim.ESIMID) (esim.ESIM, error) {
	e, err := one(db.read(ctx), scanESIM, esimFor, esimID, customer)
	if err != nil {
		return esim.ESIM{}, fmt.Errorf("eSIM %s: %w", esimID, err)
	}
	return e, nil
}

const (
	esimsOfPerson = `SELECT ` + esimColumns + ` FROM esims WHERE person = ? ORDER BY created DESC, idx`
	esimsOfOrder  = `SELECT ` + esimColumns + ` FROM esims WHERE order_id = ? ORDER BY idx`
	knownESIMs    = `SELECT tran_no FROM esims WHERE tran_no IN (SELECT value FROM json_each(?1))
		UNION SELECT tran_no FROM orphan_links WHERE tran_no IN (SELECT value FROM json_each(?1)) AND (taker IS NOT NULL OR ends > ?2)`
	esimsByName = `SELECT ` + esimColumns + ` FROM esims WHERE tran_no IN (SELECT value FROM json_each(?))`
	esimsEnding = `SELECT ` + esimColumns + ` FROM esims WHERE watched = 1 AND activated IS NOT NULL AND expires IS NOT NULL AND expires < ?
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.tran_no = esims.tran_no AND a.epoch = esims.epoch AND a.kind = ?)
		ORDER BY expires`
	esimsLapsing = `SELECT ` + esimColumns + ` FROM esims WHERE watched = 1 AND activated IS NULL AND expires IS NOT NULL AND expires < ?
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.tran_no = esims.tran_no AND a.epoch = esims.epoch AND a.kind = ?)
		ORDER BY expires`
	firstEnding  = `SELECT min(expires) FROM esims WHERE watched = 1 AND activated IS NOT NULL AND expires IS NOT NULL`
	firstLapsing = `SELECT min(expires) FROM esims WHERE watched = 1 AND activated IS NULL AND expires IS NOT NULL`
	esimsFetched = `SELECT tran_no FROM esims WHERE watched = 1 AND fetched IS NOT NULL AND smdp IN ('DOWNLOAD', 'INSTALLATION')
		AND fetched BETWEEN ? AND ?
		AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.tran_no = esims.tran_no AND a.epoch = esims.epoch AND a.kind = ?)
		ORDER BY fetched LIMIT +?`
)

// ESIMsOf lists the eSIMs of a customer, newest first.
func (db *DB) ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error) {
	return db.esims(ctx, "eSIMs of a person", esimsOfPerson, customer)
}

// ESIMsOfOrder lists the eSIMs of an order by their number in it.
func (db *DB) ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error) {
	return db.esims(ctx, "eSIMs of order "+string(id), esimsOfOrder, id)
}

// ESIMs loads eSIMs by esimTranNo; unknown ones are left out.
func (db *DB) ESIMs(ctx context.Context, esimIDs []esim.ESIMID) ([]esim.ESIM, error) {
	return db.esims(ctx, "eSIMs", esimsByName, jsonList(esimIDs))
}

// KnownESIMs says which of some eSIMs are stored, or are given away by a link of staff.
func (db *DB) KnownESIMs(ctx context.Context, esimIDs []esim.ESIMID) (map[esim.ESIMID]bool, error) {
	ours, err := list(db.read(ctx), value[esim.ESIMID], knownESIMs, jsonList(esimIDs), stamp(db.now()))
	if err != nil {
		return nil, fmt.Errorf("which eSIMs are stored: %w", err)
	}
	known := make(map[esim.ESIMID]bool, len(ours))
	for _, id := range ours {
		known[id] = true
	}
	return known, nil
}

// ExpiringESIMs lists eSIMs in use that expire before the given time and were not yet
// told that they did.
func (db *DB) ExpiringESIMs(ctx context.Context, before time.Time) ([]esim.ESIM, error) {
	if none, err := db.noneBefore(ctx, before, firstEnding); none || err != nil {
		return nil, wrapped("ending eSIMs", err)
	}
	return db.eachESIM(ctx, "ending eSIMs", esimsEnding, stamp(before), esim.AlertExpired)
}

// LapsingESIMs lists watched eSIMs whose validity did not begin, that lapse before the given time,
// and whose alert of a kind ("": of any) was not noted yet.
func (db *DB) LapsingESIMs(ctx context.Context, before time.Time, kind esim.AlertKind) ([]esim.ESIM, error) {
	if none, err := db.noneBefore(ctx, before, firstLapsing); none || err != nil {
		return nil, wrapped("unused eSIMs that lapse", err)
	}
	return db.eachESIM(ctx, "unused eSIMs that lapse", esimsLapsing, stamp(before), kind)
}

// The words of the index of holders are "person"; a number below zero stands for nobody.
const unusedOfNobody = `SELECT ` + esimColumns + ` FROM esims WHERE person < 0 AND returned = 0 AND epoch = 0 AND status = 'GOT_RESOURCE' AND smdp = 'RELEASED'
	AND EXISTS (SELECT 1 FROM orders o WHERE o.id = esims.order_id AND o.person > 0)`

// UnusedOfForgotten lists eSIMs that may be given back, whose holder was forgotten and whose buyer was not.
func (db *DB) UnusedOfForgotten(ctx context.Context) ([]esim.ESIM, error) {
	return db.eachESIM(ctx, "unused gifts of nobody", unusedOfNobody)
}

// DownloadedESIMs lists the esimTranNo of eSIMs that a phone has fetched and not installed, first seen so
// between two times, whose alert of a kind was not noted yet, the oldest first.
func (db *DB) DownloadedESIMs(ctx context.Context, since, until time.Time, kind esim.AlertKind, limit int) ([]esim.ESIMID, error) {
	all, err := list(db.read(ctx), func(rows *sql.Rows) (esim.ESIMID, error) {
		var id esim.ESIMID
		err := rows.Scan(&id)
		return id, err
	}, esimsFetched, stamp(since), stamp(until), kind, limit)
	if err != nil {
		return nil, fmt.Errorf("eSIMs that were fetched: %w", err)
	}
	return all, nil
}

// eachESIM is esims for a worker.
func (db *DB) eachESIM(ctx context.Context, what, query string, args ...any) ([]esim.ESIM, error) {
	all, err := workList(ctx, db, "eSIM", scanESIM, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}

func (db *DB) esims(ctx context.Context, what, query string, args ...any) ([]esim.ESIM, error) {
	all, err := list(db.read(ctx), scanESIM, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}
