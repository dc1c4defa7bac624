package esim_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
	"esimbot/esim/esimaccess/sandbox"
)

// promo makes a code.
func (r *rig) promo(p esim.Promo) esim.Promo {
	r.Helper()
	p.Code = "SUMMER"
	r.Must(r.DB.AddPromo(r.Context(), p, act("promo")))
	p, err := r.DB.Promo(r.Context(), p.Code)
	r.Must(err)
	return p
}

// withCode begins an order at the price that a code makes.
func (r *rig) withCode(c esim.CustomerID, p esim.Promo, quantity int, method esim.PaymentMethod) (esim.Order, error) {
	r.Helper()
	plan := r.plan()
	q, err := r.Checkout.Discounted(p, func(m esim.PaymentMethod) (esim.Quote, error) {
		return r.Checkout.QuoteWith(m, plan.Code, quantity, 0)
	})(method)
	r.Must(err)
	return r.Checkout.Begin(r.Context(), esim.PurchaseRequest{
		Customer: c, PlanCode: plan.Code, Quantity: quantity, Method: method, Seen: q.Price, Promo: p.Code,
	})
}

// approved is a payment that the messenger is told to take, and then takes.
func (r *rig) approved(o esim.Order) error {
	if err := r.Checkout.Approve(r.Context(), o.ID, o.Customer, o.Price); err != nil {
		return err
	}
	r.pay(o, "charge-"+string(o.ID))
	return nil
}

// The price that was shown is asked for, booked and given back; no more comes back than was paid.
func TestADiscountIsRevenueThatNeverWas(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Percent: 20})
	full, err := r.Checkout.Quote(r.plan().Code, 2, 0)
	r.Must(err)
	o, err := r.withCode(ann, p, 2, esim.MethodStars)
	r.Must(err)
	if o.Promo != p.Code || o.Discount.Minor != full.Retail.Minor*20/100 || o.Retail.Minor != full.Retail.Minor-o.Discount.Minor || o.Price.Minor >= full.Price.Minor {
		t.Fatalf("%s for %s with %s off, in full %s for %s", o.Price, o.Retail, o.Discount, full.Price, full.Retail)
	}
	r.Must(r.approved(o))
	r.settle(time.Hour)
	if got := r.balance(esim.AccountSales, esim.XTR); got != -o.Price.Minor {
		t.Errorf("sales of %d Stars", got)
	}
	esims, err := r.DB.ESIMsOfOrder(t.Context(), o.ID)
	r.Must(err)
	r.Must(r.Canceller.BeginOne(t.Context(), esims[0]))
	r.settle(time.Hour)
	r.wantCredit(esim.USDCents(o.Retail.Minor / 2))
	r.Must(r.Canceller.Begin(t.Context(), o.ID, nil))
	r.settle(time.Hour)
	r.wantCredit(o.Retail)
	if uses, err := r.DB.PromoUses(t.Context(), 10); err != nil || len(uses) != 1 || uses[0].Orders != 0 {
		t.Errorf("what went back is a use: %+v, %v", uses, err)
	}
	if again, err := r.DB.EnterPromo(t.Context(), ann, p.Code); err != nil || again.Code != p.Code {
		t.Errorf("after the refund: %v", err)
	}
	r.booksAgree()
}

// Of many who pay at once no more have the code than it is for, and each has it once.
func TestACodeIsForSoManyOrders(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Amount: esim.USDCents(50), Uses: 2})
	var orders []esim.Order
	for i := range 5 {
		c := esim.CustomerID(200 + i)
		_, _, err := r.DB.UpsertCustomer(t.Context(), esim.Customer{ID: c, Chat: int64(c), Language: "en", Name: fmt.Sprint(i)})
		r.Must(err)
		o, err := r.withCode(c, p, 1, esim.MethodStars)
		r.Must(err)
		orders = append(orders, o)
	}
	var wg sync.WaitGroup
	errs := make([]error, len(orders))
	for i, o := range orders {
		wg.Go(func() { errs[i] = r.Checkout.Approve(t.Context(), o.ID, o.Customer, o.Price) })
	}
	wg.Wait()
	allowed := 0
	for i, err := range errs {
		switch {
		case err == nil:
			allowed++
			r.pay(orders[i], "charge-"+string(orders[i].ID))
		case !errors.Is(err, esim.ErrPriceChanged):
			t.Error(err)
		}
	}
	if allowed != 2 {
		t.Errorf("%d of 2 uses", allowed)
	}
	if _, err := r.DB.EnterPromo(t.Context(), ann, p.Code); !errors.Is(err, esim.ErrNoPromo) {
		t.Errorf("a code that is used up: %v", err)
	}
	r.booksAgree()
}

func TestACodeIsUsedOnceByACustomer(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Percent: 10})
	first, err := r.withCode(ann, p, 1, esim.MethodStars)
	r.Must(err)
	second, err := r.withCode(ann, p, 2, esim.MethodStars) // both wait for their money
	r.Must(err)
	r.Must(r.approved(first))
	if err := r.approved(second); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("the second with the code: %v", err)
	}
	if _, err := r.withCode(ann, p, 3, esim.MethodStars); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("one more: %v", err)
	}
	if _, err := r.DB.EnterPromo(t.Context(), ann, p.Code); !errors.Is(err, esim.ErrPromoUsed) {
		t.Errorf("typed again: %v", err)
	}
	byHand, err := r.withCode(bob, p, 1, esim.MethodManual) // nobody asks again before staff book it
	r.Must(err)
	if _, err := r.DB.EnterPromo(t.Context(), bob, p.Code); !errors.Is(err, esim.ErrPromoUsed) {
		t.Errorf("while staff wait for %s: %v", byHand.ID, err)
	}
}

// What was shown is not charged when the code ended meanwhile, and what was not shown is not made cheaper.
func TestACodeThatEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Percent: 10, FirstOnly: true})
	o, err := r.withCode(ann, p, 1, esim.MethodStars)
	r.Must(err)
	other := r.paid(r.plan(), 2, 0)
	if err := r.approved(o); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("a first purchase after another: %v", err)
	}
	if _, err := r.DB.EnterPromo(t.Context(), ann, p.Code); !errors.Is(err, esim.ErrPromoFirst) {
		t.Errorf("after %s: %v", other.ID, err)
	}
	o, err = r.withCode(bob, p, 1, esim.MethodStars)
	r.Must(err)
	r.Must(r.DB.EndPromo(t.Context(), p.Code, act("promo")))
	if err := r.approved(o); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("after staff ended it: %v", err)
	}
	if _, err := r.withCode(bob, p, 2, esim.MethodStars); !errors.Is(err, esim.ErrPriceChanged) {
		t.Errorf("begun after it ended: %v", err)
	}
	if err := r.DB.EndPromo(t.Context(), p.Code, act("promo")); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
	if err := r.DB.AddPromo(t.Context(), p, act("promo")); !errors.Is(err, esim.ErrConflict) {
		t.Errorf("the same name again: %v", err)
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	p := r.promo(esim.Promo{Percent: 10})
	for i := range esim.MaxWrongCodes {
		if _, err := r.DB.EnterPromo(t.Context(), ann, esim.PromoCode(fmt.Sprint("GUESS", i))); !errors.Is(err, esim.ErrNoPromo) {
			t.Fatal(err)
		}
	}
	if _, err := r.DB.EnterPromo(t.Context(), ann, p.Code); !errors.Is(err, esim.ErrTooManyTries) {
		t.Errorf("the right one after many wrong: %v", err)
	}
	if _, err := r.DB.EnterPromo(t.Context(), bob, p.Code); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if got, err := r.DB.EnteredPromo(t.Context(), bob); err != nil || got.Code != p.Code {
		t.Errorf("kept: %+v, %v", got, err)
	}
}

// Money that comes after the code's last use went elsewhere buys at the agreed price, counts, and staff are told once.
func TestALatePaymentBeyondTheUsesOfItsCode(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	p := r.promo(esim.Promo{Percent: 20, Uses: 1})
	late, err := r.withCode(ann, p, 1, esim.MethodManual)
	r.Must(err)
	r.Vendor.Advance(100 * time.Hour)
	r.Must(r.Monitor.Check(t.Context()))
	r.Must(r.Checkout.Expire(t.Context()))
	inTime, err := r.withCode(bob, p, 1, esim.MethodManual)
	r.Must(err)
	for i, o := range []esim.Order{inTime, late} {
		_, err = r.Checkout.PaidByHand(t.Context(), o.ID, act("paid"))
		r.Must(err)
		r.settle(time.Hour)
		r.wantState(o.ID, esim.StateDelivered)
		if n := r.told(esim.StaffPromoOver); n != i {
			t.Errorf("staff were told %d times after %d payments", n, i+1)
		}
	}
	uses, err := r.DB.PromoUses(t.Context(), 10)
	r.Must(err)
	if uses[0].Orders != 2 {
		t.Errorf("used %d times", uses[0].Orders)
	}
	r.booksAgree()
}

// While staff wait for the money of a first order nothing else is the first.
func TestTwoFirstOrdersByHand(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.Options{})
	r.Checkout.Methods = []esim.PaymentMethod{esim.MethodManual}
	for i, code := range []esim.PromoCode{"FIRSTA", "FIRSTB"} {
		r.Must(r.DB.AddPromo(t.Context(), esim.Promo{Code: code, Percent: 20, FirstOnly: true}, act("promo")))
		p, err := r.DB.Promo(t.Context(), code)
		r.Must(err)
		_, err = r.withCode(ann, p, 1, esim.MethodManual)
		if i == 0 {
			r.Must(err)
		} else if !errors.Is(err, esim.ErrPromoFirst) {
			t.Errorf("a second first order: %v", err)
		}
	}
}
