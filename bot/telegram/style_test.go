package telegram_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
)

func TestButtonsHaveColours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.ann.Send("/start")
	keys := telegram.Keyboard{
		{{Text: "Buy", Data: "b", Style: telegram.Success}, {Text: "Cancel", Data: "c", Style: telegram.Danger}},
		{{Text: "Help", Data: "h"}, {Text: "Site", URL: "https://example.com/", Style: telegram.Primary}},
	}
	_, err := w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "x", Keyboard: keys})
	w.ok(err)
	var got []string
	for _, row := range w.ann.Last().Keyboard {
		for _, b := range row {
			got = append(got, b.Style)
		}
	}
	if s := strings.Join(got, " "); s != "success danger  primary" {
		t.Errorf("the page gets %q", s)
	}
	keys[0][0].Style = "positive"
	if _, err := w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "x", Keyboard: keys}); !errors.Is(err, telegram.ErrInvalid) {
		t.Errorf("an unknown style: %v", err)
	}
}

func TestMomentsAreInTheReadersZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.ann.Send("/start")
	at := time.Date(2025, 11, 28, 10, 0, 0, 0, time.UTC)
	for _, format := range []string{"", "wDT"} {
		html := "until " + telegram.DateTime(at, format, "28 Nov <10:00>")
		_, err := w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: html})
		w.ok(err)
		m := w.ann.Last()
		if len(m.Entities) != 1 || m.Entities[0].UnixTime != at.Unix() || m.Entities[0].Format != format || m.Text != "until 28 Nov <10:00>" || m.HTML() != html {
			t.Errorf("format %q: %+v, %s", format, m, m.HTML())
		}
	}
}
