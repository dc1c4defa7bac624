package esim

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"
)

// An eSIM can be given away: a link makes whoever opens it first its customer (ESIM.Customer): the QR picture, the
// alerts, help and top-ups are theirs from then on. The order, and what comes back of it, stays with who bought it
// (ESIM.Buyer), so nobody is paid for what was a present. While it is unused both may have it cancelled, as the
// vendor then finds it: who bought it has a right to, and who does not need it does them a favour.

// GiftLasts is how long a link can be used.
const GiftLasts = 7 * day

// A GiftToken is what a link carries. Whoever has it can have the eSIM, so it never shows itself in logs and errors,
// and no table keeps it: see Hash. Only the update of who opens the link holds it, until it is handled.
type GiftToken string

// NewGiftToken returns a random token (128 bits at least).
func NewGiftToken() GiftToken { return GiftToken(rand.Text()) }

// String hides the token; see Reveal.
func (GiftToken) String() string { return "[gift]" }

// GoString hides the token.
func (GiftToken) GoString() string { return "[gift]" }

// LogValue hides the token.
func (GiftToken) LogValue() slog.Value { return slog.StringValue("[gift]") }

// Reveal returns the token itself, for the link.
func (t GiftToken) Reveal() string { return string(t) }

// Hash is what is stored of it: a database that is read makes no links.
func (t GiftToken) Hash() string {
	sum := sha256.Sum256([]byte(t))
	return hex.EncodeToString(sum[:])
}

// A Gift is one link that gives an eSIM away.
type Gift struct {
	ID    int64 // 0: there is none
	ESIM  ESIMID
	Giver CustomerID // who held it and made the link
	Made  time.Time
	Ends  time.Time
	Taker CustomerID // who has it now; 0: nobody took it
	Taken time.Time
	// Withdrawn: the giver took it back, or made another link.
	Withdrawn bool
}

// Open reports whether the link can be used.
func (g Gift) Open(now time.Time) bool {
	return g.ID != 0 && g.Taker == 0 && !g.Withdrawn && now.Before(g.Ends)
}

// Given reports whether somebody else bought the eSIM than who holds it.
func (e ESIM) Given() bool { return e.Buyer != 0 && e.Buyer != e.Customer }

// MayGiveBack reports whether a customer may have the eSIM cancelled while it is unused.
func (e ESIM) MayGiveBack(c CustomerID) bool { return c != 0 && (c == e.Customer || c == e.Buyer) }

// Giveable reports whether an eSIM can be given away: it lives, and is not on its way back. base is the order that
// brought it; the zero value: there is none.
func (e ESIM) Giveable(base Order, now time.Time) bool {
	switch e.Condition(now) {
	case ConditionOver, ConditionLapsed, ConditionWithdrawn, ConditionRemoved:
		return false
	}
	return e.Installable(base)
}

// GiftFacts are what only the transaction sees that looks at a link, or at an eSIM that is to get one.
type GiftFacts struct {
	Gift   Gift // the zero value: none is known by that token
	ESIM   ESIM
	Order  Order   // that brought it
	TopUps []Order // paid and under way, of the eSIM's order, and those of the eSIM whose payment is let through
}

// giveable says what stands against giving the eSIM away now: ErrNoGift; ErrWrongState while a top-up of it is under
// way, which would be somebody else's then.
func (f GiftFacts) giveable(now time.Time) error {
	if !f.ESIM.Giveable(f.Order, now) {
		return fmt.Errorf("eSIM %s is going, or gone: %w", f.ESIM.ID, ErrNoGift)
	}
	if open := topUpsOf(f.TopUps, f.ESIM.ID); len(open) > 0 {
		return fmt.Errorf("top-up %s of eSIM %s is under way: %w", open[0].ID, f.ESIM.ID, ErrWrongState)
	}
	return nil
}

// DecideOffer says whether a customer may make a link for an eSIM: ErrNotFound, ErrNoGift, ErrWrongState, or nil.
// The store calls it inside its transaction.
func DecideOffer(f GiftFacts, giver CustomerID, now time.Time) error {
	if f.ESIM.ID == "" || f.ESIM.Customer != giver {
		return fmt.Errorf("eSIM to give away: %w", ErrNotFound)
	}
	return f.giveable(now)
}

// DecideGift says what a link is to a customer who opened it. nil: they may take the eSIM. ErrGiftTaken: they did, and it
// is theirs. ErrOwnGift: they made the link. ErrWrongState: in a moment. All else is ErrNoGift: a stranger learns nothing
// of a link that was used, has ended, or never was.
// The store calls it inside its transaction.
func DecideGift(f GiftFacts, c CustomerID, now time.Time) error {
	g := f.Gift
	switch {
	case g.ID == 0:
		return fmt.Errorf("unknown link: %w", ErrNoGift)
	case g.Taker == c && f.ESIM.Customer == c:
		return ErrGiftTaken
	case g.Giver == c:
		return ErrOwnGift
	case !g.Open(now), f.ESIM.Customer != g.Giver:
		return fmt.Errorf("link %d: %w", g.ID, ErrNoGift)
	}
	return f.giveable(now)
}

// GiftTaken is what is told when somebody took an eSIM: whoever gave it hears of it, and who has it now gets the
// picture, unless it is on a phone, or a picture is on its way (qrWaits).
func GiftTaken(g Gift, e ESIM, qrWaits bool) []Notification {
	told := []Notification{NewGiftTaken(g, e)}
	if c := e.Condition(g.Taken); !qrWaits && (c == ConditionReady || c == ConditionDownloading) {
		told = append(told, NewGiftQR(g, e))
	}
	return told
}

// giftsGone tells the holders of given eSIMs which were cancelled.
func giftsGone(esims []ESIM) (told []Notification) {
	for _, e := range esims {
		if e.Given() && e.Status.gone() {
			told = append(told, NewGiftGone(e))
		}
	}
	return told
}

// WrongCodesLast and MaxWrongCodes bound guessing: whoever was wrong so often within that time is not heard for a while,
// not even with a right link or code.
const (
	WrongCodesLast = time.Hour
	MaxWrongCodes  = 10
)

// GiftStore keeps the links.
type GiftStore interface {
	GiftLinks
	GiftTaker
}

// GiftLinks are those of the giver.
type GiftLinks interface {
	// OfferGift stores a link, known by the hash of its token, if DecideOffer allows it. It takes the place of the one
	// that was open for the eSIM.
	OfferGift(ctx context.Context, g Gift, hash string) (Gift, error)
	// WithdrawGift ends the open link of an eSIM; ErrNotFound if its maker has none.
	WithdrawGift(ctx context.Context, giver CustomerID, esimID ESIMID) error
	// GiftsBy lists the links of a customer that were taken or are open, newest first, of each eSIM the last one; without
	// those whose eSIM they hold again.
	GiftsBy(ctx context.Context, giver CustomerID, now time.Time) ([]Gift, error)
}

// GiftTaker is the other side of a link.
type GiftTaker interface {
	// LookAtGift returns what a link is about, with the error of DecideGift. A link that is nothing to the customer is
	// noted; after too many of them it is ErrTooManyTries.
	LookAtGift(ctx context.Context, c CustomerID, hash string) (GiftFacts, error)
	// TakeGift is LookAtGift, and makes the customer the holder of the eSIM. Once: the second is ErrGiftTaken.
	TakeGift(ctx context.Context, c CustomerID, hash string) (GiftFacts, error)
}

// Gifts gives eSIMs away.
type Gifts struct {
	Store GiftStore
	Now   func() time.Time
}

// Offer makes a link for an eSIM, once: an older one of it is worth nothing any more. Errors: those of DecideOffer.
func (s *Gifts) Offer(ctx context.Context, giver CustomerID, esimID ESIMID) (Gift, GiftToken, error) {
	token, now := NewGiftToken(), s.Now()
	g, err := s.Store.OfferGift(ctx, Gift{ESIM: esimID, Giver: giver, Made: now, Ends: now.Add(GiftLasts)}, token.Hash())
	if err != nil {
		return Gift{}, "", err
	}
	return g, token, nil
}

// Look says what a link is about. Errors: those of DecideGift, with the facts; ErrTooManyTries.
func (s *Gifts) Look(ctx context.Context, c CustomerID, token GiftToken) (GiftFacts, error) {
	return s.Store.LookAtGift(ctx, c, token.Hash())
}

// Take makes the customer the holder. Errors: those of Look.
func (s *Gifts) Take(ctx context.Context, c CustomerID, token GiftToken) (GiftFacts, error) {
	return s.Store.TakeGift(ctx, c, token.Hash())
}
