package telegram_test

import (
	"errors"
	"testing"

	"esimbot/bot/telegram"
	"esimbot/bot/telegram/sandbox"
)

func TestRoomSaysWhatTheStaffChatIs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		o    sandbox.Group
		set  func(*sandbox.Server) int64 // the chat to ask about; 0: the group
		want telegram.GroupRights        // but for Chat
		kind string
	}{
		{"a private group", sandbox.Group{}, nil, telegram.GroupRights{Member: true, CanWrite: true}, "group"},
		{"a forum, the bot administrates it", sandbox.Group{Forum: true, Admin: true}, nil, telegram.GroupRights{Member: true, Admin: true, CanWrite: true}, "supergroup"},
		{
			"a public group",
			sandbox.Group{},
			func(tg *sandbox.Server) int64 { tg.SetGroupPublic("shop_staff"); return 0 },
			telegram.GroupRights{Public: true, Member: true, CanWrite: true},
			"supergroup",
		},
		{"public from the start", sandbox.Group{Name: "shop_staff"}, nil, telegram.GroupRights{Public: true, Member: true, CanWrite: true}, "supergroup"},
		{
			"private again",
			sandbox.Group{Name: "shop_staff"},
			func(tg *sandbox.Server) int64 { tg.SetGroupPublic(""); return 0 },
			telegram.GroupRights{Member: true, CanWrite: true},
			"supergroup",
		},
		{
			"hidden members",
			sandbox.Group{},
			func(tg *sandbox.Server) int64 { tg.HideMembers(true); return 0 },
			telegram.GroupRights{HiddenMembers: true, Member: true, CanWrite: true},
			"group",
		},
		{
			"the bot is restricted",
			sandbox.Group{},
			func(tg *sandbox.Server) int64 { tg.RestrictBot(true); return 0 },
			telegram.GroupRights{Member: true},
			"group",
		},
		{
			"everybody is muted",
			sandbox.Group{},
			func(tg *sandbox.Server) int64 { tg.MuteGroup(true); return 0 },
			telegram.GroupRights{Member: true},
			"group",
		},
		{
			"muted, the bot is an administrator",
			sandbox.Group{Admin: true},
			func(tg *sandbox.Server) int64 { tg.MuteGroup(true); return 0 },
			telegram.GroupRights{Member: true, Admin: true, CanWrite: true},
			"group",
		},
		{
			"a channel",
			sandbox.Group{},
			func(tg *sandbox.Server) int64 { return tg.AddChannel("News") },
			telegram.GroupRights{Member: true, Admin: true, CanWrite: true},
			"channel",
		},
		{"a person", sandbox.Group{}, func(tg *sandbox.Server) int64 { return 101 }, telegram.GroupRights{Member: true, CanWrite: true}, "private"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, sandbox.Options{Group: tt.o})
			w.ann.Send("/start")
			var chat int64
			if tt.set != nil {
				chat = tt.set(w.tg)
			}
			if chat == 0 {
				chat = w.tg.Group().ID
			}
			got, err := w.c.GroupRights(t.Context(), chat)
			w.ok(err)
			if got.Chat.ID != chat || got.Chat.Type != tt.kind || got.Group() != (tt.kind == "group" || tt.kind == "supergroup") {
				t.Errorf("the chat is %+v", got.Chat)
			}
			said := got.CanWrite
			got.Chat = telegram.Chat{}
			if got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
			// What it says is what happens.
			_, err = w.c.SendText(t.Context(), telegram.Text{Chat: chat, HTML: "x"})
			if said != (err == nil) || telegram.NotAllowed(err) == said {
				t.Errorf("said %v, then: %v", said, err)
			}
		})
	}
	w := newWorld(t, sandbox.Options{})
	w.tg.KickBot()
	if _, err := w.c.GroupRights(t.Context(), w.tg.Group().ID); !telegram.Unreachable(err) {
		t.Errorf("kicked: %v", err)
	}
	old := w.tg.Group().ID
	w.tg.AddBot()
	fresh := w.tg.MigrateGroup()
	_, err := w.c.GroupRights(t.Context(), old)
	if to, ok := telegram.MigratedTo(err); !ok || to != fresh {
		t.Errorf("a group that moved: %v", err)
	}
}

func TestHiddenMembersAreNoProof(t *testing.T) {
	t.Parallel()
	for _, admin := range []bool{false, true} {
		w := newWorld(t, sandbox.Options{Group: sandbox.Group{Admin: admin}})
		w.tg.HideMembers(true)
		for _, person := range []int64{101, 201} { // a stranger and one of the staff
			is, err := w.c.Membership(t.Context(), w.tg.Group().ID, person)
			in := is.In
			var e *telegram.Error
			switch {
			case admin && (err != nil || in != (person == 201)):
				t.Errorf("an administrator asks for %d: %v, %v", person, in, err)
			case !admin && (in || !errors.Is(err, telegram.ErrMembersHidden) || !errors.As(err, &e) || telegram.Temporary(err)):
				t.Errorf("a member asks for %d: %v, %v", person, in, err)
			}
		}
		room, err := w.c.GroupRights(t.Context(), w.tg.Group().ID)
		if w.ok(err); room.SeesMembers() != admin {
			t.Errorf("admin %v: %+v", admin, room)
		}
	}
}

func TestAnAnonymousAdministratorIsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Group: sandbox.Group{ID: -1001000000007}})
	w.poll()
	group := w.tg.Group().ID
	staff := w.tg.User(201)
	id, err := w.c.SendText(t.Context(), telegram.Text{Chat: group, HTML: "A question"})
	w.ok(err)

	staff.In(group).Reply(id, "an answer")
	m := w.next().Message
	if m == nil || m.Anonymous() || m.From.ID != 201 || !m.Answers(w.c.BotID()) || m.Answers(201) {
		t.Fatalf("a named member: %+v", m)
	}
	staff.SetAnonymous(true)
	staff.In(group).Reply(id, "/refund 7")
	m = w.next().Message
	if m == nil || !m.Anonymous() || m.From == nil || m.From.ID == 201 || !m.From.IsBot || m.Command != "refund" || !m.Answers(w.c.BotID()) {
		t.Fatalf("an anonymous administrator: %+v", m)
	}
	staff.SetAnonymous(false)
	if w.c.BotID() != w.tg.BotID() {
		t.Errorf("the bot is %d, not %d", w.c.BotID(), w.tg.BotID())
	}
}

func TestAChannelInAGroupIsNoAnonymousAdministrator(t *testing.T) {
	t.Parallel()
	u, err := telegram.Decode([]byte(`{"update_id":1,"message":{"message_id":5,"chat":{"id":-100,"type":"supergroup"},
		"from":{"id":136817688,"is_bot":true,"username":"Channel_Bot"},"sender_chat":{"id":-200,"type":"channel","title":"News"},
		"reply_to_message":{"message_id":4,"from":{"id":7,"is_bot":true},"sender_chat":{"id":-100}},"text":"/refund 7"}}`))
	if err != nil || u.Message == nil || u.Message.SenderChat == nil || u.Message.SenderChat.Type != "channel" ||
		u.Message.Anonymous() || u.Message.Answers(7) {
		t.Errorf("%+v, %v", u.Message, err)
	}
}
