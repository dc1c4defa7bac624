package esim

import "context"

// A StaffCard is a message in the staff's group that announced something about an order, with what can be done: it
// shows where the order is, as that moves.
type StaffCard struct {
	Order     OrderID
	Chat      int64
	Message   int
	Announced OutboxMessage // what it announced
}

// StaffCardStore knows the cards.
type StaffCardStore interface {
	// AddStaffCard notes where a notice about an order stands.
	AddStaffCard(ctx context.Context, order OrderID, chat int64, message int, notice int64) error
	// StaffCards lists the newest cards of an order.
	StaffCards(ctx context.Context, order OrderID) ([]StaffCard, error)
}
