//go:build browser

package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
)

// The simulator's chat page shows what Telegram's apps of 2026 show: buttons in the colours of
// their styles, and moments in the browser's own zone.
func TestBrowserShowsColoursAndMoments(t *testing.T) {
	tg := tgsandbox.New(tgsandbox.Options{})
	web := httptest.NewServer(tg)
	t.Cleanup(func() { tg.Close(); web.CloseClientConnections(); web.Close() })
	c, err := telegram.New(telegram.Config{Token: tg.Token(), BaseURL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tg.User(101).Send("/start"); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(3*time.Hour + time.Minute)
	if _, err := c.SendText(t.Context(), telegram.Text{
		Chat: 101, HTML: "Until " + telegram.DateTime(at, "Dt", "fallback") + ", " + telegram.DateTime(at, "r", "fallback") + ".",
		Keyboard: telegram.Keyboard{
			{{Text: "Buy", Data: "b", Style: telegram.Success}, {Text: "Cancel", Data: "c", Style: telegram.Danger}},
			{{Text: "Main", Data: "m", Style: telegram.Primary}, {Text: "Plain", Data: "p"}},
		},
	}); err != nil {
		t.Fatal(err)
	}
	// On the phone of somebody whose Telegram is in Russian the same moments are in Russian, whatever language the page has.
	ivan := tg.AddUser(tgsandbox.User{ID: 103, FirstName: "Ivan", LanguageCode: "ru"})
	if _, err := ivan.Send("/start"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SendText(t.Context(), telegram.Text{Chat: 103, HTML: telegram.DateTime(at, "D", "fallback") + ", " + telegram.DateTime(at, "r", "fallback")}); err != nil {
		t.Fatal(err)
	}
	p := openPage(t, web.URL+"/", 900, 600)
	p.until("the keyboard", `document.querySelectorAll('.key').length === 4`)
	colours := value[[]string](p, "colours", `[...document.querySelectorAll('.key')].map(k => getComputedStyle(k).backgroundColor)`)
	seen := map[string]bool{}
	for _, colour := range colours {
		seen[colour] = true
	}
	if len(seen) != 4 {
		t.Errorf("four kinds of buttons have the colours %v", colours)
	}
	times := strings.Join(value[[]string](p, "times", `[...document.querySelectorAll('time')].map(e => e.textContent)`), "|")
	want := value[string](p, "the clock", `new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }).format(new Date(`+at.UTC().Format("'2006-01-02T15:04:05Z'")+`))`)
	if !strings.Contains(times, want) || !strings.Contains(times, "in 3 hours") || strings.Contains(times, "fallback") {
		t.Errorf("the moments are %q, want %s in them", times, want)
	}
	p.shoot("colours")

	p.click("person-103")
	p.until("their chat", `document.querySelectorAll('time[datetime]').length >= 2`)
	times = strings.Join(value[[]string](p, "times", `[...document.querySelectorAll('time')].map(e => e.textContent)`), "|")
	if !strings.Contains(times, "через 3 часа") || !strings.Contains(times, " г.") {
		t.Errorf("the moments of a Russian phone are %q", times)
	}
}
