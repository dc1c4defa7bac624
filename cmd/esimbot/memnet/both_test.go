package memnet_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/memnet"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A shop is the smallest program between the two neighbours: every message buys an eSIM, and
// its code is the answer.
type shop struct {
	tg     *telegram.Client
	vendor *esimaccess.Client
	plan   esim.Plan
	sold   atomic.Int32
	hooks  atomic.Int32 // webhooks of the vendor
}

func (s *shop) store(ctx context.Context, updates []telegram.RawUpdate) error {
	for _, raw := range updates {
		u, err := telegram.Decode(raw.Raw)
		if err != nil {
			return err
		}
		if u.Message == nil || u.Message.Command == "start" {
			continue
		}
		if err := s.sell(ctx, u.Message.Chat.ID, fmt.Sprint("order-", raw.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) sell(ctx context.Context, chat int64, key string) error {
	no, err := s.vendor.Order(ctx, esim.VendorPurchase{IdempotencyKey: key, Plan: s.plan, Quantity: 1, ExpectedUnitPrice: s.plan.Wholesale})
	if err != nil {
		return err
	}
	for {
		got, err := s.vendor.OrderProfiles(ctx, no)
		if err == nil && len(got) == 1 && got[0].Ready() {
			s.sold.Add(1)
			_, err := s.tg.SendText(ctx, telegram.Text{Chat: chat, HTML: telegram.EscapeHTML(got[0].ActivationCode.Reveal())})
			return err
		}
		if err != nil && esim.ActionFor(err) != esim.ActionWait {
			return err
		}
		time.Sleep(2 * time.Second)
	}
}

// ServeHTTP takes the vendor's webhooks.
func (s *shop) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	s.hooks.Add(1)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Ten days with both neighbours, in one bubble: long polls, sends, orders, webhooks.
func TestBothNeighboursLiveInOneBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := memnet.New()
		hc := network.Client()
		tg := tgsandbox.New(tgsandbox.Options{WebhookClient: hc})
		vendor, err := vendorsandbox.New(vendorsandbox.Options{WebhookClient: hc, Balance: 1_000_000_000})
		must(t, err)
		s := &shop{}
		stops := []func(){network.Serve("telegram:80", tg), network.Serve("vendor:80", vendor), network.Serve("shop:80", s)}
		s.tg, err = telegram.New(telegram.Config{Token: tg.Token(), BaseURL: "http://telegram", HTTPClient: hc})
		must(t, err)
		s.vendor, err = esimaccess.New(esimaccess.Config{AccessCode: "code", BaseURL: "http://vendor", HTTPClient: hc})
		must(t, err)
		s.plan, err = s.vendor.Plan(t.Context(), "ES_1_7")
		must(t, err)
		must(t, s.vendor.SetWebhook(t.Context(), "http://shop/hook"))

		ctx, cancel := context.WithCancel(t.Context())
		polled := make(chan error)
		r := &telegram.Receiver{Client: s.tg, Store: s.store}
		go func() { polled <- r.Poll(ctx) }()

		ann := tg.User(101)
		_, err = ann.Send("/start")
		must(t, err)
		began := time.Now()
		for day := range 10 {
			_, err = ann.Send("an eSIM, please")
			must(t, err)
			if _, err := ann.WaitText(ctx, "LPA:1$"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour)
			if n := int(s.sold.Load()); n != day+1 || vendor.Charged("") != n {
				t.Errorf("day %d: %d sold, %d charged", day, n, vendor.Charged(""))
			}
			if age := time.Since(r.LastPoll()); age > time.Minute {
				t.Errorf("day %d: last poll %v ago", day, age)
			}
		}
		if passed := time.Since(began); passed < 240*time.Hour {
			t.Errorf("only %v passed", passed)
		}
		must(t, vendor.Settle(ctx))
		if n := int(s.hooks.Load()); n < 11 { // CHECK_HEALTH, and ORDER_STATUS of each
			t.Errorf("%d webhooks", n)
		}
		if !strings.HasPrefix(ann.Last().Text, "LPA:1$") || len(tg.Violations()) > 0 {
			t.Errorf("the chat ends with %q; %v", ann.Last().Text, tg.Violations())
		}

		// The order in which a program goes down; then the bubble must be empty.
		cancel()
		must(t, <-polled)
		tg.Close()
		must(t, vendor.Close())
		hc.CloseIdleConnections()
		for _, stop := range stops {
			stop()
		}
	})
}
