package staff

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// movesShown of a change of prices: the best sellers of those that move.
const movesShown = 10

// sellersSince is how far back one looks for best sellers.
const sellersSince = 90 * 24 * time.Hour

// BestSellerStore knows what sells.
type BestSellerStore interface {
	// BestSellers lists the codes of the plans that were bought most since a time, the first one most.
	BestSellers(ctx context.Context, since time.Time, limit int) ([]string, error)
	// RuleChangesSince lists what changed the rules since a time, newest first.
	RuleChangesSince(ctx context.Context, since time.Time) ([]esim.AuditEntry, error)
}

// prices shows and changes what the shop asks for.
type prices struct {
	scopes
	store    BestSellerStore
	checkout *esim.Checkout
	rules    *esim.RuleBook
	now      func() time.Time
}

// command shows what holds, or what a change would do.
func (f *prices) command(ctx context.Context, r *request) (ui.Screen, error) {
	words := strings.Fields(strings.ReplaceAll(r.given.text, " %", "%"))
	if len(words) == 0 {
		return f.show(r), nil
	}
	of, edits, wrong := f.parse(words)
	if wrong != nil {
		return ui.Screen{Text: wrong.text(r) + "\n\n" + r.T("staff.price_usage", nil)}, nil
	}
	if len(edits) == 0 { // a place alone
		return ui.Screen{Text: f.line(r, of) + "\n\n" + r.T("staff.price_usage", nil)}, nil
	}
	return f.ask(ctx, r, of, edits, oneLine(words))
}

// A priceFault is a word that is no part of a price rule: no place that is sold, what a part cannot be, or nothing at all.
type priceFault struct {
	words string
	place bool
	part  esim.Setting
}

func (w *priceFault) text(r *request) string {
	named := ui.Truncate(w.words, 64)
	switch {
	case w.part.Key != "":
		return settingWrong(r, w.part, named)
	case w.place:
		return r.T("staff.curate_wrong", i18n.Args{"words": named})
	}
	return r.T("staff.price_wrong", i18n.Args{"words": named})
}

// defaultWord resets a rule, or all of a scope.
const defaultWord = "default"

// parse reads "JP 45% profit 0.50 least 2.99 round .99": what it is of, unless it is the whole shop, and its parts.
func (f *prices) parse(words []string) (of scope, edits []esim.RuleEdit, wrong *priceFault) {
	spent := 0
	if s, n, ok := f.find(words); ok && !f.isPart(words[0]) {
		of, spent = s, n
	} else if len(words) > 1 && !f.isPart(words[0]) && f.isPart(words[1]) {
		return of, nil, &priceFault{words: words[0], place: true}
	}
	parts := map[string]esim.RuleKey{
		"percent": esim.RuleMarkup, "profit": esim.RuleMinProfit, "least": esim.RuleMinPrice, "round": esim.RuleRounding,
	}
	for words = words[spent:]; len(words) > 0; {
		word := strings.ToLower(words[0])
		key, value, used := parts[word], "", 2
		switch {
		case word == defaultWord:
			for _, s := range esim.Settings() {
				if s.OfPrice {
					edits = append(edits, esim.RuleEdit{Key: s.Key + esim.RuleKey(of.key), Unset: true})
				}
			}
			words = words[1:]
			continue
		case key != "" && len(words) > 1:
			value = words[1]
		case key == "" && strings.HasSuffix(word, "%"):
			key, value, used = esim.RuleMarkup, word, 1
		default:
			return of, nil, &priceFault{words: words[0]}
		}
		edit := esim.RuleEdit{Key: key + esim.RuleKey(of.key), Unset: strings.EqualFold(value, defaultWord)}
		if s, _ := esim.SettingOf(key); !edit.Unset {
			var err error
			if edit.Value, _, err = s.Parse(strings.TrimPrefix(value, "+")); err != nil {
				return of, nil, &priceFault{words: value, part: s}
			}
		}
		if slices.ContainsFunc(edits, func(e esim.RuleEdit) bool { return e.Key == edit.Key }) {
			return of, nil, &priceFault{words: words[0]}
		}
		edits, words = append(edits, edit), words[used:]
	}
	return of, edits, nil
}

// isPart reports whether a word begins a part of a price rule, and so is no place.
func (f *prices) isPart(word string) bool {
	return slices.Contains([]string{"percent", "profit", "least", "round", defaultWord}, strings.ToLower(word)) || strings.HasSuffix(word, "%")
}

// ask shows what some edits would do to prices, and asks whether they should.
func (f *prices) ask(ctx context.Context, r *request, of scope, edits []esim.RuleEdit, written string) (ui.Screen, error) {
	change := f.rules.Current().Values().Change(edits...)
	if change.Empty() {
		return ui.Screen{Text: r.T("staff.price_same", nil) + "\n\n" + f.line(r, of)}, nil
	}
	preview, after, err := f.preview(change)
	if err != nil {
		return ui.Screen{}, err
	}
	sellers, err := f.store.BestSellers(ctx, f.now().Add(-sellersSince), 1000)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.ask_price", i18n.Args{"scope": i18n.HTML(f.title(r, of))}), f.terms(r, after, of.key), ""}
	shown := len(lines) + movesShown
	for _, m := range preview.First(append(sellers, f.firstSeen(of)...), len(preview.Changes)) {
		if line := moveLine(r, m); len(lines) < shown && !slices.Contains(lines, line) { // several plans can read alike
			lines = append(lines, line)
		}
	}
	if len(preview.Changes) == 0 {
		lines = append(lines, r.T("staff.price_none", nil))
	} else {
		low, high := signedPercent(r, preview.Lowest), signedPercent(r, preview.Highest)
		args := i18n.Args{"changed": r.Number(int64(len(preview.Changes))), "plans": r.Number(int64(preview.Plans)), "low": low, "high": high, "change": low}
		if low == high {
			lines = append(lines, "", r.T("staff.price_summary_same", args))
		} else {
			lines = append(lines, "", r.T("staff.price_summary", args))
		}
	}
	if preview.TooHigh > 0 {
		lines = append(lines, r.T("staff.price_dear", i18n.Args{"count": r.Number(int64(preview.TooHigh))}))
	}
	lines = append(lines, r.T("staff.price_open", nil))
	return ui.Screen{Text: reasoned(r, strings.Join(lines, "\n"), written), Rows: yesNo(r, priceRef{seen(f.rules, written)}, "")}, nil
}

// firstSeen are the codes of plans that customers see first: of a place all that its first screen offers, of the shop one each
// of the places that most go to.
func (f *prices) firstSeen(of scope) []string {
	places := []string{of.place}
	if of.place == "" {
		places = esim.PopularDestinations()
	}
	var codes []string
	for _, place := range places {
		plans := f.catalog.Current().Suggested(place)
		if of.place == "" && len(plans) > 0 {
			plans = plans[len(plans)/2:][:1]
		}
		for _, p := range plans {
			codes = append(codes, p.Code)
		}
	}
	return codes
}

// preview is what a change would do to the prices of all that is sold, and the rules after it.
func (f *prices) preview(change esim.RuleChange) (esim.PricePreview, *esim.Rules, error) {
	values, err := f.rules.Current().Values().Apply(change)
	if err != nil {
		return esim.PricePreview{}, nil, err
	}
	after := esim.NewRules(values)
	return f.checkout.Preview(f.catalog.Current().Plans(), after), after, nil
}

// seen is another for each question, and as soon as the rules are others: it shows what they were.
func seen(rules *esim.RuleBook, written string) uint32 {
	return crc32.ChecksumIEEE([]byte(rules.Current().Values().String() + written))
}

// yes changes the prices as the question said, if it was the newest.
func (f *prices) yes(ctx context.Context, r *request, ref priceRef) (ui.Screen, error) {
	written := r.reason()
	of, edits, wrong := f.parse(strings.Fields(written))
	if wrong != nil || len(edits) == 0 { // the question is too old to be read
		return ui.Screen{}, ui.ErrBadData
	}
	if ref.Seen != seen(f.rules, written) {
		s, err := f.ask(ctx, r, of, edits, written)
		s.Fresh, s.Toast, s.Alert = true, string(i18n.HTML(r.T("staff.err_changed", nil)).Text()), true
		return s, err
	}
	change := f.rules.Current().Values().Change(edits...)
	entry := r.auditEntry("price", f.now())
	entry.Why = written
	if err := f.rules.Change(ctx, change, entry); err != nil {
		return ui.Screen{}, err
	}
	r.done = true
	return ui.Screen{Text: r.T("staff.done_price", i18n.Args{
		"who": r.name, "scope": i18n.HTML(f.title(r, of)), "what": i18n.HTML(f.terms(r, f.rules.Current(), of.key)),
	})}, nil
}

// inOneDay is how far back changes of prices count together.
const inOneDay = 24 * time.Hour

// stake is of a change of prices: one that moves any of them by more than half, with all that one person alone changed
// within a day, needs two, whatever the limit.
func (f *prices) stake(ctx context.Context, r *request, ref priceRef) (esim.SensitiveAction, error) {
	written := r.reason()
	_, edits, wrong := f.parse(strings.Fields(written))
	if wrong != nil || len(edits) == 0 || ref.Seen != seen(f.rules, written) { // it is not done
		return esim.SensitiveAction{}, nil
	}
	preview, after, err := f.preview(f.rules.Current().Values().Change(edits...))
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	log, err := f.store.RuleChangesSince(ctx, f.now().Add(-inOneDay))
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	before, err := esim.RulesBefore(f.rules.Current().Values(), log)
	if err != nil {
		return esim.SensitiveAction{}, err
	}
	all := f.checkout.PreviewFrom(f.catalog.Current().Plans(), esim.NewRules(before), after)
	if !preview.NeedsSecond() && !all.NeedsSecond() {
		return esim.SensitiveAction{}, nil
	}
	return esim.SensitiveAction{What: "price", Always: true}, nil
}

// show tells which prices hold: of the shop, and of what has its own.
func (f *prices) show(r *request) ui.Screen {
	lines := []string{r.T("staff.price_head", nil), f.line(r, scope{})}
	own := map[string]bool{}
	for key := range f.rules.Current().Values() {
		if s, ok := esim.SettingOf(key); ok && s.OfPrice {
			_, scoped := key.Split()
			own[scoped] = scoped != ""
		}
	}
	keys := []string{}
	for key, is := range own {
		if is {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		lines = append(lines, f.line(r, f.of(key)))
	}
	return ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.price_usage", nil)))}
}

// line is a scope with what holds for it.
func (f *prices) line(r *request, of scope) string {
	return r.T("staff.price_line", i18n.Args{"scope": i18n.HTML(f.title(r, of)), "what": i18n.HTML(f.terms(r, f.rules.Current(), of.key))})
}

//i18n:use staff.price_part_*

// terms are the parts of a price rule in words, of a scope only what is its own. What the environment says is marked.
func (f *prices) terms(r *request, rules *esim.Rules, scoped string) string {
	var parts []string
	for _, s := range esim.Settings() {
		if !s.OfPrice {
			continue
		}
		value, set := rules.Values()[s.Key+esim.RuleKey(scoped)]
		if !set && scoped != "" {
			continue
		}
		if !set {
			if value = f.rules.Defaults[s.Key]; value == s.NoneValue() {
				continue
			}
		}
		words := r.T("staff.price_part_"+string(s.Key), i18n.Args{"value": settingWords(r, s, value)})
		if !set {
			words = r.T("staff.price_part_env", i18n.Args{"part": i18n.HTML(words)})
		}
		parts = append(parts, words)
	}
	if len(parts) == 0 {
		return r.T("staff.price_part_none", nil)
	}
	return strings.Join(parts, " · ")
}

// moveLine is what a plan costs before and after.
func moveLine(r *request, m esim.PriceChange) string {
	before, after := r.Price(m.Before.Price), r.Price(m.After.Price)
	if m.Before.Price.Currency == "" || m.TooHigh || m.Before.Price.Currency == esim.XTR && m.Before.Price.Minor == 0 {
		before, after = r.Price(m.Before.Retail), r.Price(m.After.Retail)
	}
	return r.T("staff.price_move", i18n.Args{
		"plan": ui.PlanFlag(m.Plan) + " " + r.PlanTitle(m.Plan, forOne(m.Plan)), "before": before, "after": after, "change": signedPercent(r, m.BP()),
	})
}

// signedPercent is a change in hundredths of a percent, as "+40%".
func signedPercent(r *request, bp int64) string {
	sign := "+"
	if bp < 0 {
		sign, bp = "−", -bp
	}
	return sign + r.Plain("format.percent", i18n.Args{"n": r.Number((bp + 50) / 100)})
}

// priceRef changes prices as the question says, whose message has what was written; Seen says which question
// it was, and about which rules.
type priceRef struct{ Seen uint32 }

func (p priceRef) Data() ui.CallbackData { return ui.NewCallbackData(routePrice, seenText(p.Seen)) }

func parsePriceRef(d ui.CallbackData) (priceRef, error) {
	a := d.Read(routePrice)
	seen, err := readSeen(a)
	return priceRef{seen}, err
}

func seenText(seen uint32) string { return fmt.Sprintf("%08x", seen) }

func readSeen(a *ui.ArgReader) (uint32, error) {
	text := a.Text()
	seen, err := strconv.ParseUint(text, 16, 32)
	if a.Err() == nil && (err != nil || text != seenText(uint32(seen))) {
		return 0, ui.ErrBadData
	}
	return uint32(seen), a.Err()
}
