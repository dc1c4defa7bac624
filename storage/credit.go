package storage

import (
	"context"
	"time"

	"esimbot/esim"
)

// Standing sums up what a person bought since a time; refunded orders do not count.
func (db *DB) Standing(ctx context.Context, person esim.PersonID, since time.Time) (esim.Standing, error) {
	return esim.Standing{}, nil
}

// Credit is a person's store credit (USD).
func (db *DB) Credit(ctx context.Context, person esim.PersonID) (esim.Money, error) {
	return esim.Dollars(0), nil
}
