package telegram

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// benchClient talks to a server that only answers, over loopback.
func benchClient(b *testing.B) (*Client, string) {
	b.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":7,"date":1700000000,"chat":{"id":42,"type":"private"},"text":"Japan"}}`)
	}))
	b.Cleanup(web.Close)
	c, err := New(Config{Token: testToken, BaseURL: web.URL, Limits: noLimits})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.Close)
	return c, web.URL
}

// The allocations include those of the server.

func BenchmarkSendText(b *testing.B) {
	c, _ := benchClient(b)
	k := Keyboard{{{Text: "Buy", Data: "buy|JP"}, {Text: "Back", Data: "back"}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.SendText(b.Context(), Text{Chat: 42, HTML: "<b>Japan</b> 1 GB, 7 days", Keyboard: k}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSendPhoto is a QR picture of the usual size on its way to Telegram.
func BenchmarkSendPhoto(b *testing.B) {
	c, _ := benchClient(b)
	png := make([]byte, 12<<10)
	k := Keyboard{{{Text: "Install", URL: "https://esimsetup.apple.com/"}}, {{Text: "Copy", Copy: "LPA:1$smdp.example.com$X"}}}
	b.ReportAllocs()
	b.SetBytes(int64(len(png)))
	for b.Loop() {
		if _, err := c.SendPhoto(b.Context(), Photo{Chat: 42, PNG: png, Caption: "<b>Japan</b> 1 GB", Keyboard: k}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnswerCallback(b *testing.B) {
	c, _ := benchClient(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.AnswerCallback(b.Context(), "4503599627370497", "", false); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareRequest is what net/http alone costs for the same exchange.
func BenchmarkBareRequest(b *testing.B) {
	c, address := benchClient(b)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := c.http.Post(address, "application/x-www-form-urlencoded", strings.NewReader("callback_query_id=4503599627370497"))
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
}

func BenchmarkPeekAndDecode(b *testing.B) {
	raw := []byte(`{"update_id":700000001,"callback_query":{"id":"4503599627370497","from":{"id":42,"is_bot":false,"first_name":"Ann","language_code":"pt-br"},"message":{"message_id":5,"from":{"id":1,"is_bot":true,"first_name":"Shop","username":"shop_bot"},"chat":{"id":42,"first_name":"Ann","type":"private"},"date":1700000000,"text":"Japan 1 GB, 7 days","entities":[{"offset":0,"length":5,"type":"bold"}],"reply_markup":{"inline_keyboard":[[{"text":"Buy","callback_data":"buy|JP"}]]}},"chat_instance":"-1","data":"buy|JP"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if peek(raw).UserID != 42 {
			b.Fatal("peek")
		}
		if _, err := Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}
