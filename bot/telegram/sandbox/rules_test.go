package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWordsOfRefusal(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	kb := func(button string) string { return `{"inline_keyboard":[[` + button + `]]}` }
	to := func(kv ...string) []string { return append([]string{"chat_id", "101"}, kv...) }
	text := func(markup string) []string { return to("text", "x", "reply_markup", markup) }
	invoice := func(kv ...string) []string {
		all := to("title", "eSIM", "description", "1 GB", "payload", "o1", "currency", "XTR", "prices", `[{"label":"x","amount":450}]`)
		return append(all, kv...)
	}
	const parse = "Bad Request: can't parse entities: "
	const button = "Bad Request: can't parse inline keyboard button: "
	tests := []struct {
		name   string
		method string
		kv     []string
		want   string
	}{
		{"no chat", "sendMessage", []string{"text", "x"}, "Bad Request: chat_id is empty"},
		{"an unknown chat", "sendMessage", []string{"chat_id", "999", "text", "x"}, "Bad Request: chat not found"},
		{"a person who never started", "sendMessage", []string{"chat_id", "102", "text", "x"}, "Bad Request: chat not found"},
		{"no text", "sendMessage", to(), "Bad Request: message text is empty"},
		{"only spaces", "sendMessage", to("text", " \n "), "Bad Request: text must be non-empty"},
		{"only tags", "sendMessage", to("text", "<b></b>", "parse_mode", "HTML"), "Bad Request: text must be non-empty"},
		{"4,097 characters", "sendMessage", to("text", long(4097)), "Bad Request: message is too long"},
		{"not UTF-8", "sendMessage", to("text", "\xff"), "Bad Request: strings must be encoded in UTF-8"},
		{"caption of 1,025 characters", "sendPhoto", to("caption", long(1025)), "Bad Request: message caption is too long"},
		{"an unknown tag", "sendMessage", to("text", "a<br>", "parse_mode", "HTML"), parse + `Unsupported start tag "br" at byte offset 1`},
		{"a tag left open", "sendMessage", to("text", "<b>x", "parse_mode", "html"), parse + `Can't find end tag corresponding to start tag "b"`},
		{"an end without a start", "sendMessage", to("text", "x</b>", "parse_mode", "HTML"), parse + `Unexpected end tag at byte offset 1`},
		{"tags crossed", "sendMessage", to("text", "<b>x</i>", "parse_mode", "HTML"), parse + `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`},
		{"an unknown parse mode", "sendMessage", to("text", "x", "parse_mode", "BBCode"), "Bad Request: unsupported parse_mode"},
		{"markup that is no JSON", "sendMessage", text("{"), "Bad Request: can't parse reply keyboard markup JSON object"},
		{"markup that is no object", "sendMessage", text("[]"), "Bad Request: object expected as reply markup"},
		{"a null keyboard", "sendMessage", text(`{"inline_keyboard":null}`), `Bad Request: field "inline_keyboard" must be of type Array`},
		{"a row that is no array", "sendMessage", text(`{"inline_keyboard":[{}]}`), `Bad Request: field "inline_keyboard" must be an Array of Arrays`},
		{"a button without words", "sendMessage", text(kb(`{"callback_data":"x"}`)), button + `Can't find field "text"`},
		{"a button without action", "sendMessage", text(kb(`{"text":"x"}`)), button + "Text buttons are unallowed in the inline keyboard"},
		{"a button with empty data", "sendMessage", text(kb(`{"text":"x","callback_data":""}`)), button + "Text buttons are unallowed in the inline keyboard"},
		{"callback data of 65 bytes", "sendMessage", text(kb(`{"text":"x","callback_data":"` + strings.Repeat("a", 65) + `"}`)), "Bad Request: BUTTON_DATA_INVALID"},
		{"a button to a bad URL", "sendMessage", text(kb(`{"text":"x","url":"x"}`)), "Bad Request: inline keyboard button URL 'x' is invalid: Wrong HTTP URL"},
		{"a button to FTP", "sendMessage", text(kb(`{"text":"x","url":"ftp://example.com"}`)), "Bad Request: inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol"},
		{"a colour that is not one of three", "sendMessage", text(kb(`{"text":"x","callback_data":"y","style":"warning"}`)), "Bad Request: invalid button style specified"},
		{"257 characters to copy", "sendMessage", text(kb(`{"text":"x","copy_text":{"text":"` + strings.Repeat("a", 257) + `"}}`)), "Bad Request: BUTTON_COPY_TEXT_INVALID"},
		{"a pay button without an invoice", "sendMessage", text(kb(`{"text":"x","pay":true}`)), "Bad Request: BUTTON_TYPE_INVALID"},
		{"an edit of nothing", "editMessageText", to("message_id", "999", "text", "x"), "Bad Request: message to edit not found"},
		{"an edit without an id", "editMessageText", to("text", "x"), "Bad Request: message identifier is not specified"},
		{"an edit of somebody else's message", "editMessageText", to("message_id", "1", "text", "x"), "Bad Request: message can't be edited"},
		{"an edit that is too long", "editMessageText", to("message_id", "2", "text", long(4097)), "Bad Request: MESSAGE_TOO_LONG"},
		{"an edit that changes nothing", "editMessageText", to("message_id", "2", "text", " menu ", "reply_markup", board), "Bad Request: " + textNotModified},
		{"the keyboard as it is", "editMessageReplyMarkup", to("message_id", "2", "reply_markup", board), "Bad Request: " + textNotModified},
		{"a caption of a text", "editMessageCaption", to("message_id", "2", "caption", "x"), "Bad Request: there is no caption in the message to edit"},
		{"a text of a photo", "editMessageText", to("message_id", "3", "text", "x"), "Bad Request: there is no text in the message to edit"},
		{"an edited caption of 1,025", "editMessageCaption", to("message_id", "3", "caption", long(1025)), "Bad Request: MEDIA_CAPTION_TOO_LONG"},
		{"an edit of a message with a reply keyboard", "editMessageText", to("message_id", "4", "text", "y"), "Bad Request: message can't be edited"},
		{"nothing to delete", "deleteMessage", to("message_id", "999"), "Bad Request: message to delete not found"},
		{"an answer to no press", "answerCallbackQuery", []string{"callback_query_id", "5"}, "Bad Request: " + textTooOld},
		{"an answer of 201 characters", "answerCallbackQuery", []string{"callback_query_id", "5", "text", long(201)}, "Bad Request: MESSAGE_TOO_LONG"},
		{"no photo", "sendPhoto", to(), "Bad Request: there is no photo in the request"},
		{"an unknown file", "sendPhoto", to("photo", "AgACxxx"), "Bad Request: wrong file identifier/HTTP URL specified"},
		{"a command in capitals", "setMyCommands", []string{"commands", `[{"command":"Start","description":"x"}]`}, "Bad Request: BOT_COMMAND_INVALID"},
		{"a command of 33", "setMyCommands", []string{"commands", `[{"command":"` + strings.Repeat("a", 33) + `","description":"x"}]`}, "Bad Request: BOT_COMMAND_INVALID"},
		{"a command without words", "setMyCommands", []string{"commands", `[{"command":"start","description":" "}]`}, "Bad Request: command description must be non-empty"},
		{"commands for pt-br", "setMyCommands", []string{"commands", `[{"command":"start","description":"x"}]`, "language_code", "pt-br"}, "Bad Request: invalid language code specified"},
		{"Stars with two prices", "sendInvoice", invoice("prices", `[{"label":"x","amount":1},{"label":"y","amount":1}]`), "Bad Request: STARS_INVOICE_INVALID"},
		{"Stars with a provider", "sendInvoice", invoice("provider_token", "1:TEST:x"), "Bad Request: STARS_INVOICE_INVALID"},
		{"Stars with tips", "sendInvoice", invoice("suggested_tip_amounts", "[1]", "max_tip_amount", "1"), "Bad Request: STARS_INVOICE_INVALID"},
		{"null tips", "sendInvoice", invoice("suggested_tip_amounts", "null"), "Bad Request: expected an Array of suggested tip amounts"},
		{"dollars without a provider", "sendInvoice", invoice("currency", "USD"), "Bad Request: PAYMENT_PROVIDER_INVALID"},
		{"no Stars at all", "sendInvoice", invoice("prices", `[{"label":"x","amount":0}]`), "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID"},
		{"too many Stars", "sendInvoice", invoice("prices", `[{"label":"x","amount":10001}]`), "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID"},
		{"a payload of 129 bytes", "sendInvoice", invoice("payload", strings.Repeat("a", 129)), "Bad Request: INVOICE_PAYLOAD_INVALID"},
		{"a start parameter with a dot", "sendInvoice", invoice("start_parameter", "a.b"), "Bad Request: START_PARAM_INVALID"},
		{"an invoice without a title", "sendInvoice", to("description", "x"), `Bad Request: parameter "title" is required`},
		{"an invoice whose first button does not pay", "sendInvoice", invoice("reply_markup", board), "Bad Request: REPLY_MARKUP_BUY_EMPTY"},
		{"a link under the same rules", "createInvoiceLink", invoice("provider_token", "1:TEST:x"), "Bad Request: STARS_INVOICE_INVALID"},
		{"a refusal without words", "answerPreCheckoutQuery", []string{"pre_checkout_query_id", "5", "ok", "false"}, `Bad Request: parameter "error_message" is required`},
		{"a checkout nobody asked about", "answerPreCheckoutQuery", []string{"pre_checkout_query_id", "5", "ok", "true"}, "Bad Request: " + textTooOld},
		{"a refund without id", "refundStarPayment", []string{"user_id", "101"}, "Bad Request: CHARGE_ID_EMPTY"},
		{"an unknown action", "sendChatAction", to("action", "thinking"), "Bad Request: wrong parameter action in request"},
		{"a reply to nothing", "sendMessage", to("text", "x", "reply_parameters", `{"message_id":999}`), "Bad Request: message to be replied not found"},
		{"a topic that is not there", "sendMessage", to("text", "x", "message_thread_id", "7"), "Bad Request: message thread not found"},
		{"a webhook without HTTPS", "setWebhook", []string{"url", "http://example.com/hook"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"a webhook secret with a space", "setWebhook", []string{"url", "https://example.com/hook", "secret_token", "a b"}, "Bad Request: secret token contains unallowed characters"},
	}
	w := newWorld(t, Options{NoFlood: true})
	w.started(101)                                                         // message 1
	w.ok(nil, "sendMessage", to("text", "menu", "reply_markup", board)...) // 2
	if r := w.upload("sendPhoto", "photo", picture(t, 100, 100), to()...); !r.OK {
		t.Fatal(r.Description) // 3
	}
	w.ok(nil, "sendMessage", to("text", "x", "reply_markup", `{"keyboard":[["x"]]}`)...) // 4
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			w.refused(w.call(tt.method, tt.kv...), 400, tt.want)
		})
	}
}

func TestTokenAndMethod(t *testing.T) {
	w := newWorld(t, Options{})
	w.refused(w.call("sendNothing"), 404, "Not Found")
	w.refused(w.read(http.Get(w.url+"/bot1:x/getMe")), 401, "Unauthorized")
	if r := w.read(http.Get(w.api("GETME"))); !r.OK {
		t.Error("method names ignore case")
	}
}

func TestParametersComeInFourWays(t *testing.T) {
	w := newWorld(t, Options{NoFlood: true})
	w.started(101)
	replies := map[string]reply{
		"query":     w.read(http.Get(w.api("sendMessage") + "?chat_id=101&text=x")),
		"form":      w.call("sendMessage", "chat_id", "101", "text", "x"),
		"JSON":      w.read(http.Post(w.api("sendMessage"), "application/json", strings.NewReader(`{"chat_id":101,"text":"x","reply_markup":`+board+`}`))),
		"multipart": w.upload("sendMessage", "unused", []byte("x"), "chat_id", "101", "text", "x"),
	}
	for how, r := range replies {
		if !r.OK {
			t.Errorf("%s: %s", how, r.Description)
		}
	}
	bad := w.read(http.Post(w.api("sendMessage"), "application/json", strings.NewReader("{\"chat_id\":101,\"text\":\"\xff\"}")))
	w.refused(bad, 400, "Bad Request: strings must be encoded in UTF-8")
}

func TestLimitsThatAreNotErrors(t *testing.T) {
	w := newWorld(t, Options{NoFlood: true})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", strings.Repeat("é", 4096))
	w.ok(nil, "sendMessage", "chat_id", "101", "parse_mode", "HTML", "text", strings.Repeat("<b>&amp;</b>", 4096))
	var row []string
	for i := range 14 {
		row = append(row, fmt.Sprintf(`{"text":"%d","callback_data":"%s"}`, i, strings.Repeat("a", 64)))
	}
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "reply_markup", `{"inline_keyboard":[[`+strings.Join(row, ",")+`]]}`)
	if n := len(ann.Last().Keyboard[0]); n != 12 {
		t.Errorf("%d buttons in the row, want the silent 12", n)
	}
}

func TestEditsDropTheKeyboard(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "reply_markup", board)
	w.ok(nil, "editMessageText", "chat_id", "101", "message_id", "2", "text", "x")
	m := ann.Last()
	if m.Keyboard != nil || m.EditDate == 0 {
		t.Errorf("after an edit without reply_markup: %+v", m)
	}
}

func TestPhotos(t *testing.T) {
	w := newWorld(t, Options{})
	ann := w.started(101)
	w.refused(w.upload("sendPhoto", "photo", []byte("no picture"), "chat_id", "101"), 400, "Bad Request: IMAGE_PROCESS_FAILED")
	torn := picture(t, 300, 300)
	w.refused(w.upload("sendPhoto", "photo", torn[:len(torn)-40], "chat_id", "101"), 400, "Bad Request: IMAGE_PROCESS_FAILED")
	w.refused(w.upload("sendPhoto", "photo", nil, "chat_id", "101"), 400, "Bad Request: file must be non-empty")
	w.refused(w.upload("sendPhoto", "photo", picture(t, 2100, 100), "chat_id", "101"), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")

	good := picture(t, 600, 720)
	if r := w.upload("sendPhoto", "qr", good, "chat_id", "101", "photo", "attach://qr", "caption", "<b>QR</b>", "parse_mode", "HTML"); !r.OK {
		t.Fatal(r.Description)
	}
	m := ann.Last()
	if m.Photo == nil || m.Photo.Width != 600 || m.Text != "QR" || m.HTML() != "<b>QR</b>" {
		t.Fatalf("photo %+v", m)
	}
	w.ok(nil, "sendPhoto", "chat_id", "101", "photo", m.Photo.FileID)
	if data, ok := w.Photo(ann.Last().Photo.FileID); !ok || string(data) != string(good) {
		t.Error("a photo sent by file_id has other bytes")
	}
	var f struct {
		Path string `json:"file_path"`
	}
	w.ok(&f, "getFile", "file_id", m.Photo.FileID)
	resp, err := http.Get(w.url + "/file/bot" + w.Token() + "/" + f.Path)
	if err != nil || resp.StatusCode != 200 || resp.ContentLength != int64(len(good)) {
		t.Errorf("download: %v %v", resp, err)
	}
	resp.Body.Close()
}

func TestFloodLimits(t *testing.T) {
	real := &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	people := []User{{ID: 1, Staff: true}}
	for i := range 40 {
		people = append(people, User{ID: int64(100 + i)})
	}
	w := newWorld(t, Options{RealNow: real.now, Users: people})
	for i := range 40 {
		w.started(int64(100 + i))
	}
	send := func(chat int64) reply { return w.call("sendMessage", "chat_id", itoa(chat), "text", "x") }
	limited := func(r reply, seconds int) {
		t.Helper()
		w.refused(r, 429, fmt.Sprintf("Too Many Requests: retry after %d", seconds))
		if r.Parameters.RetryAfter != seconds || r.Header.Get("Retry-After") != fmt.Sprint(seconds) {
			t.Errorf("parameters %d, header %q", r.Parameters.RetryAfter, r.Header.Get("Retry-After"))
		}
	}
	for range 5 {
		if r := send(100); !r.OK {
			t.Fatal("a short burst to one chat: ", r.Description)
		}
	}
	limited(send(100), 1)
	real.at = real.at.Add(time.Second)
	if r := send(100); !r.OK {
		t.Error("a second later: ", r.Description)
	}
	real.at = real.at.Add(time.Minute)
	for i := range 30 {
		if r := send(int64(100 + i)); !r.OK {
			t.Fatal("30 chats in one second: ", r.Description)
		}
	}
	limited(send(139), 1)
	real.at = real.at.Add(time.Minute)
	for range 20 {
		if r := send(w.Group().ID); !r.OK {
			t.Fatal("20 to a group: ", r.Description)
		}
	}
	limited(send(w.Group().ID), 3)
}

func TestNoTornPictureIsTaken(t *testing.T) {
	good := picture(t, 40, 30)
	if _, err := newPhoto(good); err != nil {
		t.Fatal(err)
	}
	for i := range good {
		if _, err := newPhoto(good[:i]); err == nil {
			t.Errorf("taken though cut after %d of %d bytes", i, len(good))
		}
		bent := slices.Clone(good)
		bent[i] ^= 0x10
		if _, err := newPhoto(bent); err == nil {
			t.Errorf("taken though byte %d is another", i)
		}
	}
}
