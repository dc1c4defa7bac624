package esim

import (
	"fmt"
	"strconv"
	"time"
)

// NewStaffThread has the oldest message of a thread that waits brought to staff: there is one such
// notification for each message, and any of them moves the thread on.
func NewStaffThread(id ThreadID, chat int64, message int) Notification {
	return Notification{Kind: StaffThread, Key: fmt.Sprintf("thread:%d:%d:%d", id, chat, message), Note: threadNote(int64(id))}
}

// begunAgain is how often a thread in which nothing is said may be shown anew for its findings.
const begunAgain = 10 * time.Minute

// NewStaffThreadBegun shows staff a thread that has findings, whatever is said in it. Findings that change
// sooner than begunAgain stand on the next card.
func NewStaffThreadBegun(t SupportThread) Notification {
	since := t.LastSpoken.Truncate(begunAgain).UnixMilli()
	return Notification{Kind: StaffThread, Key: fmt.Sprintf("thread:%d:begun:%d", t.ID, since), Note: threadNote(int64(t.ID))}
}

// NewThreadAnswer is NewStaffThread for what staff said to the customer.
func NewThreadAnswer(t SupportThread, chat int64, message int) Notification {
	return Notification{
		Kind: NotifyThread, Key: fmt.Sprintf("answer:%d:%d:%d", t.ID, chat, message), Customer: t.Customer, Note: threadNote(int64(t.ID)),
	}
}

// NewStaffAnswered tells staff what became of an answer of theirs: it is with the customer, or it waits
// until they come back.
func NewStaffAnswered(m ThreadMessage, delivered bool) Notification {
	kind := StaffAnswered
	if !delivered {
		kind = StaffAnswerWaits
	}
	return Notification{Kind: kind, Key: fmt.Sprintf("%s:%d", kind, m.ID), Note: threadNote(m.ID)}
}

// NewThreadChange has the copy of a message changed after the message was.
func NewThreadChange(m ThreadMessage, at time.Time) Notification {
	n := Notification{Kind: StaffThreadChange, Key: fmt.Sprintf("thread-change:%d:%d", m.ID, at.UnixMilli()), Note: threadNote(m.ID)}
	if m.FromStaff {
		n.Kind, n.Customer = NotifyThreadChange, m.Customer
	}
	return n
}

// NewThreadUnseen tells a customer that staff cannot see what they sent.
func NewThreadUnseen(m ThreadMessage) Notification {
	return Notification{Kind: NotifyThreadUnseen, Key: fmt.Sprintf("thread-unseen:%d", m.ID), Customer: m.Customer, Note: threadNote(m.ID)}
}

// NewThreadClosed tells a customer that what they write goes to staff no more.
func NewThreadClosed(t SupportThread, at time.Time) Notification {
	return Notification{
		Kind: NotifyThreadClosed, Key: fmt.Sprintf("thread-closed:%d:%d", t.ID, at.UnixMilli()), Customer: t.Customer, Note: threadNote(int64(t.ID)),
	}
}

// NewStaffThreadCard shows on the head card of a thread that it was closed, or opened again.
func NewStaffThreadCard(t SupportThread, at time.Time) Notification {
	return Notification{Kind: StaffThreadCard, Key: fmt.Sprintf("thread-card:%d:%d", t.ID, at.UnixMilli()), Note: threadNote(int64(t.ID))}
}

func threadNote(id int64) string { return strconv.FormatInt(id, 10) }

// ThreadRow is the number in the note of a notification about a thread: of the thread, or of one of
// its messages. 0 if there is none.
func (n Notification) ThreadRow() int64 {
	id, err := strconv.ParseInt(n.Note, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// OrderingKey names what must be told in order: an order, or a thread. What is about neither waits for
// nothing else.
func (n Notification) OrderingKey() string {
	if n.Kind == StaffThread || n.Kind == NotifyThread {
		return "thread " + n.Note
	}
	if n.Order == "" {
		return "alone " + n.Key
	}
	return string(n.Order)
}
