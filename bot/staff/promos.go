package staff

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// promosShown and campaignsShown bound the lists.
const (
	promosShown    = 30
	campaignsShown = 40
)

// PromoStore keeps promo codes, and what came of them and of campaigns.
type PromoStore interface {
	// AddPromo stores a new code, with the audit entry; ErrConflict if there was one of that name.
	AddPromo(ctx context.Context, p esim.Promo, entry esim.AuditEntry) error
	// EndPromo ends a code, with the audit entry; ErrNotFound if there is none that goes on.
	EndPromo(ctx context.Context, code esim.PromoCode, entry esim.AuditEntry) error
	// PromoUses lists codes with what came of them, those that go on and new ones first.
	PromoUses(ctx context.Context, limit int) ([]esim.PromoUse, error)
	// Campaigns sums up what came of the campaigns whose links were followed since a time.
	Campaigns(ctx context.Context, since time.Time, limit int) ([]esim.Campaign, error)
}

// promos makes promo codes and tells what came of them.
type promos struct {
	store   PromoStore
	catalog *esim.CatalogCache
	now     func() time.Time
}

// endWord is what ends a code: "/promo end SUMMER".
const endWord = "end"

// command lists the codes, or asks about a new one or the end of one.
func (f *promos) command(ctx context.Context, r *request) (ui.Screen, error) {
	if len(r.Data.Args) == 0 {
		return f.list(ctx, r)
	}
	written := oneLine(r.Data.Args)
	if code, ok := endOf(r.Data.Args); ok {
		return ui.Screen{Text: reasoned(r, r.T("staff.ask_promo_end", i18n.Args{"code": string(code)}), written), Rows: yesNo(r, promoRef{}, "")}, nil
	}
	p, wrong, ok := f.parse(r.Data.Args)
	if !ok && wrong != "" {
		return notUnderstood(r, wrong, r.T("staff.promo_usage", nil)), nil
	}
	if !ok {
		return ui.Screen{Text: r.T("staff.promo_usage", nil)}, nil
	}
	text := r.T("staff.ask_promo", i18n.Args{"code": string(p.Code), "what": i18n.HTML(strings.Join(terms(r, p), " · "))})
	return ui.Screen{Text: reasoned(r, text, written), Rows: yesNo(r, promoRef{}, "")}, nil
}

// yes does what was asked: the question has what was written below it.
func (f *promos) yes(ctx context.Context, r *request, _ promoRef) (ui.Screen, error) {
	words := strings.Fields(r.reason())
	entry := r.auditEntry("promo", f.now())
	entry.Why = strings.Join(words, " ")
	if code, ok := endOf(words); ok {
		if err := f.store.EndPromo(ctx, code, entry); err != nil {
			return ui.Screen{}, err
		}
		return ui.Screen{Text: r.T("staff.done_promo_end", i18n.Args{"code": string(code), "who": r.name})}, nil
	}
	p, _, ok := f.parse(words)
	if !ok { // the question is too old to be read
		return ui.Screen{}, ui.ErrBadData
	}
	p.Made = f.now()
	if err := f.store.AddPromo(ctx, p, entry); errors.Is(err, esim.ErrConflict) {
		return ui.Screen{Toast: r.Plain("staff.toast_promo_known", nil), Alert: true}, nil
	} else if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.done_promo", i18n.Args{
		"code": string(p.Code), "what": i18n.HTML(strings.Join(terms(r, p), " · ")), "who": r.name, "start": "promo_" + string(p.Code),
	})}, nil
}

func endOf(words []string) (esim.PromoCode, bool) {
	if len(words) != 2 || !strings.EqualFold(words[0], endWord) {
		return "", false
	}
	return esim.ParsePromoCode(words[1])
}

var placeCode = regexp.MustCompile(`^[A-Z0-9-]{2,12}$`)

// parse reads "SUMMER 20% JP,KR first uses 100 until 2026-12-31"; all after the discount may be left out. Wrong is the word
// that cannot be read.
func (f *promos) parse(words []string) (p esim.Promo, wrong string, ok bool) {
	if len(words) == 0 {
		return p, "", false
	}
	if p.Code, ok = esim.ParsePromoCode(words[0]); !ok || strings.EqualFold(words[0], endWord) {
		return p, words[0], false
	}
	if len(words) < 2 { // no discount
		return p, "", false
	}
	if percent, is := strings.CutSuffix(words[1], "%"); is {
		p.Percent, _ = strconv.Atoi(percent) // of nothing: Check says so
	} else {
		p.Amount, _ = parseDollars(words[1])
	}
	if p.Check() != nil {
		return p, words[1], false
	}
	rest := words[2:]
	for len(rest) > 0 {
		word, value := strings.ToLower(rest[0]), ""
		if len(rest) > 1 {
			value = rest[1]
		}
		var err error
		switch word {
		case "first":
			p.FirstOnly, rest = true, rest[1:]
			continue
		case "uses":
			p.Uses, err = strconv.Atoi(value)
			if err != nil || p.Uses < 1 {
				return p, word + " " + value, false
			}
		case "until":
			p.Ends, err = time.Parse(time.DateOnly, value)
			p.Ends = p.Ends.AddDate(0, 0, 1) // with its last day
			if err != nil || !p.Ends.After(f.now()) {
				return p, word + " " + value, false
			}
		default:
			if p.Places != nil {
				return p, rest[0], false
			}
			for place := range strings.SplitSeq(strings.ToUpper(rest[0]), ",") {
				if c := f.catalog.Current(); !placeCode.MatchString(place) || len(c.Country(place))+len(c.Region(place)) == 0 {
					return p, rest[0], false
				}
				p.Places = append(p.Places, place)
			}
			rest = rest[1:]
			continue
		}
		rest = rest[2:]
	}
	return p, "", p.Check() == nil
}

// terms are what a code gives, and to whom.
func terms(r *request, p esim.Promo) []string {
	words := []string{r.T("staff.promo_percent", i18n.Args{"percent": p.Percent})}
	if p.Percent == 0 {
		words = []string{r.T("staff.promo_amount", i18n.Args{"amount": r.ExactAmount(p.Amount)})}
	}
	if len(p.Places) > 0 {
		words = append(words, r.T("staff.promo_places", i18n.Args{"places": strings.Join(p.Places, ", ")}))
	}
	if p.FirstOnly {
		words = append(words, r.T("staff.promo_first", nil))
	}
	if p.Uses > 0 {
		words = append(words, r.N("staff.promo_for", p.Uses, nil))
	}
	if !p.Ends.IsZero() {
		words = append(words, r.T("staff.promo_until", i18n.Args{"date": r.Date(p.Ends.AddDate(0, 0, -1), time.UTC)}))
	}
	return words
}

func (f *promos) list(ctx context.Context, r *request) (ui.Screen, error) {
	all, err := f.store.PromoUses(ctx, promosShown)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.promos_head", nil)}
	for _, u := range all {
		key := "staff.promo_line"
		if over := !u.Ended.IsZero() || !u.Ends.IsZero() && !f.now().Before(u.Ends); over {
			key = "staff.promo_line_over"
		}
		lines = append(lines, r.T(key, i18n.Args{
			"code": string(u.Code), "what": i18n.HTML(strings.Join(terms(r, u.Promo), " · ")),
			"orders": r.Number(int64(u.Orders)), "discount": r.ExactAmount(u.Discount), "retail": r.ExactAmount(u.Retail),
		}))
	}
	if len(all) == 0 {
		lines = append(lines, r.T("staff.promos_none", nil))
	}
	return ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.promo_usage", nil)))}, nil
}

// campaigns tells what came of the links c_NAME of the days past.
func (f *promos) campaigns(ctx context.Context, r *request) (ui.Screen, error) {
	days := r.given.number
	all, err := f.store.Campaigns(ctx, f.now().AddDate(0, 0, -days), campaignsShown)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.campaigns_head", i18n.Args{"days": r.Days(days)})}
	for _, c := range all {
		lines = append(lines, r.T("staff.campaign_line", i18n.Args{
			"name": c.Name, "starts": r.Number(int64(c.Starts)), "buyers": r.Number(int64(c.Buyers)), "orders": r.Number(int64(c.Sales.Orders)),
			"retail": r.ExactAmount(c.Sales.Retail), "refunded": r.ExactAmount(c.Sales.Refunded), "cost": r.ExactAmount(c.Sales.Cost),
			"margin": r.ExactAmount(c.Sales.Margin),
		}))
	}
	if len(all) == 0 {
		lines = append(lines, r.T("staff.campaigns_none", nil))
	}
	return ui.Screen{Text: ui.Clip(lines)}, nil
}
