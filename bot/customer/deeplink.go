package customer

import (
	"context"
	"regexp"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// ArrivalStore notes by which links customers came.
type ArrivalStore interface {
	AddArrival(ctx context.Context, a esim.Arrival) (first bool, err error)
}

// start follows a deep link: see links.go for what it may say. A campaign and a referral are noted, and
// may stand before where the link leads. No link ends in an error: what it does not lead to any more is said,
// and what is no link of ours leads to the menu.
func (f *startFlow) start(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	link := r.Word(0)
	for {
		kind, code, rest := arrivalOf(link)
		if kind == "" {
			return f.follow(ctx, r, link)
		}
		if kind == esim.ArrivalByReferral {
			if _, err := f.referrals.NoteReferral(ctx, r.Customer.ID, code); err != nil {
				return ui.Screen{}, err
			}
		}
		if _, err := f.arrivals.AddArrival(ctx, esim.Arrival{Customer: r.Customer.ID, Kind: kind, Code: code, At: f.now()}); err != nil && ctx.Err() == nil {
			f.log.Error("arrival not noted", "kind", kind, "err", err) // a statistic: no reason to keep somebody waiting
		}
		link = rest
	}
}

// arrivalOf takes a campaign or a referral off the front of a start parameter; "" if there is none.
func arrivalOf(link string) (kind esim.ArrivalKind, code, rest string) {
	for prefix, kind := range map[string]esim.ArrivalKind{refs.StartReferral: esim.ArrivalByReferral, refs.StartCampaign: esim.ArrivalByCampaign} {
		if after, ok := strings.CutPrefix(link, prefix); ok {
			code, rest, _ = strings.Cut(after, refs.StartSeparator)
			if linkCode.MatchString(code) && len(link) <= longestStart {
				return kind, code, rest
			}
		}
	}
	return "", "", link
}

// linkCode is what a link of Telegram's can carry: what somebody types that none can is no campaign's name.
var linkCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// longestStart of a start parameter; Telegram sends no longer one, but anybody can type one.
const longestStart = 64

// follow leads where a start parameter says.
func (f *startFlow) follow(ctx context.Context, r *ui.Request, link string) (ui.Screen, error) {
	catalog := f.Catalog.Current()
	place := strings.ToUpper(link)
	sold := func(code string) bool { return len(catalog.Country(code))+len(catalog.Covering(code)) > 0 }
	switch {
	case strings.HasPrefix(link, refs.StartPlan):
		return f.plan(ctx, r, strings.TrimPrefix(link, refs.StartPlan))
	case strings.HasPrefix(link, refs.StartPromo):
		return f.promo(ctx, r, strings.TrimPrefix(link, refs.StartPromo))
	case strings.HasPrefix(link, refs.StartClaim):
		return ui.Screen{Follow: refs.Gift{Route: refs.RouteClaimGift, Token: esim.GiftToken(strings.TrimPrefix(link, refs.StartClaim))}.Data()}, nil
	case link == refs.StartHelp:
		return ui.Screen{Follow: refs.SupportSubject{}.Data()}, nil
	case len(place) == 2 && sold(place):
		return ui.Screen{Follow: refs.List{Route: refs.RouteCountry, Code: place, From: refs.FromMenu}.Data()}, nil
	case len(catalog.Region(place)) > 0:
		return ui.Screen{Follow: refs.List{Route: refs.RouteRegion, Code: place, From: refs.FromMenu}.Data()}, nil
	case len(f.texts.Members(i18n.RegionPrefix+strings.ToLower(link))) > 0 && len(catalog.Plans()) > 0:
		return ui.Screen{Follow: refs.Find{Mode: refs.FindRegion, Places: []string{strings.ToLower(link)}}.Data()}, nil
	case len(place) == 2 && r.Place(place) != place && len(catalog.Plans()) > 0:
		s, err := f.menu(ctx, r)
		s.Text = r.T("search.not_sold", i18n.Args{"place": r.Place(place)}) + "\n\n" + s.Text
		return s, err
	}
	return f.menu(ctx, r)
}

// plan leads to a plan; to those of its place when it is not sold any more.
func (f *startFlow) plan(ctx context.Context, r *ui.Request, name string) (ui.Screen, error) {
	catalog := f.Catalog.Current()
	p, days, err := refs.PlanOfStart(catalog, name)
	if err == nil {
		if _, err := f.Checkout.LowestQuote(p); err == nil {
			return ui.Screen{Follow: refs.Plan{Code: p.Code, Days: forsale.PassDays(p, days)}.Data()}, nil
		}
	}
	if len(catalog.Plans()) == 0 {
		return f.menu(ctx, r)
	}
	gone := r.T("start.plan_gone", nil)
	place, _, _ := strings.Cut(refs.DecodeStart(name), "_") // slugs begin with it
	switch {
	case len(catalog.Country(place)) > 0:
		return ui.Screen{Follow: refs.List{Route: refs.RouteCountry, Code: place, From: refs.FromMenu}.Data(), Lead: gone}, nil
	case len(catalog.Region(place)) > 0:
		return ui.Screen{Follow: refs.List{Route: refs.RouteRegion, Code: place, From: refs.FromMenu}.Data(), Lead: gone}, nil
	}
	s, err := f.menu(ctx, r)
	s.Text = gone + "\n\n" + s.Text
	return s, err
}

// promo enters the code of a link, and goes on where it leads besides, or to the menu.
func (f *startFlow) promo(ctx context.Context, r *ui.Request, link string) (ui.Screen, error) {
	code, next, _ := strings.Cut(link, refs.StartSeparator)
	words, _, err := money.EnterPromo(ctx, r, f.promos, f.Checkout, code)
	if err != nil {
		return ui.Screen{}, err
	}
	s, err := f.menu(ctx, r)
	if next != "" && !strings.HasPrefix(next, refs.StartPromo) {
		s, err = f.follow(ctx, r, next)
	}
	if s.Follow.Route != "" {
		s.Lead = words
	} else {
		s.Text = words + "\n\n" + s.Text
	}
	return s, err
}
