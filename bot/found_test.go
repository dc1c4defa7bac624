package bot_test

import (
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/i18n"
)

func TestEveryCountryIsFound(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		ways := map[string]func(code string) string{
			"code":       func(c string) string { return c },
			"lower case": strings.ToLower,
			"mixed case": func(c string) string { return c[:1] + strings.ToLower(c[1:]) },
			"flag":       flagOf,
		}
		languages := s.App.Texts.Languages()
		for _, l := range languages {
			ways["name in "+l.Code] = s.App.Texts.Printer(l.Code).Place
		}
		for i, code := range s.Catalog.Current().Countries() {
			for way, name := range ways {
				for _, l := range languages {
					own, named := strings.CutPrefix(way, "name in ")
					if named && l.Code != own && l.Code != i18n.Fallback {
						continue // in one's own language and where it is not spoken
					}
					if (!named && l.Code != i18n.Fallback || oneIn > 1) && !inTurn(s, l.Code, i) {
						continue // a code and a flag are read without words; that every name is known is tested beside the names
					}
					if typed := name(code); !leadsTo(t, s, l.Code, typed, code) {
						t.Errorf("%s is not found by its %s %q (%s)", code, way, typed, l.Code)
					}
				}
			}
		}
	})
}

// flagOf builds the flag of a code from its letters, as phones do.
func flagOf(code string) string {
	const a = 0x1F1E6
	return string([]rune{a + rune(code[0]-'A'), a + rune(code[1]-'A')})
}

// leadsTo reports whether typing a text leads to a country's screen or offers it.
func leadsTo(t *testing.T, s *shop, lang, typed, code string) bool {
	r := s.request(lang, ui.CallbackData{})
	r.Text, r.Press = typed, false
	screen, err := s.App.Bot.Screens().Run(t.Context(), s.App.Bot.Router().ForText(r), r, 1)
	if err != nil {
		t.Errorf("%q: %v", typed, err)
		return false
	}
	if screen.Follow.Route == "" && r.Data.Route == "country" {
		checkScreen(t, s, typed, screen)
		return argument(r.Data, 0) == code
	}
	for _, d := range checkScreen(t, s, typed, screen) {
		if d.Route == "country" && argument(d, 0) == code {
			return true
		}
	}
	return false
}
