package storage

import (
	"context"
	"fmt"
	"time"

	"esimbot/esim"
)

// How long is kept what only repeats and charts need. Orders that were paid, payments, their
// events and the notes of alerts given are kept for good.
const (
	keepVendorEvents     = 30 * 24 * time.Hour  // a copy of a vendor event is known that long
	keepSamples          = 400 * 24 * time.Hour // of eSIMs that ended
	keepSent             = 90 * 24 * time.Hour
	keepThreads          = 90 * 24 * time.Hour // that were closed
	keepHeld             = 2 * 24 * time.Hour  // what a customer wrote and did not bring to staff
	keepSensitiveActions = 30 * 24 * time.Hour // what staff did stays in the audit log
	keepBroadcasts       = 90 * 24 * time.Hour // that are over
)

// The queries name the rows to delete, at most pruneChunk of them each time.
//
// A sent message's key keeps it from being sent a second time. Of alerts the table
// alerts remembers that for good, and of an order its state, once it is at an end; so
// the messages of open orders, and of orders whose money is on its way back, stay.
const (
	oldVendorEvents = `SELECT id FROM hints WHERE handled < ? LIMIT +?`
	oldSent         = `SELECT id FROM outbox WHERE status = 'sent' AND ended < ?1
		AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = outbox.order_id
			AND (o.state NOT IN (SELECT value FROM json_each(?3)) OR o.changed >= ?1))
		AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = outbox.order_id AND p.status = 'refund_due')
		ORDER BY ended LIMIT +?2`
	oldSamples = `SELECT tran_no FROM esims WHERE watched = 0 AND created < ?1
		AND EXISTS (SELECT 1 FROM usage_samples s WHERE s.tran_no = esims.tran_no AND s.as_of < ?1) LIMIT +?2`
	oldThreads          = `SELECT id FROM threads WHERE closed IS NOT NULL AND closed < ?1 LIMIT +?2`
	oldSensitiveActions = `SELECT id FROM staff_deeds WHERE at < ?1 LIMIT +?2`
	oldCasts            = `SELECT id FROM broadcasts WHERE coalesce(ended, made) < ?1 AND state IN ('draft', 'done', 'stopped') LIMIT +?2`
	oldHeld             = `SELECT id FROM thread_messages WHERE thread IS NULL AND at < ?1 LIMIT +?2`
)

// Prune deletes what is no longer needed at the given time: vendor events looked into a month
// ago, messages sent and threads closed three months ago, usage of long ended eSIMs, orders that were
// never paid. It works in small steps, so that others can write meanwhile, and may be repeated.
func (db *DB) Prune(ctx context.Context, now time.Time) error {
	for _, step := range []struct {
		what, find, remove string
		before             time.Time
		chunk              int
		args               []any // more of find
	}{
		{
			"hints", oldVendorEvents, `DELETE FROM hints WHERE id IN (SELECT value FROM json_each(?1)) AND handled < ?2`,
			now.Add(-keepVendorEvents), pruneChunk, nil,
		},
		{
			"messages", oldSent, `DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1)) AND status = 'sent' AND ended < ?2`,
			now.Add(-keepSent), pruneChunk,
			[]any{overStates},
		},
		{
			"usage", oldSamples, `DELETE FROM usage_samples WHERE tran_no IN (SELECT value FROM json_each(?1)) AND as_of < ?2`,
			now.Add(-keepSamples), 5, nil,
		}, // thousands of readings each
		{
			"threads", oldThreads, `DELETE FROM threads WHERE id IN (SELECT value FROM json_each(?1)) AND closed < ?2`, // and what was said
			now.Add(-keepThreads), pruneChunk, nil,
		},
		{
			"held words", oldHeld, `DELETE FROM thread_messages WHERE id IN (SELECT value FROM json_each(?1)) AND thread IS NULL AND at < ?2`,
			now.Add(-keepHeld), pruneChunk, nil,
		},
		{
			"sensitive actions", oldSensitiveActions, `DELETE FROM staff_deeds WHERE id IN (SELECT value FROM json_each(?1)) AND at < ?2`,
			now.Add(-keepSensitiveActions), pruneChunk, nil,
		},
		{
			"broadcasts", oldCasts, `DELETE FROM broadcasts WHERE id IN (SELECT value FROM json_each(?1)) AND coalesce(ended, made) < ?2`, // and who got them
			now.Add(-keepBroadcasts), pruneChunk, nil,
		},
	} {
		for {
			ids, err := list(db.read(ctx), value[any], step.find, append([]any{stamp(step.before), step.chunk}, step.args...)...)
			if err != nil {
				return fmt.Errorf("find old %s: %w", step.what, err)
			}
			if len(ids) == 0 {
				break
			}
			err = db.write(ctx, func(t *tx) error {
				_, err := t.exec(step.remove, jsonList(ids), stamp(step.before))
				return err
			})
			if err != nil {
				return fmt.Errorf("delete old %s: %w", step.what, err)
			}
		}
	}
	if err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM forgotten WHERE blocked = 0 AND at < ?`, stamp(now.Add(-esim.MarkRetention)))
		return err
	}); err != nil {
		return fmt.Errorf("delete old marks: %w", err)
	}
	return db.pruneUnpaid(ctx, now)
}
