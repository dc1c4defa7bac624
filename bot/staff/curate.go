package staff

import (
	"context"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// curation decides what the shop shows: it takes places and plans off it and brings them back, and puts plans on top of their
// places. It is done at once; a button undoes it.
type curation struct {
	scopes
	rules *esim.RuleBook
	now   func() time.Time
}

func (f *curation) hide(ctx context.Context, r *request) (ui.Screen, error) {
	return f.named(ctx, r, "hide", func(s scope) bool { return s.key != "" })
}

func (f *curation) unhide(ctx context.Context, r *request) (ui.Screen, error) {
	return f.named(ctx, r, "show", func(s scope) bool { return s.key != "" })
}

// feature puts a plan on top of its place; with "off" behind it, back where it belongs.
func (f *curation) feature(ctx context.Context, r *request) (ui.Screen, error) {
	what := "feature"
	if rest, off := strings.CutSuffix(strings.ToLower(r.given.text), " off"); off {
		what, r.given.text = "unfeature", r.given.text[:len(rest)]
	}
	return f.named(ctx, r, what, func(s scope) bool { return strings.HasPrefix(s.key, "#") })
}

// named does something to the scope that was written, or lists what it was done to.
func (f *curation) named(ctx context.Context, r *request, what string, fits func(scope) bool) (ui.Screen, error) {
	words := strings.Fields(r.given.text)
	if len(words) == 0 {
		return f.list(r, what), nil
	}
	s, spent, ok := f.find(words)
	if !ok { // what is hidden for long may be sold by the vendor no more
		for _, key := range f.rules.Current().Hidden() {
			if strings.EqualFold(key[1:], words[0]) {
				s, spent, ok = f.of(key), 1, true
			}
		}
	}
	if !ok || spent != len(words) || !fits(s) {
		key := "staff.curate_wrong"
		if strings.HasSuffix(what, "feature") {
			key = "staff.feature_wrong"
		}
		return ui.Screen{Text: r.T(key, i18n.Args{"words": ui.Truncate(r.given.text, 64)})}, nil
	}
	return f.change(ctx, r, what, s)
}

//i18n:use staff.done_* staff.already_* staff.btn_undo_*

// undo is what undoes each of them.
var undo = map[string]string{"hide": "show", "show": "hide", "feature": "unfeature", "unfeature": "feature"}

// change does it.
func (f *curation) change(ctx context.Context, r *request, what string, s scope) (ui.Screen, error) {
	var edit esim.RuleEdit
	switch what {
	case "hide", "show":
		edit = esim.HideEdit(s.key, what == "hide")
	default:
		edit = esim.FeatureEdit(s.plan.Code, what == "feature")
	}
	args := i18n.Args{"who": r.name, "what": i18n.HTML(f.title(r, s))}
	change := f.rules.Current().Values().Change(edit)
	if change.Empty() {
		return ui.Screen{Text: r.T("staff.already_"+what, args)}, nil
	}
	entry := r.auditEntry(what, f.now())
	entry.Why = s.key[1:]
	if err := f.rules.Change(ctx, change, entry); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.done_"+what, args), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("staff.btn_undo_"+what, nil), curateRef{undo[what], s.key})),
	}}, nil
}

// pressed is change by a button.
func (f *curation) pressed(ctx context.Context, r *request, ref curateRef) (ui.Screen, error) {
	s, err := f.change(ctx, r, ref.What, f.of(ref.Key))
	s.Fresh = true // who did it before stays readable
	return s, err
}

// list tells what is hidden, or featured.
func (f *curation) list(r *request, what string) ui.Screen {
	keys, head, usage := f.rules.Current().Hidden(), "staff.hidden_head", "staff.hide_usage"
	if what == "feature" {
		keys, head, usage = nil, "staff.featured_head", "staff.feature_usage"
		for _, code := range f.rules.Current().Featured() {
			keys = append(keys, esim.ScopeOfPlan(code))
		}
	}
	lines := []string{r.T(head, nil)}
	for _, key := range keys {
		lines = append(lines, "· "+f.title(r, f.of(key)))
	}
	if len(keys) == 0 {
		lines = append(lines, r.T("staff.curate_none", nil))
	}
	return ui.Screen{Text: ui.Clip(append(lines, "", r.T(usage, nil)))}
}

// curateRef undoes what was done to a scope.
type curateRef struct {
	What string // a key of undo
	Key  string // of the scope
}

func (p curateRef) Data() ui.CallbackData { return ui.NewCallbackData(routeCurate, p.What, p.Key) }

func parseCurateRef(d ui.CallbackData) (curateRef, error) {
	a := d.Read(routeCurate)
	p := curateRef{a.Text(), a.Text()}
	plan := strings.HasPrefix(p.Key, "#")
	if a.Err() == nil && (undo[p.What] == "" || len(p.Key) < 2 || !plan && (p.Key[0] != '@' || strings.HasSuffix(p.What, "feature"))) {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}
