package own

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// guideFlow shows how to install an eSIM on a phone, card by card.
type guideFlow struct {
	esims  *esimsFlow
	phones phoneStore
}

func (f *guideFlow) register(t *ui.Router) {
	t.Route(refs.RouteGuide, ui.HandleWith(refs.ParseGuide, f.guide))
	t.Route(refs.RouteInstall, ui.HandleWith(refs.ParseESIM(refs.RouteInstall), func(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
		return f.guide(ctx, r, refs.Guide{ESIM: ref.ESIM})
	}))
}

func (f *guideFlow) guide(ctx context.Context, r *ui.Request, ref refs.Guide) (ui.Screen, error) {
	e, o, err := f.about(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	if e.ID != "" && f.esims.ended(e, o) {
		return ui.Screen{Toast: r.Plain("esim.toast_ended", nil), Alert: true}, nil
	}
	if named := phoneOf(r, o); !ref.Family.Known() {
		ref.Family = named
	} else if ref.Family != named {
		if err := f.chosen(ctx, r, o, ref.Family); err != nil {
			return ui.Screen{}, err
		}
	}
	if !ref.Family.Known() || ref.Card == refs.CardWhich {
		return f.which(r, ref, e), nil
	}
	cards := guideCards(ref.Family, e.ID == "" || e.ActivationCode.Drawable())
	at := slices.Index(cards, ref.Card)
	if ref.Card == refs.CardAll {
		return f.all(r, ref, e, o, cards), nil
	}
	return f.card(r, ref, e, o, cards, max(at, 0)), nil
}

// chosen notes for which phone a guide was opened: for the order of the eSIM, and for the customer if
// they named none before.
func (f *guideFlow) chosen(ctx context.Context, r *ui.Request, o esim.Order, family esim.PhoneFamily) error {
	if o.ID != "" && o.Phone.Family != family {
		if err := f.phones.SetOrderPhone(ctx, r.Customer.ID, o.ID, esim.Phone{Family: family}); err != nil {
			return err
		}
	}
	if r.Customer.Phone.Family != "" {
		return nil
	}
	return f.phones.SetPhone(ctx, r.Customer.ID, esim.Phone{Family: family})
}

// about is the eSIM that a guide is for: the one named, or the only one that can be installed. An
// empty one: none.
func (f *guideFlow) about(ctx context.Context, r *ui.Request, ref refs.Guide) (esim.ESIM, esim.Order, error) {
	if ref.ESIM != "" {
		return f.esims.load(ctx, r, refs.ESIM{Route: refs.RouteGuide, ESIM: ref.ESIM})
	}
	mine, err := f.esims.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return esim.ESIM{}, esim.Order{}, err
	}
	var found esim.ESIM
	var of esim.Order
	for _, e := range mine {
		if c := e.Condition(f.esims.now()); c != esim.ConditionReady && c != esim.ConditionDownloading {
			continue
		}
		o, err := orderOf(ctx, f.esims.store, e)
		if err != nil {
			return esim.ESIM{}, esim.Order{}, err
		}
		if f.esims.ended(e, o) {
			continue
		}
		if found.ID != "" {
			return esim.ESIM{}, esim.Order{}, nil // several: which of them is not for us to say
		}
		found, of = e, o
	}
	return found, of, nil
}

// which asks for the phone.
func (f *guideFlow) which(r *ui.Request, ref refs.Guide, e esim.ESIM) ui.Screen {
	card := ref.Card
	if card == refs.CardWhich {
		card = ""
	}
	var phones []ui.Button
	for _, family := range esim.PhoneFamilies() {
		phones = append(phones, ui.NewButton(r.Plain("phone.btn_"+string(family), nil), refs.Guide{Family: family, ESIM: ref.ESIM, Card: card}))
	}
	return ui.Screen{Text: r.T("guide.which", nil), Rows: append(ui.PairRows(phones...), f.back(r, e))}
}

//i18n:use phone.btn_*

// all lists a family's cards.
func (f *guideFlow) all(r *ui.Request, ref refs.Guide, e esim.ESIM, o esim.Order, cards []refs.GuideCard) ui.Screen {
	s := ui.Screen{Text: strings.Join(append(f.head(r, ref, e, o, r.Plain("guide.title_all", nil)), r.T("guide.all", nil)), "\n")}
	for i, card := range cards {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(numbered(r, cards, i), refs.Guide{Family: ref.Family, ESIM: ref.ESIM, Card: card})))
	}
	// At most nine cards: the other phone stands beside the way back.
	other := ui.NewButton(r.Plain("guide.btn_other", nil), refs.Guide{ESIM: ref.ESIM, Card: refs.CardWhich})
	s.Rows = append(s.Rows, append(ui.Row(other), f.back(r, e)[0]))
	return s
}

// card is one card, with a way to the ones before and after it.
func (f *guideFlow) card(r *ui.Request, ref refs.Guide, e esim.ESIM, o esim.Order, cards []refs.GuideCard, at int) ui.Screen {
	card := cards[at]
	lines := f.head(r, ref, e, o, numbered(r, cards, at))
	way := slices.Contains(ref.Family.InstallWays(), esim.InstallWay(card))
	if way && e.ID != "" {
		lines = append(lines, "<b>"+string(forsale.WhenToInstall(r, e.Plan))+"</b>")
	}
	lines = append(lines, "", guideSteps(r, ref.Family, card))
	if card == refs.CardUse && e.APN != "" {
		lines = append(lines, r.T("qr.apn", i18n.Args{"apn": e.APN}))
	}
	s := ui.Screen{}
	if e.ID != "" {
		s.Rows = guideActions(r, ref.Family, card, e)
	} else if way {
		lines = append(lines, "", r.T("guide.no_esim", nil))
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)))
	}
	s.Text = strings.Join(lines, "\n")
	s.Rows = append(s.Rows, guideTurns(r, ref, cards, at)...)
	s.Rows = append(s.Rows, f.back(r, e))
	return s
}

// guideTurns lead to the card that comes next, by its name, to the one before and to all of them.
func guideTurns(r *ui.Request, ref refs.Guide, cards []refs.GuideCard, at int) [][]ui.Button {
	to := func(label string, card refs.GuideCard) ui.Button {
		return ui.NewButton(label, refs.Guide{Family: ref.Family, ESIM: ref.ESIM, Card: card})
	}
	var rows [][]ui.Button
	if next := at + 1; next < len(cards) {
		rows = append(rows, ui.Row(to(r.Plain("guide.btn_next", i18n.Args{"title": numbered(r, cards, next)}), cards[next])))
	}
	var others []ui.Button
	if at > 0 {
		others = append(others, to(r.Plain("guide.btn_before", i18n.Args{"n": r.Number(int64(at))}), cards[at-1]))
	}
	others = append(others,
		to(r.Plain("guide.btn_all", nil), refs.CardAll),
		ui.NewButton(r.Plain("guide.btn_other", nil), refs.Guide{ESIM: ref.ESIM, Card: refs.CardWhich}))
	return append(rows, ui.PairRows(others...)...)
}

// numbered is the title of a card with its number.
func numbered(r *ui.Request, cards []refs.GuideCard, at int) string {
	return r.Plain("guide.title_numbered", i18n.Args{"n": r.Number(int64(at + 1)), "title": r.Plain("guide.title_"+string(cards[at]), nil)})
}

// head names the phone and the eSIM.
func (f *guideFlow) head(r *ui.Request, ref refs.Guide, e esim.ESIM, o esim.Order, title string) []string {
	lines := []string{r.T("guide.head", i18n.Args{"phone": r.Plain("phone.btn_"+string(ref.Family), nil), "title": title})}
	if e.ID != "" {
		lines = append(lines, r.T("esim.line", i18n.Args{
			"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity),
		}))
	}
	return lines
}

func (f *guideFlow) back(r *ui.Request, e esim.ESIM) []ui.Button {
	if e.ID == "" {
		return ui.BackRow(r, refs.RouteHelp)
	}
	return ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})
}
