package shop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

func TestTwoShopsDoNotMixTheirMetrics(t *testing.T) {
	one, other := newTimings(), newTimings()
	one.vendorCall("esim/order", time.Second, nil)
	other.telegramCall("getMe", 2*time.Second, nil)
	for _, tt := range []struct {
		of          *timings
		has, hasNot string
	}{{one, "esim/order", "getMe"}, {other, "getMe", "esim/order"}} {
		var b bytes.Buffer
		tt.of.set.WritePrometheus(&b)
		if s := b.String(); !strings.Contains(s, tt.has) || strings.Contains(s, tt.hasNot) {
			t.Errorf("want %s and no %s:\n%s", tt.has, tt.hasNot, s)
		}
	}
}

func TestOutcomesOfCalls(t *testing.T) {
	vendor := func(code string, v esim.VendorErrorAction) error {
		return fmt.Errorf("wrapped: %w", &esim.VendorError{Op: "esim/order", Code: code, Action: v})
	}
	for _, tt := range []struct {
		name, got, want string
	}{
		{"the vendor did it", vendorOutcome(nil), timedOK},
		{"the vendor refuses", vendorOutcome(vendor("200011", esim.ActionSoldOut)), timedRefused},
		{"the vendor is busy", vendorOutcome(vendor("101013", esim.ActionRetry)), timedLater},
		{"the vendor does not answer", vendorOutcome(vendor("", esim.ActionRetry)), timedNoAnswer},
		{"Telegram did it", telegramOutcome(nil), timedOK},
		{"Telegram refuses", telegramOutcome(&telegram.Error{Code: 403}), timedRefused},
		{"Telegram is asked too fast", telegramOutcome(&telegram.Error{Code: 429}), timedLater},
		{"Telegram is in trouble", telegramOutcome(&telegram.Error{Code: 502}), timedLater},
		{"Telegram does not answer", telegramOutcome(&telegram.Error{}), timedNoAnswer},
		{"who knows", telegramOutcome(errors.New("what")), timedNoAnswer},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

type nothing struct{ err error }

func (n nothing) Handle(context.Context, telegram.Update) error { return n.err }

func TestHandlingIsTimedByKind(t *testing.T) {
	timed, again := newTimings(), errors.New("again")
	for _, u := range []telegram.Update{
		{Message: &telegram.Message{}},
		{Callback: &telegram.Callback{}},
		{PreCheckout: &telegram.PreCheckout{}},
		{MyChatMember: &telegram.ChatMemberChange{}},
		{},
	} {
		for _, want := range []error{nil, again} {
			if err := timed.handler(nothing{want}).Handle(t.Context(), u); err != want {
				t.Errorf("%v, want %v", err, want)
			}
		}
	}
	var b bytes.Buffer
	timed.set.WritePrometheus(&b)
	counts := regexp.MustCompile(`_count\{kind="[a-z_]+",outcome="(ok|later)"\} 1\n`).FindAllString(b.String(), -1)
	if len(counts) != 10 {
		t.Errorf("%d series, want 5 kinds of 2 outcomes:\n%s", len(counts), &b)
	}
}

// What is timed is on the path of every press.
func TestTimingAllocatesNothing(t *testing.T) {
	timed := newTimings()
	h := timed.handler(nothing{})
	u := telegram.Update{Callback: &telegram.Callback{}}
	if n := testing.AllocsPerRun(100, func() {
		timed.telegramCall("editMessageText", time.Millisecond, nil)
		timed.vendorCall("esim/query", time.Millisecond, nil)
		h.Handle(t.Context(), u)
	}); n > 0 {
		t.Errorf("%.0f allocations", n)
	}
}
