package bot_test

import (
	"strings"
	"testing"
	"time"

	program "esimbot/cmd/esimbot/shop"
)

// TestACommandAsAReplyIsACommand: staff who answer a question with /block mean the bot, and the
// customer never reads it.
func TestACommandAsAReplyIsACommand(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	ann := s.Messenger.User(annID)
	s.Send(ann, "/paysupport Where is my eSIM?")
	s.Deliver()
	question := olga.Last().ID
	before := ann.Last().ID
	_, err := olga.Reply(question, "/order 101")
	s.Must(err)
	s.Pump()
	if ann.Last().ID != before {
		t.Errorf("the customer reads %q", ann.Last().Text)
	}
	if m := olga.Last(); m.ReplyTo != 0 || !m.From.IsBot {
		t.Errorf("the command is not answered: %+v", m)
	}
	_, err = olga.Reply(question, "/order@some_other_bot 101")
	s.Must(err)
	s.Pump()
	if ann.Last().ID != before {
		t.Errorf("the customer reads another bot's command: %q", ann.Last().Text)
	}
	_, err = olga.Reply(question, "It is on its way")
	s.Must(err)
	s.Pump()
	s.Deliver()
	s.sees(ann, "It is on its way")
}

// TestAGroupThatProvesNothingIsRefused: in a public group, or where Telegram hides the members,
// no command and no press is taken, whoever makes it, and it says what to do.
func TestAGroupThatProvesNothingIsRefused(t *testing.T) {
	t.Parallel()
	t.Run("hidden members", func(t *testing.T) {
		s, olga, o := sold(t)
		s.Send(olga, "/refund "+string(o.ID)+" reason")
		message, yes := s.button(olga, "s_yes|refund|")
		s.Vendor.Advance(2 * time.Minute) // who was seen a minute ago is not believed for ever
		s.Messenger.HideMembers(true)
		if toast := s.pressesOn(olga, message, yes); !strings.Contains(toast.Text, "who is a member") {
			t.Errorf("the press is answered with %q", toast.Text)
		}
		s.Send(olga, "/status")
		s.sees(olga, "who is a member")
		if s.did("refund") != 0 {
			t.Error("the press did something")
		}
	})
	t.Run("public", func(t *testing.T) {
		s, olga, _ := sold(t)
		s.Send(olga, "/status") // she is known as a member for a minute
		s.Messenger.SetGroupPublic("esim_staff")
		s.Pump()
		olga = olga.In(s.Messenger.Group().ID)
		s.Send(olga, "/status")
		s.sees(olga, "public name")
	})
}

// TestANamelessAdministratorIsTold: an anonymous administrator's command is not taken, since
// nobody could be named in the audit log, and is not left without a word.
func TestANamelessAdministratorIsTold(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	olga.SetAnonymous(true)
	before := olga.Last().ID
	s.Send(olga, "just talking")
	if olga.Last().From.IsBot && olga.Last().ID != before+1 {
		t.Error("words that are no command are answered")
	}
	s.Send(olga, "/status")
	s.sees(olga, "Remain anonymous")
	olga.SetAnonymous(false)
	s.Send(olga, "/status")
	s.sees(olga, "balance")
}

// TestOtherGroupsHearNothing: whoever adds the bot to a group of their own is not answered there. Only a shop without a staff
// group tells one that asks for it its id, by which it becomes the staff group.
func TestOtherGroupsHearNothing(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	for _, staff := range []int64{-100_987, 0} {
		s.Reopen(func(c *program.Config) { c.StaffChat = staff })
		for _, command := range []string{"/status", "/help", "/order " + string(o.ID), "/here"} {
			answers := staff == 0 && command == "/here"
			s.Send(olga, command)
			m := olga.Last()
			if m.From.IsBot != answers || answers && !strings.Contains(m.Text, "ADMIN_CHAT_ID=-") {
				t.Errorf("staff group %d: %q is followed by %q", staff, command, m.Text)
			}
		}
	}
}
