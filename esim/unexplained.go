package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The program sends money back by itself only for what this database knows. A payment that
// the messenger's account alone tells of, and that no order explains, may be that of a sale
// made with another database of the same bot: its eSIM is live. It is held and listed.

// An UnexplainedPayment was taken by the messenger and is in no book of ours: its account of Stars has it, or
// its message named an order that is not here, which is all that is known of one by card.
type UnexplainedPayment struct {
	Payment
	Why   string // no order explains it, for staff
	Older bool   // than this database
}

// UnexplainedStore keeps payments that no order explains.
type UnexplainedStore interface {
	// NoteUnexplained remembers one, and reports whether it is new.
	NoteUnexplained(ctx context.Context, u UnexplainedPayment) (fresh bool, err error)
	// CloseUnexplained notes that one went back; nothing happens if there is none.
	CloseUnexplained(ctx context.Context, id string, at time.Time) error
	// UnexplainedPayments lists those that are open, oldest first.
	UnexplainedPayments(ctx context.Context) ([]UnexplainedPayment, error)
}

// A starPosition is where the reading of one bot's account of Stars stands. Each bot has its
// own account, so with another token the position begins anew.
type starPosition struct {
	opened time.Time // when this database first saw the bot
	read   int       // lines of the account
}

// String is how it is stored: milliseconds and lines.
func (p starPosition) String() string { return fmt.Sprintf("%d %d", p.opened.UnixMilli(), p.read) }

func starKey(bot int64) string { return fmt.Sprintf("stars_account:%d", bot) }

// position returns where the reading stands; it begins now for a bot that was not seen before.
func (r *Reconciler) position(ctx context.Context) (starPosition, error) {
	v, err := r.Store.Setting(ctx, starKey(r.Bot))
	if err == nil {
		var ms int64
		var p starPosition
		if _, err := fmt.Sscan(v, &ms, &p.read); err == nil {
			p.opened = time.UnixMilli(ms)
			return p, nil
		}
	} else if !errors.Is(err, ErrNotFound) {
		return starPosition{}, fmt.Errorf("how far the Stars account was read: %w", err)
	}
	p := starPosition{opened: r.Now()}
	return p, r.setPosition(ctx, p)
}

func (r *Reconciler) setPosition(ctx context.Context, p starPosition) error {
	if err := r.Store.SetSetting(ctx, starKey(r.Bot), p.String()); err != nil {
		return fmt.Errorf("note how far the Stars account was read: %w", err)
	}
	return nil
}

// hold remembers a payment that no order explains.
func (r *Reconciler) hold(ctx context.Context, p Payment, opened time.Time, rep *ReconcileReport) error {
	u := UnexplainedPayment{Payment: p, Why: "no order here explains it", Older: p.At.Before(opened)}
	fresh, err := r.Store.NoteUnexplained(ctx, u)
	if err != nil {
		return err
	}
	if fresh {
		rep.Unexplained++
	}
	return nil
}

// starsSettle is how old a payment is before its update is called lost.
const starsSettle = 30 * time.Second

// onItsWay reports whether the update of a payment may still come. One whose time our clock has not
// reached, since it was set back, is as old as we have seen it: by the clock it would hold up all that
// stands behind it in the account for hours.
func (r *Reconciler) onItsWay(m StarTransaction) bool {
	now := r.Now()
	if now.Sub(m.At) >= -starsSettle {
		delete(r.early, m.ID)
		return now.Sub(m.At) < starsSettle
	}
	seen, ok := r.early[m.ID]
	if !ok {
		if r.early == nil {
			r.early = map[string]time.Time{}
		}
		r.early[m.ID] = now
		return true
	}
	return ClockSetBack(seen, now) == 0 && now.Sub(seen) < starsSettle
}

// tellHeld tells staff once of what was newly held, with how many are open and their sum.
func (r *Reconciler) tellHeld(ctx context.Context, rep *ReconcileReport) error {
	if rep.Unexplained == 0 {
		return nil
	}
	open, err := r.Store.UnexplainedPayments(ctx)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return nil // they went back meanwhile
	}
	return r.tell(ctx, NewStaffUnexplained(open, r.Now()))
}

// holdForeign remembers a payment of another database of this bot, and tells staff. It may be
// called again for the same one.
func (c *Checkout) holdForeign(ctx context.Context, p Payment) error {
	u := UnexplainedPayment{Payment: p, Why: "its order is not in this database"}
	if !p.Dated.IsZero() {
		u.At = p.Dated
	}
	if _, err := c.Store.NoteUnexplained(ctx, u); err != nil {
		return err
	}
	open, err := c.Store.UnexplainedPayments(ctx)
	if err != nil {
		return err
	}
	n := NewStaffUnexplained(open, c.Now())
	n.Key = "unexplained:" + u.Ref() // once for each, however often its update comes
	return c.Store.AddNotifications(ctx, []Notification{n})
}
