package sandbox

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// benchBot returns what sends one call of a method to a simulator over loopback.
func benchBot(b *testing.B) func(method, kind string, body io.Reader) {
	b.Helper()
	s := New(Options{NoFlood: true})
	web := httptest.NewServer(s)
	b.Cleanup(func() { s.Close(); web.Close() })
	if _, err := s.User(101).Send("/start"); err != nil {
		b.Fatal(err)
	}
	return func(method, kind string, body io.Reader) {
		resp, err := http.Post(web.URL+"/bot"+s.Token()+"/"+method, kind, body)
		if err != nil {
			b.Fatal(err)
		}
		defer resp.Body.Close()
		if answer, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d %s %v", method, resp.StatusCode, answer, err)
		}
	}
}

func BenchmarkSendMessage(b *testing.B) {
	call := benchBot(b)
	form := url.Values{"chat_id": {"101"}, "text": {"<b>Japan</b> 1 GB, 7 days"}, "parse_mode": {"HTML"}, "reply_markup": {board}}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		call("sendMessage", formType, strings.NewReader(form))
	}
}

// BenchmarkSendPhoto uploads a picture of the size and the kind of a QR code, each time another one.
func BenchmarkSendPhoto(b *testing.B) {
	call := benchBot(b)
	img := image.NewPaletted(image.Rect(0, 0, 720, 860), color.Palette{color.White, color.Black})
	for i := range img.Pix {
		img.Pix[i] = uint8(i/12%7&1 ^ i/720/12%5&1)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		img.Pix[n%len(img.Pix)] ^= 1
		var body bytes.Buffer
		mw := multipart.NewWriter(&body)
		_ = mw.WriteField("chat_id", "101")
		part, _ := mw.CreateFormFile("photo", "qr.png")
		_ = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(part, img)
		_ = mw.Close()
		b.StartTimer()
		call("sendPhoto", mw.FormDataContentType(), &body)
	}
}
