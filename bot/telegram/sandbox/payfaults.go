package sandbox

import (
	"errors"
	"fmt"
)

// What goes wrong with money. What goes wrong with a call about money is in faults.go and
// stops.go: an answer to a checkout that is lost is Fail("answerPreCheckoutQuery", 1, …LoseAnswer),
// one that is in time to the bot and too late for Telegram is BreakpointAt("answerPreCheckoutQuery",
// BeforeWork) with GiveUpCheckouts, and a refund that is refused is Fail("refundStarPayment", n,
// Fault{Kind: Refuse, Description: ChargeNotFound}).

// ErrNotRefundable says that RefundElsewhere was asked for what is no payment in Stars, or was given back before.
var ErrNotRefundable = errors.New("no payment in Stars that could be refunded")

// deliverPayment tells the bot of a payment: once, twice or never. Lock held.
func (s *Server) deliverPayment(m *message) {
	times := 1
	if s.pay.lose > 0 {
		s.pay.lose--
		s.pay.lost = append(s.pay.lost, m)
		times = 0
	} else if s.pay.repeat > 0 {
		s.pay.repeat--
		times = 2
	}
	for range times {
		s.tellPayment(m)
	}
}

func (s *Server) tellPayment(m *message) {
	s.give("message", s.wireMessage(m), "chat "+itoa(m.chat.id))
}

// RepeatPayments delivers the next n successful_payment messages twice, with different update ids.
func (s *Server) RepeatPayments(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pay.repeat += n
}

// LosePayments takes the money of the next n payments without ever telling the bot.
// Only getStarTransactions knows, and of payments through a provider nobody.
func (s *Server) LosePayments(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pay.lose += n
}

// TellLostPayments delivers what LosePayments has kept back, oldest first, and returns how many
// there were: the update of a payment that the bot may have found by itself meanwhile.
func (s *Server) TellLostPayments() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	lost := s.pay.lost
	s.pay.lost = nil
	for _, m := range lost {
		s.tellPayment(m)
	}
	return len(lost)
}

// DeclineCards makes the provider decline the next n payments after the bot's yes: no
// successful_payment follows, and the invoice can be paid again. Stars are not concerned.
func (s *Server) DeclineCards(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pay.decline += n
}

// AllowPayingTwice lets people pay an invoice message again, as from two devices at once.
func (s *Server) AllowPayingTwice(yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pay.twice = yes
}

// GiveUpCheckouts cancels at once all payments that wait for the bot's answer, as
// Options.PreCheckoutTimeout does with time, and returns how many there were. The payer's Pay
// returns ErrBotTooSlow, and an answer from now on is refused as too old.
func (s *Server) GiveUpCheckouts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, q := range s.asked {
		if q.checkout != nil && !q.answered {
			q.answered, q.givenUp = true, true
			close(q.done)
			n++
		}
	}
	return n
}

// WithdrawStars takes Stars out of the bot's balance, as its owner does in BotFather, and returns how
// many there were to take. The account has a line of it whose receiver is no user.
func (s *Server) WithdrawStars(n int64) (taken int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken = min(n, max(0, s.pay.stars()))
	if taken > 0 {
		s.pay.balance -= taken
		s.pay.flow = append(s.pay.flow, starFlow{withdrawn: taken, at: s.now()})
	}
	return taken
}

// RefundElsewhere gives the Stars of one payment back without the bot having asked for it, as
// Telegram's support does. The bot gets a refunded_payment message and a line in
// getStarTransactions, as after its own refund; its refundStarPayment is CHARGE_ALREADY_REFUNDED
// from now on. The error wraps ErrNotRefundable.
func (s *Server) RefundElsewhere(chargeID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	pay := s.pay.byCharge[chargeID]
	if pay == nil || pay.currency != "XTR" || !pay.refundedAt.IsZero() {
		return fmt.Errorf("charge %q: %w", chargeID, ErrNotRefundable)
	}
	s.giveBack(pay)
	return nil
}
