package esim

import (
	"context"
	"errors"
	"time"
)

// What staff do that moves a customer's money, takes an eSIM away or changes much at once is a deed. Beyond a limit it
// needs a second person: what the first one's press would have done waits for the press of somebody else.

// DeedWaits is how long a deed waits for its second person, and how far back deeds count together: several small
// ones in a row are one.
const DeedWaits = time.Hour

// Why a deed is not agreed to.
var (
	ErrSamePerson  = errors.New("the second person is the first one")
	ErrDeedExpired = errors.New("nobody agreed in time")
)

// A DeedState is how far a deed is.
type DeedState string

// The states of a deed.
const (
	DeedAlone   DeedState = "alone"   // one is enough for it; it is being done
	DeedWaiting DeedState = "waiting" // for the second person
	DeedAgreed  DeedState = "agreed"  // by the second person; it is being done
	DeedDone    DeedState = "done"
	DeedDropped DeedState = "dropped" // it was refused, or could not be done: it does not count
)

// A Deed is one such thing.
type Deed struct {
	ID       int64
	Key      string // of what is done: pressed twice it is one
	What     string // as the audit log calls it
	Who      CustomerID
	Second   CustomerID // who agreed; 0: nobody yet
	Customer CustomerID // whom it is about; 0: nobody
	Order    OrderID
	Worth    Money // US cents, never negative
	// Always: it needs a second person whatever it is worth.
	Always bool
	At     time.Time // when it was begun
	State  DeedState
	Press  string // the data of the button that does it
	Shown  string // the question above that button, which has the reason
}

// Ends is when nobody can agree any more.
func (d Deed) Ends() time.Time { return d.At.Add(DeedWaits) }

// DeedStore keeps deeds: a restart loses none that waits, and each is done once.
type DeedStore interface {
	// BeginDeed stores what DecideDeed says of a deed under a limit (US cents; zero: none).
	BeginDeed(ctx context.Context, d Deed, limit Money) (Deed, error)
	// Deed returns a deed, or ErrNotFound.
	Deed(ctx context.Context, id int64) (Deed, error)
	// AgreeToDeed notes the second person, if Agree allows it.
	AgreeToDeed(ctx context.Context, id int64, second CustomerID, now time.Time) (Deed, error)
	// EndDeed notes that a deed was done, or was not: ErrConflict if it is over already.
	EndDeed(ctx context.Context, id int64, to DeedState) error
}

// DecideDeed is how a deed begins: known is the one of the same key, if there was one, and before are those that the
// same person has done for the same customer since DeedWaits ago. One that waits already goes on waiting.
func DecideDeed(d Deed, limit Money, known *Deed, before []Deed) Deed {
	if known != nil && (known.State == DeedWaiting || known.State == DeedAgreed) && d.At.Before(known.Ends()) {
		return *known
	}
	d.State, d.Second = DeedAlone, 0
	if needsSecond(d, limit, before) {
		d.State = DeedWaiting
	}
	if known != nil {
		d.ID = known.ID
	}
	return d
}

// needsSecond reports whether one person is not enough. What two have done is looked at already, and what was not done
// moved nothing.
func needsSecond(d Deed, limit Money, before []Deed) bool {
	if limit.Minor <= 0 {
		return false
	}
	sum := d.Worth.Minor
	for _, b := range before {
		alone := b.Second == 0 && (b.State == DeedAlone || b.State == DeedDone)
		if alone && d.Customer != 0 && b.Customer == d.Customer && b.Who == d.Who && b.Key != d.Key && d.At.Sub(b.At) < DeedWaits {
			sum += b.Worth.Minor
		}
	}
	return d.Always || sum > limit.Minor
}

// Agree is a deed with its second person: never the first one, and only in time. The same second person again is told
// the same, since a restart may have come between their press and what it does. ErrConflict: it does not wait any more.
func (d Deed) Agree(second CustomerID, now time.Time) (Deed, error) {
	switch {
	case d.State != DeedWaiting && (d.State != DeedAgreed || d.Second != second):
		return d, ErrConflict
	case second == d.Who:
		return d, ErrSamePerson
	case d.State == DeedWaiting && !now.Before(d.Ends()):
		return d, ErrDeedExpired
	}
	d.State, d.Second = DeedAgreed, second
	return d, nil
}

// MayAgree reports whether two persons together may do what is beyond the limit: each has the permission, and one of
// them is an owner, since a manager's reach ends at the limit.
func MayAgree(p Permission, first, second Role) bool {
	return first.May(p) && second.May(p) && (first == RoleOwner || second == RoleOwner)
}
