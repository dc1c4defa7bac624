package staff

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// giftAction tops an eSIM up as a gift: the plan is chosen from what the vendor sells for it, the reason said in words, and
// what it costs the shop decides whether it takes two.
const giftAction = "gift"

// giftsOffered is how many top-ups fit on the question.
const giftsOffered = 9

// giftFits is what is known of an eSIM; the vendor says what it can be topped up with.
func giftFits(e esim.ESIM) bool {
	return !e.Customer.Forgotten() && !e.Returned && !e.Status.Final() && e.Status != esim.ProfileSuspended && e.SMDPStatus != esim.SMDPDeleted &&
		e.Plan.TopUp != esim.NoTopUp && e.Plan.TopUp != 0 && e.Epoch < esim.MaxTopUps
}

// gifts asks which top-up is to be given.
func (f *actions) gifts(ctx context.Context, r *request, id esim.ESIMID) (ui.Screen, error) {
	e, err := f.cards.store.ESIM(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	args, err := f.giftArgs(ctx, r, e)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Fresh: true, Text: r.T("staff.gift_asking", nil), After: func(ctx context.Context) (ui.Screen, error) {
		offers, err := f.topUps.Offers(ctx, e, 0)
		if err != nil {
			return f.cards.above(ctx, r, words(r, err), e.Order), nil
		}
		screen := ui.Screen{Text: r.T("staff.ask_gift", args)}
		for _, q := range offers[:min(len(offers), giftsOffered)] {
			label := r.Plain("topup.btn_offer", i18n.Args{"what": r.PlanSize(q.Plan, q.Days), "price": r.ExactAmount(q.GiftCost())})
			screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(label, giftRef{routeGift, e.ID, q.Plan.Code, q.GiftCost().Minor})))
		}
		screen.Rows = append(screen.Rows, ui.Row(ui.NewButton(r.Plain("staff.btn_no", nil), noRef{e.Order})))
		return screen, nil
	}}, nil
}

func (f *actions) giftArgs(ctx context.Context, r *request, e esim.ESIM) (i18n.Args, error) {
	holder, err := f.cards.orders.Customer(ctx, e.Customer)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return nil, err
	}
	return i18n.Args{"esim": i18n.HTML(f.cards.esimLine(r, e)), "plan": r.PlanTitle(e.Plan, ui.DayPassDays(e)), "name": ui.CustomerName(holder), "customer": int64(e.Customer), "who": r.name}, nil
}

// askGift asks for the reason.
func (f *actions) askGift(ctx context.Context, r *request, ref giftRef) (ui.Screen, error) {
	return f.questionGift(ctx, r, ref, "")
}

// saidGift takes it in.
func (f *actions) saidGift(ctx context.Context, r *request, ref wordsRef, why string) (ui.Screen, error) {
	return f.questionGift(ctx, r, giftRef{routeYesGift, ref.ESIM, ref.Plan, ref.Cost}, why)
}

func (f *actions) questionGift(ctx context.Context, r *request, ref giftRef, why string) (ui.Screen, error) {
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	args, err := f.giftArgs(ctx, r, e)
	if err != nil {
		return ui.Screen{}, err
	}
	args["code"], args["cost"] = ref.Plan, r.ExactAmount(esim.USDCents(ref.Cost))
	text := r.T("staff.ask_give_gift", args)
	if why == "" {
		no := wordsRef{Action: giftAction, ESIM: e.ID, Plan: ref.Plan, Cost: ref.Cost}
		return ui.Screen{Text: text + "\n" + r.T("staff.ask_words_gift", nil), Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), no)}}}, nil
	}
	return ui.Screen{Text: reasoned(r, text, why), Rows: yesNo(r, giftRef{routeYesGift, e.ID, ref.Plan, ref.Cost}, e.Order)}, nil
}

// stakeGift is of what the vendor takes for it.
func (f *actions) stakeGift(ctx context.Context, r *request, ref giftRef) (esim.SensitiveAction, error) {
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	if r.reason() == "" {
		return esim.SensitiveAction{}, nil
	}
	return esim.SensitiveAction{What: giftAction, Customer: e.Customer, Order: e.Order, Worth: esim.USDCents(ref.Cost)}, nil
}

// yesGift gives it, once for the question that was asked.
func (f *actions) yesGift(ctx context.Context, r *request, ref giftRef) (ui.Screen, error) {
	e, err := f.cards.store.ESIM(ctx, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	args, err := f.giftArgs(ctx, r, e)
	if err != nil {
		return ui.Screen{}, err
	}
	entry := r.auditEntry(giftAction, f.now())
	if entry.Why = r.reason(); entry.Why == "" {
		return ui.Screen{}, ui.ErrBadData
	}
	entry.Amount = esim.USDCents(ref.Cost)
	press := fmt.Sprintf("gift:%d:%s:%s", r.message, ref.ESIM, ref.Plan)
	end, err := f.admin.BeginVendorAction(ctx, esim.VendorAction{Who: entry.Who, What: giftAction, Order: e.Order, ESIM: e.ID})
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.working", i18n.Args{"id": e.Order.String()}), After: ended(end, func(ctx context.Context) (ui.Screen, error) {
		o, err := f.topUps.Give(ctx, e, ref.Plan, esim.USDCents(ref.Cost), press, entry)
		if ctx.Err() != nil {
			return ui.Screen{}, ctx.Err()
		}
		if err != nil {
			return f.cards.above(ctx, r, words(r, err), e.Order), nil
		}
		r.done = true
		args["cost"] = r.ExactAmount(entry.Amount)
		return ui.Screen{Text: reasoned(r, r.T("staff.done_gift", args), entry.Why), Rows: cardRow(r.Request, o.ID)}, nil
	})}, nil
}
