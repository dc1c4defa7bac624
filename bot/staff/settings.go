package staff

import (
	"context"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// settings shows and changes what an operator decides about the shop and may decide otherwise while it sells.
type settings struct {
	checkout *esim.Checkout
	rules    *esim.RuleBook
	prices   *prices
	now      func() time.Time
}

// command lists the settings, shows one, or asks about changing it.
func (f *settings) command(ctx context.Context, r *request) (ui.Screen, error) {
	words := strings.Fields(r.given.text)
	if len(words) == 0 {
		return f.list(r), nil
	}
	s, ok := esim.SettingOf(esim.RuleKey(strings.ToLower(words[0])))
	if !ok {
		return ui.Screen{Text: r.T("staff.setting_none", i18n.Args{"words": ui.Truncate(words[0], 64)})}, nil
	}
	if len(words) == 1 {
		return ui.Screen{Text: f.line(r, s) + "\n" + r.T("staff.settings_usage", nil)}, nil
	}
	edit, ok := settingEdit(s, words[1:])
	if !ok {
		return ui.Screen{Text: settingWrong(r, s, ui.Truncate(strings.Join(words[1:], " "), 64))}, nil
	}
	if s.Key == esim.RuleEmergencyTopUp && !edit.Unset && edit.Value != s.Text(0) && !esim.CanPayDebts(f.checkout.Offered()) {
		return ui.Screen{Text: r.T("staff.setting_unpayable", nil)}, nil
	}
	if s.OfPrice {
		return f.prices.ask(ctx, r, scope{}, []esim.RuleEdit{edit}, priceWords(s, edit))
	}
	return f.ask(r, s, edit), nil
}

// settingEdit reads what a setting is to be.
func settingEdit(s esim.Setting, words []string) (esim.RuleEdit, bool) {
	text := strings.Join(words, "")
	if strings.EqualFold(text, defaultWord) {
		return esim.RuleEdit{Key: s.Key, Unset: true}, true
	}
	value, _, err := s.Parse(text)
	return esim.RuleEdit{Key: s.Key, Value: value}, err == nil
}

// priceWords writes an edit of a price rule as /price reads it.
func priceWords(s esim.Setting, e esim.RuleEdit) string {
	value := e.Value
	if e.Unset {
		value = defaultWord
	}
	return map[esim.RuleKey]string{
		esim.RuleMarkup: "percent ", esim.RuleMinProfit: "profit ", esim.RuleMinPrice: "least ", esim.RuleRounding: "round ",
	}[s.Key] + value
}

// ask asks about an edit; one that changes nothing is not asked about.
func (f *settings) ask(r *request, s esim.Setting, edit esim.RuleEdit) ui.Screen {
	if f.rules.Current().Values().Change(edit).Empty() {
		return ui.Screen{Text: r.T("staff.setting_same", nil) + "\n" + f.line(r, s)}
	}
	to, written := edit.Value, string(s.Key)+" "+edit.Value
	if edit.Unset {
		to, written = f.rules.Defaults[s.Key], string(s.Key)+" "+defaultWord
	}
	now, _ := f.rules.Value(s.Key)
	text := r.T("staff.ask_setting", i18n.Args{
		"what": i18n.HTML(f.what(r, s)), "before": settingWords(r, s, now), "after": settingWords(r, s, to),
	})
	if limit := f.rules.ApprovalAbove(); s.Key == esim.RuleApproval && !f.rules.RaisesApproval(edit) {
		text += "\n" + r.T("staff.setting_no_way_back", nil)
	} else if s.Key == esim.RuleApproval {
		text += "\n" + r.T("staff.setting_takes_two", i18n.Args{"amount": r.ExactAmount(limit)})
	}
	return ui.Screen{Text: reasoned(r, text, written), Rows: yesNo(r, settingRef{seen(f.rules, written)}, "")}
}

// stake is of a limit that is raised: with one person's word it would be none.
func (f *settings) stake(_ context.Context, r *request, ref settingRef) (esim.SensitiveAction, error) {
	written := r.reason()
	words := strings.Fields(written)
	if len(words) < 2 || ref.Seen != seen(f.rules, written) { // it is not done
		return esim.SensitiveAction{}, nil
	}
	s, known := esim.SettingOf(esim.RuleKey(words[0]))
	edit, ok := settingEdit(s, words[1:])
	if !known || !ok || !f.rules.RaisesApproval(edit) {
		return esim.SensitiveAction{}, nil
	}
	return esim.SensitiveAction{What: "settings", Always: true}, nil
}

// yes changes a setting as the question said, if nothing changed since it was asked.
func (f *settings) yes(ctx context.Context, r *request, ref settingRef) (ui.Screen, error) {
	written := r.reason()
	words := strings.Fields(written)
	if len(words) < 2 { // the question is too old to be read
		return ui.Screen{}, ui.ErrBadData
	}
	s, known := esim.SettingOf(esim.RuleKey(words[0]))
	edit, ok := settingEdit(s, words[1:])
	if !known || !ok || s.OfPrice {
		return ui.Screen{}, ui.ErrBadData
	}
	change := f.rules.Current().Values().Change(edit)
	if ref.Seen != seen(f.rules, written) || change.Empty() {
		screen := f.ask(r, s, edit)
		screen.Fresh, screen.Toast, screen.Alert = true, i18n.HTML(r.T("staff.err_changed", nil)).Text(), true
		return screen, nil
	}
	entry := r.auditEntry("settings", f.now())
	entry.Why = written
	if err := f.rules.Change(ctx, change, entry); err != nil {
		return ui.Screen{}, err
	}
	r.done = true
	return ui.Screen{Text: r.T("staff.done_setting", i18n.Args{"who": r.name}) + "\n" + f.line(r, s)}, nil
}

func (f *settings) list(r *request) ui.Screen {
	lines := []string{r.T("staff.settings_head", nil)}
	for _, s := range esim.Settings() {
		lines = append(lines, f.line(r, s))
	}
	return ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.settings_usage", nil)))}
}

//i18n:use staff.setting_of_*

// what is a setting in words.
func (f *settings) what(r *request, s esim.Setting) string {
	return r.T("staff.setting_of_"+string(s.Key), nil)
}

// line is a setting with its value, and who said so.
func (f *settings) line(r *request, s esim.Setting) string {
	value, here := f.rules.Value(s.Key)
	args := i18n.Args{
		"key": string(s.Key), "what": i18n.HTML(f.what(r, s)), "value": settingWords(r, s, value), "env": settingWords(r, s, f.rules.Defaults[s.Key]),
	}
	if here {
		return r.T("staff.setting_here", args)
	}
	return r.T("staff.setting_env", args)
}

// settingWrong says what a setting cannot be, and what it can.
func settingWrong(r *request, s esim.Setting, words string) string {
	return r.T("staff.setting_wrong", i18n.Args{"words": words, "key": string(s.Key), "values": i18n.HTML(settingValues(r, s))})
}

// settingValues are what a setting can be, in words.
func settingValues(r *request, s esim.Setting) string {
	switch s.Kind {
	case esim.SettingSwitch:
		return "on, off"
	case esim.SettingHour:
		return "0 … 23, off"
	case esim.SettingRounding:
		return "off, .99, stars, stars10"
	}
	return settingWords(r, s, s.Text(s.Min)) + " … " + settingWords(r, s, s.Text(s.Max))
}

// settingWords is a value of a setting as staff read it; "" is none.
func settingWords(r *request, s esim.Setting, value string) string {
	_, n, err := s.Parse(value)
	switch {
	case err != nil:
		return "–"
	case s.Kind == esim.SettingPercent:
		return r.Plain("format.percent", i18n.Args{"n": decimalOf(r, value)})
	case s.Kind == esim.SettingDollars:
		return r.ExactAmount(esim.USDCents(n))
	case s.Kind == esim.SettingCount:
		return r.Number(n)
	}
	return value
}

// decimalOf writes a number as the reader's language does.
func decimalOf(r *request, value string) string {
	return strings.Replace(value, ".", r.Plain("format.decimal", nil), 1)
}

// settingRef changes a setting as the question says, whose message has what was written.
type settingRef struct{ Seen uint32 } // as in priceRef

func (p settingRef) Data() ui.CallbackData { return ui.NewCallbackData(routeSetting, seenText(p.Seen)) }

func parseSettingRef(d ui.CallbackData) (settingRef, error) {
	a := d.Read(routeSetting)
	seen, err := readSeen(a)
	return settingRef{seen}, err
}
