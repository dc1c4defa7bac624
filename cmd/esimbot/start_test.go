package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
)

// The group became a supergroup in an earlier run. The first update after the start may
// come from there, and must not be taken for one from a stranger's group. Nothing here
// tells Telegram the bot's commands: the group is known without that.
func TestTheMovedStaffGroupIsKnownBeforeTheFirstUpdate(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	env := map[string]string{}
	for _, pair := range w.env("ADMIN_CHAT_ID=-77") {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	cfg, err := LoadConfig(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	a, err := shop.New(w.ctx, cfg, shop.Options{Now: w.vendor.Time, Log: slog.New(slog.DiscardHandler), Version: version(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		a.Intake.Stop()
		a.Bot.Close()
		if err := a.DB.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := a.DB.SetSetting(w.ctx, "staff_chat", fmt.Sprintf("-77>%d", w.telegram.Group().ID)); err != nil {
		t.Fatal(err)
	}
	olga := visit(w.rig, w.staff())
	if _, err := olga.Send("/status"); err != nil {
		t.Fatal(err)
	}
	a.Prepare(w.ctx)
	raw, err := a.Telegram.GetUpdates(w.ctx, 0, 0)
	if err != nil || len(raw) != 1 {
		t.Fatalf("%d updates: %v", len(raw), err)
	}
	if err := a.Intake.Begin(w.ctx, w.ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.Intake.Store(w.ctx, raw); err != nil {
		t.Fatal(err)
	}
	for { // until it was worked off
		left, err := a.DB.UnhandledUpdates(w.ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	if olga.texts("Vendor balance") != 1 { // a stranger's group learns its own number
		t.Errorf("the staff group is not answered as such; its chat:\n%s", transcript(olga.Chat()))
	}
}
