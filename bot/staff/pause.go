package staff

import (
	"context"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// maxPauseText of what customers are told of a pause.
const maxPauseText = 200

// pauses stops the sale of anything new, and lets it go on. Both are done at once and without a question: who stops a shop
// is in a hurry, and nothing is lost by it.
type pauses struct {
	rules *esim.RuleBook
	now   func() time.Time
}

// pause stops the sale, or changes what customers are told of it.
func (f *pauses) pause(ctx context.Context, r *request) (ui.Screen, error) {
	text := ui.Truncate(r.given.text, maxPauseText)
	change := f.rules.Current().Values().Change(esim.RuleEdit{Key: esim.RulePaused, Value: text})
	if change.Empty() {
		return f.paused(r, r.T("staff.already_pause", nil), text), nil
	}
	entry := r.auditEntry("pause", f.now())
	entry.Why = text
	if err := f.rules.Change(ctx, change, entry); err != nil {
		return ui.Screen{}, err
	}
	return f.paused(r, r.T("staff.done_pause", i18n.Args{"who": r.name}), text), nil
}

// paused is the screen of a shop that pauses, with what customers read besides our own words.
func (f *pauses) paused(r *request, html, text string) ui.Screen {
	if text != "" {
		html += "\n" + r.T("staff.pause_says", i18n.Args{"text": text})
	}
	return ui.Screen{Text: html, Rows: [][]ui.Button{ui.Row(ui.NewButton(r.Plain("staff.btn_open_shop", nil), resumeRef{}))}}
}

// resume lets the sale go on.
func (f *pauses) resume(ctx context.Context, r *request) (ui.Screen, error) {
	change := f.rules.Current().Values().Change(esim.RuleEdit{Key: esim.RulePaused, Unset: true})
	if change.Empty() {
		return ui.Screen{Text: r.T("staff.already_resume", nil)}, nil
	}
	if err := f.rules.Change(ctx, change, r.auditEntry("resume", f.now())); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("staff.done_open_shop", i18n.Args{"who": r.name})}, nil
}

// resumed is resume by the button under what said that the shop pauses.
func (f *pauses) resumed(ctx context.Context, r *request, _ resumeRef) (ui.Screen, error) {
	s, err := f.resume(ctx, r)
	s.Fresh = true // who paused it, and when, stays readable
	return s, err
}
