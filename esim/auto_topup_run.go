package esim

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// AutoTopUps tops eSIMs up by themselves.
type AutoTopUps struct {
	TopUps *TopUps
	Store  AutoTopUpQueue
	Now    func() time.Time

	failing failures
}

// Run takes the next step with each automatic top-up that is due. What fails with one costs the others nothing.
func (s *AutoTopUps) Run(ctx context.Context) error {
	due, err := s.Store.AutoTopUpsDue(ctx, s.Now())
	if err != nil {
		return fmt.Errorf("automatic top-ups: %w", err)
	}
	var errs []error
	for _, f := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := alone(func() error { return s.step(ctx, f) })
		item := string(f.Auto.ESIM)
		if err == nil || errors.Is(err, ErrConflict) { // somebody switched it off, or on anew
			s.failing.fine(item)
			continue
		}
		errs = append(errs, s.failing.stuck(ctx, s.TopUps.Checkout.Store, "automatic top-up of eSIM", item, "", err, s.Now()),
			alone(func() error { return s.later(ctx, f.Auto) }))
	}
	return errors.Join(errs...)
}

// later has it looked at again in a while.
func (s *AutoTopUps) later(ctx context.Context, a AutoTopUp) error {
	to := a
	to.NextAt = s.Now().Add(autoAgain)
	err := s.Store.MoveAutoTopUp(ctx, a, to, nil)
	if errors.Is(err, ErrConflict) { // it went on before it failed
		return nil
	}
	return err
}

func (s *AutoTopUps) step(ctx context.Context, f AutoTopUpFacts) error {
	now, a := s.Now(), f.Auto
	d := DecideAutoTopUp(f, now)
	to := a
	to.Epoch = f.ESIM.Epoch
	switch d.Step {
	case AutoTopUpStepOff:
		return s.off(ctx, a, d.Why)
	case AutoTopUpStepRestart:
		to.State, to.Used, to.NextAt = AutoTopUpWaiting, f.ESIM.Used, time.Time{}
		return s.Store.MoveAutoTopUp(ctx, a, to, nil)
	case AutoTopUpStepPause:
		to.State = AutoTopUpLacksCredit
		return s.Store.MoveAutoTopUp(ctx, a, to, []Notification{NewAutoTopUpLacksCredit(to)})
	case AutoTopUpStepAnnounce:
		q, err := s.price(ctx, f)
		switch {
		case errors.Is(err, ErrPlanGone):
			return s.off(ctx, a, AutoTopUpEndPlanGone)
		case err != nil:
			return err
		case q.Price.Minor > a.Agreed.Minor:
			return s.dearer(ctx, a, to, q)
		}
		to.State, to.NextAt = AutoTopUpAnnounced, now.Add(AutoTopUpNoticePeriod)
		if dataLevel(f.ESIM) == levelOf(AlertDataGone) {
			to.NextAt = now.Add(announceBeforeGone)
		}
		return s.Store.MoveAutoTopUp(ctx, a, to, []Notification{NewAutoTopUpAnnounced(to)})
	case AutoTopUpStepBuy:
		return s.buy(ctx, f, to)
	}
	return nil
}

func (s *AutoTopUps) off(ctx context.Context, a AutoTopUp, why AutoTopUpEndReason) error {
	return s.Store.MoveAutoTopUp(ctx, a, AutoTopUp{}, []Notification{NewAutoTopUpOff(a, why)})
}

// dearer asks about a price that is more than was agreed.
func (s *AutoTopUps) dearer(ctx context.Context, a, to AutoTopUp, q Quote) error {
	to.State = AutoTopUpPriceRose
	return s.Store.MoveAutoTopUp(ctx, a, to, []Notification{NewAutoTopUpPriceRose(to, q.Price)})
}

// price asks the vendor what the top-up costs from store credit now. ErrPlanGone: it is not sold any more.
func (s *AutoTopUps) price(ctx context.Context, f AutoTopUpFacts) (Quote, error) {
	offers, err := s.TopUps.Offers(ctx, f.ESIM, 0)
	if errors.Is(err, ErrNoTopUp) {
		err = ErrPlanGone
	}
	if err != nil {
		return Quote{}, err
	}
	for _, q := range offers {
		if q.Plan.Code == f.Auto.Plan.Code {
			return s.TopUps.quote(creditMethod(), f.ESIM, q.Plan, 0)
		}
	}
	return Quote{}, fmt.Errorf("top-up %s: %w", f.Auto.Plan.Code, ErrPlanGone)
}

// buy makes the order and pays it, wherever the last run ended.
func (s *AutoTopUps) buy(ctx context.Context, f AutoTopUpFacts, to AutoTopUp) error {
	a := f.Auto
	o, press, err := s.made(ctx, a)
	if err != nil {
		return err
	}
	if !o.PaidAt.IsZero() {
		return s.done(ctx, a, to, o)
	}
	if f.Open { // another top-up: when it was applied it is another epoch, and if it goes back this one's turn comes
		return nil
	}
	q, err := s.price(ctx, f)
	switch {
	case errors.Is(err, ErrPlanGone):
		return s.off(ctx, a, AutoTopUpEndPlanGone)
	case err != nil:
		return err
	case q.Price.Minor > a.Agreed.Minor:
		return s.dearer(ctx, a, to, q)
	}
	to.State = AutoTopUpBuying // from here on it is too late to stop it
	if err := s.Store.MoveAutoTopUp(ctx, a, to, nil); err != nil {
		return err
	}
	a = to
	if o.ID == "" {
		o, err = s.TopUps.Begin(ctx, f.ESIM, PurchaseRequest{
			Customer: a.Customer, PlanCode: a.Plan.Code, Quantity: 1, Method: creditMethod(), Seen: q.Price, Consent: a.Consent, CallbackQueryID: press,
		})
	}
	if err == nil {
		o, err = s.TopUps.Checkout.PayWithoutInvoice(ctx, a.Customer, o.ID)
	}
	if err != nil {
		return s.notNow(ctx, a, to, err)
	}
	return s.done(ctx, a, to, o)
}

// made is the order of this threshold that was made before, if it was paid or can be; else the press for a new one.
func (s *AutoTopUps) made(ctx context.Context, a AutoTopUp) (Order, string, error) {
	for try := 0; ; try++ {
		press := a.press(try)
		o, err := s.Store.OrderOfPress(ctx, a.Customer, press)
		switch {
		case errors.Is(err, ErrNotFound):
			return Order{}, press, nil
		case err != nil:
			return Order{}, "", err
		case a.continues(o, s.Now()):
			return o, press, nil
		}
	}
}

func (s *AutoTopUps) done(ctx context.Context, a, to AutoTopUp, o Order) error {
	to.State, to.Order = AutoTopUpDone, o.ID
	return s.Store.MoveAutoTopUp(ctx, a, to, nil)
}

// notNow has it tried again in a while, without another word: the shop cannot sell now, or the vendor does not answer. Where
// store credit was spent a moment ago that is said at once.
func (s *AutoTopUps) notNow(ctx context.Context, a, to AutoTopUp, cause error) error {
	to.State, to.NextAt = AutoTopUpAnnounced, s.Now().Add(autoAgain)
	if errors.Is(cause, ErrInsufficientCredit) {
		to.NextAt = time.Time{}
	}
	err := s.Store.MoveAutoTopUp(ctx, a, to, nil)
	if err == nil && isVendorError(cause) {
		return nil // the next try says whether it answers
	}
	for _, known := range []error{ErrInsufficientCredit, ErrBlocked, ErrNoTopUp, ErrPriceChanged, ErrOverLimit, ErrShopClosed, ErrShopPaused, ErrVendorDown, ErrOrderExpired} {
		if errors.Is(cause, known) {
			return err
		}
	}
	return errors.Join(cause, err)
}
