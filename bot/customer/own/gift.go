package own

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// giftFlow gives eSIMs away: the link for who gives, and what it is for who opens it.
type giftFlow struct {
	gifts *esim.Gifts
	store interface {
		esimStore
		orderStore
		customerStore
	}
	links refs.Links
	now   func() time.Time
}

// customerStore knows customers' names.
type customerStore interface {
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
}

func (f *giftFlow) register(t *ui.Router) {
	t.Route(refs.RouteGift, ui.HandleWith(refs.ParseESIM(refs.RouteGift), f.ask))
	t.Route(refs.RouteCreateGiftLink, ui.HandleWith(refs.ParseCreateGiftLink, f.offer))
	t.Route(refs.RouteWithdrawGift, ui.HandleWith(refs.ParseESIM(refs.RouteWithdrawGift), f.withdraw))
	t.Route(refs.RouteGivenAway, ui.HandleWith(refs.ParseESIM(refs.RouteGivenAway), f.given))
	t.Route(refs.RouteClaimGift, ui.HandleWith(refs.ParseGift(refs.RouteClaimGift), f.claim))
	t.Route(refs.RouteTakeGift, ui.HandleWith(refs.ParseGift(refs.RouteTakeGift), f.take))
}

// onPhone reports whether an eSIM is installed: its QR code is of no more use.
func onPhone(c esim.Condition) bool {
	return c != esim.ConditionReady && c != esim.ConditionDownloading
}

// ask says what a link does, or that one is out.
func (f *giftFlow) ask(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, args, err := f.load(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if !e.CanBeGivenAway(o, f.now()) {
		return ui.Screen{}, esim.ErrWrongState
	}
	back := ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})
	g, err := f.last(ctx, r, e.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if g.Open(f.now()) {
		args["date"] = r.Moment(g.Ends)
		return ui.Screen{Text: r.T("gift.open", args), Rows: [][]ui.Button{
			ui.Row(ui.NewButton(r.Plain("gift.btn_new", nil), giveNow(e))), f.backButton(r, e.ID), back,
		}}, nil
	}
	text := r.T("gift.ask", args)
	if onPhone(e.Condition(f.now())) {
		text += "\n\n" + r.T("gift.ask_installed", nil)
	}
	if !e.GivenAway() {
		text += "\n\n" + r.T("gift.ask_money", nil)
	}
	return ui.Screen{Text: text, Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("gift.btn_make", nil), giveNow(e))), back,
	}}, nil
}

// load is an eSIM that the customer holds, with its order and what sentences say of it.
func (f *giftFlow) load(ctx context.Context, r *ui.Request, id esim.ESIMID) (esim.ESIM, esim.Order, i18n.Args, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, id)
	if err != nil {
		return e, esim.Order{}, nil, err
	}
	o, err := orderOf(ctx, f.store, e)
	return e, o, i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)}, err
}

// last is the last link of the customer for an eSIM; the zero value: none that is open or was taken.
func (f *giftFlow) last(ctx context.Context, r *ui.Request, id esim.ESIMID) (esim.Gift, error) {
	return lastGift(ctx, f.gifts, r.Customer.ID, id, f.now())
}

// lastGift is the last link of a customer for an eSIM; the zero value: none that is open or was taken.
func lastGift(ctx context.Context, gifts *esim.Gifts, giver esim.CustomerID, id esim.ESIMID, now time.Time) (esim.Gift, error) {
	all, err := gifts.Store.GiftsBy(ctx, giver, now)
	for _, g := range all {
		if g.ESIM == id {
			return g, err
		}
	}
	return esim.Gift{}, err
}

func (f *giftFlow) backButton(r *ui.Request, id esim.ESIMID) []ui.Button {
	return ui.Row(ui.NewButton(r.Plain("gift.btn_back", nil), refs.ESIM{Route: refs.RouteWithdrawGift, ESIM: id}))
}

// giveNow is the button that makes a link, below a screen like no other.
func giveNow(e esim.ESIM) refs.CreateGiftLink {
	return refs.CreateGiftLink{ESIM: e.ID, Screen: rand.Text()[:8]}
}

// offer makes the link. It is shown here and kept nowhere: pressed again it is made again, the same.
func (f *giftFlow) offer(ctx context.Context, r *ui.Request, ref refs.CreateGiftLink) (ui.Screen, error) {
	e, o, args, err := f.load(ctx, r, ref.ESIM)
	if errors.Is(err, esim.ErrNotFound) { // taken since?
		if g, err := f.last(ctx, r, ref.ESIM); err != nil || g.Recipient != 0 {
			return ui.Screen{Follow: refs.ESIM{Route: refs.RouteGivenAway, ESIM: ref.ESIM}.Data()}, err
		}
	}
	if err != nil {
		return ui.Screen{}, err
	}
	g, token, err := f.gifts.Offer(ctx, r.Customer.ID, e.ID, ref.Screen)
	if errors.Is(err, esim.ErrNoGift) {
		if e.CanBeGivenAway(o, f.now()) { // that screen's link was taken back
			return ui.Screen{Follow: refs.ESIM{Route: refs.RouteGift, ESIM: e.ID}.Data()}, nil
		}
		err = esim.ErrWrongState
	}
	if err != nil {
		return ui.Screen{}, err
	}
	start := refs.StartClaim + token.Reveal()
	link := f.links.To(start)
	args["link"], args["date"] = link, r.Moment(g.Ends)
	words := r.Plain("gift.words", i18n.Args{"title": r.ESIMTitle(e)})
	return ui.Screen{Text: r.T("gift.link", args), Rows: [][]ui.Button{
		// Source: https://core.telegram.org/widgets/share
		ui.Row(ui.Button{Text: r.Plain("gift.btn_send", nil), URL: f.links.Base + "/share/url?" + url.Values{"url": {link}, "text": {words}}.Encode()}),
		ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy", nil), Copy: link}),
		ui.Row(ui.Button{Text: r.Plain("plan.btn_share_copy_app", nil), Copy: f.links.InApp(start)}),
		f.backButton(r, e.ID), ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}),
	}}, nil
}

// withdraw takes back what nobody took yet.
func (f *giftFlow) withdraw(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	err := f.gifts.Store.WithdrawGift(ctx, r.Customer.ID, ref.ESIM)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	g, err2 := f.last(ctx, r, ref.ESIM)
	if err2 != nil {
		return ui.Screen{}, err2
	}
	if g.Recipient != 0 { // somebody was first
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteGivenAway, ESIM: ref.ESIM}.Data()}, nil
	}
	if _, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: ref.ESIM}.Data(), Toast: r.Plain("gift.toast_back", nil)}, nil
}

// given shows who gave an eSIM away what became of it: who has it, and whether it can still be cancelled.
func (f *giftFlow) given(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	g, err := f.last(ctx, r, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	if g.Recipient == 0 {
		return ui.Screen{}, esim.ErrNotFound
	}
	e, err := f.store.ESIM(ctx, g.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	o, err := orderOf(ctx, f.store, e)
	if err != nil {
		return ui.Screen{}, err
	}
	text := r.T("gift.given", i18n.Args{
		"name": nameOf(ctx, r, f.store, g.Recipient), "flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity), "date": r.Moment(g.Taken),
	})
	var rows [][]ui.Button
	mine := e.Buyer == r.Customer.ID
	switch c := e.Condition(f.now()); {
	case mine && (c == esim.ConditionWithdrawn || o.TakesBack(e.ID)):
		text += "\n\n" + r.T("gift.given_cancelled", nil)
	case mine && cancellable(o, e):
		text += "\n\n" + r.T("gift.given_unused", nil)
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("cancel.btn", nil), refs.ESIM{Route: refs.RouteCancel, ESIM: e.ID})))
	case mine:
		text += "\n\n" + r.T("gift.given_used", nil)
	}
	return ui.Screen{Text: text, Rows: append(rows, ui.BackRow(r, refs.RouteESIMs))}, nil
}

// mostGiven are listed below the customer's own eSIMs.
const mostGiven = 4

// list leads to what the customer gave away.
func (f *giftFlow) list(ctx context.Context, r *ui.Request) ([][]ui.Button, error) {
	all, err := f.gifts.Store.GiftsBy(ctx, r.Customer.ID, f.now())
	if err != nil {
		return nil, err
	}
	var rows [][]ui.Button
	for _, g := range all {
		if g.Recipient == 0 || len(rows) == mostGiven {
			continue
		}
		if e, err := f.store.ESIM(ctx, g.ESIM); err != nil {
			return nil, err
		} else if e.Status.Final() {
			continue
		}
		label := r.Plain("gift.btn_given", i18n.Args{"name": ui.Truncate(nameOf(ctx, r, f.store, g.Recipient), 20)})
		rows = append(rows, ui.Row(ui.NewButton(label, refs.ESIM{Route: refs.RouteGivenAway, ESIM: g.ESIM})))
	}
	return rows, nil
}

// nameOf is what a customer is called by others.
func nameOf(ctx context.Context, r *ui.Request, store customerStore, id esim.CustomerID) string {
	c, err := store.Customer(ctx, id)
	if err != nil || c.Name == "" {
		return r.Plain("gift.somebody", nil)
	}
	return ui.Truncate(c.Name, 40)
}

// claim shows a link to who opened it: what they are given, or what they may know of it.
func (f *giftFlow) claim(ctx context.Context, r *ui.Request, ref refs.Gift) (ui.Screen, error) {
	facts, err := f.gifts.Look(ctx, r.Customer.ID, ref.Token)
	if err != nil {
		return f.noGift(r, facts, err)
	}
	e := facts.ESIM
	key := "gift.offer"
	switch installed := onPhone(e.Condition(f.now())); {
	case facts.Unmatched != nil && installed:
		key = "gift.offer_shop_installed"
	case facts.Unmatched != nil:
		key = "gift.offer_shop"
	case installed:
		key = "gift.offer_installed"
	}
	return ui.Screen{Text: r.T(key, i18n.Args{
		"name": nameOf(ctx, r, f.store, facts.Gift.Giver), "flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e),
	}), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("gift.btn_take", nil), refs.Gift{Route: refs.RouteTakeGift, Token: ref.Token}).AsPrimary()),
		ui.Row(ui.NewButton(r.Plain("help.btn_phone", nil), refs.RoutePhone)),
		ui.Row(ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)),
	}}, nil
}

// take makes who opened the link the holder.
func (f *giftFlow) take(ctx context.Context, r *ui.Request, ref refs.Gift) (ui.Screen, error) {
	facts, err := f.gifts.Take(ctx, r.Customer.ID, ref.Token)
	if err != nil {
		return f.noGift(r, facts, err)
	}
	key := "gift.taken"
	if onPhone(facts.ESIM.Condition(f.now())) {
		key = "gift.taken_installed"
	}
	return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: facts.ESIM.ID}.Data(), Lead: r.T(key, nil)}, nil
}

// noGift says why a link leads to nothing. Who made it, and who took it, are led to what became of it; a stranger
// learns no more than that.
func (f *giftFlow) noGift(r *ui.Request, facts esim.GiftFacts, err error) (ui.Screen, error) {
	rows := [][]ui.Button{
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs), ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}
	switch {
	case errors.Is(err, esim.ErrGiftTaken):
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: facts.ESIM.ID}.Data(), Lead: r.T("gift.taken_before", nil)}, nil
	case errors.Is(err, esim.ErrOwnGift) && facts.ESIM.Customer == r.Customer.ID:
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteGift, ESIM: facts.ESIM.ID}.Data(), Lead: r.T("gift.own", nil)}, nil
	case errors.Is(err, esim.ErrOwnGift) && facts.Gift.Recipient != 0:
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteGivenAway, ESIM: facts.ESIM.ID}.Data()}, nil
	case errors.Is(err, esim.ErrTooManyTries):
		return ui.Screen{Text: r.T("gift.too_many", nil), Rows: rows}, nil
	case errors.Is(err, esim.ErrWrongState):
		return ui.Screen{Text: r.T("gift.busy", nil), Rows: rows}, nil
	case errors.Is(err, esim.ErrNoGift), errors.Is(err, esim.ErrOwnGift):
		return ui.Screen{Text: r.T("gift.none", nil), Rows: rows}, nil
	}
	return ui.Screen{}, err
}
