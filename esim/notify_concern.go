package esim

import (
	"fmt"
	"strings"
	"time"
)

// newStaffConcern tells of a concern that began. Its note is its name, and what it is about.
func newStaffConcern(s ConcernState, at time.Time) Notification {
	note := string(s.Concern)
	if s.Detail != "" {
		note += " " + s.Detail
	}
	return Notification{Kind: StaffConcern, Key: fmt.Sprintf("concern:%s:%d", s.Concern, at.UnixMilli()), Amount: s.Amount, Note: note}
}

// newStaffConcernOver tells that one is over. Its note is its name, and how many minutes it was.
func newStaffConcernOver(s ConcernState, began, now time.Time) Notification {
	return Notification{
		Kind: StaffConcernOver, Key: fmt.Sprintf("concern-over:%s:%d", s.Concern, began.UnixMilli()), Amount: s.Amount,
		Note: fmt.Sprintf("%s %d", s.Concern, max(int(now.Sub(began).Minutes()), 1)),
	}
}

// ConcernOf is which concern a notification is about, and what it says of it: the detail of one that began, and how many
// minutes one was that is over.
func ConcernOf(n Notification) (c Concern, detail string) {
	name, detail, _ := strings.Cut(n.Note, " ")
	return Concern(name), detail
}

// NewStaffInterrupted tells of an act that was begun and not ended, before the shop was stopped.
func NewStaffInterrupted(a VendorAction, note string, at time.Time) Notification {
	return Notification{Kind: StaffInterrupted, Key: fmt.Sprintf("cut-off:%s:%d", a.Key(), at.UnixMilli()), Order: a.Order, ESIM: a.ESIM, Note: note}
}
