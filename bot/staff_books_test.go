package bot

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

func TestTalkDesk(t *testing.T) {
	talks(t, "desk", func(k *talk) {
		ann := k.Human
		k.staffed()
		k.Human = k.tg.Person(staffID).In(groupID)
		for _, c := range []string{"/order", "/refund", "/refunds", "/credit", "/block", "/ledger", "/reconcile", "/stats", "/audit", "/order nothing"} {
			k.says(c)
		}
		k.note("Ann buys, and gets it")
		o := k.buy(ann)
		k.fulfils()
		k.look()
		k.says("/order " + o.ID.String())
		k.taps("s_ask|refund|")
		k.taps("s_no|")
		k.taps("s_ask_esim|suspend|")
		k.taps("s_yes_esim|suspend|")
		k.says("/refund " + o.ID.String() + " slow network")
		k.taps("s_yes|refund|")
		k.works()
		k.taps("s_card|")
		k.says("/credit 101 5 sorry")
		k.taps("s_credit|")
		k.says("/block 101 fraud")
		k.taps("s_block|")
		for _, c := range []string{"/audit", "/audit 1", "/refunds", "/ledger", "/reconcile", "/stats 7", "/order 101"} {
			k.says(c)
		}
	})
}

func TestRefundThatIsStuckIsListed(t *testing.T) {
	s, olga, o := sold(t)
	s.send(olga, "/refund "+string(o.ID))
	s.presses(olga, "s_yes|refund|")
	s.send(olga, "/refunds")
	s.sees(olga, o.ID.String(), "101")
	s.tg.Fail("refundStarPayment", 8, tgsandbox.Fault{Kind: tgsandbox.ServerError})
	for range 8 {
		s.work()
		s.vendor.Advance(time.Hour)
	}
	s.send(olga, "/refunds")
	s.sees(olga, "stuck", o.ID.String())
	s.presses(olga, "s_card|")
	s.presses(olga, "s_ask|retry|")
	s.presses(olga, "s_yes|retry|")
	s.work()
	if s.state(o.ID) != esim.Refunded {
		t.Errorf("after the retry the order is %s", s.state(o.ID))
	}
}

// faultyBooks are books that do not agree.
type faultyBooks struct{ StaffStore }

func (faultyBooks) LedgerFaults(context.Context) ([]esim.LedgerFault, error) {
	return slices.Repeat([]esim.LedgerFault{{What: "prepaid", Name: "<K7M2XQ4P>", Off: esim.Stars(48)}}, 30), nil
}

func TestLedgerSaysWhetherTheBooksAgree(t *testing.T) {
	s, olga, _ := sold(t)
	s.send(olga, "/ledger")
	s.sees(olga, "agree with themselves", "stars: ⭐\u00a048", "sales: -⭐\u00a048", "cost: $", "vendor: -$")
	s.bot.staff.store = faultyBooks{s.bot.staff.store}
	s.send(olga, "/ledger")
	s.sees(olga, "30 faults", "prepaid <K7M2XQ4P>: off by ⭐\u00a048")
}

func TestReconcileTellsWhatBroke(t *testing.T) {
	s, olga, _ := sold(t)
	s.send(olga, "/reconcile")
	s.sees(olga, "Everything agrees")
	s.vendor.Down(true)
	s.send(olga, "/reconcile")
	s.sees(olga, "did not come to its end", "The supplier:")
	s.vendor.Down(false)
	s.send(olga, "/reconcile")
	s.sees(olga, "Everything agrees")
}

// TestEveryStaffNoticeAnnouncesItself writes each notification in each language, about an order
// in each state, and holds it and its buttons to Telegram's rules.
func TestEveryStaffNoticeAnnouncesItself(t *testing.T) {
	s, olga, o := sold(t)
	kinds := slices.DeleteFunc(esim.NotificationKinds(), func(k esim.NotificationKind) bool { return !k.ForStaff() })
	for _, l := range s.bot.cfg.Texts.Languages() {
		lang := l.Code
		s.must(s.db.SetSetting(t.Context(), settingStaffLanguage, lang))
		for _, kind := range kinds {
			for _, order := range []esim.OrderID{o.ID, "", "ZZZZZZZZ"} {
				screen, err := s.bot.staff.notificationScreen(t.Context(), OutboxMessage{Notification: esim.Notification{
					Kind: kind, Order: order, ESIM: "26112312000001", Amount: esim.Stars(48), Note: "<b>&\" " + strings.Repeat("long ", 100),
				}})
				s.must(err)
				checkText(t, string(kind), screen.Text, limitText)
				if strings.Contains(screen.Text, "<b>&\"") || strings.Contains(screen.Text, "staff.") {
					t.Errorf("%s (%s): %s", kind, lang, screen.Text)
				}
				if (len(screen.Rows) > 0) != (order == o.ID) {
					t.Errorf("%s about %q has %d rows of buttons", kind, order, len(screen.Rows))
				}
				for _, row := range screen.Rows {
					for _, b := range row {
						data, err := b.Data.Encode()
						if d, err2 := ParseData(data); err != nil || err2 != nil || s.bot.staff.routes[d.Route] == nil {
							t.Errorf("%s: button %q leads to %q", kind, b.Text, data)
						}
					}
				}
			}
		}
	}
	s.must(s.db.SetSetting(t.Context(), settingStaffLanguage, "en"))
	for _, kind := range troubles {
		s.must(s.db.AddNotifications(t.Context(), []esim.Notification{{Kind: kind, Key: "t:" + string(kind), Order: o.ID, Note: "why"}}))
		s.deliver()
		if !offers(olga, "s_ask|refund|") || !offers(olga, "s_card|") {
			t.Errorf("%s came without the buttons of its order: %s", kind, olga.Last().Text)
		}
	}
	// A button of a notification leaves the notification where it is.
	notification := olga.Last()
	s.presses(olga, "s_ask|refund|")
	for _, m := range olga.Chat() {
		if m.ID == notification.ID && m.Text != notification.Text {
			t.Errorf("the notice became %q", m.Text)
		}
	}
}

// TestNoticesFollowTheGroup brings the buttons along when the group becomes a supergroup.
func TestNoticesFollowTheGroup(t *testing.T) {
	s, _, o := sold(t)
	id := s.tg.MigrateGroup()
	s.must(s.db.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffLate, Key: "t", Order: o.ID, Note: "why"}}))
	s.deliver()
	s.pump()
	olga := s.tg.Person(staffID).In(id)
	s.presses(olga, "s_ask|refund|")
	s.presses(olga, "s_yes|refund|")
	if s.did("refund") != 1 {
		t.Error("nothing was done in the supergroup")
	}
}
