package esim

import (
	"context"
	"errors"
	"time"
)

// What staff do that moves a customer's money, takes an eSIM away or changes much at once is a sensitive action. Beyond a limit it
// needs a second person: what the first one's press would have done waits for the press of somebody else.

// SensitiveActionTTL is how long a sensitive action waits for its second person, and how far back sensitive actions count together: several small
// ones in a row are one.
const SensitiveActionTTL = time.Hour

// Why a sensitive action is not agreed to.
var (
	ErrSamePerson      = errors.New("the second person is the first one")
	ErrApprovalExpired = errors.New("nobody agreed in time")
)

// A SensitiveActionState is how far a sensitive action is.
type SensitiveActionState string

// The states of a sensitive action.
const (
	SensitiveActionOnePerson      SensitiveActionState = "alone"   // one is enough for it; it is being done
	SensitiveActionAwaitsApproval SensitiveActionState = "waiting" // for the second person
	SensitiveActionApproved       SensitiveActionState = "agreed"  // by the second person; it is being done
	SensitiveActionDone           SensitiveActionState = "done"
	SensitiveActionDropped        SensitiveActionState = "dropped" // it was refused, or could not be done: it does not count
)

// A SensitiveAction is one such thing.
type SensitiveAction struct {
	ID         int64
	Key        string // of what is done: pressed twice it is one
	What       string // as the audit log calls it
	Who        CustomerID
	ApprovedBy CustomerID // who agreed; 0: nobody yet
	Customer   CustomerID // whom it is about; 0: nobody
	Order      OrderID
	Worth      Money // US cents, never negative
	// Always: it needs a second person whatever it is worth.
	Always bool
	At     time.Time // when it was begun
	State  SensitiveActionState
	Press  string // the data of the button that does it
	Shown  string // the question above that button, which has the reason
}

// Ends is when nobody can agree any more.
func (d SensitiveAction) Ends() time.Time { return d.At.Add(SensitiveActionTTL) }

// SensitiveActionStore keeps sensitive actions: a restart loses none that waits, and each is done once.
type SensitiveActionStore interface {
	// BeginSensitiveAction stores what DecideSensitiveAction says of a sensitive action under a limit (US cents; zero: none).
	BeginSensitiveAction(ctx context.Context, d SensitiveAction, limit Money) (SensitiveAction, error)
	// SensitiveAction returns a sensitive action, or ErrNotFound.
	SensitiveAction(ctx context.Context, id int64) (SensitiveAction, error)
	// ApproveSensitiveAction notes the second person, if Agree allows it.
	ApproveSensitiveAction(ctx context.Context, id int64, second CustomerID, now time.Time) (SensitiveAction, error)
	// EndSensitiveAction notes that a sensitive action was done, or was not: ErrConflict if it is over already.
	EndSensitiveAction(ctx context.Context, id int64, to SensitiveActionState) error
}

// DecideSensitiveAction is how a sensitive action begins: known is the one of the same key, if there was one, and before are those that the
// same person has done for the same customer since SensitiveActionTTL ago. One that waits already goes on waiting.
func DecideSensitiveAction(d SensitiveAction, limit Money, known *SensitiveAction, before []SensitiveAction) SensitiveAction {
	if known != nil && (known.State == SensitiveActionAwaitsApproval || known.State == SensitiveActionApproved) && d.At.Before(known.Ends()) {
		return *known
	}
	d.State, d.ApprovedBy = SensitiveActionOnePerson, 0
	if needsSecond(d, limit, before) {
		d.State = SensitiveActionAwaitsApproval
	}
	if known != nil {
		d.ID = known.ID
	}
	return d
}

// needsSecond reports whether one person is not enough. What two have done is looked at already, and what was not done
// moved nothing.
func needsSecond(d SensitiveAction, limit Money, before []SensitiveAction) bool {
	if limit.Minor <= 0 {
		return false
	}
	sum := d.Worth.Minor
	for _, b := range before {
		alone := b.ApprovedBy == 0 && (b.State == SensitiveActionOnePerson || b.State == SensitiveActionDone)
		if alone && d.Customer != 0 && b.Customer == d.Customer && b.Who == d.Who && b.Key != d.Key && d.At.Sub(b.At) < SensitiveActionTTL {
			sum += b.Worth.Minor
		}
	}
	return d.Always || sum > limit.Minor
}

// Approve is a sensitive action with its second person: never the first one, and only in time. The same second person again is told
// the same, since a restart may have come between their press and what it does. ErrConflict: it does not wait any more.
func (d SensitiveAction) Approve(second CustomerID, now time.Time) (SensitiveAction, error) {
	switch {
	case d.State != SensitiveActionAwaitsApproval && (d.State != SensitiveActionApproved || d.ApprovedBy != second):
		return d, ErrConflict
	case second == d.Who:
		return d, ErrSamePerson
	case d.State == SensitiveActionAwaitsApproval && !now.Before(d.Ends()):
		return d, ErrApprovalExpired
	}
	d.State, d.ApprovedBy = SensitiveActionApproved, second
	return d, nil
}

// MayApproveTogether reports whether two persons together may do what is beyond the limit: each has the permission, and one of
// them is an owner, since a manager's reach ends at the limit.
func MayApproveTogether(p Permission, first, second Role) bool {
	return first.May(p) && second.May(p) && (first == RoleOwner || second == RoleOwner)
}
