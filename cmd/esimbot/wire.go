package main

import (
	"context"
	"time"

	"esimbot/bot"
	"esimbot/esim"
	"esimbot/storage"
)

// The bot and storage do not know each other; here their row types meet.

// inbox is the storage's inbox as the bot wants it.
type inbox struct{ *storage.DB }

func (i inbox) AddUpdates(ctx context.Context, updates []bot.Update) ([]bot.Update, error) {
	items := make([]storage.InboxItem, len(updates))
	for n, u := range updates {
		items[n] = storage.InboxItem{ID: u.ID, Sender: u.Sender, Kind: u.Kind, Raw: u.Raw}
	}
	fresh, err := i.DB.AddUpdates(ctx, items)
	return toUpdates(fresh), err
}

func (i inbox) UnhandledUpdates(ctx context.Context, limit int) ([]bot.Update, error) {
	items, err := i.DB.UnhandledUpdates(ctx, limit)
	return toUpdates(items), err
}

func toUpdates(items []storage.InboxItem) []bot.Update {
	updates := make([]bot.Update, len(items))
	for n, i := range items {
		updates[n] = bot.Update{ID: i.ID, Sender: i.Sender, Kind: i.Kind, Raw: i.Raw}
	}
	return updates
}

// shopStore is the storage as the conversations want it.
type shopStore struct{ *storage.DB }

func (s shopStore) DueMessages(ctx context.Context, now time.Time, limit int) ([]bot.OutboxMessage, time.Time, error) {
	items, next, err := s.DB.DueMessages(ctx, now, limit)
	messages := make([]bot.OutboxMessage, len(items))
	for n, i := range items {
		messages[n] = bot.OutboxMessage{ID: i.ID, Notification: i.Notification, Created: i.Created, Attempts: i.Attempts}
	}
	return messages, next, err
}

// books is the shop's past as staff read it.
type books struct{ *storage.DB }

func (b books) OrderEvents(ctx context.Context, id esim.OrderID) ([]bot.OrderEvent, error) {
	rows, err := b.DB.OrderEvents(ctx, id)
	events := make([]bot.OrderEvent, len(rows))
	for i, r := range rows {
		events[i] = bot.OrderEvent(r)
	}
	return events, err
}

func (b books) PaymentsOf(ctx context.Context, id esim.OrderID) ([]bot.OrderPayment, error) {
	rows, err := b.DB.PaymentsOf(ctx, id)
	payments := make([]bot.OrderPayment, len(rows))
	for i, r := range rows {
		payments[i] = bot.OrderPayment(r)
	}
	return payments, err
}

func (b books) Statement(ctx context.Context, since time.Time) (bot.Statement, error) {
	st, err := b.DB.Statement(ctx, since)
	return bot.Statement(st), err
}
