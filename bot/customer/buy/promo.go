package buy

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// promoLasts is how long the next words can be the code that was asked for.
const promoLasts = 10 * time.Minute

// promoFlow asks for promo codes. One that was entered stays with the customer until an order used it, and every card shows
// the price with it.
type promoFlow struct {
	texts    *i18n.Bundle
	store    promoStore
	checkout *esim.Checkout
	now      func() time.Time
}

// promoStore keeps the code that a customer entered, and that it was asked for.
type promoStore interface {
	questionStore
	money.PromoEnterer
	// EnteredPromo is the promo that a customer may have on what they buy next; the zero value: none.
	EnteredPromo(ctx context.Context, c esim.CustomerID) (esim.Promo, error)
	// ForgetPromo forgets the code that a customer entered.
	ForgetPromo(ctx context.Context, c esim.CustomerID) error
}

// questionStore keeps what a customer was asked last.
type questionStore interface {
	AskQuestion(ctx context.Context, customer esim.CustomerID, q esim.Question) error
	// Question is what a customer was asked last, or esim.ErrNotFound.
	Question(ctx context.Context, customer esim.CustomerID) (esim.Question, error)
	ForgetQuestion(ctx context.Context, customer esim.CustomerID) error
}

func (f *promoFlow) register(t *ui.Router) {
	t.Route(refs.RoutePromo, ui.HandleWith(refs.ParsePromo, f.promo))
}

// entered is the promo that the customer of a request may have; the zero value: none.
func (f *promoFlow) entered(ctx context.Context, r *ui.Request) (esim.Promo, error) {
	if !f.checkout.TakesPromos() {
		return esim.Promo{}, nil
	}
	return f.store.EnteredPromo(ctx, r.Customer.ID)
}

func (f *promoFlow) promo(ctx context.Context, r *ui.Request, ref refs.Promo) (ui.Screen, error) {
	switch ref.Do {
	case refs.PromoRemoved:
		if err := f.store.ForgetPromo(ctx, r.Customer.ID); err != nil {
			return ui.Screen{}, err
		}
		fallthrough
	case refs.PromoKept:
		if _, open, err := f.asked(ctx, r); err != nil {
			return ui.Screen{}, err
		} else if open {
			if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
				return ui.Screen{}, err
			}
		}
		return ui.Screen{Follow: askedFrom(ref.Plan)}, nil
	}
	about, err := ref.Plan.Data().Encode()
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: esim.QuestionPromo, About: about, Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: r.T("promo.ask", nil)}
	p, err := f.entered(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if p.Code != "" {
		s.Text += "\n\n" + r.T("promo.entered", i18n.Args{"code": string(p.Code), "what": i18n.HTML(money.PromoTerms(r, p))})
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("promo.btn_off", i18n.Args{"code": string(p.Code)}), refs.Promo{Plan: ref.Plan, Do: refs.PromoRemoved})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.Promo{Plan: ref.Plan, Do: refs.PromoKept}))
	return s, nil
}

// askedFrom is where a code was asked for: on the card of a plan, or of nothing in particular.
func askedFrom(plan refs.Plan) ui.CallbackData {
	if plan.Code == "" {
		return ui.RouteMenu.Data()
	}
	return plan.Data()
}

// asked is the question of a code, if it is open.
func (f *promoFlow) asked(ctx context.Context, r *ui.Request) (q esim.Question, open bool, err error) {
	q, err = f.store.Question(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.Question{}, false, nil
	}
	return q, err == nil && q.Kind == esim.QuestionPromo && f.now().Sub(q.Asked) < promoLasts, err
}

// askedLast reports whether words are the code that was asked for, after the last word in an open thread.
func (f *promoFlow) askedLast(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	if _, ok := esim.ParsePromoCode(r.Text); !ok {
		return false, nil
	}
	q, is, err := f.asked(ctx, r)
	if err != nil || !is {
		return false, err
	}
	return q.AskedLast(ctx, open, r.Customer.ID)
}

// before has words tried as the code that was asked for, before anything else.
func (f *promoFlow) before(other ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		q, open, err := f.asked(ctx, r)
		if err != nil {
			return ui.Screen{}, err
		}
		if !open {
			return other(ctx, r)
		}
		d, err := ui.ParseCallbackData(q.About)
		if err != nil {
			return other(ctx, r)
		}
		plan, err := refs.ParsePlan(d)
		if err != nil {
			return other(ctx, r)
		}
		_, isCode := esim.ParsePromoCode(r.Text)
		_, leaves := f.texts.ClassifyAnswer(r.Text)
		words, ok := "", false
		if isCode && !leaves {
			if words, ok, err = money.EnterPromo(ctx, r, f.store, f.checkout, r.Text); err != nil {
				return ui.Screen{}, err
			}
			if !ok && f.texts.ParseText(r.Text).Intent == i18n.IntentNone { // the question stays open
				return ui.Screen{Typing: true, Text: words, Rows: [][]ui.Button{ui.BackRow(r, refs.Promo{Plan: plan, Do: refs.PromoKept})}}, nil
			}
		}
		if ok || leaves {
			return ui.Screen{Follow: askedFrom(plan), Lead: words, OnSent: func(ctx context.Context, _ int) {
				_ = f.store.ForgetQuestion(ctx, r.Customer.ID) // only now: what is not shown is answered again. It ends by itself too
			}}, nil
		}
		if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
			return ui.Screen{}, err
		}
		return other(ctx, r)
	}
}
