package own

import (
	"strings"
	"testing"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

func TestLabelsOfESIMs(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	base := usedESIM(2, 7, 700<<20, 1<<30)
	now := base.UsageAt
	with := func(change func(e *esim.ESIM)) esim.ESIM {
		e := base
		change(&e)
		return e
	}
	unused := func(e *esim.ESIM) {
		e.Status, e.SMDPStatus, e.Activated, e.Used = esim.ProfileGotResource, esim.SMDPReleased, time.Time{}, 0
	}
	tests := []struct {
		name     string
		e        esim.ESIM
		numbered bool
		en, ru   string
	}{
		{"in use", base, false, "🟢 Japan · 324 MB · 5 days", "🟢 Япония · 324 МБ · 5 дней"},
		{"one of several", base, true, "🟢 Japan · 324 MB · 5 days #2", "🟢 Япония · 324 МБ · 5 дней #2"},
		{"by its name", with(func(e *esim.ESIM) { e.Name = "Mum" }), true, "🟢 Mum · 324 MB · 5 days", "🟢 Mum · 324 МБ · 5 дней"},
		{"by a long name", with(func(e *esim.ESIM) { e.Name = strings.Repeat("W", esim.MaxESIMNameLength) }), true, "🟢 WWWWWWWWWWWWWWWWWWWWWWWW", "🟢 WWWWWWWWWWWWWWWWWWWWWWWW"},
		{"its last day", with(func(e *esim.ESIM) { e.Expires = now.Add(5*time.Hour + time.Minute) }), false, "🟢 Japan · 324 MB · 5 hours", "🟢 Япония · 324 МБ · 5 часов"},
		{"nothing left", with(func(e *esim.ESIM) { e.Status, e.Used = esim.ProfileUsedUp, 1<<30 }), false, "🪫 Japan · 0 MB · 5 days", "🪫 Япония · 0 МБ · 5 дней"},
		{"a day pass", with(func(e *esim.ESIM) { e.Plan.Kind, e.Plan.Data = esim.DailyThrottled, 500<<20 }), false, "🟢 Japan · 500 MB/day · 5 days", "🟢 Япония · 500 МБ/день"},
		{"not installed", with(unused), false, "🆕 Japan · 1 GB · 7 days", "🆕 Япония · 1 ГБ · 7 дней"},
		{"over", with(func(e *esim.ESIM) { e.Expires = now }), false, "⌛ Japan · 1 GB · 7 days", "⌛ Япония · 1 ГБ · 7 дней"},
	}
	f := &esimsFlow{now: func() time.Time { return now }}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.e.Index = 2
			for lang, want := range map[string]string{"en": tt.en, "ru": tt.ru} {
				got := f.label(&ui.Request{Printer: texts.Printer(lang)}, tt.e, tt.numbered, "")
				if strings.ReplaceAll(got, "\u00a0", " ") != want || ui.LabelWidth(got) > ui.MaxLabel(1) {
					t.Errorf("%q, %d wide; want %q", got, ui.LabelWidth(got), want)
				}
			}
		})
	}
}
