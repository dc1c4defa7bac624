package telegram

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	ann := User{ID: 42, FirstName: "Ann", Language: "pt-br"}
	private := Chat{ID: 42, Type: "private", FirstName: "Ann"}
	const (
		from = `"from":{"id":42,"first_name":"Ann","language_code":"pt-br"}`
		chat = `"chat":{"id":42,"type":"private","first_name":"Ann"}`
	)
	at := time.Unix(1700000000, 0).UTC()
	message := func(edit func(*Message)) Update {
		m := &Message{ID: 5, Chat: private, From: &ann, Date: at}
		edit(m)
		return Update{ID: 1, Message: m}
	}
	msg := func(fields string) string {
		return `{"update_id":1,"message":{"message_id":5,"date":1700000000,` + from + `,` + chat + `,` + fields + `}}`
	}
	tests := []struct {
		name, raw string
		want      Update
	}{
		{"text", msg(`"text":"hello"`), message(func(m *Message) { m.Text = "hello" })},
		{"a deep link", msg(`"text":"/start JP"`), message(func(m *Message) { m.Text, m.Command, m.CommandArgs = "/start JP", "start", "JP" })},
		{
			"a photo: the largest", msg(`"photo":[{"file_id":"s"},{"file_id":"l"}],"caption":"c"`),
			message(func(m *Message) { m.Media, m.FileID, m.Caption = MediaPhoto, "l", "c" }),
		},
		{
			"an animation is not a document", msg(`"animation":{"file_id":"a"},"document":{"file_id":"a"}`),
			message(func(m *Message) { m.Media, m.FileID = MediaAnimation, "a" }),
		},
		{
			"a payment", msg(`"successful_payment":{"currency":"XTR","total_amount":250,"invoice_payload":"o1","telegram_payment_charge_id":"ch","provider_payment_charge_id":""}`),
			message(func(m *Message) {
				m.Payment = &SuccessfulPayment{Currency: Stars, Amount: 250, Payload: "o1", ChargeID: "ch"}
			}),
		},
		{
			"a refund", msg(`"refunded_payment":{"currency":"XTR","total_amount":250,"invoice_payload":"o1","telegram_payment_charge_id":"ch"}`),
			message(func(m *Message) {
				m.Refund = &RefundedPayment{Currency: Stars, Amount: 250, Payload: "o1", ChargeID: "ch"}
			}),
		},
		{"a topic", msg(`"message_thread_id":9,"is_topic_message":true`), message(func(m *Message) { m.Thread = 9 })},
		{"a thread of replies is no topic", msg(`"message_thread_id":9`), message(func(*Message) {})},
		{"a topic that was closed", msg(`"message_thread_id":9,"is_topic_message":true,"forum_topic_closed":{}`), message(func(m *Message) { m.Thread, m.TopicClosed = 9, true })},
		{"a topic that was opened again", msg(`"message_thread_id":9,"is_topic_message":true,"forum_topic_reopened":{}`), message(func(m *Message) { m.Thread, m.TopicOpened = 9, true })},
		{"a migration", msg(`"migrate_to_chat_id":-1001234567890123`), message(func(m *Message) { m.MigrateTo = -1001234567890123 })},
		{
			"an answer", msg(`"reply_to_message":{"message_id":4,"date":1700000000,` + chat + `,"text":"q","reply_to_message":{"message_id":3}}`),
			message(func(m *Message) { m.ReplyTo = &Message{ID: 4, Chat: private, Date: at, Text: "q"} }),
		},
		{"a field of another type costs that field only", msg(`"text":7,"caption":"kept"`), message(func(m *Message) { m.Caption = "kept" })},
		{"unknown fields", msg(`"text":"x","from_the_future":{"a":[1,2]}`), message(func(m *Message) { m.Text = "x" })},
		{
			"a press", `{"update_id":2,"callback_query":{"id":"q",` + from + `,"data":"buy|JP","chat_instance":"1","message":{"message_id":5,"date":1700000000,` + chat + `,"text":"menu"}}}`,
			Update{ID: 2, Callback: &Callback{ID: "q", From: ann, Data: "buy|JP", Message: &Message{ID: 5, Chat: private, Date: at, Text: "menu"}}},
		},
		{
			"a press on a message out of reach", `{"update_id":2,"callback_query":{"id":"q",` + from + `,"data":"d","message":{"message_id":5,"date":0,` + chat + `}}}`,
			Update{ID: 2, Callback: &Callback{ID: "q", From: ann, Data: "d", Message: &Message{ID: 5, Chat: private}}},
		},
		{
			"a press under an inline result", `{"update_id":2,"callback_query":{"id":"q",` + from + `,"inline_message_id":"i","data":"d"}}`,
			Update{ID: 2, Callback: &Callback{ID: "q", From: ann, InlineMessageID: "i", Data: "d"}},
		},
		{
			"a checkout", `{"update_id":3,"pre_checkout_query":{"id":"p",` + from + `,"currency":"XTR","total_amount":250,"invoice_payload":"o1"}}`,
			Update{ID: 3, PreCheckout: &PreCheckout{ID: "p", From: ann, Currency: Stars, Amount: 250, Payload: "o1"}},
		},
		{
			"an amount that cannot be read is 0", `{"update_id":3,"pre_checkout_query":{"id":"p",` + from + `,"total_amount":1e99}}`,
			Update{ID: 3, PreCheckout: &PreCheckout{ID: "p", From: ann}},
		},
		{
			"an inline query", `{"update_id":4,"inline_query":{"id":"i",` + from + `,"query":"japan","offset":"","chat_type":"sender"}}`,
			Update{ID: 4, Inline: &InlineQuery{ID: "i", From: ann, Query: "japan", ChatType: "sender"}},
		},
		{
			"blocked", `{"update_id":5,"my_chat_member":{` + chat + `,` + from + `,"date":1700000000,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked","until_date":0}}}`,
			Update{ID: 5, MyChatMember: &ChatMemberChange{Chat: private, From: ann, Date: at, Old: "member", New: "kicked"}},
		},
		{
			"restricted but there", `{"update_id":5,"my_chat_member":{` + chat + `,` + from + `,"date":1700000000,"old_chat_member":{"status":"left"},"new_chat_member":{"status":"restricted","is_member":true}}}`,
			Update{ID: 5, MyChatMember: &ChatMemberChange{Chat: private, From: ann, Date: at, Old: "left", New: "restricted", IsMember: true}},
		},
		{"an unknown kind", `{"update_id":6,"teleportation":{}}`, Update{ID: 6}},
		{
			"an edit", `{"update_id":7,"edited_message":{"message_id":5,"date":1700000000,` + chat + `,"text":"y"}}`,
			Update{ID: 7, EditedMessage: &Message{ID: 5, Chat: private, Date: at, Text: "y"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode(json.RawMessage(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %s\nwant %s", show(got), show(tt.want))
			}
		})
	}
	if _, err := Decode(json.RawMessage(`{"update_id":`)); err == nil {
		t.Error("what is not JSON was decoded")
	}
}

func show(v any) string { b, _ := json.Marshal(v); return string(b) }

func TestCommands(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, command, args string }{
		{"/start", "start", ""},
		{"/start JP", "start", "JP"},
		{"/START@This_Bot  a b ", "start", "a b"},
		{"/start\nnext line", "start", "next line"},
		{"/start@otherbot JP", "", ""},
		{"/", "", ""},
		{"//x", "", ""},
		{"/привет", "", ""},
		{"/a-b", "", ""},
		{" /start", "", ""},
		{"start", "", ""},
		{"/" + strings.Repeat("a", 33), "", ""},
	}
	for _, tt := range tests {
		raw, _ := json.Marshal(map[string]any{"update_id": 1, "message": map[string]any{"text": tt.text}})
		u, err := Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if command, args := u.Message.CommandFor("this_bot"); command != tt.command || args != tt.args {
			t.Errorf("%q is %q with %q, want %q with %q", tt.text, command, args, tt.command, tt.args)
		}
	}
}

// FuzzDecode: whatever comes, decoding and looking at it do not panic, both see the same
// id, and JSON is never an error.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"message_id":5,"date":1,"chat":{"id":1},"text":"/start@x JP","reply_to_message":{"reply_to_message":{}}}}`,
		`{"update_id":2,"callback_query":{"id":"q","from":{"id":42},"data":"d","message":{"date":0}}}`,
		`{"update_id":3,"pre_checkout_query":{"total_amount":1e99}}`,
		`{"update_id":"4","message":[]}`, `{"update_id":5,"x":null,"a":{"user":{"id":7}}}`, `[]`, `null`, `{`, `7`, ``,
		`{"update_id":-1}`, `{"message":{"photo":[{}],"new_chat_members":[{"id":1},null]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := Decode(raw)
		if (err == nil) != json.Valid(raw) {
			t.Fatalf("Decode: %v, valid JSON: %v", err, json.Valid(raw))
		}
		p := peek(raw)
		if err == nil && p.ID != max(u.ID, 0) {
			t.Errorf("peek says %d, Decode %d", p.ID, u.ID)
		}
		if err == nil && u.Callback != nil && p.Kind == KindCallback && p.UserID != u.Callback.From.ID {
			t.Errorf("peek says person %d, Decode %d", p.UserID, u.Callback.From.ID)
		}
		for _, m := range []*Message{u.Message, u.EditedMessage} {
			if m != nil {
				command, _ := m.CommandFor("x")
				_ = fmt.Sprint(command, m)
			}
		}
	})
}

// A currency in small letters is the same: what was paid would match no order.
func TestACurrencyIsReadInAnyCase(t *testing.T) {
	t.Parallel()
	paid, err := Decode([]byte(`{"update_id":1,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"successful_payment":{"currency":"xtr","total_amount":250,"invoice_payload":"o1","telegram_payment_charge_id":"ch"}}}`))
	if err != nil || paid.Message.Payment.Currency != Stars {
		t.Errorf("paid %+v, %v", paid.Message, err)
	}
	asked, err := Decode([]byte(`{"update_id":2,"pre_checkout_query":{"id":"q","from":{"id":5},"currency":"usd","total_amount":250,"invoice_payload":"o1"}}`))
	if err != nil || asked.PreCheckout.Currency != "USD" {
		t.Errorf("asked %+v, %v", asked.PreCheckout, err)
	}
	back, err := Decode([]byte(`{"update_id":3,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"refunded_payment":{"currency":"Xtr","total_amount":250,"invoice_payload":"o1","telegram_payment_charge_id":"ch"}}}`))
	if err != nil || back.Message.Refund.Currency != Stars {
		t.Errorf("refunded %+v, %v", back.Message, err)
	}
}
