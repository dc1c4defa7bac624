package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// renamed is a shop whose bot its operator renamed in BotFather a while after the start.
func renamed(t *testing.T) (s *shop, olga *tgsandbox.UserClient, old string) {
	t.Helper()
	s = newShop(t, vendorsandbox.Options{})
	olga = s.staffed()
	old = s.Messenger.Username()
	s.Vendor.Advance(time.Hour)
	s.Messenger.Rename("renamed_shop_bot")
	return s, olga, old
}

// namesAsked counts how often the bot asked Telegram who it is.
func (s *shop) namesAsked() (n int) {
	calls, _ := s.Messenger.Calls(0)
	for _, c := range calls {
		if c.Name == "getMe" {
			n++
		}
	}
	return n
}

// TestARenamedBotKnowsItsCommands: the bot is who it is by its id. Under a new name it takes commands for that
// name, in the group and from customers, and those for the old one no longer.
func TestARenamedBotKnowsItsCommands(t *testing.T) {
	t.Parallel()
	s, olga, old := renamed(t)
	ann := s.Messenger.User(annID)
	s.Send(olga, "/status@Renamed_Shop_Bot")
	s.sees(olga, "Vendor balance")
	s.Send(ann, "/start@renamed_shop_bot")
	menu := ann.Last().Text
	s.Send(ann, "/start")
	if menu != ann.Last().Text {
		t.Errorf("the command with the new name is answered with %q, without with %q", menu, ann.Last().Text)
	}
	s.Send(ann, "/start@"+old)
	if menu == ann.Last().Text {
		t.Error("a command for the old name, which is somebody else's to take, is still obeyed")
	}
}

// TestOtherBotsNamesCostOneQuestion: who writes commands for other bots makes this one ask for its own name
// once in a while only.
func TestOtherBotsNamesCostOneQuestion(t *testing.T) {
	t.Parallel()
	s, _, _ := renamed(t)
	ann := s.Messenger.User(annID)
	before := s.namesAsked()
	for range 20 {
		s.Send(ann, "/start@another_bot")
	}
	if n := s.namesAsked() - before; n != 1 {
		t.Errorf("asked %d times for its name, want once", n)
	}
	s.Vendor.Advance(10 * time.Minute)
	s.Send(ann, "/start@another_bot")
	if n := s.namesAsked() - before; n != 2 {
		t.Errorf("asked %d times for its name after a while, want twice", n)
	}
}

// TestARenamedBotKnowsItsCards: a card that somebody sends through the bot is known by its id at once, and leads to
// the new name once a job has asked for it.
func TestARenamedBotKnowsItsCards(t *testing.T) {
	t.Parallel()
	s, _, _ := renamed(t)
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	sends := func() string {
		a := s.asksInline(ann, "japan", "")
		_, err := ann.SendInline(a.QueryID, a.Results[0].ID)
		s.Must(err)
		before := len(ann.Chat())
		s.Pump()
		if n := len(ann.Chat()); n != before {
			t.Errorf("a card of the bot itself is answered with %q", ann.Last().Text)
		}
		return a.Results[0].Keyboard[0][0].URL
	}
	sends()
	s.Must(s.App.Self.Refresh(t.Context()))
	if link := sends(); !strings.Contains(link, "/renamed_shop_bot?") {
		t.Errorf("a card leads to %q", link)
	}
}

// TestMenuIsTheFirstScreen: many bots have /menu, so it is typed here too.
func TestMenuIsTheFirstScreen(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	first := ann.Last()
	s.Send(ann, "/menu")
	if got := ann.Last(); got.Text != first.Text {
		t.Errorf("/menu is answered with %q", got.Text)
	}
}
