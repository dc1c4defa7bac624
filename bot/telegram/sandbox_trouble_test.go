package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/memnet"
)

func TestSandboxMigrationAndUnreachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.poll()
	old := w.tg.Group().ID
	supergroup := w.tg.MigrateGroup()
	_, err := w.c.SendText(t.Context(), telegram.Text{Chat: old, HTML: "x"})
	if id, ok := telegram.MigratedTo(err); !ok || id != supergroup {
		t.Errorf("got %v", err)
	}
	moved := false
	for range 2 {
		u := w.next()
		moved = moved || u.Message != nil && u.Message.MigrateTo == supergroup
	}
	if !moved {
		t.Error("no update tells of the move")
	}
	if _, err := w.c.SendText(t.Context(), telegram.Text{Chat: 102, HTML: "x"}); !telegram.Unreachable(err) {
		t.Errorf("never started: %v", err)
	}
	w.start()
	w.ann.Block()
	if u := w.next(); u.MyChatMember == nil || u.MyChatMember.IsMember || u.MyChatMember.Chat.ID != 101 {
		t.Errorf("got %+v", u.MyChatMember)
	}
	if _, err := w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "x"}); !telegram.Unreachable(err) || telegram.Temporary(err) {
		t.Errorf("blocked: %v", err)
	}
}

func TestSandboxFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		fault    sandbox.Fault
		fails    bool
		happened bool // as far as the client can know
		arrives  int
	}{
		{"a flood is waited out", sandbox.Fault{Kind: sandbox.TooMany, RetryAfter: 1}, false, false, 1},
		{"a bad gateway", sandbox.Fault{Kind: sandbox.BadGateway}, true, true, 0},
		{"a gateway's time-out", sandbox.Fault{Kind: sandbox.GatewayTimeout}, true, true, 0},
		{"a cut connection", sandbox.Fault{Kind: sandbox.LoseRequest}, true, true, 0},
		{"a lost answer", sandbox.Fault{Kind: sandbox.LoseAnswer}, true, true, 1},
		{"an error of Telegram's own", sandbox.Fault{Kind: sandbox.ServerError}, true, true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{})
			_, err := w.ann.Send("/start")
			w.ok(err)
			for _, method := range []string{"sendMessage", "sendPhoto"} {
				before := len(w.ann.Chat())
				w.tg.Break(method, 1, tt.fault)
				if method == "sendMessage" {
					_, err = w.c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "x"})
				} else {
					_, err = w.c.SendPhoto(t.Context(), telegram.Photo{Chat: 101, PNG: picture()})
				}
				if (err != nil) != tt.fails || telegram.MayHaveHappened(err) != tt.happened || tt.fails && !telegram.Temporary(err) {
					t.Errorf("%s: %v, may have happened: %v", method, err, telegram.MayHaveHappened(err))
				}
				if got := len(w.ann.Chat()) - before; got != tt.arrives {
					t.Errorf("%s: %d arrived, want %d", method, got, tt.arrives)
				}
				if err != nil && strings.Contains(err.Error(), w.tg.Token()) {
					t.Errorf("the token is in %v", err)
				}
			}
		})
	}
}

func TestSandboxPollingSurvives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.ok(w.tg.SetMode("502"))
	w.poll()
	w.tg.Break("getUpdates", 2, sandbox.Fault{Kind: sandbox.LoseRequest})
	w.tg.StrangeFields(100)
	id := w.tg.Inject(map[string]any{"teleportation": map[string]any{"from": map[string]any{"id": 101}}})
	w.tg.Inject(map[string]any{"message": "not an object"})
	w.ok(w.tg.SetMode("ok"))
	if u := w.next(); u.ID != id || u.Message != nil {
		t.Errorf("got %+v", u)
	}
	w.next()
	w.start()
	w.tg.RepeatUpdates(1)
	w.start()
	if u := w.next(); u.Message == nil || u.Message.Command != "start" {
		t.Errorf("the repeated update is %+v", u)
	}
}

func TestSandboxWebhook(t *testing.T) {
	t.Parallel()
	bot := http.NewServeMux()
	web := httptest.NewServer(bot)
	t.Cleanup(web.Close)
	w := newWorld(t, sandbox.Options{WebhookPause: time.Millisecond})
	failures := 2
	r := &telegram.Receiver{Client: w.c, Store: func(ctx context.Context, us []telegram.RawUpdate) error {
		if failures > 0 {
			failures--
			return errors.New("disk full")
		}
		return w.store(ctx, us)
	}}
	bot.Handle("/hook", r.Webhook("s3cret"))
	err := w.c.SetWebhook(t.Context(), web.URL+"/hook", "s3cret", 10)
	if err != nil {
		t.Fatalf("the simulator takes no such address: %v", err)
	}
	w.start() // delivered a third time, after two refusals
	if failures != 0 {
		t.Errorf("%d failures left", failures)
	}
	if info, err := w.c.WebhookInfo(t.Context()); err != nil || info.URL == "" {
		t.Errorf("%+v, %v", info, err)
	}
	if _, err := w.c.GetUpdates(t.Context(), 0, 0); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("polling beside a webhook: %v", err)
	}
	w.ok(w.c.DeleteWebhook(t.Context()))
}

// The simulator counts as Telegram does; our client must never see a 429. Time is virtual: on a busy machine one message
// that was under way for a while made the next one come too soon.
func TestSandboxLimitsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := sandbox.New(sandbox.Options{})
		network := memnet.New()
		stop := network.Serve("telegram:80", tg)
		defer func() { tg.Close(); network.Cut(); stop() }()
		refusals := 0
		c, err := telegram.New(telegram.Config{
			Token: tg.Token(), BaseURL: "http://telegram", HTTPClient: network.Client(),
			Observe: func(_ string, _ time.Duration, err error) {
				if err != nil {
					refusals++
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := tg.User(101).Send("/start"); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			if _, err := c.SendText(t.Context(), telegram.Text{Chat: 101, HTML: "x"}); err != nil {
				t.Error(err)
			}
		}
		if refusals != 0 {
			t.Errorf("%d refusals", refusals)
		}
	})
}
