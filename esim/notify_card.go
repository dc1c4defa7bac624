package esim

import (
	"fmt"
	"time"
)

// NewStaffMoved has the cards of an order show that it moved.
func NewStaffMoved(order OrderID, to State, at time.Time) Notification {
	return Notification{Kind: StaffMoved, Key: fmt.Sprintf("moved:%s:%s:%d", string(order), to, at.UnixMilli()), Order: order}
}
