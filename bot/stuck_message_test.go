package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"esimbot/bot/notify"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestAMessageThatCannotBeWrittenIsTold: one whose renderer fails for ever, by an error or a panic, waits
// for no human unseen. Staff are told once, and each day in the reminder; what is told of other orders
// goes on, to the same customer too, and so do the group's other notices.
func TestAMessageThatCannotBeWrittenIsTold(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("poison") },
		"a panic":  func() error { panic("poison") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, vendorsandbox.Options{})
			ann, olga := s.Messenger.User(annID), s.staffed()
			s.Send(ann, "/start")
			mended := false
			s.poisons(func(m esim.OutboxMessage) bool {
				return !mended && (m.Kind == esim.NotifyRefunded && m.Order == "P0150N00" || m.Note == "poison")
			}, fail)
			s.queue(annID, "P0150N00")
			s.queue(annID, "ANNS0001")
			s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{
				{Kind: esim.StaffDeposit, Key: "poison", Note: "poison"}, {Kind: esim.StaffFailure, Key: "f", Note: "about no order either"},
			}))
			s.tries(6 * time.Hour)
			if came(ann, "ANNS0001") != 1 || says(olga, "about no order either") != 1 {
				t.Errorf("of others: %d to the customer, %d to staff", came(ann, "ANNS0001"), says(olga, "about no order either"))
			}
			if n := says(olga, "keeps failing"); n != 2 || says(olga, "P015-0N00") != 1 {
				t.Errorf("staff were told %d times of two messages that fail", n)
			}
			for day := range 3 {
				before := len(olga.Chat())
				s.Must(s.Admin.Remind(t.Context()))
				s.tries(24 * time.Hour)
				text := ""
				for _, m := range olga.Chat()[before:] {
					text += m.Text
				}
				if !strings.Contains(text, "Messages that cannot be sent: 2") || !strings.Contains(text, "P015-0N00") {
					t.Errorf("day %d: staff read %q", day, text)
				}
			}
			mended = true
			s.tries(time.Hour)
			if came(ann, "P0150N00") != 1 {
				t.Errorf("mended: it came %d times", came(ann, "P0150N00"))
			}
			if open, err := esim.FindOpenItems(t.Context(), s.DB, s.Vendor.Time()); err != nil || open.Count() != 0 {
				t.Errorf("open: %+v, %v", open, err)
			}
		})
	}
}

// poisons puts an outbox in the place of the shop's whose renderers fail for some messages.
func (s *shop) poisons(poison func(esim.OutboxMessage) bool, fail func() error) {
	renderers := s.App.Bot.Renderers()
	for kind, render := range renderers {
		renderers[kind] = func(ctx context.Context, m esim.OutboxMessage) error {
			if poison(m) {
				return fail()
			}
			return render(ctx, m)
		}
	}
	s.App.Outbox = notify.New(notify.Config{
		Store: s.store, Renderers: renderers, OnUnreachable: func(context.Context, esim.CustomerID) error { return nil },
		Wake: func() {}, Now: s.Vendor.Time, Log: slog.New(slog.NewTextHandler(s.Log, nil)),
	})
}
