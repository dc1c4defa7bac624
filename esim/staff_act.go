package esim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// What staff have the vendor do takes a while and is done beside the update that asked for it. That it is about to be done is
// written down first: if the shop is stopped meanwhile, nobody would say what became of it.

// A VendorAction is what one of the staff has the shop do at the vendor.
type VendorAction struct {
	Who   CustomerID
	What  string // as in the audit log
	Order OrderID
	ESIM  ESIMID // ""; it is about all of the order
}

// Key names the act; the same pressed twice is one.
func (a VendorAction) Key() string {
	return fmt.Sprintf("%s:%s:%s:%d", a.What, string(a.Order), string(a.ESIM), a.Who)
}

// VendorActionStore keeps the acts under way.
type VendorActionStore interface {
	// BeginVendorAction notes that an act is about to be done.
	BeginVendorAction(ctx context.Context, a VendorAction) error
	// EndVendorAction forgets one, with the notifications; nothing happens if it is not there.
	EndVendorAction(ctx context.Context, a VendorAction, notifications []Notification) error
	// PendingVendorActions lists those that were begun and did not end.
	PendingVendorActions(ctx context.Context) ([]VendorAction, error)
}

// actsHere are the acts of this run of the program. The zero value is ready.
type actsHere struct {
	mu sync.Mutex
	n  map[string]int
}

func (h *actsHere) add(key string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.n == nil {
		h.n = map[string]int{}
	}
	if h.n[key] += n; h.n[key] <= 0 {
		delete(h.n, key)
	}
}

func (h *actsHere) has(key string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n[key] > 0
}

// BeginVendorAction notes an act before it is done. end is called when it is known what became of it.
func (d *OrderAdmin) BeginVendorAction(ctx context.Context, a VendorAction) (end func(ctx context.Context) error, err error) {
	d.acts.add(a.Key(), 1)
	if err := d.Store.BeginVendorAction(ctx, a); err != nil {
		d.acts.add(a.Key(), -1)
		return nil, err
	}
	var once sync.Once
	return func(ctx context.Context) (err error) {
		once.Do(func() {
			if err = d.Store.EndVendorAction(ctx, a, nil); err == nil {
				d.acts.add(a.Key(), -1)
			}
		})
		return err
	}, nil
}

// ReportInterrupted has staff told of acts that a run of before began and did not end: with what the vendor says of the eSIM now.
func (d *OrderAdmin) ReportInterrupted(ctx context.Context) error {
	all, err := d.Store.PendingVendorActions(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range all {
		if d.acts.has(a.Key()) {
			continue
		}
		if err := alone(func() error { return d.tellCutOff(ctx, a) }); err != nil {
			errs = append(errs, d.failing.stuck(ctx, d.Store, "act of staff", a.Key(), a.Order, err, d.Now()))
			continue
		}
		d.failing.fine(a.Key())
	}
	return errors.Join(errs...)
}

func (d *OrderAdmin) tellCutOff(ctx context.Context, a VendorAction) error {
	note := []string{a.What}
	if a.ESIM != "" {
		_ = d.Watcher.Refresh(ctx, a.ESIM) // if the vendor does not answer, what is known has to do
		if e, err := d.Store.ESIM(ctx, a.ESIM); err == nil {
			note = append(note, e.ICCID.String(), strings.Trim(string(e.Status)+"/"+string(e.SMDPStatus), "/"))
		}
	}
	if err := d.Store.EndVendorAction(ctx, a, []Notification{NewStaffInterrupted(a, strings.Join(note, " · "), d.Now())}); err != nil {
		return fmt.Errorf("tell of an act that was cut off: %w", err)
	}
	return nil
}
