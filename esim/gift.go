package esim

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"
)

// An eSIM can be given away: a link makes whoever opens it first its customer (ESIM.Customer): the QR picture, the
// alerts, help and top-ups are theirs from then on. The order, and what comes back of it, stays with who bought it
// (ESIM.Buyer), so nobody is paid for what was a present. While it is unused both may have it cancelled, as the
// vendor then finds it: who bought it has a right to, and who does not need it does them a favour.

// GiftTTL is how long a link can be used.
const GiftTTL = 7 * day

// A GiftToken is what a link carries. Whoever has it can have the eSIM, so it never shows itself in logs and errors,
// and no table keeps it: see Hash. Only the update of who opens the link holds it, until it is handled.
type GiftToken string

// NewGiftToken returns a random token (128 bits at least).
func NewGiftToken() GiftToken { return GiftToken(rand.Text()) }

// NewGiftTokens returns what makes the token of a press, the same one each time: a press that is handled again after a crash,
// and a second one on the same screen, show the link that may be in somebody's hands by then. Without the secret no token
// can be made.
func NewGiftTokens(secret string) func(giver CustomerID, e ESIMID, press string) GiftToken {
	key := sha256.Sum256([]byte("esimbot: links that give eSIMs away\x00" + secret))
	return func(giver CustomerID, e ESIMID, press string) GiftToken {
		h := hmac.New(sha256.New, key[:])
		fmt.Fprintf(h, "%d\x00%s\x00%s", giver, string(e), press)
		return GiftToken(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h.Sum(nil)[:16]))
	}
}

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
	ID        int64 // 0: there is none
	ESIM      ESIMID
	Giver     CustomerID // who held it and made the link
	Made      time.Time
	Ends      time.Time
	Recipient CustomerID // who has it now; 0: nobody took it
	Taken     time.Time
	// Withdrawn: the giver took it back, or made another link.
	Withdrawn bool
}

// Open reports whether the link can be used.
func (g Gift) Open(now time.Time) bool {
	return g.ID != 0 && g.Recipient == 0 && !g.Withdrawn && now.Before(g.Ends)
}

// GivenAway reports whether somebody else bought the eSIM than who holds it.
func (e ESIM) GivenAway() bool { return e.Buyer != 0 && e.Buyer != e.Customer }

// MayReturn reports whether a customer may have the eSIM cancelled while it is unused.
func (e ESIM) MayReturn(c CustomerID) bool { return c != 0 && (c == e.Customer || c == e.Buyer) }

// CanBeGivenAway reports whether an eSIM can be given away: it lives, and is not on its way back. base is the order that
// brought it; the zero value: there is none.
func (e ESIM) CanBeGivenAway(base Order, now time.Time) bool {
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
	// Unmatched is what a link of staff offers that is no order's; nil: it is an order's.
	Unmatched *UnmatchedOffer
}

// OfUnmatched are the facts of a link that staff made for an eSIM of no order. held is that eSIM as it is stored; nil: it is not.
func OfUnmatched(g Gift, f UnmatchedOffer, held *ESIM) GiftFacts {
	if held != nil {
		return GiftFacts{Gift: g, ESIM: *held}
	}
	return GiftFacts{Gift: g, ESIM: f.eSIM(), Unmatched: &f}
}

// giveable says what stands against giving the eSIM away now: ErrNoGift; ErrWrongState while a top-up of it is under
// way, which would be somebody else's then.
func (f GiftFacts) giveable(now time.Time) error {
	if !f.ESIM.CanBeGivenAway(f.Order, now) {
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
	case g.Recipient == c && f.ESIM.Customer == c:
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
	var told []Notification
	if g.Giver > 0 { // the shop and those who were forgotten hear nothing
		told = append(told, NewGiftTaken(g, e))
	}
	if c := e.Condition(g.Taken); !qrWaits && (c == ConditionReady || c == ConditionDownloading) {
		told = append(told, NewGiftQR(g, e))
	}
	return told
}

// giftsGone tells the holders of given eSIMs which were cancelled.
func giftsGone(esims []ESIM) (told []Notification) {
	for _, e := range esims {
		if e.GivenAway() && e.Status.gone() {
			told = append(told, NewGiftGone(e))
		}
	}
	return told
}

// WrongCodeWindow and MaxWrongCodes bound guessing: whoever was wrong so often within that time is not heard for a while,
// not even with a right link or code.
const (
	WrongCodeWindow = time.Hour
	MaxWrongCodes   = 10
)

// GiftStore keeps the links.
type GiftStore interface {
	GiftLinks
	GiftRecipientStore
}

// GiftLinks are those of the giver.
type GiftLinks interface {
	// OfferGift stores a link, known by the hash of its token, if DecideOffer allows it. It takes the place of the one
	// that was open for the eSIM. The same again is the one that is open; ErrNoGift if that was taken or taken back.
	OfferGift(ctx context.Context, g Gift, hash string) (Gift, error)
	// WithdrawGift ends the open link of an eSIM; ErrNotFound if its maker has none.
	WithdrawGift(ctx context.Context, giver CustomerID, esimID ESIMID) error
	// GiftsBy lists the links of a customer that were taken or are open, newest first, of each eSIM the last one; without
	// those whose eSIM they hold again.
	GiftsBy(ctx context.Context, giver CustomerID, now time.Time) ([]Gift, error)
}

// GiftRecipientStore is the other side of a link.
type GiftRecipientStore interface {
	// LookAtGift returns what a link is about, with the error of DecideGift. A link that never was is noted; after too
	// many of them it is ErrTooManyTries.
	LookAtGift(ctx context.Context, c CustomerID, hash string) (GiftFacts, error)
	// TakeGift is LookAtGift, and makes the customer the holder of the eSIM. Once: the second is ErrGiftTaken.
	TakeGift(ctx context.Context, c CustomerID, hash string) (GiftFacts, error)
}

// Gifts gives eSIMs away.
type Gifts struct {
	Store GiftStore
	// Token makes the token of a press: see NewGiftTokens.
	Token func(giver CustomerID, e ESIMID, press string) GiftToken
	Now   func() time.Time
}

// Offer makes a link for an eSIM: an older one of it is worth nothing any more. The same press again gives the same link;
// "" is a press like no other. Errors: those of DecideOffer; ErrNoGift if the link of that press was taken or taken back.
func (s *Gifts) Offer(ctx context.Context, giver CustomerID, esimID ESIMID, press string) (Gift, GiftToken, error) {
	token, now := NewGiftToken(), s.Now()
	if press != "" {
		token = s.Token(giver, esimID, press)
	}
	g, err := s.Store.OfferGift(ctx, Gift{ESIM: esimID, Giver: giver, Made: now, Ends: now.Add(GiftTTL)}, token.Hash())
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
