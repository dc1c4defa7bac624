package esim

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A ThreadID is the number of a SupportThread.
type ThreadID int64

// A SupportThread is a customer's talk with staff. While it is open, what the customer writes and
// sends goes into it; a customer has at most one that is open.
type SupportThread struct {
	ID       ThreadID
	Customer CustomerID
	ESIM     ESIMID // what it is about; "": not said
	// Findings are what the fault finder found, see ParseFindings; "": it was not asked.
	Findings   string
	Opened     time.Time
	LastSpoken time.Time // when either side last said something; Opened: nobody has
	HasContent bool      // the customer said something, or there are findings: staff know of it
	Answered   bool      // staff spoke last
	Closed     time.Time // zero: it is open
	ClosedBy   ThreadEnd
	Taken      CustomerID // who of the staff looks after it; 0: nobody in particular
	// Where the present head card stands in the staff's chat; 0: nowhere yet.
	HeadChat int64
	Head     int
}

// Open reports whether what the customer writes goes into it.
func (t SupportThread) Open() bool { return t.Closed.IsZero() }

// A ThreadEnd says who closed a SupportThread.
type ThreadEnd string

// The ends of a thread.
const (
	EndByCustomer ThreadEnd = "customer"
	EndByStaff    ThreadEnd = "staff"
	EndByQuiet    ThreadEnd = "quiet" // nobody said anything for long
)

// A ThreadMessage is something said in a SupportThread, by either side.
type ThreadMessage struct {
	ID        int64
	Thread    ThreadID // 0: not yet in one; see SupportStore.HoldMessage
	Customer  CustomerID
	FromStaff bool
	Chat      int64 // where it was written
	Message   int
	Album     string // of several sent as one; "": it stands alone
	Kind      string // the messenger's name of its kind: "photo", "voice"; "": text
	Text      string // or the caption
	File      string // by which the messenger finds the file again; "": none
	At        time.Time
	// ReplyTo is the message that it answers, in the chat where its copy will stand; 0: none.
	ReplyTo int
	// Where its copy stands in the chat of the other side; 0: nowhere yet.
	CopyChat int64
	Copy     int
}

// SupportStore is where threads are.
type SupportStore interface {
	ThreadStore
	ThreadMessageStore
	QuietThreadStore
	NotificationStore
}

// ThreadStore has the threads from their beginning to their end.
type ThreadStore interface {
	// StartThread opens a thread, or goes on with the open one of the same customer, which then is
	// about what t names. The held message of that number becomes part of it, with what else is held of its writer from
	// an hour before it on; 0: none.
	StartThread(ctx context.Context, t SupportThread, held int) (SupportThread, error)
	// CloseThread closes an open thread; ErrConflict if it is not open.
	CloseThread(ctx context.Context, id ThreadID, by ThreadEnd, told []Notification) error
	// Thread returns a thread, or ErrNotFound.
	Thread(ctx context.Context, id ThreadID) (SupportThread, error)
	// OpenThreadOf returns the open thread of a customer, or ErrNotFound.
	OpenThreadOf(ctx context.Context, customer CustomerID) (SupportThread, error)
}

// ThreadMessageStore keeps what is said in a thread, and before there is one.
type ThreadMessageStore interface {
	// AddThreadMessage adds a message to its thread and tells the other side, not before a time;
	// one that is there already changes nothing. What staff say opens a closed thread again, unless
	// its customer has another one.
	AddThreadMessage(ctx context.Context, m ThreadMessage, told Notification, notBefore time.Time) error
	// ChangeThreadMessage notes another text of a message, and tells whoever has its copy; one that is still
	// to be made will be of the new text.
	ChangeThreadMessage(ctx context.Context, id int64, text string, told []Notification) error
	// HoldMessage keeps what a customer wrote outside of a thread, in case they ask a person next.
	HoldMessage(ctx context.Context, m ThreadMessage) error
	// ThreadMessageAt returns what stands there, be it the message or its copy, or ErrNotFound.
	ThreadMessageAt(ctx context.Context, chat int64, message int) (ThreadMessage, error)
}

// QuietThreadStore finds the threads in which nothing is to come any more.
type QuietThreadStore interface {
	// QuietThreads lists open threads in which nobody spoke since a time, and those opened before
	// another in which the customer never did.
	QuietThreads(ctx context.Context, spokenBefore, emptyBefore time.Time) ([]SupportThread, error)
	// WaitingThreadMessages counts what a side said and the other side has not got.
	WaitingThreadMessages(ctx context.Context, id ThreadID, fromStaff bool) (int, error)
}

const (
	// threadQuiet closes a thread: after a day the customer has forgotten that what they write goes there.
	threadQuiet = 24 * time.Hour
	// threadEmpty closes one in which the customer said nothing at all.
	threadEmpty = 30 * time.Minute
	// mostWaiting of one customer wait for the staff's chat, which takes twenty messages a minute for all.
	mostWaiting = 60
	// albumPause is how long the parts of an album are waited for: each comes as a message of its own.
	albumPause = 2 * time.Second
)

// ErrThreadFull is more than staff can be brought at once.
var ErrThreadFull = errors.New("too much waits for staff in this thread")

// Support is the customers' talk with staff.
type Support struct {
	Store SupportStore
	Now   func() time.Time

	failing failures
}

// Begin opens a thread about what t names, or goes on with the open one. held is the message that the
// customer wrote before they asked for a person; 0: none. Staff hear of a thread when something was
// said or found.
func (s *Support) Begin(ctx context.Context, t SupportThread, held int) (SupportThread, error) {
	t.Opened, t.LastSpoken, t.HasContent = s.Now(), s.Now(), t.Findings != ""
	started, err := s.Store.StartThread(ctx, t, held)
	if err != nil {
		return SupportThread{}, fmt.Errorf("open a thread: %w", err)
	}
	return started, nil
}

// Say adds what a customer wrote to their open thread, and returns the thread as it was before; what was added
// already is not added again, and returns one in which nothing was said.
// ErrNotFound if they have none, ErrThreadFull if too much waits already.
func (s *Support) Say(ctx context.Context, m ThreadMessage) (SupportThread, error) {
	t, err := s.Store.OpenThreadOf(ctx, m.Customer)
	if err != nil {
		return SupportThread{}, err
	}
	// The messenger tells of it again if nobody answered: the shop was stopped in between. Its writer was not
	// told yet that it arrived.
	if was, err := s.Store.ThreadMessageAt(ctx, m.Chat, m.Message); err == nil && was.Thread == t.ID {
		t.HasContent = false
		return t, nil
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return SupportThread{}, fmt.Errorf("whether it was said already: %w", err)
	}
	waiting, err := s.Store.WaitingThreadMessages(ctx, t.ID, false)
	if err != nil {
		return SupportThread{}, fmt.Errorf("what waits for staff: %w", err)
	}
	if waiting >= mostWaiting {
		return t, ErrThreadFull
	}
	m.Thread, m.At = t.ID, s.Now()
	return t, s.add(ctx, m, NewStaffThread(t.ID, m.Chat, m.Message))
}

// Answer adds what staff wrote to a thread.
func (s *Support) Answer(ctx context.Context, t SupportThread, m ThreadMessage) error {
	m.Thread, m.Customer, m.FromStaff, m.At = t.ID, t.Customer, true, s.Now()
	return s.add(ctx, m, NewThreadAnswer(t, m.Chat, m.Message))
}

func (s *Support) add(ctx context.Context, m ThreadMessage, told Notification) error {
	notBefore := m.At
	if m.Album != "" {
		notBefore = notBefore.Add(albumPause)
	}
	if err := s.Store.AddThreadMessage(ctx, m, told, notBefore); err != nil {
		return fmt.Errorf("add to thread %d: %w", m.Thread, err)
	}
	return nil
}

// Change notes that a message was edited by who wrote it. One of no thread is left alone.
func (s *Support) Change(ctx context.Context, chat int64, message int, text string) error {
	m, err := s.Store.ThreadMessageAt(ctx, chat, message)
	if errors.Is(err, ErrNotFound) || err == nil && (m.Chat != chat || m.Message != message || m.Text == text) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("an edited message: %w", err)
	}
	var told []Notification
	if m.Thread != 0 {
		told = append(told, NewThreadChange(m, s.Now()))
	}
	if err := s.Store.ChangeThreadMessage(ctx, m.ID, text, told); err != nil {
		return fmt.Errorf("change message %d of thread %d: %w", m.ID, m.Thread, err)
	}
	return nil
}

// Close closes a thread. One that is closed already stays as it is.
func (s *Support) Close(ctx context.Context, t SupportThread, by ThreadEnd) error {
	var told []Notification
	if by != EndByCustomer && t.HasContent {
		told = append(told, NewThreadClosed(t, s.Now()))
	}
	if by != EndByStaff && t.HasContent {
		told = append(told, NewStaffThreadCard(t, s.Now()))
	}
	err := s.Store.CloseThread(ctx, t.ID, by, told)
	if err != nil && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("close thread %d: %w", t.ID, err)
	}
	return nil
}

// CloseQuiet closes the threads in which nobody spoke for long.
func (s *Support) CloseQuiet(ctx context.Context) error {
	now := s.Now()
	quiet, err := s.Store.QuietThreads(ctx, now.Add(-threadQuiet), now.Add(-threadEmpty))
	if err != nil {
		return fmt.Errorf("quiet threads: %w", err)
	}
	var errs []error
	for _, t := range quiet {
		item := strconv.FormatInt(int64(t.ID), 10)
		if err := alone(func() error { return s.Close(ctx, t, EndByQuiet) }); err != nil {
			errs = append(errs, s.failing.stuck(ctx, s.Store, "thread", item, "", err, s.Now()))
		} else {
			s.failing.fine(item)
		}
	}
	return errors.Join(errs...)
}
