package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Whatever Telegram says of a topic, what belongs in it is read in the group once: in the topic made anew, else where the bot may
// write, and where it may nowhere once it may again.
func TestWhatATopicRefusesIsReadInTheGroup(t *testing.T) {
	closed := func(s *shop, olga *tgsandbox.UserClient, names ...string) {
		s.Messenger.Promote(true, false)
		for _, name := range names {
			if id := s.topic(name); id != 0 {
				olga.CloseTopic(id, true)
			}
		}
	}
	own := "Ann · 101" // the topic of a customer; "Support" has the talks of those who can have none
	all := []string{"Orders", "Alerts", "Reports", "Support", own}
	for _, tt := range []struct {
		name    string
		refuses func(s *shop, olga *tgsandbox.UserClient, topic string)
		mended  func(s *shop)            // what ends it, if nothing can be said before
		where   func(name string) string // the topic in which it is read; "": General
	}{
		{"deleted", func(s *shop, _ *tgsandbox.UserClient, topic string) {
			s.Messenger.Promote(true, true)
			s.Messenger.DeleteTopic(s.topic(topic))
		}, nil, func(name string) string {
			if name == "Support" {
				return own
			}
			return name
		}},
		{"deleted, and none can be made", func(s *shop, _ *tgsandbox.UserClient, topic string) {
			s.Messenger.Promote(true, false)
			s.Messenger.DeleteTopic(s.topic(topic))
		}, nil, func(name string) string {
			if name == own {
				return "Support"
			}
			return ""
		}},
		{"closed", func(s *shop, olga *tgsandbox.UserClient, topic string) { closed(s, olga, topic) }, nil, func(name string) string {
			if name == own {
				return "Support"
			}
			return ""
		}},
		{"closed with General", func(s *shop, olga *tgsandbox.UserClient, topic string) {
			closed(s, olga, topic)
			s.Messenger.CloseGeneral(true)
		}, nil, func(name string) string {
			if name == "Orders" || name == own {
				return "Support"
			}
			return "Orders"
		}},
		{
			"all closed", func(s *shop, olga *tgsandbox.UserClient, _ string) {
				closed(s, olga, all...)
				s.Messenger.CloseGeneral(true)
			},
			func(s *shop) { s.Messenger.CloseGeneral(false) }, func(string) string { return "" },
		},
		{"no forum any more", func(s *shop, _ *tgsandbox.UserClient, _ string) { s.Messenger.SetForum(false) }, nil, func(string) string { return "" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, name := range all {
				t.Run(name, func(t *testing.T) {
					s := newShop(t, vendorsandbox.Options{})
					ann, olga := s.Messenger.User(annID), s.forum(true)
					s.Send(ann, "/start")
					s.tellsStaff("before")
					s.Messenger.Promote(true, name != "Support")
					s.Send(ann, "/support")
					s.Send(ann, "it does not work")
					s.delivers()
					words := map[string]string{"Orders": "order after", "Alerts": "alert after", "Reports": "Report"}[name]
					tt.refuses(s, olga, name)
					s.delivers()
					last := olga.Last().ID
					s.Vendor.Advance(time.Hour)
					if words == "" {
						words = "still not"
						s.Send(ann, "/support") // the talk is over if its topic was closed
						s.Send(ann, words)
						s.delivers()
					} else {
						s.tellsStaff("after")
					}
					read := func() (in []int) {
						for _, m := range olga.Chat() {
							if m.ID > last && m.Service == "" && strings.Contains(m.Text, words) {
								in = append(in, m.Thread)
							}
						}
						return in
					}
					if tt.mended != nil {
						if got := read(); len(got) != 0 {
							t.Errorf("read in %v", got)
						}
						tt.mended(s)
						s.Vendor.Advance(10 * time.Minute)
						s.delivers()
					}
					want := 0
					if in := tt.where(name); in != "" {
						want = s.topic(in)
					}
					if got := read(); !slices.Equal(got, []int{want}) {
						t.Errorf("%q is read in %v, want %d of %v", words, got, want, s.Messenger.Topics())
					}
					if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || waiting+dead != 0 {
						t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
					}
				})
			}
		})
	}
}

// What staff do in a topic that is closed to the bot is answered in General; what they say in a customer's reaches the customer, and
// that it waits while the bot is blocked holds up nothing else.
func TestWhatIsDoneInAClosedTopic(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann, olga := s.Messenger.User(annID), s.forum(true)
	s.Send(ann, "/start")
	s.tellsStaff("before")
	s.Send(ann, "/support")
	s.Send(ann, "it does not work")
	s.delivers()
	own, alerts := s.topic("Ann · 101"), s.topic("Alerts")
	s.Messenger.Promote(true, false)
	for _, topic := range []int{own, alerts} {
		olga.CloseTopic(topic, true)
	}
	s.Pump()
	_, err := olga.InTopic(alerts).Send("/status")
	s.Must(err)
	s.Pump()
	if m := olga.Last(); m.Thread != 0 || !strings.Contains(m.Text, "Vendor balance") {
		t.Errorf("in %d: %q", m.Thread, m.Text)
	}
	before := ann.Last().ID
	_, err = olga.InTopic(own).Send("restart the phone")
	s.Must(err)
	s.delivers()
	if got := said(ann, before); !has(got, "restart the phone") {
		t.Errorf("Ann reads %q", got)
	}
	ann.Block()
	_, err = olga.InTopic(own).Send("still there?")
	s.Must(err)
	s.delivers()
	s.tellsStaff("after")
	if got := inTopic(olga, 0); !has(got, "alert after") {
		t.Errorf("General: %q", got)
	}
	if waiting, dead, err := s.DB.OutboxSize(t.Context()); err != nil || dead != 0 {
		t.Errorf("%d wait, %d were given up, %v", waiting, dead, err)
	}
}
