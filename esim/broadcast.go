package esim

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A broadcast is what staff write to many customers at once. Nobody gets it twice: each is marked before they are written
// to, and who may or may not have got it when an answer was lost stays uncertain.

// A BroadcastID is the number of a Broadcast.
type BroadcastID int64

// A BroadcastState is how far a broadcast is.
type BroadcastState string

// The states of a broadcast.
const (
	BroadcastDraft   BroadcastState = "draft" // shown to staff, and sent to nobody yet
	BroadcastSending BroadcastState = "sending"
	BroadcastPaused  BroadcastState = "paused"  // until staff resume it
	BroadcastDone    BroadcastState = "done"    // everybody was written to
	BroadcastStopped BroadcastState = "stopped" // by staff: the rest is not written to
)

// broadcastNext is which states follow which.
var broadcastNext = map[BroadcastState][]BroadcastState{
	BroadcastDraft:   {BroadcastSending, BroadcastStopped},
	BroadcastSending: {BroadcastPaused, BroadcastDone, BroadcastStopped},
	BroadcastPaused:  {BroadcastSending, BroadcastStopped},
}

// MayBecome reports whether a broadcast in this state may get into another.
func (s BroadcastState) MayBecome(next BroadcastState) bool {
	return slices.Contains(broadcastNext[s], next)
}

// Open reports whether somebody may still be written to.
func (s BroadcastState) Open() bool { return s == BroadcastSending || s == BroadcastPaused }

// A Broadcast is one such text, and whom it is for.
type Broadcast struct {
	ID         BroadcastID
	Who        CustomerID // of the staff, who wrote it
	ApprovedBy CustomerID // who agreed to it; 0: nobody had to
	// Texts are plain words by language; "" is for all who have none of their own.
	Texts   map[string]string
	Segment Segment
	State   BroadcastState
	Made    time.Time
	Begun   time.Time // zero: it is a draft
	Ended   time.Time
	// Where the message stands that shows how far it is; 0: nowhere.
	Chat    int64
	Message int
}

// TextFor are the words for a language; "" if there are none.
func (b Broadcast) TextFor(language string) string {
	if t, ok := b.Texts[language]; ok {
		return t
	}
	return b.Texts[""]
}

// Languages lists the languages with words of their own, sorted.
func (b Broadcast) Languages() []string {
	var all []string
	for l := range b.Texts {
		if l != "" {
			all = append(all, l)
		}
	}
	slices.Sort(all)
	return all
}

// A Segment says whom a broadcast is for: all that is set has to hold. The zero value is everybody.
type Segment struct {
	Language string `json:"language,omitempty"` // theirs
	Country  string `json:"country,omitempty"`  // of which they bought a plan
	Active   bool   `json:"active,omitempty"`   // they have an eSIM that is in use
	Expired  bool   `json:"expired,omitempty"`  // one ended lately, and none is in use
	Never    bool   `json:"never,omitempty"`    // they bought nothing yet
	Spent    int64  `json:"spent,omitempty"`    // US cents; they spent more than that
}

// RecentlyExpired is how long ago an eSIM ended "lately".
const RecentlyExpired = 30 * day

// String is how a segment is stored.
func (a Segment) String() string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err) // words and numbers only
	}
	return string(b)
}

// Text are a segment as staff write it.
func (a Segment) Text() string {
	words := []string{}
	add := func(is bool, word string) {
		if is {
			words = append(words, word)
		}
	}
	add(a == Segment{}, "all")
	add(a.Language != "", "language "+a.Language)
	add(a.Country != "", "country "+a.Country)
	add(a.Active, "active")
	add(a.Expired, "expired")
	add(a.Never, "never")
	add(a.Spent > 0, "spent "+hundredths(a.Spent))
	return strings.Join(words, " ")
}

// ParseSegment reads what String wrote.
func ParseSegment(s string) (a Segment, err error) {
	if err = json.Unmarshal([]byte(s), &a); err != nil {
		err = fmt.Errorf("whom a broadcast is for: %w", err)
	}
	return a, err
}

// A SegmentSize is how many a segment is.
type SegmentSize struct {
	People      int // who are written to
	Off         int // who want no news
	Unreachable int // who blocked the bot
	Blocked     int // whom staff block
}

// BroadcastPerSecond is how many a broadcast reaches in a second: what customers wait for goes first.
const BroadcastPerSecond = 20

// SendingTime is about how long it takes to write to so many.
func (s SegmentSize) SendingTime() time.Duration {
	return max(time.Minute, (time.Duration(s.People) * time.Second / BroadcastPerSecond).Round(time.Minute))
}

// A RecipientStatus is what became of a broadcast for one customer.
type RecipientStatus string

// What became of it.
const (
	RecipientWaiting     RecipientStatus = "waiting"     // their turn is to come
	RecipientSending     RecipientStatus = "begun"       // it is on its way
	RecipientSent        RecipientStatus = "sent"        // the messenger took it
	RecipientUnreachable RecipientStatus = "unreachable" // they blocked the bot
	RecipientOptedOut    RecipientStatus = "off"         // they want no news, or are blocked, since it began
	RecipientRefused     RecipientStatus = "refused"     // the messenger will not take it
	RecipientUncertain   RecipientStatus = "uncertain"   // no answer came: they may have it, and do not get it again
)

// A RecipientCounts is how many customers of a broadcast are how far.
type RecipientCounts map[RecipientStatus]int

// Total is how many there are.
func (t RecipientCounts) Total() (n int) {
	for _, count := range t {
		n += count
	}
	return n
}

// Finished is of how many it is known what became of it.
func (t RecipientCounts) Finished() int { return t.Total() - t[RecipientWaiting] - t[RecipientSending] }

// BroadcastStore keeps broadcasts, and who got them.
type BroadcastStore interface {
	BroadcastDraftStore
	BroadcastRunStore
}

// BroadcastDraftStore is what staff do with broadcasts.
type BroadcastDraftStore interface {
	// SegmentSize counts a segment at a moment.
	SegmentSize(ctx context.Context, a Segment, now time.Time) (SegmentSize, error)
	AddBroadcast(ctx context.Context, b Broadcast) (BroadcastID, error)
	// Broadcast returns a broadcast, or ErrNotFound.
	Broadcast(ctx context.Context, id BroadcastID) (Broadcast, error)
	Broadcasts(ctx context.Context, limit int) ([]Broadcast, error)
	// BeginBroadcast fixes whom a draft goes to, and where its progress is shown; ErrConflict if it is none.
	BeginBroadcast(ctx context.Context, b Broadcast, entry AuditEntry) error
	// MoveBroadcast pauses, resumes or stops one; ErrConflict if it is not in the state it should be in.
	MoveBroadcast(ctx context.Context, id BroadcastID, from, to BroadcastState, entry AuditEntry) error
	RecipientCounts(ctx context.Context, id BroadcastID) (RecipientCounts, error)
}

// BroadcastRunStore is what sending one needs.
type BroadcastRunStore interface {
	// SendingBroadcast returns the oldest that is being sent, or ErrNotFound.
	SendingBroadcast(ctx context.Context) (Broadcast, error)
	// ClaimRecipients marks the next who are to be written to; nobody if none is left.
	ClaimRecipients(ctx context.Context, id BroadcastID, limit int) ([]Customer, error)
	// NoteRecipients notes what became of some. left are those of whom it could not be noted; err is nil unless they are all.
	NoteRecipients(ctx context.Context, id BroadcastID, reached map[CustomerID]RecipientStatus) (left map[CustomerID]RecipientStatus, err error)
	// MarkInterruptedRecipients makes uncertain what was on its way when the program ended.
	MarkInterruptedRecipients(ctx context.Context) error
	EndBroadcast(ctx context.Context, id BroadcastID) error
	Broadcast(ctx context.Context, id BroadcastID) (Broadcast, error)
	// Broadcasts lists those that were begun, newest first.
	Broadcasts(ctx context.Context, limit int) ([]Broadcast, error)
	RecipientCounts(ctx context.Context, id BroadcastID) (RecipientCounts, error)
}
