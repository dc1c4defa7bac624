package storage

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"esimbot/esim"
)

// SavePlans keeps a catalogue in place of the last one.
func (db *DB) SavePlans(ctx context.Context, plans []esim.Plan, at time.Time) error {
	packed, err := packPlans(plans)
	if err != nil {
		return err
	}
	err = db.write(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO catalog (one, plans, fetched) VALUES (1, ?, ?)
			ON CONFLICT (one) DO UPDATE SET plans = excluded.plans, fetched = excluded.fetched`, packed, stamp(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("save %d plans: %w", len(plans), err)
	}
	return nil
}

// PlansUnchanged notes that the catalogue kept was fetched again and is the same; esim.ErrNotFound
// when none was ever kept.
func (db *DB) PlansUnchanged(ctx context.Context, at time.Time) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE catalog SET fetched = ?`, stamp(at))
		if err == nil && n == 0 {
			err = esim.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("note that the plans are the same: %w", err)
	}
	return nil
}

// LoadPlans returns the catalogue kept and when it was fetched; esim.ErrNotFound
// when none ever was.
func (db *DB) LoadPlans(ctx context.Context) ([]esim.Plan, time.Time, error) {
	var fetched time.Time
	packed, err := one(db.read(ctx), func(rows *sql.Rows) (b []byte, err error) {
		err = rows.Scan(&b, (*stamp)(&fetched))
		return b, err
	}, `SELECT plans, fetched FROM catalog`)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("load plans: %w", err)
	}
	plans, err := unpackPlans(packed)
	if err != nil {
		return nil, time.Time{}, err
	}
	return plans, fetched, nil
}

// packPlans writes plans as JSON and packs it: thousands of plans say much the same.
func packPlans(plans []esim.Plan) ([]byte, error) {
	stored := make([]storedPlan, len(plans))
	for i, p := range plans {
		stored[i] = storePlan(p)
	}
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	if err := json.NewEncoder(zip).Encode(stored); err != nil {
		return nil, fmt.Errorf("pack plans: %w", err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("pack plans: %w", err)
	}
	return buf.Bytes(), nil
}

func unpackPlans(packed []byte) ([]esim.Plan, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack plans: %w", err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		return nil, fmt.Errorf("unpack plans: %w", err)
	}
	var stored []storedPlan
	if err := json.Unmarshal(text, &stored); err != nil {
		return nil, fmt.Errorf("unpack plans: %w", err)
	}
	plans := make([]esim.Plan, len(stored))
	for i, s := range stored {
		plans[i] = s.plan()
	}
	return plans, nil
}
