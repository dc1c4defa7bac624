package esim

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// An older copy of the database may have been put back. What the shop did since is known to the vendor and to the
// messenger, and not here: an eSIM that the vendor has cancelled may have been swapped for one that lives, a revoked one
// may have been replaced. Its money is sent back by nobody but staff then.

// RestoreDetectorStore is what is needed of storage to find out that this database is an older copy.
type RestoreDetectorStore interface {
	SettingStore
	// Order returns an order, or ErrNotFound.
	Order(ctx context.Context, id OrderID) (Order, error)
	// LastSeen is when the shop is known to have been at work for the last time, or ErrNotFound. It is noted every ten minutes.
	LastSeen(ctx context.Context) (time.Time, error)
	// CreditHeld sums up the store credit of all who have some.
	CreditHeld(ctx context.Context) (CreditHeld, error)
	NotificationStore
}

// CreditHeld is the store credit (USD) that customers have, and how many of them have some.
type CreditHeld struct {
	Customers int
	Amount    Money
}

// A RestoreDetector finds out whether this database is an older copy. A nil one never doubts. Its methods may be called from
// several goroutines.
type RestoreDetector struct {
	Records RecordLister
	Store   RestoreDetectorStore
	Now     func() time.Time
	// Opened is when this run of the shop began. What happened to an eSIM that was looked at since happened before our eyes.
	Opened time.Time

	seen   atomic.Int64 // milliseconds: when the run before was at work for the last time; 0: it is not known
	copied atomic.Int64 // milliseconds: when a copy was opened that this database was made from; 0: it was not
	read   atomic.Bool  // the vendor's list, to its end

	mu    sync.Mutex
	from  time.Time // since when the list was read; zero: it was not
	lines []OrderID // that it names
}

// olderCopyKey is the setting that says when it was last noticed that this database is an older copy.
const olderCopyKey = "older_copy"

// Noticed remembers that the vendor knows what this database should and does not. Staff are told, once on a day on which there
// is something new of that: what customers spent of their store credit since the copy is in no list, so they have it again.
func (c *RestoreDetector) Noticed(ctx context.Context) error {
	if c == nil {
		return nil
	}
	now := c.Now()
	if err := c.Store.SetSetting(ctx, olderCopyKey, strconv.FormatInt(now.UnixMilli(), 10)); err != nil {
		return fmt.Errorf("note that this database is an older copy: %w", err)
	}
	held, err := c.Store.CreditHeld(ctx)
	if err == nil {
		err = c.Store.AddNotifications(ctx, []Notification{NewStaffOlderCopy(held, now)})
	}
	if err != nil {
		return fmt.Errorf("tell that this database is an older copy: %w", err)
	}
	return nil
}

func (c *RestoreDetector) noticed(ctx context.Context) (time.Time, error) {
	v, err := c.Store.Setting(ctx, olderCopyKey)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	} else if err != nil {
		return time.Time{}, fmt.Errorf("is this database an older copy: %w", err)
	}
	ms, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("is this database an older copy: %w", err)
	}
	return time.UnixMilli(ms), nil
}

// A WithdrawalDoubt is why it is not known that the vendor took an eSIM by itself; "": it did. An order that waits for staff with it
// begins its Reason so.
type WithdrawalDoubt string

// The doubts.
const (
	DoubtRestoredBackup WithdrawalDoubt = "older copy"
	DoubtRevoked        WithdrawalDoubt = "revoked"
)

// Why is what staff read.
func (d WithdrawalDoubt) Why() string {
	switch d {
	case DoubtRestoredBackup:
		return string(d) + ": the vendor took its eSIM back, and the vendor's list has orders that this database does not know; it may have been swapped or paid for since"
	case DoubtRevoked:
		return string(d) + ": while this shop was not open, or by a shop of which this database is an older copy; it may have been staff, and it may have been replaced"
	}
	return ""
}

// oldestOlderCopy begins the Reason of orders that DoubtRestoredBackup was stored with before it had a name.
const oldestOlderCopy = "the vendor took its eSIM back, and the vendor's list has orders"

// doubted reports whether an order waits for staff for one reason of doubt.
func (o Order) doubted(d WithdrawalDoubt) bool {
	return o.State == StateNeedsHuman && (strings.HasPrefix(o.Reason, string(d)+": ") || d == DoubtRestoredBackup && strings.HasPrefix(o.Reason, oldestOlderCopy))
}

// shortAbsence is how long the shop may have been closed, and this database is taken for the one that it closed with: a copy
// is put back later. Longer than between two notes of RestoreDetectorStore.LastSeen.
const shortAbsence = 15 * time.Minute

// CopiedSetting is the setting that a copy of the database has. It is empty until the copy is opened, and then when that was
// (milliseconds): what happened to an eSIM that was not looked at since may have been done after the copy was made.
const CopiedSetting = "copied"

// Remember notes when the run before was at work for the last time, and whether this database is a copy. It comes before
// this run notes anything.
func (c *RestoreDetector) Remember(ctx context.Context) error {
	if err := c.rememberCopied(ctx); err != nil {
		return err
	}
	at, err := c.Store.LastSeen(ctx)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	c.seen.Store(at.UnixMilli())
	return nil
}

func (c *RestoreDetector) rememberCopied(ctx context.Context) error {
	v, err := c.Store.Setting(ctx, CopiedSetting)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	at := c.Opened.UnixMilli()
	if v == "" {
		err = c.Store.SetSetting(ctx, CopiedSetting, strconv.FormatInt(at, 10))
	} else {
		at, err = strconv.ParseInt(v, 10, 64)
	}
	if err != nil {
		return fmt.Errorf("when was this copy opened: %w", err)
	}
	c.copied.Store(at)
	return nil
}

// wasAway reports whether the shop was closed so long that this may be a copy, or nobody knows how long. A clock that was
// set back says nothing.
func (c *RestoreDetector) wasAway() bool {
	seen := c.seen.Load()
	away := c.Opened.Sub(time.UnixMilli(seen))
	return seen == 0 || away < 0 || away > shortAbsence
}

// Doubt is why it cannot be said that the vendor took an eSIM by itself, which was stored as it is and is found so; "": it
// was the vendor. That an eSIM was revoked stands in no list, so of a shop that was away for long nobody knows.
func (c *RestoreDetector) Doubt(ctx context.Context, stored ESIM, found ProfileStatus) (WithdrawalDoubt, error) {
	if c == nil || !found.Withdrawn() || stored.Status.Withdrawn() {
		return "", nil
	}
	seen := stored.Asked
	if stored.Created.After(seen) {
		seen = stored.Created
	}
	noticed, err := c.noticed(ctx)
	switch {
	case err != nil:
		return "", err
	case seen.Before(noticed):
		return DoubtRestoredBackup, nil
	case !seen.Before(c.Opened) && !seen.After(c.Now()): // later than now: the clock was set back
		return "", nil
	case !found.gone() && (c.wasAway() || seen.UnixMilli() < c.copied.Load()):
		return DoubtRevoked, nil
	}
	unknown, err := c.unknown(ctx, seen)
	if err != nil || !unknown {
		return "", err
	}
	return DoubtRestoredBackup, c.Noticed(ctx)
}

// unknown reports whether the vendor's list since a time names an order that this database does not know to be bought.
func (c *RestoreDetector) unknown(ctx context.Context, since time.Time) (bool, error) {
	lines, err := c.named(ctx, since)
	if err != nil {
		return false, err
	}
	for _, id := range lines {
		o, err := c.Store.Order(ctx, id)
		switch {
		case errors.Is(err, ErrNotFound), err == nil && (o.State == StateAwaitingPayment || o.State == StateExpired):
			return true, nil
		case err != nil:
			return false, fmt.Errorf("order in the vendor's list: %w", err)
		}
	}
	return false, nil
}

// named are the orders that the vendor's list since a time names. What is bought while this shop is open it knows: the
// list is read once.
func (c *RestoreDetector) named(ctx context.Context, since time.Time) ([]OrderID, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.from.IsZero() && !since.Before(c.from) {
		return c.lines, nil
	}
	from, to := Order{Created: since, PaidAt: c.Opened}.boughtBetween(c.Now())
	var lines []OrderID
	for page, err := range c.Records.RecordsOrdered(ctx, from, to) {
		if err != nil {
			return nil, fmt.Errorf("look for orders of since in the vendor's list: %w", err)
		}
		for _, v := range page {
			if id, named := OrderOfIdempotencyKey(v.IdempotencyKey); named {
				lines = append(lines, id)
			}
		}
	}
	c.from, c.lines = since, lines
	return lines, nil
}

// Since is when the run before was at work for the last time, if this database may be an older copy; else the zero value.
func (c *RestoreDetector) Since() time.Time {
	if c == nil || c.seen.Load() == 0 || !c.wasAway() && !c.copiedNow() {
		return time.Time{}
	}
	return time.UnixMilli(c.seen.Load())
}

// copiedNow reports whether this run is the first on a copy.
func (c *RestoreDetector) copiedNow() bool {
	at := c.copied.Load()
	return at != 0 && at == c.Opened.UnixMilli()
}

// ListRead notes that the vendor's list was read to its end in this run.
func (c *RestoreDetector) ListRead() {
	if c != nil {
		c.read.Store(true)
	}
}

// ListUnread reports whether this database may be an older copy and it was not looked yet what was bought since: store credit
// that was spent may still be here.
func (c *RestoreDetector) ListUnread() bool {
	return c != nil && (!c.Since().IsZero() || c.copiedNow()) && !c.read.Load() && c.Now().Sub(c.Opened) < restsUnread
}

// restsUnread is how long store credit rests at the most: a list that cannot be read takes nobody's credit from them for good.
const restsUnread = time.Hour
