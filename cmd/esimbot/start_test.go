package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// The group became a supergroup in an earlier run, and the program died with an update from there in
// its inbox. It must not be taken for one from a stranger's group: App.Run restores where the staff are,
// and all else in Prepare, before the intake begins. What Prepare asks Telegram last stands before all
// that is said.
func TestTheMovedStaffGroupIsKnownBeforeTheIntakeBegins(t *testing.T) {
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
	if err := a.DB.SetSetting(w.ctx, "staff_chat", fmt.Sprintf("-77>%d", w.telegram.Group().ID)); err != nil {
		t.Fatal(err)
	}
	olga := visit(w.rig, w.staff())
	if _, err := olga.Send("/status"); err != nil {
		t.Fatal(err)
	}
	raw, err := a.Telegram.GetUpdates(w.ctx, 0, 0)
	if err != nil || len(raw) != 1 {
		t.Fatalf("%d updates: %v", len(raw), err)
	}
	stored := esim.Update{ID: raw[0].ID, Sender: raw[0].UserID, Kind: string(raw[0].Kind), Raw: raw[0].Raw}
	if _, err := a.DB.AddUpdates(w.ctx, []esim.Update{stored}); err != nil {
		t.Fatal(err)
	}
	_, before := w.telegram.Calls(0)
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
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
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if olga.texts("Vendor balance") != 1 { // a stranger's group learns its own number
		t.Errorf("the staff group is not answered as such; its chat:\n%s", transcript(olga.Chat()))
	}
	calls, _ := w.telegram.Calls(before)
	for _, c := range calls {
		if c.Name == "deleteWebhook" {
			break
		}
		if c.Name == "sendMessage" {
			t.Error("something was said before Prepare was through")
			break
		}
	}
}
