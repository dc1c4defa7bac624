// Package rights is what customers have a right to, beside what they bought: a copy of everything that is held about them, to
// be forgotten, and to withdraw from a contract.
package rights

import (
	"context"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Config is what these conversations work with. All fields are required.
type Config struct {
	Screens *ui.Presenter
	Store   Store
	// Contracts takes withdrawals.
	Contracts *esim.Contracts
	Now       func() time.Time
}

// Store is all that they need from storage.
type Store interface {
	esim.PersonalStore
	esim.ForgetStore
}

// Flows are the conversations about somebody's rights. Create them with New.
type Flows struct {
	data      *dataFlow
	forget    *forgetFlow
	withdrawn *withdrawFlow
}

// New puts them together. It makes no call.
func New(cfg Config) *Flows {
	return &Flows{&dataFlow{cfg.Store, cfg.Now}, &forgetFlow{cfg.Store}, &withdrawFlow{cfg.Contracts, cfg.Screens}}
}

// Register says which commands and buttons lead here.
func (f *Flows) Register(t *ui.Router) {
	for _, flow := range []interface{ register(*ui.Router) }{f.data, f.forget, f.withdrawn} {
		flow.register(t)
	}
}

// Renderers write and send each kind of notification about a right, in the customer's language.
func (f *Flows) Renderers() map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error {
	return map[esim.NotificationKind]func(context.Context, *ui.Request, esim.OutboxMessage) error{
		esim.NotifyContractWithdrawal: f.withdrawn.acknowledge,
		esim.NotifyContractToPerson:   f.withdrawn.toPerson,
	}
}
