package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
)

func ptr[T any](v T) *T { return &v }

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	menu := Keyboard{{{Text: "Buy", Data: "buy|JP"}, {Text: "Site", URL: "https://x.example/?a=1&b=2"}}, {}, {{Text: "Copy", Copy: `LPA:1$x$"y"`}}}
	const menuJSON = `{"inline_keyboard":[[{"text":"Buy","callback_data":"buy|JP"},{"text":"Site","url":"https://x.example/?a=1\u0026b=2"}],[{"text":"Copy","copy_text":{"text":"LPA:1$x$\"y\""}}]]}`
	const noPreview = `{"is_disabled":true}`
	type params = map[string]string
	tests := []struct {
		name, method string
		do           func(c *Client) error
		want         params
	}{
		{"a plain text", "sendMessage", func(c *Client) error {
			id, err := c.SendText(t.Context(), Text{Chat: 42, HTML: "<b>x</b> & more"})
			if id != 7 {
				t.Errorf("message id %d", id)
			}
			return err
		}, params{"chat_id": "42", "text": "<b>x</b> & more", "parse_mode": "HTML", "link_preview_options": noPreview}},
		{"a text with everything", "sendMessage", func(c *Client) error {
			_, err := c.SendText(t.Context(), Text{Chat: -1001234567890123, Thread: 9, HTML: "x", Keyboard: menu, Silent: true, Protect: true, Preview: true, ReplyTo: 3})
			return err
		}, params{
			"chat_id": "-1001234567890123", "message_thread_id": "9", "text": "x", "parse_mode": "HTML", "reply_markup": menuJSON,
			"disable_notification": "true", "protect_content": "true", "reply_parameters": `{"message_id":3,"allow_sending_without_reply":true}`,
		}},
		{"an empty keyboard is left out", "sendMessage", func(c *Client) error {
			_, err := c.SendText(t.Context(), Text{Chat: 42, HTML: "x", Keyboard: Keyboard{}, Preview: true})
			return err
		}, params{"chat_id": "42", "text": "x", "parse_mode": "HTML"}},
		{"a keyboard of empty rows is an empty array", "sendMessage", func(c *Client) error {
			_, err := c.SendText(t.Context(), Text{Chat: 42, HTML: "x", Keyboard: Keyboard{{}, nil}, Preview: true})
			return err
		}, params{"chat_id": "42", "text": "x", "parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[]}`}},
		{"what is not UTF-8 does not lose the message", "sendMessage", func(c *Client) error {
			_, err := c.SendText(t.Context(), Text{Chat: 42, HTML: "a\xffb", Preview: true})
			return err
		}, params{"chat_id": "42", "text": "a\uFFFDb", "parse_mode": "HTML"}},
		{"an edit keeps copy buttons", "editMessageText", func(c *Client) error {
			return c.EditText(t.Context(), 5, Text{Chat: 42, HTML: "x", Keyboard: menu})
		}, params{"chat_id": "42", "message_id": "5", "text": "x", "parse_mode": "HTML", "reply_markup": menuJSON, "link_preview_options": noPreview}},
		{
			"a caption", "editMessageCaption", func(c *Client) error { return c.EditCaption(t.Context(), 42, 5, "c", menu) },
			params{"chat_id": "42", "message_id": "5", "caption": "c", "parse_mode": "HTML", "reply_markup": menuJSON},
		},
		{
			"a keyboard taken away", "editMessageReplyMarkup", func(c *Client) error { return c.EditKeyboard(t.Context(), 42, 5, nil) },
			params{"chat_id": "42", "message_id": "5", "reply_markup": `{"inline_keyboard":[]}`},
		},
		{"an inline switch with an empty query", "editMessageReplyMarkup", func(c *Client) error {
			return c.EditKeyboard(t.Context(), 42, 5, Keyboard{{{Text: "Share", SwitchInline: ptr("")}}})
		}, params{"chat_id": "42", "message_id": "5", "reply_markup": `{"inline_keyboard":[[{"text":"Share","switch_inline_query":""}]]}`}},
		{"a photo that Telegram has", "sendPhoto", func(c *Client) error {
			sent, err := c.SendPhoto(t.Context(), Photo{Chat: 42, FileID: "known", Caption: "c", Keyboard: menu, Protect: true})
			if sent != (Sent{MessageID: 7, FileID: "large"}) {
				t.Errorf("sent %+v", sent)
			}
			return err
		}, params{"chat_id": "42", "photo": "known", "caption": "c", "parse_mode": "HTML", "reply_markup": menuJSON, "protect_content": "true"}},
		{
			"a press answered", "answerCallbackQuery", func(c *Client) error { return c.AnswerCallback(t.Context(), "q", "", false) },
			params{"callback_query_id": "q"},
		},
		{"a press answered with too many words", "answerCallbackQuery", func(c *Client) error {
			return c.AnswerCallback(t.Context(), "q", strings.Repeat("ы", 201), true)
		}, params{"callback_query_id": "q", "text": strings.Repeat("ы", 199) + "…", "show_alert": "true"}},
		{
			"a deletion", "deleteMessage", func(c *Client) error { return c.Delete(t.Context(), 42, 5) },
			params{"chat_id": "42", "message_id": "5"},
		},
		{
			"a copy", "copyMessage", func(c *Client) error {
				_, err := c.SendCopy(t.Context(), Copy{Chat: -5, Thread: 9, FromChat: 42, Message: 3})
				return err
			},
			params{"chat_id": "-5", "message_thread_id": "9", "from_chat_id": "42", "message_id": "3"},
		},
		{
			"a copy that answers", "copyMessage", func(c *Client) error {
				_, err := c.SendCopy(t.Context(), Copy{Chat: -5, FromChat: 42, Message: 3, ReplyTo: 8})
				return err
			},
			params{"chat_id": "-5", "from_chat_id": "42", "message_id": "3", "reply_parameters": `{"message_id":8,"allow_sending_without_reply":true}`},
		},
		{
			"a file that is known", "sendVoice", func(c *Client) error {
				_, err := c.SendKnownFile(t.Context(), KnownFile{Chat: 42, Kind: MediaVoice, FileID: "F", Caption: "a &amp; b"})
				return err
			},
			params{"chat_id": "42", "voice": "F", "caption": "a &amp; b", "parse_mode": "HTML"},
		},
		{
			"a reaction", "setMessageReaction", func(c *Client) error { return c.React(t.Context(), 42, 3, "👌") },
			params{"chat_id": "42", "message_id": "3", "reaction": `[{"emoji":"👌","type":"emoji"}]`},
		},
		{
			"typing", "sendChatAction", func(c *Client) error { return c.ChatAction(t.Context(), 42, Typing) },
			params{"chat_id": "42", "action": "typing"},
		},
		{"commands of a group", "setMyCommands", func(c *Client) error {
			return c.SetCommands(t.Context(), ScopeChat(-5), "pt", []Command{{"help", "Help"}})
		}, params{"commands": `[{"command":"help","description":"Help"}]`, "scope": `{"type":"chat","chat_id":-5}`, "language_code": "pt"}},
		{"no commands are an empty array", "setMyCommands", func(c *Client) error {
			return c.SetCommands(t.Context(), ScopeDefault, "", nil)
		}, params{"commands": `[]`, "scope": `{"type":"default"}`}},
		{
			"descriptions", "setMyShortDescription", func(c *Client) error { return c.SetDescriptions(t.Context(), "pt", "long", "short") },
			params{"short_description": "short", "language_code": "pt"},
		},
		{"an inline answer", "answerInlineQuery", func(c *Client) error {
			return c.AnswerInline(t.Context(), "i", InlineAnswer{Personal: true, Results: []InlineResult{{ID: "1", Title: "T", HTML: "h", Keyboard: Keyboard{{{Text: "Go", URL: "https://t.me/x"}}}}}})
		}, params{
			"inline_query_id": "i", "cache_time": "0", "is_personal": "true",
			"results": `[{"type":"article","id":"1","title":"T","reply_markup":{"inline_keyboard":[[{"text":"Go","url":"https://t.me/x"}]]},"input_message_content":{"message_text":"h","parse_mode":"HTML","link_preview_options":{"is_disabled":true}}}]`,
		}},
		{"an inline answer without results", "answerInlineQuery", func(c *Client) error {
			return c.AnswerInline(t.Context(), "i", InlineAnswer{NextOffset: "20"})
		}, params{"inline_query_id": "i", "cache_time": "0", "results": "[]", "next_offset": "20"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			if err := tt.do(c); err != nil {
				t.Fatal(err)
			}
			if got := s.last(tt.method); !maps.Equal(got, tt.want) {
				t.Errorf("sent\n%v\nwant\n%v", got, tt.want)
			}
		})
	}
}

func TestUploads(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	picture := bytes.Repeat([]byte("png\x00"), 50_000)
	sent, err := c.SendPhoto(t.Context(), Photo{Chat: 42, PNG: picture, Caption: "<b>c</b>", Keyboard: Keyboard{{{Text: "Again", Data: "qr"}}}, Protect: true})
	if err != nil || sent.FileID != "large" {
		t.Fatalf("%+v, %v", sent, err)
	}
	call := s.took("sendPhoto")[0]
	if call.files["photo"] != "picture.png|"+string(picture) {
		t.Errorf("the file has %d bytes", len(call.files["photo"]))
	}
	if call.params["caption"] != "<b>c</b>" || call.params["protect_content"] != "true" || call.params["reply_markup"] != `{"inline_keyboard":[[{"text":"Again","callback_data":"qr"}]]}` {
		t.Errorf("sent with %v", call.params)
	}
	s.next("sendDocument", ok200(`{"message_id":8,"document":{"file_id":"doc"}}`))
	sent, err = c.SendDocument(t.Context(), Document{Chat: 42, Thread: 3, Data: []byte("a;b"), Name: `orders "1".csv`, Silent: true})
	if err != nil || sent != (Sent{MessageID: 8, FileID: "doc"}) {
		t.Fatalf("%+v, %v", sent, err)
	}
	call = s.took("sendDocument")[0]
	if call.files["document"] != `orders "1".csv|a;b` || call.params["message_thread_id"] != "3" {
		t.Errorf("sent %v with %v", call.files, call.params)
	}
}

func TestUploadsAreRepeatedWholeAfterAFlood(t *testing.T) {
	t.Parallel()
	// The first attempt has used up its reader; the second must not send an empty file.
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("sendPhoto", flood(1))
	if _, err := c.SendPhoto(t.Context(), Photo{Chat: 42, PNG: []byte("png")}); err != nil {
		t.Fatal(err)
	}
	calls := s.took("sendPhoto")
	if len(calls) != 2 || calls[1].files["photo"] != "picture.png|png" {
		t.Errorf("sent %+v", calls)
	}
}

func TestNormalRefusalsAreSuccess(t *testing.T) {
	t.Parallel()
	const same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	const old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
	tests := []struct {
		name, method, text string
		do                 func(c *Client) error
	}{
		{"the text is there already", "editMessageText", same, func(c *Client) error { return c.EditText(t.Context(), 5, Text{Chat: 1, HTML: "x"}) }},
		{"the keyboard is there already", "editMessageReplyMarkup", same, func(c *Client) error { return c.EditKeyboard(t.Context(), 1, 5, nil) }},
		{"the caption is there already", "editMessageCaption", same, func(c *Client) error { return c.EditCaption(t.Context(), 1, 5, "x", nil) }},
		{"an old press", "answerCallbackQuery", old, func(c *Client) error { return c.AnswerCallback(t.Context(), "q", "", false) }},
		{"an old inline query", "answerInlineQuery", old, func(c *Client) error { return c.AnswerInline(t.Context(), "q", InlineAnswer{}) }},
		{"deleted before", "deleteMessage", "Bad Request: message to delete not found", func(c *Client) error { return c.Delete(t.Context(), 1, 5) }},
		{"refunded before", "refundStarPayment", "Bad Request: CHARGE_ALREADY_REFUNDED", func(c *Client) error { return c.RefundStars(t.Context(), 1, "ch") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			s.next(tt.method, no(400, tt.text, ""), no(400, "Bad Request: something else", ""), no(500, tt.text, ""))
			if err := tt.do(c); err != nil {
				t.Errorf("got %v", err)
			}
			for range 2 {
				if err := tt.do(c); err == nil {
					t.Error("another refusal passed for success")
				}
			}
		})
	}
}

func TestInvalidCallsAreNotMade(t *testing.T) {
	t.Parallel()
	row := func(n int) []Button {
		out := make([]Button, n)
		for i := range out {
			out[i] = Button{Text: "x", Data: "x"}
		}
		return out
	}
	text := func(k Keyboard) func(*Client) error {
		return func(c *Client) error {
			_, err := c.SendText(t.Context(), Text{Chat: 1, HTML: "x", Keyboard: k})
			return err
		}
	}
	good := Invoice{Chat: 1, Title: "t", Description: "d", Payload: "p", Currency: Stars, Amount: 1, StartParameter: "s"}
	invoice := func(edit func(*Invoice)) func(*Client) error {
		return func(c *Client) error {
			in := good
			edit(&in)
			_, err := c.SendInvoice(t.Context(), in)
			return err
		}
	}
	tests := map[string]func(*Client) error{
		"no chat":               func(c *Client) error { _, err := c.SendText(t.Context(), Text{HTML: "x"}); return err },
		"no text":               func(c *Client) error { _, err := c.SendText(t.Context(), Text{Chat: 1, HTML: " \n"}); return err },
		"no message":            func(c *Client) error { return c.EditText(t.Context(), 0, Text{Chat: 1, HTML: "x"}) },
		"no picture":            func(c *Client) error { _, err := c.SendPhoto(t.Context(), Photo{Chat: 1}); return err },
		"no charge":             func(c *Client) error { return c.RefundStars(t.Context(), 1, "") },
		"no action":             text(Keyboard{{{Text: "x"}}}),
		"two actions":           text(Keyboard{{{Text: "x", Data: "x", URL: "https://x.example"}}}),
		"no words":              text(Keyboard{{{Data: "x"}}}),
		"65 bytes of data":      text(Keyboard{{{Text: "x", Data: strings.Repeat("x", 65)}}}),
		"257 characters copied": text(Keyboard{{{Text: "x", Copy: strings.Repeat("x", 257)}}}),
		"9 in a row":            text(Keyboard{row(9)}),
		"61 in all":             text(Keyboard{row(8), row(8), row(8), row(8), row(8), row(8), row(8), row(5)}),
		"an invoice for all":    invoice(func(in *Invoice) { in.StartParameter = "" }),
		"a bad start parameter": invoice(func(in *Invoice) { in.StartParameter = "a b" }),
		"nothing to pay":        invoice(func(in *Invoice) { in.Amount = 0 }),
		"Stars by a provider":   invoice(func(in *Invoice) { in.ProviderToken = "t" }),
		"money by nobody":       invoice(func(in *Invoice) { in.Currency = "USD" }),
		"no payload":            invoice(func(in *Invoice) { in.Payload = "" }),
		"a long payload":        invoice(func(in *Invoice) { in.Payload = strings.Repeat("x", 129) }),
	}
	for name, do := range tests {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			c, _ := dial(t, s)
			err := do(c)
			if !errors.Is(err, ErrInvalid) || Temporary(err) || MayHaveHappened(err) {
				t.Errorf("got %v", err)
			}
			if len(s.calls) != 0 {
				t.Errorf("called %v", s.calls)
			}
		})
	}
}

func TestTheLargestKeyboardPasses(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	var k Keyboard
	for range 7 {
		k = append(k, make([]Button, 8))
	}
	k = append(k, make([]Button, 4))
	for _, row := range k {
		for i := range row {
			row[i] = Button{Text: "🇯🇵", Data: strings.Repeat("x", 64)}
		}
	}
	if _, err := c.SendText(t.Context(), Text{Chat: 1, HTML: "x", Keyboard: k}); err != nil {
		t.Fatal(err)
	}
	var got wireKeyboard
	if err := json.Unmarshal([]byte(s.last("sendMessage")["reply_markup"]), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 8 || len(got.Rows[7]) != 4 || got.Rows[6][7].Text != "🇯🇵" {
		t.Errorf("%d rows", len(got.Rows))
	}
}

func TestGroupCalls(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getChat", ok200(`{"id":-5,"type":"supergroup","title":"Staff","is_forum":true}`))
	s.next("createForumTopic", ok200(`{"message_thread_id":12,"name":"Orders"}`))
	s.next("getChatMember", ok200(`{"status":"administrator"}`), ok200(`{"status":"creator"}`), ok200(`{"status":"member"}`), ok200(`{"status":"left"}`))
	if chat, err := c.Chat(t.Context(), -5); err != nil || !chat.Forum || chat.Title != "Staff" {
		t.Errorf("%+v, %v", chat, err)
	}
	if thread, err := c.CreateTopic(t.Context(), -5, "Orders"); err != nil || thread != 12 {
		t.Errorf("%d, %v", thread, err)
	}
	for _, want := range []Membership{{In: true, Admin: true}, {In: true, Admin: true}, {In: true}, {}} {
		if got, err := c.Membership(t.Context(), -5, 42); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	if got := EscapeHTML(`<a href="x">Tom & Jerry's</a>`); got != `&lt;a href=&quot;x&quot;&gt;Tom &amp; Jerry's&lt;/a&gt;` {
		t.Error(got)
	}
	tests := []struct {
		in   string
		want int
	}{
		{"", 0},
		{"abc", 3},
		{"<b>a</b>&amp;c", 3},
		{`<a href="https://x.example/?a&amp;b">x</a>`, 1},
		{"Цена", 4},
		{"🇯🇵", 4},
		{"&lt;b&gt;", 3},
		{"a<b", 3},
	}
	for _, tt := range tests {
		if got := Length(tt.in); got != tt.want {
			t.Errorf("Length(%q) = %d, want %d", tt.in, got, tt.want)
		}
	}
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"日本国", 3, "日本国"}, {"日本国憲", 3, "日本…"}, {"ab", 0, "…"}} {
		if got := Clip(tt.in, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

// FuzzEscapeHTML: what is escaped has no tag, no attribute's end, and reads as before.
func FuzzEscapeHTML(f *testing.F) {
	f.Add(`<b>"&amp;"</b>`)
	f.Fuzz(func(t *testing.T, s string) {
		e := EscapeHTML(s)
		if strings.ContainsAny(e, `<>"`) {
			t.Errorf("%q", e)
		}
		back := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(e)
		if back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
