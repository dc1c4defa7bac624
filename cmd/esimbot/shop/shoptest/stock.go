package shoptest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// A stock is a shop's database and the catalogue in it as they are right after the first
// price list. Reading the list and keeping it takes longer than most tests, and hundreds of
// tests begin there: each process reads a vendor's list once, and each rig gets a copy of the file.
type stock struct {
	plans    []esim.Plan
	database []byte
}

// A stockKey is what a vendor's price list depends on.
type stockKey struct {
	seed    uint64
	file    string
	catalog [sha256.Size]byte // of what is sold instead
}

// keyOf reads the catalogue of o, and puts back what reads the same. It reports false for a
// vendor that may list something else the next time.
func keyOf(o *sandbox.Options) (key stockKey, ok bool, err error) {
	key = stockKey{seed: o.Seed, file: o.CatalogFile}
	if o.Catalog != nil {
		raw, err := io.ReadAll(o.Catalog)
		if err != nil {
			return key, false, err
		}
		o.Catalog, key.catalog = bytes.NewReader(raw), sha256.Sum256(raw)
	}
	return key, o.File == "" && reflect.ValueOf(o.Quirks).IsZero(), nil
}

var stocks = struct {
	mu   sync.Mutex
	made map[stockKey]*stock
}{made: map[stockKey]*stock{}}

// stockOf is the stock of a vendor that sold nothing yet.
func stockOf(ctx context.Context, key stockKey, vendor *esimaccess.Client) (*stock, error) {
	stocks.mu.Lock()
	defer stocks.mu.Unlock()
	if s := stocks.made[key]; s != nil {
		return s, nil
	}
	s, err := makeStock(ctx, vendor)
	if err == nil {
		stocks.made[key] = s
	}
	return s, err
}

func makeStock(ctx context.Context, vendor *esimaccess.Client) (*stock, error) {
	plans, err := vendor.Plans(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the price list: %w", err)
	}
	s := &stock{plans: esim.NewCatalog(plans, Noon).Plans()} // in order: nothing to sort again
	s.database, err = databaseWith(func(db *storage.DB) error { return db.SavePlans(ctx, plans, Noon) })
	return s, err
}

// databaseWith is the file of a database, made of all migrations, after something was done to it.
func databaseWith(do func(*storage.DB) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "stock")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "shop.db")
	db, err := storage.Open(context.Background(), path, storage.Options{Now: func() time.Time { return Noon }, NoSync: true})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(do(db), db.Close()); err != nil { // Close brings the whole log into the file
		return nil, err
	}
	return os.ReadFile(path)
}

var emptyOnce = sync.OnceValues(func() ([]byte, error) {
	return databaseWith(func(*storage.DB) error { return nil })
})

// EmptyDatabase is the path of a new database as the first start of a shop makes it, where a program of
// its own is to open it: each process runs the migrations once, and waits once for the disk.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.db")
	if err := PlaceEmptyDatabase(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// PlaceEmptyDatabase writes such a database where a shop is to open it.
func PlaceEmptyDatabase(path string) error {
	raw, err := emptyOnce()
	if err != nil {
		return fmt.Errorf("make an empty database: %w", err)
	}
	return os.WriteFile(path, raw, 0o600)
}

// place writes the database where a rig opens it.
func (s *stock) place(path string) error { return os.WriteFile(path, s.database, 0o600) }

// fill restores the catalogue from the database that was placed, without unpacking it again.
func (s *stock) fill(ctx context.Context, c *esim.CatalogCache) error {
	kept := c.Store
	c.Store = s
	defer func() { c.Store = kept }()
	return c.Restore(ctx)
}

// LoadPlans is what the placed database would answer.
func (s *stock) LoadPlans(context.Context) ([]esim.Plan, time.Time, error) {
	return s.plans, Noon, nil
}

// SavePlans is not called: fill restores only.
func (s *stock) SavePlans(context.Context, []esim.Plan, time.Time) error { return errStock }

// PlansUnchanged is not called either.
func (s *stock) PlansUnchanged(context.Context, time.Time) error { return errStock }

var errStock = errors.New("a stock keeps no plans")
