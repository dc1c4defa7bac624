package esim

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Whoever asks to be forgotten is: what stays is what the books need, under a number that stands for nobody. Nothing is
// forgotten while money or an eSIM is on its way, since nobody could be told where it went.

// Forgotten reports whether the number stands for a customer who asked to be forgotten.
func (c CustomerID) Forgotten() bool { return c < 0 }

// ErrStillOpen is what keeps a customer from being forgotten now.
var ErrStillOpen = errors.New("money or an eSIM is on its way")

// ForgetFacts are what there is to know before a customer is forgotten.
type ForgetFacts struct {
	// Unknown: they are no customer, or none any more. There is nothing else of theirs then.
	Unknown bool
	Open    []Order // paid, and neither an eSIM nor the money has arrived
	ByHand  []Order // wait for money by hand: it may be on its way
	// Approved: the messenger was told to take money a moment ago.
	Approved bool
	// RefundPending: a payment is going back, or staff look whose it is, or whether it came at all.
	RefundPending bool
	// Withdrawing: they withdrew from a contract, and nothing came of it yet, or staff decide on it.
	Withdrawing bool
	Credit      Money  // USD; store credit, which is lost
	Live        []ESIM // theirs, not at an end
	Returnable  int    // of Live, that they could give back for money first
}

// DecideForget is ErrStillOpen while something has to end first. The store calls it inside its transaction.
func DecideForget(f ForgetFacts) error {
	switch {
	case len(f.Open) > 0:
		return fmt.Errorf("order %s is %s: %w", f.Open[0].ID, f.Open[0].State, ErrStillOpen)
	case len(f.ByHand) > 0:
		return fmt.Errorf("order %s waits for money by hand: %w", f.ByHand[0].ID, ErrStillOpen)
	case f.Approved:
		return fmt.Errorf("a payment was just let through: %w", ErrStillOpen)
	case f.RefundPending:
		return fmt.Errorf("a payment is on its way back: %w", ErrStillOpen)
	case f.Withdrawing:
		return fmt.Errorf("a withdrawal from a contract is being worked on: %w", ErrStillOpen)
	}
	return nil
}

// ForfeitTransaction takes the store credit of a customer out of the books who is forgotten, and knows that it is lost.
func ForfeitTransaction(c, nobody CustomerID, credit Money) Transaction {
	return Transaction{
		Key: "forfeit:" + strconv.FormatInt(int64(-nobody), 10), Why: "its customer asked to be forgotten",
		Postings: posting(AccountGrants, AccountCredit(c), credit),
	}
}

// OfForgottenHolder is what is kept of a look at an eSIM whose holder was forgotten, and which another customer bought: whether it is
// there still and was ever on a phone. before is the eSIM as it is stored.
func (r PollResult) OfForgottenHolder(before ESIM) PollResult {
	kept := before
	kept.Status, kept.SMDPStatus, kept.Asked = r.ESIM.Status, r.ESIM.SMDPStatus, r.ESIM.Asked
	return PollResult{ESIM: kept}
}

// NewReturnMark returns what tells that a forgotten customer is back, without keeping who they are: a hash of their number under a
// secret of the bot's. Without the secret every number would have to be tried, and with another one nobody is recognised.
func NewReturnMark(secret string) func(CustomerID) string {
	key := sha256.Sum256([]byte("esimbot: customers who were forgotten\x00" + secret))
	return func(c CustomerID) string {
		h := hmac.New(sha256.New, key[:])
		h.Write([]byte(strconv.FormatInt(int64(c), 10)))
		return hex.EncodeToString(h.Sum(nil))
	}
}

// MarkRetention is how long a mark is kept: as long as what is there once for each customer is worth coming back for, and longer
// than backups should be kept. One of somebody who was blocked stays.
const MarkRetention = 365 * 24 * time.Hour

// ForgetStore forgets customers.
type ForgetStore interface {
	// ForgetFacts are what there is to know before a customer is forgotten.
	ForgetFacts(ctx context.Context, c CustomerID) (ForgetFacts, error)
	// Forget forgets a customer, if DecideForget allows it.
	Forget(ctx context.Context, c CustomerID) error
}
