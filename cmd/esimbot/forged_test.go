package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop/shoptest"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// delivered sells Ann an eSIM and lets everything settle.
func (h *hookedShop) delivered(s *rig) (tran string, order vendorsandbox.OrderView) {
	h.t.Helper()
	h.eventually("registered", h.registered)
	if err := h.app.Catalog.Refresh(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	if err := h.app.Monitor.Check(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	ann := visit(s, h.ann())
	ann.buys(s.japan())
	ann.qr()
	ann.untilText("Your eSIM is ready")
	visit(s, h.staff()).untilText("Sale")
	if err := h.vendor.Settle(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	quiet(h.ctx, h.t, h.app)
	order = onlyOrder(h.t, h.vendor)
	return order.EsimTranNos[0], order
}

func TestNothingThatIsPostedMovesAnything(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", yearly)
	tran, order := h.delivered(h.rig)
	before := holdings(h.ctx, t, h.app, h.ann().ID())
	chat := len(h.ann().Chat())

	event := func(kind, id, content string) string {
		return fmt.Sprintf(`{"notifyType":%q,"notifyId":%q,"eventGenerateTime":"2020-01-01T00:00:00Z","content":%s}`, kind, id, content)
	}
	about := func(more string) string {
		return fmt.Sprintf(`{"orderNo":%q,"transactionId":%q,"esimTranNo":%q,"iccid":"8900000000000000001"%s}`, order.OrderNo, order.TransactionID, tran, more)
	}
	vendor, telegram := h.app.Webhooks.VendorPath, h.app.Webhooks.TelegramPath
	token := func(v string) http.Header { return http.Header{"X-Telegram-Bot-Api-Secret-Token": {v}} }
	paid := fmt.Sprintf(`{"update_id":800000002,"message":{"message_id":1,"date":1,"chat":{"id":%[1]d,"type":"private"},"from":{"id":%[1]d,"first_name":"Ann"},
		"successful_payment":{"currency":"XTR","total_amount":1,"invoice_payload":"x","telegram_payment_charge_id":"forged"}}}`, h.ann().ID())
	type forgery struct {
		name, path, body string
		header           http.Header
		want             int
	}
	forgeries := []forgery{
		{"an eSIM deleted", vendor, event("ESIM_STATUS", "f1", about(`,"esimStatus":"DELETED","smdpStatus":"DELETED"`)), nil, 200},
		{"an eSIM revoked", vendor, event("ESIM_STATUS", "f2", about(`,"esimStatus":"REVOKED"`)), nil, 200},
		{"an eSIM used up", vendor, event("DATA_USAGE", "f3", about(`,"totalVolume":1,"orderUsage":1,"remain":0,"remainThreshold":0.1`)), nil, 200},
		{"an eSIM expired", vendor, event("VALIDITY_USAGE", "f4", about(`,"remain":0,"totalDuration":7,"durationUnit":"DAY"`)), nil, 200},
		{"an order allocated again", vendor, event("ORDER_STATUS", "f5", about(`,"orderStatus":"GOT_RESOURCE"`)), nil, 200},
		{"an order cancelled", vendor, event("ORDER_STATUS", "f6", about(`,"orderStatus":"CANCEL"`)), nil, 200},
		{"a phone's deletion", vendor, event("SMDP_EVENT", "f7", about(`,"smdpStatus":"DELETED","seqNumber":9`)), nil, 200},
		{"an eSIM that is not ours", vendor, event("ESIM_STATUS", "f8", `{"esimTranNo":"99999999999999"}`), nil, 200},
		{"a kind nobody knows", vendor, event("REFUND_EVERYTHING", "f9", about("")), nil, 200},
		{"a check of health", vendor, event("CHECK_HEALTH", "f10", `{}`), nil, 200},
		{"no content", vendor, `{"notifyType":"ESIM_STATUS"}`, nil, 200},
		{"no id, and numbers for words", vendor, fmt.Sprintf(`{"notifyType":"ESIM_STATUS","content":{"esimTranNo":%s,"esimStatus":4}}`, tran), nil, 200},
		{"a list", vendor, `[{"notifyType":"ESIM_STATUS"}]`, nil, 400},
		{"a kind that is no word", vendor, `{"notifyType":{"a":1}}`, nil, 400},
		{"content that is a list", vendor, event("ESIM_STATUS", "f11", `[1]`), nil, 400},
		{"no JSON", vendor, "esimTranNo=" + tran, nil, 400},
		{"nothing", vendor, "", nil, 400},
		{"a megabyte", vendor, event("ESIM_STATUS", strings.Repeat("x", 1<<20), about("")), nil, 413},
		{"the vendor's event at a path that is wrong", vendor[:len(vendor)-1], event("ESIM_STATUS", "f12", about("")), nil, 404},
		{"… below the right one", vendor + "/x", event("ESIM_STATUS", "f13", about("")), nil, 404},
		{"… without the secret", "/shop/esimaccess/", event("ESIM_STATUS", "f14", about("")), nil, 404},
		{"an update at a path that is wrong", telegram + "x", paid, token(h.app.Webhooks.TelegramToken), 404},
		{"an update without the token", telegram, paid, nil, 403},
		{"an update with a wrong token", telegram, paid, token("wrong"), 403},
		{"the vendor's event at Telegram's door", telegram, event("ESIM_STATUS", "f15", about("")), token(vendor), 403},
	}
	for _, d := range h.vendor.Webhooks() { // replayed a year later, twice
		if d.Kind != "CHECK_HEALTH" {
			forgeries = append(forgeries, forgery{"again: " + d.Kind, vendor, d.Body, nil, 200})
		}
	}
	for range 2 {
		for _, f := range forgeries {
			if got := h.post(f.path, f.body, f.header); got != f.want {
				t.Errorf("%s: %d, want %d", f.name, got, f.want)
			}
		}
	}
	if code, _ := h.get(h.url + vendor); code != http.StatusMethodNotAllowed {
		t.Errorf("GET at the vendor's door: %d", code)
	}
	h.vendor.Advance(time.Minute) // those put off for a while are due
	h.app.WakeWorkers()
	quiet(h.ctx, t, h.app)
	if after := holdings(h.ctx, t, h.app, h.ann().ID()); after != before {
		t.Errorf("forgeries moved something:\n%s\nbefore:\n%s", after, before)
	}
	if n := len(h.ann().Chat()); n != chat {
		t.Errorf("Ann got %d messages", n-chat)
	}
	if h.vendor.Charged("") != 1 {
		t.Errorf("%d charges", h.vendor.Charged(""))
	}
}

// Behind a proxy that names the sender, strangers do not even reach the vendor events.
func TestOnlyTheVendorsAddressesMayPost(t *testing.T) {
	t.Parallel()
	const body = `{"notifyType":"CHECK_HEALTH","notifyId":"x","content":{}}`
	from := func(ips ...string) http.Header { return http.Header{"Fly-Client-Ip": ips} }
	tests := []struct {
		name, allowed string
		header        http.Header
		want          int
	}{
		{"one that is published", "", from("54.254.74.88"), 200},
		{"a stranger", "", from("192.0.2.7"), 403},
		{"nobody named", "", nil, 403},
		{"two named", "", from("54.254.74.88", "192.0.2.7"), 403},
		{"one of the list", "192.0.2.7, 2001:db8::1", from("2001:db8::1"), 200},
		{"published, and not of the list", "192.0.2.7", from("54.254.74.88"), 403},
	}
	w := newTown(t)
	shops := map[string]*hookedShop{}
	for _, tt := range tests {
		h := shops[tt.allowed]
		if h == nil {
			h = w.opens("", map[string]string{"TRUST_PROXY_HEADER": "Fly-Client-IP", "VENDOR_WEBHOOK_FROM": tt.allowed, "DATABASE": shoptest.EmptyDatabase(t)})
			shops[tt.allowed] = h
		}
		if got := h.post(h.app.Webhooks.VendorPath, body, tt.header); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// Not parallel: it looks at the heap of the whole process.
func TestAFloodOfForgedEventsLeavesNoTraceInMemory(t *testing.T) {
	const posts, senders, few = 20_000, 32, 4 << 20
	h := newTown(t).opens("", yearly)
	tran, _ := h.delivered(h.rig)
	before := holdings(h.ctx, t, h.app, h.ann().ID())
	door := h.app.PublicHandler() // without the network, which would be most of the work
	send := func(from, to int) {
		var all sync.WaitGroup
		for s := range senders {
			all.Go(func() {
				for n := from + s; n < to; n += senders {
					path, esim, kind := h.app.Webhooks.VendorPath, tran, "DATA_USAGE"
					switch n % 32 {
					case 0: // about Ann's
					case 1: // about somebody else's
						esim = fmt.Sprint(99_000_000_000_000 + n)
					case 2: // about nothing
						kind = ""
					default: // who does not know the path
						path = fmt.Sprintf("/shop/esimaccess/%d", n)
					}
					body := fmt.Sprintf(`{"notifyType":%q,"notifyId":"flood-%d","content":{"esimTranNo":%q,"remain":0}}`, kind, n, esim)
					door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, strings.NewReader(body)))
				}
			})
		}
		all.Wait()
		quiet(h.ctx, t, h.app)
	}
	send(0, posts/10)
	full := heap()
	send(posts/10, posts)
	if more := heap() - full; more > few {
		t.Errorf("%d forged posts made the heap grow by %d KB", posts, more>>10)
	} else {
		t.Logf("the heap grew by %d KB", more>>10)
	}
	if after := holdings(h.ctx, t, h.app, h.ann().ID()); after != before {
		t.Errorf("the flood moved something:\n%s\nbefore:\n%s", after, before)
	}
	looks := 0
	for _, c := range h.vendor.Calls() {
		if c.Endpoint == "esim/query" || c.Endpoint == "esim/usage/query" {
			looks++
		}
	}
	if looks > 20 {
		t.Errorf("the flood made the shop ask the vendor %d times", looks)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
