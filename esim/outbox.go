package esim

import "time"

// An OutboxMessage is a notification in the outbox, on its way to its reader.
type OutboxMessage struct {
	ID int64
	Notification
	Created  time.Time
	Attempts int // tries to send it that failed
}
