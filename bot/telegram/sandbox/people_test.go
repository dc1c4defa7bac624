package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAPressAndItsAnswer(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "menu", "reply_markup", board)
	id, err := ann.Press("Buy")
	if err != nil {
		t.Fatal(err)
	}
	list := w.take()
	var q struct {
		ID, Data string
		From     struct {
			ID   int64
			Lang string `json:"language_code"`
		}
		Message sentMessage
	}
	if err := json.Unmarshal(list[0]["callback_query"], &q); err != nil {
		t.Fatal(err)
	}
	if q.ID != id || q.Data != "buy" || q.From.ID != 101 || q.From.Lang != "en" || q.Message.Text != "menu" {
		t.Errorf("callback query %+v", q)
	}
	if left := w.Unanswered(); len(left) != 1 || left[0].Label != "Buy" {
		t.Errorf("unanswered: %v", left)
	}
	w.ok(nil, "answerCallbackQuery", "callback_query_id", id, "text", "Done", "show_alert", "true")
	toast, err := ann.WaitAnswered(soon(t), id)
	if err != nil || toast.Text != "Done" || !toast.Alert || ann.Toast() != toast {
		t.Errorf("toast %+v %v", toast, err)
	}
	w.refused(w.call("answerCallbackQuery", "callback_query_id", id), 400, "Bad Request: "+textTooOld)
	if left := w.Unanswered(); len(left) != 0 {
		t.Errorf("still unanswered: %v", left)
	}
	id, _ = ann.Press("Buy")
	w.clock.at = w.clock.at.Add(3 * time.Minute)
	w.refused(w.call("answerCallbackQuery", "callback_query_id", id), 400, "Bad Request: "+textTooOld)
}

func TestPressingWhatIsNotThere(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	if _, err := ann.Press("Buy"); !errors.Is(err, ErrNoButton) {
		t.Errorf("err %v", err)
	}
	if _, err := ann.PressData(77, "order|5"); err != nil {
		t.Fatal(err)
	}
	var q struct {
		Data    string
		Message sentMessage
	}
	_ = json.Unmarshal(w.take()[0]["callback_query"], &q)
	if q.Data != "order|5" || q.Message.ID != 77 || q.Message.Date != 0 || q.Message.Chat.ID != 101 {
		t.Errorf("want an inaccessible message, got %+v", q)
	}
}

func TestMessagesOfPeople(t *testing.T) {
	w := newWorld(t, Options{Users: []User{{ID: 1<<52 - 1, FirstName: "Ann"}}})
	ann := w.User(1<<52 - 1)
	if _, err := ann.Send("/start@esim_sandbox_bot ref_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := ann.SendSticker(); err != nil {
		t.Fatal(err)
	}
	list := w.take()
	var m struct {
		sentMessage
		From    map[string]any
		Sticker struct{ Emoji string }
	}
	_ = json.Unmarshal(list[0]["message"], &m)
	if len(m.Entities) != 1 || m.Entities[0] != (Entity{Type: "bot_command", Length: 23}) || m.Chat.ID != 1<<52-1 {
		t.Errorf("message %+v", m)
	}
	if _, has := m.From["language_code"]; has {
		t.Error("a hidden language_code is there")
	}
	_ = json.Unmarshal(list[1]["message"], &m)
	if m.Sticker.Emoji != "👍" {
		t.Errorf("sticker %+v", m)
	}
	sent, _ := ann.Send("typo")
	if err := ann.Edit(sent.ID, "fixed"); err != nil {
		t.Fatal(err)
	}
	if got := kinds(w.take()); got != "message edited_message" {
		t.Errorf("updates %q", got)
	}
}

func TestDeepLinks(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "reply_markup",
		`{"inline_keyboard":[[{"text":"Go","url":"https://t.me/ESIM_sandbox_bot?start=order_5"}]]}`)
	if _, err := ann.Press("Go"); err != nil {
		t.Fatal(err)
	}
	if got := ann.Last(); got.Text != "/start order_5" || got.From.IsBot {
		t.Errorf("after the link: %+v", got)
	}
}

func TestUnreachablePeople(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	send := func(id string) reply { return w.call("sendMessage", "chat_id", id, "text", "x") }
	ann.Block()
	w.refused(send("101"), 403, "Forbidden: bot was blocked by the user")
	if _, err := ann.Send("x"); !errors.Is(err, ErrBlocked) {
		t.Errorf("err %v", err)
	}
	ann.Unblock()
	list := w.take()
	if kinds(list) != "my_chat_member my_chat_member" || !strings.Contains(string(list[0]["my_chat_member"]), "kicked") {
		t.Errorf("updates %v", list)
	}
	if r := send("101"); !r.OK {
		t.Error(r.Description)
	}
	ann.Deactivate()
	w.refused(send("101"), 403, "Forbidden: user is deactivated")
	if _, err := w.User(201).In(w.Group().ID).Send("/status"); err != nil {
		t.Fatal(err)
	}
	w.refused(send("201"), 403, "Forbidden: bot can't initiate conversation with a user")
}

func TestPrivacyModeInTheGroup(t *testing.T) {
	w := newWorld(t, Options{})
	group := itoa(w.Group().ID)
	var own sentMessage
	w.ok(&own, "sendMessage", "chat_id", group, "text", "report")
	staff := w.User(201).In(w.Group().ID)
	say := func(heard bool, text string) {
		t.Helper()
		if _, err := staff.Send(text); err != nil {
			t.Fatal(err)
		}
		if got := len(w.take()) == 1; got != heard {
			t.Errorf("%q: heard %v, want %v", text, got, heard)
		}
	}
	say(false, "hello all")
	say(true, "/status")
	say(true, "/status@esim_sandbox_bot now")
	say(false, "/status@other_bot")
	say(false, "see /status")
	say(true, "hey @esim_sandbox_bot look")
	if _, err := staff.Reply(own.ID, "thanks"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(w.take()[0]["message"]), `"reply_to_message"`) {
		t.Error("a reply to the bot carries no reply_to_message")
	}
	if _, err := w.User(101).In(w.Group().ID).Send("/status"); !errors.Is(err, ErrOutside) {
		t.Errorf("a customer wrote to the group: %v", err)
	}
}

func TestTheGroupMigrates(t *testing.T) {
	w := newWorld(t, Options{})
	old := w.Group().ID
	fresh := w.MigrateGroup()
	if fresh == old || w.Group().ID != fresh || w.MigrateGroup() != fresh {
		t.Fatalf("ids %d %d", old, fresh)
	}
	r := w.call("sendMessage", "chat_id", itoa(old), "text", "x")
	w.refused(r, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	if r.Parameters.Migrate != fresh {
		t.Errorf("migrate_to_chat_id %d, want %d", r.Parameters.Migrate, fresh)
	}
	w.ok(nil, "sendMessage", "chat_id", itoa(fresh), "text", "x")
	list := w.take()
	if len(list) != 2 || !strings.Contains(string(list[0]["message"]), "migrate_to_chat_id") || !strings.Contains(string(list[1]["message"]), "migrate_from_chat_id") {
		t.Errorf("service messages %v", list)
	}
	if n := len(w.User(201).In(fresh).Chat()); n != 2 {
		t.Errorf("%d messages in the supergroup", n)
	}
	w.KickBot()
	w.refused(w.call("sendMessage", "chat_id", itoa(fresh), "text", "x"), 403, "Forbidden: bot was kicked from the supergroup chat")
}

func TestMembers(t *testing.T) {
	w := newWorld(t, Options{})
	status := func(user int64) string {
		var m struct{ Status string }
		w.ok(&m, "getChatMember", "chat_id", itoa(w.Group().ID), "user_id", itoa(user))
		return m.Status
	}
	if a, b, c := status(201), status(101), status(w.BotID()); a != "creator" || b != "left" || c != "member" {
		t.Errorf("staff %s, customer %s, bot %s", a, b, c)
	}
}

func TestDeleting(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x")
	w.ok(nil, "deleteMessage", "chat_id", "101", "message_id", "2")
	if n := len(ann.Chat()); n != 1 {
		t.Errorf("%d messages", n)
	}
	w.clock.at = w.clock.at.Add(49 * time.Hour)
	w.refused(w.call("deleteMessage", "chat_id", "101", "message_id", "1"), 400, "Bad Request: message can't be deleted for everyone")
}

func TestMenusAreResolvedByScopeAndLanguage(t *testing.T) {
	w := newWorld(t, Options{})
	w.started(101)
	set := func(scope, lang, command string) {
		w.ok(nil, "setMyCommands", "commands", `[{"command":"`+command+`","description":"x"}]`, "scope", scope, "language_code", lang)
	}
	menu := func(person, chat int64) string {
		w.mu.Lock()
		defer w.mu.Unlock()
		if list := w.menu(person, w.chats[chat]); len(list) > 0 {
			return list[0].Command
		}
		return ""
	}
	set("", "", "default")
	set("", "nl", "nederlands")
	if a, b := menu(101, 101), menu(102, 102); a != "default" || b != "nederlands" {
		t.Errorf("en %s, nl %s", a, b)
	}
	set(`{"type":"all_private_chats"}`, "", "private")
	if b := menu(102, 102); b != "private" {
		t.Errorf("a narrower scope wins over the language, got %s", b)
	}
	set(`{"type":"chat","chat_id":`+itoa(w.Group().ID)+`}`, "", "staff")
	if a := menu(201, w.Group().ID); a != "staff" {
		t.Errorf("group %s", a)
	}
	w.ok(nil, "deleteMyCommands", "scope", `{"type":"all_private_chats"}`)
	if b := menu(102, 102); b != "nederlands" {
		t.Errorf("after deleting: %s", b)
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	w := newWorld(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.User(101).WaitText(ctx, "never"); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}
