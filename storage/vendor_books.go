package storage

import (
	"context"
	"errors"
	"fmt"

	"esimbot/esim"
)

const (
	openOrders = `SELECT ` + orderColumns + ` FROM orders WHERE state IN (SELECT value FROM json_each(?)) ORDER BY created, id`
	// From the end of the table: the plus keeps the query off the index by account.
	vendorMoved = `SELECT at FROM ledger WHERE +account = ? ORDER BY id DESC LIMIT 1`
)

// VendorBooks is what is known of our account at the vendor. The orders are read first: what
// one of them moves afterwards shows in the balance of the books. One that cannot be read keeps nobody from comparing.
func (db *DB) VendorBooks(ctx context.Context) (esim.VendorBooks, error) {
	var b esim.VendorBooks
	var err error
	if b.Open, err = workList(ctx, db, "order", scanOrder, openOrders, jsonList(openStates)); err != nil {
		return esim.VendorBooks{}, fmt.Errorf("open orders: %w", err)
	}
	sum, err := oneUnchanged(db.read(ctx), value[int64], balanceOf, esim.AccountVendor, esim.USD4)
	if err != nil {
		return esim.VendorBooks{}, fmt.Errorf("what the vendor was paid: %w", err)
	}
	b.Balance = esim.USDTenThousandths(sum)
	if b.Moved, err = oneUnchanged(db.read(ctx), moment, vendorMoved, esim.AccountVendor); err != nil && !errors.Is(err, esim.ErrNotFound) {
		return esim.VendorBooks{}, fmt.Errorf("when the vendor was last paid: %w", err)
	}
	return b, nil
}
