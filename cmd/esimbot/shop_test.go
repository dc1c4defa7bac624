package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// patience is how long a test waits for what must happen. Nothing waits so long
// unless the shop is broken.
const patience = 3 * time.Minute

func patient(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// rig is the whole program between the two simulators, as `esimbot sandbox` runs it.
type rig struct {
	*runningSandbox
	t   testing.TB
	ctx context.Context
}

// openShop starts the shop with its price list on the catalogue cache.
func openShop(t testing.TB) *rig {
	t.Helper()
	return openShopAs(t, false, nil)
}

// openShopAs starts it with variables of its own, and Telegram by webhook if hooked.
func openShopAs(t testing.TB, hooked bool, env map[string]string) *rig {
	t.Helper()
	ctx := patient(t)
	running, err := startSandbox(context.Background(), sandboxCmd{
		Listen: "127.0.0.1:0", VendorListen: "127.0.0.1:0", Database: shoptest.EmptyDatabase(t),
		Allocation: time.Millisecond, Balance: 1000, Seed: 1, Catalog: smallCatalog(t), Webhook: hooked,
	}, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Stop(); err != nil {
			t.Errorf("the shop does not stop cleanly: %v", err)
		}
	})
	s := &rig{running, t, ctx}
	s.refresh()
	if err := s.app.Monitor.Check(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// refresh puts the vendor's present price list on the catalogue cache.
func (s *rig) refresh() {
	s.t.Helper()
	if err := s.app.Catalog.Refresh(s.ctx); err != nil {
		s.t.Fatal(err)
	}
}

func (s *rig) ann() *tgsandbox.UserClient { return s.telegram.User(s.telegram.Users()[0].ID) }
func (s *rig) bob() *tgsandbox.UserClient { return s.telegram.User(s.telegram.Users()[1].ID) }

// staff is a member of the staff, in their group.
func (s *rig) staff() *tgsandbox.UserClient {
	people := s.telegram.Users()
	i := slices.IndexFunc(people, func(p tgsandbox.User) bool { return p.Staff })
	return s.telegram.User(people[i].ID).In(s.telegram.Group().ID)
}

// visitor drives a customer and fails the test when the bot does not follow.
type visitor struct {
	*tgsandbox.UserClient
	t   testing.TB
	ctx context.Context
}

func visit(s *rig, h *tgsandbox.UserClient) visitor { return visitor{h, s.t, s.ctx} }

// until waits for any message of the chat that fits and returns the newest of them.
func (v visitor) until(what string, fits func(tgsandbox.Message) bool) tgsandbox.Message {
	v.t.Helper()
	var found tgsandbox.Message
	_, err := v.Wait(v.ctx, func(chat []tgsandbox.Message) bool {
		for _, m := range slices.Backward(chat) {
			if fits(m) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		v.t.Fatalf("no %s came: %v; the chat:\n%s", what, err, transcript(v.Chat()))
	}
	return found
}

func (v visitor) untilText(words string) tgsandbox.Message {
	v.t.Helper()
	return v.until(fmt.Sprintf("message with %q", words), func(m tgsandbox.Message) bool { return strings.Contains(plain(m), words) })
}

// says writes a text and waits for an answer with the given words.
func (v visitor) says(text, words string) tgsandbox.Message {
	v.t.Helper()
	sent, err := v.Send(text)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.until(fmt.Sprintf("answer with %q to %.40q", words, text), func(m tgsandbox.Message) bool {
		return m.ID > sent.ID && m.From.IsBot && strings.Contains(plain(m), words)
	})
}

// presses presses the button whose label begins so, and waits for the answer.
func (v visitor) presses(label string) tgsandbox.Toast {
	v.t.Helper()
	for _, m := range slices.Backward(v.Chat()) {
		for _, l := range m.Labels() {
			if strings.HasPrefix(unbroken(l), label) {
				return v.answered(v.Press(l))
			}
		}
	}
	v.t.Fatalf("no button %q in the chat:\n%s", label, transcript(v.Chat()))
	return tgsandbox.Toast{}
}

// forges sends callback data as a changed client can.
func (v visitor) forges(message int, data string) tgsandbox.Toast {
	v.t.Helper()
	return v.answered(v.PressData(message, data))
}

func (v visitor) answered(query string, err error) tgsandbox.Toast {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	toast, err := v.WaitAnswered(v.ctx, query)
	if err != nil {
		v.t.Fatalf("a press was never answered: %v; the chat:\n%s", err, transcript(v.Chat()))
	}
	return toast
}

// invoiced leads a customer from /start to the invoice for the plan with this code.
func (v visitor) invoiced(plan esim.Plan) tgsandbox.Message {
	v.t.Helper()
	v.says("/start p_"+plan.Code, "Price:")
	v.presses("Buy for")
	return v.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil && !m.Invoice.Paid })
}

// buys leads a customer from /start to the payment.
func (v visitor) buys(plan esim.Plan) {
	v.t.Helper()
	v.invoiced(plan)
	if err := v.Pay(); err != nil {
		v.t.Fatalf("pay: %v", err)
	}
}

func (v visitor) qr() tgsandbox.Message {
	v.t.Helper()
	return v.until("QR picture", func(m tgsandbox.Message) bool { return m.Photo != nil })
}

func (v visitor) photos() int {
	return count(v.Chat(), func(m tgsandbox.Message) bool { return m.Photo != nil })
}

func (v visitor) texts(words string) int {
	return count(v.Chat(), func(m tgsandbox.Message) bool { return strings.Contains(plain(m), words) })
}

// plain is the text with spaces where numbers have unbreakable ones.
func plain(m tgsandbox.Message) string { return unbroken(m.Text) }

func unbroken(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func count[T any](list []T, fits func(T) bool) int {
	n := 0
	for _, m := range list {
		if fits(m) {
			n++
		}
	}
	return n
}

func transcript(chat []tgsandbox.Message) string {
	var b strings.Builder
	for _, m := range chat {
		fmt.Fprintf(&b, "%4d %-10s %.300q photo=%t invoice=%t %q\n", m.ID, m.From.Name, m.Text, m.Photo != nil, m.Invoice != nil, m.Labels())
	}
	return b.String()
}

// japan is a data pack for a week or longer, so that every expiry alert applies.
func (s *rig) japan() esim.Plan {
	s.t.Helper()
	for _, p := range s.app.Catalog.Current().Country("JP") {
		if !p.DayPass() && p.Days >= 7 && p.Days <= 30 && p.Data >= 1<<30 {
			if _, err := s.app.Checkout.Quote(p.Code, 1, 0); err == nil {
				return p
			}
		}
	}
	s.t.Fatal("the vendor's catalogue has no data pack for Japan")
	return esim.Plan{}
}

// onlyOrder is the one purchase at the vendor.
func onlyOrder(t testing.TB, vendor *vendorsandbox.Sandbox) vendorsandbox.OrderView {
	t.Helper()
	orders := vendor.Orders()
	if len(orders) != 1 {
		t.Fatalf("the vendor has %d orders, want 1", len(orders))
	}
	if n := vendor.Charged(orders[0].TransactionID); n != 1 {
		t.Fatalf("the vendor took money %d times, want once", n)
	}
	return orders[0]
}

// activationCode asks the vendor's API, as any client of it can.
func activationCode(t testing.TB, vendorURL, esimID string) string {
	t.Helper()
	return activationCodeAs(t, vendorURL, "sandbox", esimID)
}

func activationCodeAs(t testing.TB, vendorURL, accessCode, esimID string) string {
	t.Helper()
	for {
		code, why := queryCode(t, vendorURL, accessCode, esimID)
		switch {
		case code != "":
			return code
		case why != tooFast:
			t.Fatalf("the vendor knows no activation code of %s: error %s", esimID, why)
		}
		<-time.After(time.Second / 4) // the account's calls are used up for this second
	}
}

const tooFast = "101013" // the vendor's code for more than eight calls a second

func queryCode(t testing.TB, vendorURL, accessCode, esimID string) (code, errorCode string) {
	t.Helper()
	body := fmt.Sprintf(`{"esimTranNo":%q,"pager":{"pageNum":1,"pageSize":20}}`, esimID)
	req, err := http.NewRequest("POST", vendorURL+"/api/v1/open/esim/query", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("RT-AccessCode", accessCode)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		ErrorCode string
		Obj       struct {
			List []struct{ EsimTranNo, AC string } `json:"esimList"`
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	for _, e := range answer.Obj.List {
		if e.EsimTranNo == esimID && strings.HasPrefix(e.AC, "LPA:1$") {
			return e.AC, ""
		}
	}
	return "", answer.ErrorCode
}

// scan reads the QR code of a picture as a phone does.
func scan(t testing.TB, picture []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(img.Bounds())
	draw.Draw(grey, grey.Bounds(), img, image.Point{}, draw.Src)
	bits, err := gozxing.NewBinaryBitmapFromImage(grey)
	if err != nil {
		t.Fatal(err)
	}
	res, err := zxing.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no scanner reads the picture: %v", err)
	}
	return res.GetText()
}

// scanned is the text of the QR code in a message.
func (s *rig) scanned(m tgsandbox.Message) string {
	s.t.Helper()
	picture, ok := s.telegram.Photo(m.Photo.FileID)
	if !ok {
		s.t.Fatal("the picture was not uploaded")
	}
	return scan(s.t, picture)
}

// nothingSpins holds that every press was answered.
func (s *rig) nothingSpins() {
	s.t.Helper()
	if left := s.telegram.Unanswered(); len(left) > 0 {
		s.t.Errorf("presses never answered: %v", left)
	}
}
