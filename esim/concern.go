package esim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A Concern is one thing about the shop itself that staff have to know when it is not well: told once when it begins, and once
// when it is over.
type Concern string

// The concerns, in the order in which they are shown. The names are in the database.
const (
	ConcernVendor    Concern = "vendor"    // the vendor does not answer: nothing is sold
	ConcernFloor     Concern = "floor"     // its balance is below the floor: nothing is sold
	ConcernBalance   Concern = "balance"   // its balance comes near the floor
	ConcernUpdates   Concern = "updates"   // nothing comes from Telegram
	ConcernEvents    Concern = "events"    // nothing comes from the vendor by itself
	ConcernSweep     Concern = "sweep"     // nobody looks at the eSIMs
	ConcernLate      Concern = "late"      // many orders wait at once
	ConcernReconcile Concern = "reconcile" // the accounts are not compared, or do not agree
	ConcernStars     Concern = "stars"     // the Stars do not cover what may go back
	ConcernAffiliate Concern = "affiliate" // an affiliate program runs, and the shop offers ways around Stars
	ConcernDisk      Concern = "disk"      // there is no room
	ConcernBackup    Concern = "backup"    // the last copy is old
)

// StopsSales reports whether the shop sells nothing, or hears nobody, while the concern lasts.
func (c Concern) StopsSales() bool {
	return c == ConcernVendor || c == ConcernFloor || c == ConcernUpdates
}

// ShopFacts are what concerns are decided from, as they are at one moment.
type ShopFacts struct {
	Now     time.Time
	Started time.Time // of the program
	Vendor  VendorStatus
	Floor   Money // USD4
	// Updates and Events say what keeps Telegram's updates and the vendor's events from coming; "": nothing.
	Updates, Events     string
	NoEvents            bool      // the shop has no address at which events could come
	Sweep               time.Time // the last that ended well; zero: none
	Late                int       // orders that are late
	Reconciled          time.Time // the last comparison that ended well; zero: none
	Faults              int       // in the books, as it found
	Stars               StarsReserveStatus
	Affiliate           int64 // per mille that affiliates get of payments in Stars; 0: no program is known to run
	TakesOtherThanStars bool  // the shop takes money in other ways, too
	DiskKnown           bool
	DiskFree            int64     // bytes
	Backup              time.Time // the last copy that the shop knows of; zero: none
}

// A Severity is how grave a concern is.
type Severity int

// How grave it can be.
const (
	SeverityUnknown  Severity = iota // it cannot be told, or does not matter to this shop
	SeverityOK                       // all is well
	SeverityWarning                  // staff have to do something soon
	SeverityCritical                 // nothing is sold, or nothing is heard
)

// A ConcernState is a concern as it is now.
type ConcernState struct {
	Concern  Concern
	Severity Severity
	Amount   Money     // what it is about, if that is money
	Detail   string    // what it is about else: figures and the words of programs, in no language
	At       time.Time // when it was last well, of those about a time
}

const (
	concernSweep     = 3 * time.Hour
	concernReconcile = time.Hour
	concernBackup    = 48 * time.Hour
	concernLate      = 3
	concernDisk      = 200 << 20 // what SQLite needs to breathe, and the copy before a migration
	gravestDisk      = 50 << 20
)

// A concernRow decides about one concern. was says that it goes on: it is over a good step beyond where it began, so that what
// moves around a limit is told once.
type concernRow struct {
	name Concern
	look func(f ShopFacts, was bool) ConcernState
}

// since is a moment, or when the program began if that is later: what is overdue then has had no time yet.
func (f ShopFacts) since(t time.Time) time.Duration {
	if t.Before(f.Started) {
		t = f.Started
	}
	return f.Now.Sub(t)
}

// beyond is a limit, and a tenth more for what goes on.
func beyond(limit int64, was bool) int64 {
	if was {
		return limit + limit/10
	}
	return limit
}

func light(bad bool, grave Severity) Severity {
	if bad {
		return grave
	}
	return SeverityOK
}

// concerns is the table of all that is watched.
var concerns = []concernRow{
	{ConcernVendor, func(f ShopFacts, _ bool) ConcernState {
		return ConcernState{Severity: light(f.Vendor.Down, SeverityCritical), Detail: f.Vendor.Why, At: f.Vendor.AsOf}
	}},
	{ConcernFloor, func(f ShopFacts, was bool) ConcernState {
		if f.Vendor.AsOf.IsZero() {
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.Vendor.Balance.Minor < beyond(f.Floor.Minor, was), SeverityCritical), Amount: f.Vendor.Balance, At: f.Vendor.AsOf}
	}},
	{ConcernBalance, func(f ShopFacts, was bool) ConcernState {
		if f.Vendor.AsOf.IsZero() || f.Vendor.Balance.Minor < f.Floor.Minor && !was { // below the floor that is told alone
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.Vendor.Balance.Minor < beyond(2*f.Floor.Minor, was), SeverityWarning), Amount: f.Vendor.Balance, At: f.Vendor.AsOf}
	}},
	{ConcernUpdates, func(f ShopFacts, _ bool) ConcernState {
		return ConcernState{Severity: light(f.Updates != "", SeverityCritical), Detail: f.Updates}
	}},
	{ConcernEvents, func(f ShopFacts, _ bool) ConcernState {
		if f.NoEvents {
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.Events != "", SeverityWarning), Detail: f.Events}
	}},
	{ConcernSweep, func(f ShopFacts, _ bool) ConcernState {
		return ConcernState{Severity: light(f.since(f.Sweep) > concernSweep, SeverityWarning), At: f.Sweep}
	}},
	{ConcernLate, func(f ShopFacts, was bool) ConcernState {
		return ConcernState{Severity: light(f.Late >= concernLate || was && f.Late > 0, SeverityWarning), Detail: strconv.Itoa(f.Late)}
	}},
	{ConcernReconcile, func(f ShopFacts, _ bool) ConcernState {
		s := ConcernState{Severity: light(f.Faults > 0 || f.since(f.Reconciled) > concernReconcile, SeverityWarning), At: f.Reconciled}
		if f.Faults > 0 {
			s.Detail = strconv.Itoa(f.Faults)
		}
		return s
	}},
	{ConcernStars, func(f ShopFacts, _ bool) ConcernState {
		if f.Stars.AsOf.IsZero() {
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.Stars.Low(), SeverityWarning), Amount: f.Stars.Balance, Detail: strconv.FormatInt(f.Stars.Owed.Minor, 10), At: f.Stars.AsOf}
	}},
	{ConcernAffiliate, func(f ShopFacts, _ bool) ConcernState {
		if f.Affiliate == 0 {
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.TakesOtherThanStars, SeverityWarning), Detail: PerMilleText(f.Affiliate)}
	}},
	{ConcernDisk, func(f ShopFacts, was bool) ConcernState {
		if !f.DiskKnown {
			return ConcernState{}
		}
		grave := SeverityWarning
		if f.DiskFree < gravestDisk {
			grave = SeverityCritical
		}
		return ConcernState{Severity: light(f.DiskFree < beyond(concernDisk, was), grave), Detail: fmt.Sprintf("%d MB", f.DiskFree>>20)}
	}},
	{ConcernBackup, func(f ShopFacts, _ bool) ConcernState {
		if f.Backup.IsZero() { // it may be made by others, of which the shop knows nothing
			return ConcernState{}
		}
		return ConcernState{Severity: light(f.Now.Sub(f.Backup) > concernBackup, SeverityWarning), At: f.Backup}
	}},
}

// AllConcerns lists all of them, in the order in which they are shown.
func AllConcerns() []Concern {
	all := make([]Concern, len(concerns))
	for i, c := range concerns {
		all[i] = c.name
	}
	return all
}

// lookAt decides about all concerns; since says which of them go on.
func lookAt(f ShopFacts, since map[Concern]int64) []ConcernState {
	all := make([]ConcernState, len(concerns))
	for i, c := range concerns {
		_, was := since[c.name]
		all[i] = c.look(f, was)
		all[i].Concern = c.name
	}
	return all
}

// ConcernStore keeps which concerns staff know of.
type ConcernStore interface {
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	// SetAndTell sets a value and stores the notifications, both or neither.
	SetAndTell(ctx context.Context, key, value string, notifications []Notification) error
}

// ShopWatch watches the shop itself and has staff told, once each time, of what is not well and when it is over.
type ShopWatch struct {
	Store ConcernStore
	Facts func(ctx context.Context) (ShopFacts, error)

	mu   sync.Mutex
	good map[Concern]time.Time // since when what staff know of is well again
}

// concernsKey is the setting that holds since when what staff know of is not well.
const concernsKey = "concerns"

// settled is how long something must be well before staff are told that it is over: what comes and goes is one trouble.
const settled = 5 * time.Minute

// Look is how the shop is now.
func (w *ShopWatch) Look(ctx context.Context) ([]ConcernState, error) {
	f, err := w.Facts(ctx)
	if err != nil {
		return nil, fmt.Errorf("how the shop is: %w", err)
	}
	since, err := w.known(ctx)
	if err != nil {
		return nil, err
	}
	return lookAt(f, since), nil
}

// known is since when what staff know of is not well, in milliseconds.
func (w *ShopWatch) known(ctx context.Context) (map[Concern]int64, error) {
	since := map[Concern]int64{}
	v, err := w.Store.Setting(ctx, concernsKey)
	if errors.Is(err, ErrNotFound) || v == "" {
		return since, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what staff know of the shop: %w", err)
	}
	if json.Unmarshal([]byte(v), &since) != nil { // nothing of ours: all is told anew
		return map[Concern]int64{}, nil
	}
	return since, nil
}

// Check looks, and has staff told of what began and of what is over.
func (w *ShopWatch) Check(ctx context.Context) error {
	f, err := w.Facts(ctx)
	if err != nil {
		return fmt.Errorf("how the shop is: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	since, err := w.known(ctx)
	if err != nil {
		return err
	}
	told := w.changes(f, lookAt(f, since), since)
	if len(told) == 0 {
		return nil
	}
	v, err := json.Marshal(since)
	if err != nil {
		return fmt.Errorf("note what staff know of the shop: %w", err)
	}
	return w.Store.SetAndTell(ctx, concernsKey, string(v), told)
}

// changes are the notifications of what began and of what is over, and changes since to match.
func (w *ShopWatch) changes(f ShopFacts, states []ConcernState, since map[Concern]int64) (told []Notification) {
	for c := range since { // of a release that watched more
		if !slices.Contains(AllConcerns(), c) {
			delete(since, c)
		}
	}
	for _, s := range states {
		began, goes := since[s.Concern]
		bad := s.Severity >= SeverityWarning
		switch {
		case bad && !goes:
			since[s.Concern] = f.Now.UnixMilli()
			told = append(told, newStaffConcern(s, f.Now))
			delete(w.good, s.Concern)
		case bad:
			delete(w.good, s.Concern)
		case goes && s.Severity == SeverityOK:
			if w.good == nil {
				w.good = map[Concern]time.Time{}
			}
			if w.good[s.Concern].IsZero() || w.good[s.Concern].After(f.Now) {
				w.good[s.Concern] = f.Now
			}
			if f.Now.Sub(w.good[s.Concern]) < settled {
				continue
			}
			delete(w.good, s.Concern)
			delete(since, s.Concern)
			told = append(told, newStaffConcernOver(s, time.UnixMilli(began), f.Now))
		}
	}
	return told
}
