package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
)

func TestTalkStaffBooks(t *testing.T) {
	t.Parallel()
	talks(t, "staff-books", func(k *talk) {
		ann := k.user
		k.staffed()
		k.user = k.Messenger.User(staffID).In(groupID)
		for _, c := range []string{"/order", "/refund", "/refunds", "/credit", "/block", "/ledger", "/reconcile", "/stats", "/audit", "/order nothing"} {
			k.says(c)
		}
		k.note("Ann buys, and gets it")
		o := k.buy(ann)
		k.fulfils()
		k.look()
		k.says("/order " + o.ID.String())
		k.taps("s_ask|refund|")
		k.taps("s_why|refund|")
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
		for _, c := range []string{"/audit", "/audit 1", "/refunds", "/ledger", "/reconcile", "/stats 7", "/export", "/export orders 2026-11", "/order 101"} {
			k.says(c)
		}
	})
}

func TestRefundThatIsStuckIsListed(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Send(olga, "/refund "+string(o.ID)+" why")
	s.presses(olga, "s_yes|refund|")
	s.Send(olga, "/refunds")
	s.sees(olga, o.ID.String(), "101")
	s.Messenger.Break("refundStarPayment", 8, tgsandbox.Fault{Kind: tgsandbox.ServerError})
	for range 8 {
		s.Work()
		s.Vendor.Advance(time.Hour)
	}
	s.Send(olga, "/refunds")
	s.sees(olga, "stuck", o.ID.String())
	s.presses(olga, "s_card|")
	s.presses(olga, "s_ask|retry|")
	s.presses(olga, "s_yes|retry|")
	s.Work()
	if s.state(o.ID) != esim.StateRefunded {
		t.Errorf("after the retry the order is %s", s.state(o.ID))
	}
}

func TestLedgerSaysWhetherTheBooksAgree(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	s.Send(olga, "/ledger")
	s.sees(olga, "agree with themselves", "stars: ⭐\u00a0106", "sales: -⭐\u00a0106", "cost: $", "vendor: -$")
	s.store.faults = slices.Repeat([]esim.LedgerFault{{What: "prepaid", Name: "<K7M2XQ4P>", Off: esim.Stars(106)}}, 30)
	s.Send(olga, "/ledger")
	s.sees(olga, "30 faults", "prepaid <K7M2XQ4P>: off by ⭐\u00a0106")
}

func TestReconcileTellsWhatBroke(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	s.Send(olga, "/reconcile")
	s.sees(olga, "Everything agrees")
	s.Vendor.Down(true)
	s.Send(olga, "/reconcile")
	s.sees(olga, "did not come to its end", "The vendor:")
	s.Vendor.Down(false)
	s.Send(olga, "/reconcile")
	s.sees(olga, "Everything agrees")
}

// quiet are the notifications for staff that bring only the button to their order's card.
var quiet = []esim.NotificationKind{
	esim.StaffSale, esim.StaffRefunded,
	esim.StaffDeposit, esim.StaffBalanceOff, esim.StaffUnexplained,
	esim.StaffGivenUp, esim.StaffForgotten, esim.StaffAssigned, esim.StaffOlderCopy,
}

// ofThreads are about what customers say, and not about orders: see TestTalkPerson.
var ofThreads = []esim.NotificationKind{esim.StaffThread, esim.StaffThreadChange, esim.StaffThreadCard, esim.StaffAnswered, esim.StaffAnswerWaits}

// TestEveryStaffNotificationAnnouncesItself sends each notification in each language, about an order
// that exists and about ones that do not, and holds it and its buttons to Telegram's rules.
func TestEveryStaffNotificationAnnouncesItself(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	// The daily reminder, the daily report and what is told of the shop itself are not about one order; StaffMoved changes what stands
	// there: see TestAnAnnouncedOrderIsShownWhereItIs.
	kinds := slices.DeleteFunc(esim.NotificationKinds(), func(k esim.NotificationKind) bool {
		return !k.ForStaff() || k == esim.StaffOpenItems || k == esim.StaffReport || k == esim.StaffMoved || k == esim.StaffConcern || k == esim.StaffConcernOver || slices.Contains(ofThreads, k)
	})
	for _, l := range walked(s.App.Texts.Languages()) {
		lang := l.Code
		s.Must(s.DB.SetSetting(t.Context(), "staff_language", lang))
		for _, kind := range kinds {
			for _, order := range []esim.OrderID{o.ID, "", "ZZZZZZZZ"} {
				before := olga.Last().ID
				s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{
					Kind: kind, Key: fmt.Sprint(kind, lang, order), Order: order, ESIM: "26112312000001", Amount: esim.Stars(106),
					Note: "<b>&\" " + strings.Repeat("long ", 100),
				}}))
				s.Deliver()
				m := olga.Last()
				if m.ID == before {
					t.Fatalf("%s about %q was not sent; log: %s", kind, order, s.Log)
				}
				checkText(t, string(kind), m.HTML(), limitText)
				if strings.Contains(m.HTML(), "<b>&\"") || strings.Contains(m.Text, "staff.") {
					t.Errorf("%s (%s): %s", kind, lang, m.Text)
				}
				s.checkStaffButtons(olga, kind, order == o.ID)
			}
		}
	}
	s.Must(s.DB.SetSetting(t.Context(), "staff_language", "en"))
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffLate, Key: "t", Order: o.ID, Note: "why"}}))
	s.Deliver()
	// A button of a notification leaves the notification where it is.
	notification := olga.Last()
	s.presses(olga, "s_ask|refund|")
	s.presses(olga, "s_why|refund|")
	for _, m := range olga.Chat() {
		if m.ID == notification.ID && m.Text != notification.Text {
			t.Errorf("the notice became %q", m.Text)
		}
	}
}

// TestNotificationsFollowTheGroup brings the buttons along when the group becomes a supergroup.
func TestNotificationsFollowTheGroup(t *testing.T) {
	t.Parallel()
	s, _, o := sold(t)
	id := s.Messenger.MigrateGroup()
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffLate, Key: "t", Order: o.ID, Note: "why"}}))
	s.Deliver()
	s.Pump()
	olga := s.Messenger.User(staffID).In(id)
	s.presses(olga, "s_ask|refund|")
	s.presses(olga, "s_why|refund|")
	s.presses(olga, "s_yes|refund|")
	if s.did("refund") != 1 {
		t.Error("nothing was done in the supergroup")
	}
}

// checkStaffButtons looks at the newest message in the group: what is about an order has
// its buttons, and each of them leads somewhere.
func (s *shop) checkStaffButtons(olga *tgsandbox.UserClient, kind esim.NotificationKind, about bool) {
	s.Helper()
	rows := olga.Last().Keyboard
	if (len(rows) > 0) != (about || kind == esim.StaffUnexplained || kind == esim.StaffUnmatchedESIM) {
		s.Errorf("%s has %d rows of buttons", kind, len(rows))
	}
	if about && (!offers(olga, "s_card|") || offers(olga, "s_ask|refund|") == slices.Contains(quiet, kind)) {
		s.Errorf("%s came with other buttons of its order: %q", kind, olga.Last().Labels())
	}
	for _, row := range rows {
		for _, b := range row {
			if d, err := ui.ParseCallbackData(b.Data); err != nil || !slices.Contains(s.App.Bot.Staff().Routes(), ui.Route(d.Route)) {
				s.Errorf("%s: button %q leads to %q", kind, b.Text, b.Data)
			}
		}
	}
}
