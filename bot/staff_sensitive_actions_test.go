package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// joins lets somebody into the staff's group, with a role if one is given.
func (s *shop) joins(id int64, name string, role esim.Role) *tgsandbox.UserClient {
	s.Helper()
	s.Messenger.AddUser(tgsandbox.User{ID: id, FirstName: name, LanguageCode: "en", Staff: true})
	if role != "" {
		s.Must(s.DB.AssignRole(s.Context(), esim.StaffMember{ID: esim.CustomerID(id), Name: name}, role, esim.AuditEntry{Who: staffID, What: "role"}))
	}
	return s.Messenger.User(id).In(groupID)
}

// leaves takes somebody out of the group.
func (s *shop) leaves(id int64, name string) {
	s.Messenger.AddUser(tgsandbox.User{ID: id, FirstName: name, LanguageCode: "en"})
}

// Beyond the limit the first person's Yes asks for a second one, whose press does it, once, also after a restart.
func TestTwoPersons(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	mia, sam := s.joins(managerID, "Mia", esim.RoleManager), s.joins(supportID, "Sam", "")
	nina := s.joins(905, "Nina", esim.RoleManager)
	s.Send(mia, "/credit 101 60 lost luggage")
	message, yes := s.button(mia, "s_credit|")
	s.pressesOn(mia, message, yes)
	s.credited(0)
	s.sees(mia, "Give $60.00", "📝 lost luggage", "Needs a second person", "Mia", "Nina", "UTC")
	_, agree := s.button(mia, "s_agree|")
	for _, refused := range []struct {
		who  *tgsandbox.UserClient
		want string
	}{{mia, "You asked for it"}, {sam, "Only managers and owners"}, {nina, "has to be an owner"}} {
		if toast := s.pressesOn(refused.who, message, agree); !toast.Alert || !strings.Contains(toast.Text, refused.want) {
			t.Errorf("want %q: %+v", refused.want, toast)
		}
	}
	s.pressesOn(olga, message, yes) // the question's own button, by somebody else, is no agreement
	s.credited(0)
	s.Reopen(nil)
	s.pressesOn(olga, message, agree)
	s.credited(6000)
	s.sees(olga, "Mia", "gave $60.00", "📝 lost luggage", "Agreed: Olga")
	if toast := s.pressesOn(nina, message, agree); !strings.Contains(toast.Text, "owner") && !strings.Contains(toast.Text, "Olga") {
		t.Errorf("after it was done: %+v", toast)
	}
	if toast := s.pressesOn(olga, message, agree); toast.Text == "" {
		t.Error("the second press says nothing")
	}
	s.credited(6000)
	log := s.audit()
	last := log[len(log)-1]
	if last.What != "credit" || last.Who != managerID || last.ApprovedBy != staffID || last.WhoName != "Mia" || last.ApprovedByName != "Olga" || last.CustomerName != "Ann" {
		t.Errorf("audit: %+v", last)
	}
	s.Send(olga, "/audit")
	s.sees(olga, "Mia 903 + Olga 900", "Ann 101")
}

// What one person gives one customer in small pieces counts together; for another customer, and an hour later, it does not.
func TestSmallPiecesNeedTwoPersons(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Send(s.Messenger.User(annID), "/start")
	for _, step := range []struct {
		amount string
		after  time.Duration
		want   int64 // of credit in all
	}{{"30", 0, 3000}, {"20", 0, 5000}, {"0.01", 59 * time.Minute, 5000}, {"30", 2 * time.Minute, 8000}} {
		s.Vendor.Advance(step.after)
		s.Send(olga, "/credit 101 "+step.amount+" why")
		s.presses(olga, "s_credit|")
		s.credited(step.want)
		if waits := offers(olga, "s_agree|"); waits != (step.amount == "0.01") {
			t.Errorf("%s waits: %t", step.amount, waits)
		}
	}
}

// Who agrees is in the group and may at that moment, and so is who asked; and nobody agrees after an hour.
func TestSecondPersonsAreLookedForWhenTheyPress(t *testing.T) {
	t.Parallel()
	asked := func(t *testing.T) (s *shop, olga, mia *tgsandbox.UserClient, message int, agree string) {
		s = newShop(t, vendorsandbox.Options{})
		olga = s.staffed()
		s.Send(s.Messenger.User(annID), "/start")
		mia = s.joins(managerID, "Mia", esim.RoleManager)
		s.Send(mia, "/credit 101 60 why")
		s.presses(mia, "s_credit|")
		message, agree = s.button(mia, "s_agree|")
		s.Send(olga, "/status") // she is known as a member for a minute
		return s, olga, mia, message, agree
	}
	t.Run("the second one has left", func(t *testing.T) {
		s, _, mia, message, agree := asked(t)
		s.leaves(staffID, "Olga")
		before := len(mia.Chat())
		s.Messenger.Inject(map[string]any{"callback_query": map[string]any{ // on its way while she was taken out
			"id": "1", "from": map[string]any{"id": staffID, "is_bot": false, "first_name": "Olga"}, "chat_instance": "1", "data": agree,
			"message": map[string]any{"message_id": message, "date": shoptest.Noon.Unix(), "text": "x", "chat": map[string]any{"id": groupID, "type": "group", "title": "Staff"}},
		}})
		s.Pump()
		if len(mia.Chat()) != before {
			t.Errorf("it is answered: %s", mia.Last().Text)
		}
		s.credited(0)
	})
	t.Run("the first one has left", func(t *testing.T) {
		s, olga, _, message, agree := asked(t)
		s.leaves(managerID, "Mia")
		if toast := s.pressesOn(olga, message, agree); !strings.Contains(toast.Text, "Mia, who asked for it, may not") {
			t.Errorf("toast %+v", toast)
		}
		s.credited(0)
	})
	t.Run("the first one is less now", func(t *testing.T) {
		s, olga, _, message, agree := asked(t)
		s.Must(s.DB.AssignRole(t.Context(), esim.StaffMember{ID: managerID}, esim.RoleSupport, esim.AuditEntry{Who: staffID, What: "role"}))
		s.pressesOn(olga, message, agree)
		s.credited(0)
	})
	t.Run("after an hour", func(t *testing.T) {
		s, olga, mia, message, agree := asked(t)
		s.Vendor.Advance(time.Hour)
		s.pressesOn(olga, message, agree)
		for _, m := range olga.Chat() {
			if m.ID == message && !strings.Contains(m.Text, "Nobody agreed in time") {
				t.Errorf("the request became %q", m.Text)
			}
		}
		s.credited(0)
		s.Send(mia, "/credit 101 60 again")
		s.presses(mia, "s_credit|")
		s.presses(olga, "s_agree|")
		s.credited(6000)
	})
	t.Run("taken back", func(t *testing.T) {
		s, olga, mia, message, agree := asked(t)
		s.pressesOn(mia, message, strings.Replace(agree, "s_agree", "s_disagree", 1))
		if toast := s.pressesOn(olga, message, agree); toast.Text == "" {
			t.Error("nothing is said")
		}
		s.credited(0)
	})
	t.Run("a restart after the agreement", func(t *testing.T) {
		s, olga, _, message, agree := asked(t)
		_, err := s.DB.ApproveSensitiveAction(t.Context(), 1, staffID, s.Vendor.Time())
		s.Must(err)
		s.Reopen(nil)
		s.pressesOn(olga, message, agree)
		s.credited(6000)
	})
}

// Refunds, cancellations and revocations of what cost more than the limit wait too.
func TestOrdersNeedTwoPersons(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Reopen(func(c *wiring.Config) { c.ApprovalAbove = esim.USDCents(1) })
	mia := s.joins(managerID, "Mia", esim.RoleManager)
	tran := s.Vendor.Profiles()[0].EsimTranNo
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask_esim|revoke|")
	s.presses(olga, "s_yes_esim|revoke|")
	s.sees(olga, "Needs a second person")
	if st := s.profile(esim.ESIMID(tran)); st != string(esim.ProfileGotResource) {
		t.Errorf("revoked by one: %s", st)
	}
	s.Send(olga, "/order "+string(o.ID))
	s.presses(olga, "s_ask_esim|suspend|")
	s.presses(olga, "s_no|")
	s.Send(olga, "/refund "+string(o.ID)+" slow")
	s.presses(olga, "s_yes|refund|")
	s.sees(olga, "Needs a second person", "📝 slow")
	if s.state(o.ID) != esim.StateDelivered {
		t.Errorf("refunded by one: %s", s.state(o.ID))
	}
	s.presses(mia, "s_agree|")
	s.sees(olga, "Olga", "refunded", "Agreed: Mia", "📝 slow")
	s.Work()
	if s.state(o.ID) != esim.StateRefunded {
		t.Errorf("agreed, and %s", s.state(o.ID))
	}
	log := s.audit()
	if a := log[len(log)-1]; a.What != "refund" || a.Why != "slow" || a.Who != staffID || a.ApprovedBy != managerID {
		t.Errorf("audit: %+v", a)
	}
	s.Reopen(func(c *wiring.Config) { c.ApprovalAbove = esim.Money{} })
	s.Send(olga, "/credit 101 900 a shop of one")
	s.presses(olga, "s_credit|")
	s.credited(90_000)
}

// Money by hand that somebody says has come is seen by two beyond the limit.
func TestMoneyByHandBeyondTheLimitTakesTwo(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	mia := s.joins(managerID, "Mia", esim.RoleManager)
	o := s.byHand(10)
	s.Reopen(func(c *wiring.Config) { c.ApprovalAbove = esim.USDCents(o.Retail.Minor - 1) })
	s.Send(mia, "/order "+string(o.ID))
	s.presses(mia, "s_ask|received|")
	s.presses(mia, "s_yes|received|")
	if s.state(o.ID) != esim.StateAwaitingPayment {
		t.Fatalf("one was enough: it is %s", s.state(o.ID))
	}
	s.presses(olga, "s_agree|")
	if s.state(o.ID) == esim.StateAwaitingPayment {
		t.Errorf("two agreed: %s", olga.Last().Text)
	}
	if log := s.audit(); log[len(log)-1].Who != managerID || log[len(log)-1].ApprovedBy != staffID {
		t.Errorf("audit: %+v", log)
	}
}
