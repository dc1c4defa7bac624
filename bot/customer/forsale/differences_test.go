package forsale

import (
	"slices"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// TestWhatDiffersBetweenTwoPlansThatLookAlike: two plans of one size are told apart by the one fact that
// differs, each by its own side of it, and two that differ in nothing but the price by nothing.
func TestWhatDiffersBetweenTwoPlansThatLookAlike(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	network := func(name string) []esim.Coverage {
		return []esim.Coverage{{Place: "JP", Name: "Japan", Networks: []esim.MobileNetwork{{Name: name, Generation: "5G"}}}}
	}
	plain := esim.Plan{
		Code: "A", Location: "JP", Places: []string{"JP"}, Data: 1 << 30, Days: 7, Kind: esim.TotalVolume, ValidityStart: esim.ValidFromFirstUse,
		TopUp: esim.NoTopUp, BreakoutCountries: []string{"JP"}, Generations: "3G/4G", Coverage: network("KDDI"),
	}
	slowed := plain
	slowed.Kind, slowed.ThrottledSpeed = esim.DailyThrottled, "384 Kbps"
	tests := []struct {
		name   string
		of     esim.Plan
		change func(p *esim.Plan)
		en, ru [2]string // of the plan, and of the other; "": it says nothing
	}{
		{"nothing but the price", plain, func(p *esim.Plan) { p.Wholesale.Minor++ }, [2]string{}, [2]string{}},
		{
			"where traffic leaves", plain, func(p *esim.Plan) { p.BreakoutCountries = []string{"HK"} },
			[2]string{"through Japan", "through Hong Kong"},
			[2]string{"выход — Япония", "выход — Гонконг"},
		},
		{
			"where traffic leaves is not known", plain, func(p *esim.Plan) { p.BreakoutCountries = nil },
			[2]string{"through Japan", ""},
			[2]string{"выход — Япония", ""},
		},
		{
			"top-ups", plain, func(p *esim.Plan) { p.TopUp = esim.TopUpVolume },
			[2]string{"no top-up", "can be topped up"},
			[2]string{"пополнить нельзя", "можно пополнить"},
		},
		{
			"what comes after a day's data", slowed, func(p *esim.Plan) { p.ThrottledSpeed = "1 Mbps" },
			[2]string{"then 384\u00a0Kbps", "then 1\u00a0Mbps"},
			[2]string{"потом 384\u00a0Кбит/с", "потом 1\u00a0Мбит/с"},
		},
		{
			"whether anything comes after it", slowed, func(p *esim.Plan) { p.Kind, p.ThrottledSpeed = esim.DailyCutOff, "" },
			[2]string{"then 384\u00a0Kbps", "then none until the next day"},
			[2]string{"потом 384\u00a0Кбит/с", "потом пауза до следующего дня"},
		},
		{
			"SMS", plain, func(p *esim.Plan) { p.SMS = esim.SMSFromAll },
			[2]string{"no SMS", "receives SMS"},
			[2]string{"без SMS", "принимает SMS"},
		},
		{
			"when the days begin", plain, func(p *esim.Plan) { p.ValidityStart = esim.ValidFromInstall },
			[2]string{"starts with first use", "starts at installation"},
			[2]string{"срок с первого подключения", "срок с установки"},
		},
		{
			"speed", plain, func(p *esim.Plan) { p.Generations = "3G/4G/5G" },
			[2]string{"up to 4G", "up to 5G"},
			[2]string{"до 4G", "до 5G"},
		},
		{
			"networks", plain, func(p *esim.Plan) { p.Coverage = network("SoftBank") },
			[2]string{"KDDI 5G", "SoftBank 5G"},
			[2]string{"KDDI 5G", "SoftBank 5G"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			other := tt.of
			other.Code = "B"
			tt.change(&other)
			alike := []esim.Plan{tt.of, other}
			for lang, want := range map[string][2]string{"en": tt.en, "ru": tt.ru} {
				for i, p := range alike {
					var facts []string
					if want[i] != "" {
						facts = []string{want[i]}
					}
					if got := DifferencesInWords(&ui.Request{Printer: texts.Printer(lang)}, p, alike); !slices.Equal(got, facts) {
						t.Errorf("%s: plan %s is told apart by %q, want %q", lang, p.Code, got, facts)
					}
				}
			}
		})
	}
}
