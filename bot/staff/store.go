package staff

import (
	"context"

	"esimbot/esim"
)

// OrderStore knows the orders and who made them.
type OrderStore interface {
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
}

// Store is all that the group needs from storage.
type Store interface {
	OrderStore
	esim.SettingStore
	AuditedSettings
	CardStore
	SearchStore
	CustomerStore
	LedgerStore
	StatsStore
	PromoStore
	StatusStore
	BestSellerStore
	ThreadStore
	ExportStore
	esim.StaffMemberStore
	esim.SensitiveActionStore
	ReportStore
	esim.StaffCardStore
	UserStore
	esim.BroadcastDraftStore
	esim.NotificationStore
}

// OrderHistoryStore is what order cards tell of the past.
type OrderHistoryStore interface {
	// OrderEvents lists what happened to an order, oldest first.
	OrderEvents(ctx context.Context, id esim.OrderID) ([]esim.OrderEvent, error)
	// PaymentsOf lists the payments of an order, oldest first.
	PaymentsOf(ctx context.Context, id esim.OrderID) ([]esim.OrderPayment, error)
	// EarnedByOrder is what an order has earned by now, by the books.
	EarnedByOrder(ctx context.Context, id esim.OrderID) (esim.Earnings, error)
}
