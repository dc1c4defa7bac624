package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// yearly keeps the sweep away, once the one at the start is over.
var yearly = map[string]string{"USAGE_POLL": "0 0 1 1 *"}

func TestWithWebhooksATravellerBuysAndIsWarnedBeforeAnySweep(t *testing.T) {
	t.Parallel()
	s := openShopAs(t, true, yearly)
	ann := visit(s, s.ann())
	plan := s.japan()
	ann.buys(plan)
	picture := ann.qr()
	tran := onlyOrder(t, s.vendor).EsimTranNos[0]
	if s.scanned(picture) != activationCode(t, s.vendorURL, tran) {
		t.Error("the QR picture is not of the eSIM that the vendor issued")
	}

	swept, err := s.app.db.LastOK(s.ctx, sweepJob)
	if err != nil {
		t.Fatal(err)
	}
	s.vendor.Advance(time.Minute) // past the least pause between two looks at an eSIM
	if err := s.vendor.Burn(tran, plan.Data*85/100); err != nil {
		t.Fatal(err)
	}
	ann.untilText("20% of your data is left")
	if again, err := s.app.db.LastOK(s.ctx, sweepJob); err != nil || !again.Equal(swept) {
		t.Errorf("a sweep ran meanwhile: %s and %s, %v", swept, again, err)
	}

	calls, _ := s.telegram.Calls(0)
	for _, c := range calls {
		if c.Name == "getUpdates" {
			t.Error("Telegram is polled in spite of the webhook")
			break
		}
	}
	if err := s.vendor.Settle(s.ctx); err != nil {
		t.Fatal(err)
	}
	for _, d := range s.vendor.Webhooks() {
		if !d.Delivered() {
			t.Errorf("the vendor's %s was not taken: %+v", d.Kind, d.Tries)
		}
	}
	s.nothingSpins()
}

// The sandbox's page lists what the vendor says by itself.
func TestTheSandboxListsTheVendorsWebhooks(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	ann.buys(s.japan())
	ann.qr()
	if err := s.vendor.Settle(s.ctx); err != nil {
		t.Fatal(err)
	}
	_, body := (&hookedShop{town: &town{shop: s}}).get(s.page + "panel/calls?after=0")
	var answer struct{ Calls []panelCall }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	seen := map[string]panelCall{}
	for _, c := range answer.Calls {
		if c.Dir == "vendor→bot" {
			seen[c.Name] = c
		}
		if strings.Contains(c.Request+c.Answer, s.app.hooks.vendorPath) && c.Dir == "vendor→bot" {
			t.Error("an event shows the secret path")
		}
	}
	for _, kind := range []string{"CHECK_HEALTH", "ORDER_STATUS", "ESIM_STATUS"} {
		c, ok := seen[kind]
		if !ok || !c.OK || c.Status != http.StatusOK || !strings.Contains(c.Request, kind) || c.Answer != "ok" {
			t.Errorf("%s is listed as %+v", kind, c)
		}
	}
}

func (h *hookedShop) registered() bool {
	telegram, vendor := h.app.hooks.Troubles(h.app.started)
	return telegram == "" && vendor == ""
}

func (h *hookedShop) checked() (n int) {
	for _, d := range h.vendor.Webhooks() {
		if d.Kind == "CHECK_HEALTH" && d.Delivered() {
			n++
		}
	}
	return n
}

func TestRegistrationIsTriedUntilTheVendorTakesIt(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	mend := w.vendor.Break(vendorsandbox.Fault{Kind: vendorsandbox.LoseRequest, Endpoint: "webhook/save"})
	h := w.opens("", nil)
	h.eventually("a failed try", func() bool { return strings.Contains(h.log.String(), "register the webhook at eSIM Access") })
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusOK || !strings.Contains(body, "eSIM Access: the webhook is not registered") {
		t.Errorf("the shop works without the vendor's events; /healthz says %d %s", code, body)
	}
	if h.checked() > 0 {
		t.Error("the vendor took the webhook")
	}
	mend()
	h.eventually("registered", h.registered)
	if h.checked() != 1 {
		t.Errorf("the vendor asked for the health of the webhook %d times, want once", h.checked())
	}
	if _, body := h.get(h.metrics + "/healthz"); !strings.Contains(body, `"warnings":[]`) {
		t.Errorf("/healthz says %s", body)
	}
}

// The same addresses after a restart, so that nothing has to be told again; and told
// again when another program took them away.
func TestAddressesStayAndAreTakenBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	first := w.opens("", nil)
	first.eventually("registered", first.registered)
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	h := w.opens(strings.TrimPrefix(first.url, "http://"), nil)
	h.eventually("registered again", h.registered)
	if h.app.hooks.vendorPath != first.app.hooks.vendorPath || h.app.hooks.telegramPath != first.app.hooks.telegramPath ||
		h.app.hooks.telegramToken != first.app.hooks.telegramToken {
		t.Error("the secrets are others after a restart")
	}
	if h.checked() != 1 {
		t.Errorf("the same address was saved %d times", h.checked())
	}

	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer other.Close()
	if err := h.app.hooks.vendor.SetWebhook(h.ctx, other.URL); err != nil {
		t.Fatal(err)
	}
	if err := h.app.tg.SetWebhook(h.ctx, other.URL, "other", 1); err != nil {
		t.Fatal(err)
	}
	if err := h.app.hooks.CheckVendor(h.ctx); err != nil {
		t.Error(err)
	}
	if err := h.app.hooks.CheckTelegram(h.ctx); err != nil {
		t.Error(err)
	}
	ours := h.app.hooks.address(h.app.hooks.vendorPath)
	if theirs, err := h.app.hooks.vendor.Webhook(h.ctx); err != nil || theirs != ours {
		t.Errorf("the vendor still sends to another address: %v", err)
	}
	if info, err := h.app.tg.WebhookInfo(h.ctx); err != nil || info.URL != h.app.hooks.address(h.app.hooks.telegramPath) {
		t.Errorf("Telegram still sends to another address: %v", err)
	}
}

// Silence does not say whether nobody writes or nothing arrives; Telegram does.
func TestHealthSeesThatUpdatesDoNotArrive(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", nil)
	h.eventually("registered", h.registered)
	if code, body := h.get(h.url + "/healthz"); code != http.StatusOK || body != `{"ok":true}`+"\n" {
		t.Errorf("/healthz says %d %s", code, body)
	}
	h.app.hooks.open.Store(false) // the door is there and takes nothing
	if _, err := h.ann().Send("/start"); err != nil {
		t.Fatal(err)
	}
	h.eventually("Telegram says so", func() bool {
		if err := h.app.hooks.CheckTelegram(h.ctx); err != nil {
			t.Fatal(err)
		}
		telegram, _ := h.app.hooks.Troubles(h.app.started)
		return strings.Contains(telegram, "updates do not arrive: Wrong response from the webhook: 503")
	})
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "do not arrive") {
		t.Errorf("/healthz says %d %s", code, body)
	}
	h.app.hooks.open.Store(true)
	visit(h.shop, h.ann()).untilText("Where are you going")
	if err := h.app.hooks.CheckTelegram(h.ctx); err != nil {
		t.Fatal(err)
	}
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusOK {
		t.Errorf("/healthz says %d %s", code, body)
	}
	h.vendor.Advance(hookLate + time.Second)
	if telegram, _ := h.app.hooks.Troubles(h.app.started); telegram == "" {
		t.Error("nobody has looked for minutes, and all is well")
	}
}

func TestMetricsAndHealthAreOffThePublicPath(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", nil)
	h.eventually("registered", h.registered)
	if code, _ := h.get(h.url + "/metrics"); code != http.StatusNotFound {
		t.Errorf("the public /metrics says %d", code)
	}
	if code, _ := h.get(h.url + "/shop/healthz"); code != http.StatusOK {
		t.Errorf("/healthz under the path of PUBLIC_URL says %d", code)
	}
	code, body := h.get(h.metrics + "/metrics")
	if code != http.StatusOK {
		t.Fatalf("/metrics says %d %s", code, body)
	}
	for _, line := range []string{
		`esimbot_orders{state="delivered"} 0`, `esimbot_outbox{status="waiting"} 0`, `esimbot_outbox{status="dead"} 0`, "esimbot_refunds_due 0",
		"esimbot_hints_due 0", "esimbot_supplier_balance_usd 1000", "esimbot_supplier_up 1", `esimbot_webhook_ok{of="vendor"} 1`,
		`esimbot_webhook_ok{of="telegram"} 1`, `esimbot_vendor_events_total{outcome="checked"} 1`, "esimbot_update_timestamp_seconds 0",
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("/metrics has no line %s", line)
		}
	}
	if t.Failed() {
		t.Log(body)
	}
}

// What was answered with 200 is kept, also when the shop stops at that moment.
func TestAnUpdateInTheDoorwayIsKeptWhenTheShopStops(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", nil)
	h.eventually("registered", h.registered)
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := fmt.Sprintf(`{"update_id":800000001,"message":{"message_id":1,"date":1,"chat":{"id":%[1]d,"type":"private"},"from":{"id":%[1]d,"first_name":"Ann"},"text":"/start"}}`, h.ann().ID())
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		h.app.hooks.telegramPath, h.app.hooks.telegramToken, len(body))
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	h.cancel() // the handler waits for the body
	h.eventually("stopping", func() bool { return strings.Contains(h.log.String(), `"msg":"stopping"`) })
	h.eventually("the door is shut", func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	fmt.Fprint(conn, body)
	answers.ReadString('\n') // the empty line after 100
	if line, err := answers.ReadString('\n'); err != nil || !strings.Contains(line, "200 OK") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(h.ctx, h.database, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if fresh, err := db.AddUpdates(h.ctx, []storage.InboxItem{{ID: 800000001, Kind: "message", Raw: []byte("{}")}}); err != nil || len(fresh) > 0 {
		t.Errorf("what was answered with 200 is lost: %v", err)
	}
}

// delivered sells Ann an eSIM and lets everything settle.
func (h *hookedShop) delivered(s *shop) (tran string, order vendorsandbox.OrderView) {
	h.t.Helper()
	h.eventually("registered", h.registered)
	if err := h.app.shelf.Refresh(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	if err := h.app.supply.Check(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	ann := visit(s, h.ann())
	s.app = h.app
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
	tran, order := h.delivered(h.shop)
	before := holdings(h.ctx, t, h.app, h.ann().ID())
	chat := len(h.ann().Chat())

	event := func(kind, id, content string) string {
		return fmt.Sprintf(`{"notifyType":%q,"notifyId":%q,"eventGenerateTime":"2020-01-01T00:00:00Z","content":%s}`, kind, id, content)
	}
	about := func(more string) string {
		return fmt.Sprintf(`{"orderNo":%q,"transactionId":%q,"esimTranNo":%q,"iccid":"8900000000000000001"%s}`, order.OrderNo, order.TransactionID, tran, more)
	}
	vendor, telegram := h.app.hooks.vendorPath, h.app.hooks.telegramPath
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
		{"an update at a path that is wrong", telegram + "x", paid, token(h.app.hooks.telegramToken), 404},
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
	h.app.wakeWorkers()
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

// Behind a proxy that names the sender, strangers do not even reach the hints.
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
			db := t.TempDir() + "/shop.db"
			h = w.opens("", map[string]string{"TRUST_PROXY_HEADER": "Fly-Client-IP", "VENDOR_WEBHOOK_FROM": tt.allowed, "DATABASE": db})
			shops[tt.allowed] = h
		}
		if got := h.post(h.app.hooks.vendorPath, body, tt.header); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// Not parallel: it looks at the heap of the whole process.
func TestAFloodOfForgedEventsLeavesNoTraceInMemory(t *testing.T) {
	const posts, senders, few = 20_000, 32, 4 << 20
	h := newTown(t).opens("", yearly)
	tran, _ := h.delivered(h.shop)
	before := holdings(h.ctx, t, h.app, h.ann().ID())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	send := func(from, to int) {
		var all sync.WaitGroup
		for s := range senders {
			all.Go(func() {
				for n := from + s; n < to; n += senders {
					path, esim := h.app.hooks.vendorPath, tran
					switch n % 4 {
					case 1: // somebody else's
						esim = fmt.Sprint(99_000_000_000_000 + n)
					case 2, 3: // who does not know the path
						path = fmt.Sprintf("/shop/esimaccess/%d", n)
					}
					body := fmt.Sprintf(`{"notifyType":"DATA_USAGE","notifyId":"flood-%d","content":{"esimTranNo":%q,"remain":0}}`, n, esim)
					resp, err := client.Post(h.url+path, "application/json", strings.NewReader(body))
					if err != nil {
						t.Error(err)
						return
					}
					resp.Body.Close()
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

var _ = tgsandbox.Message{}
var _ = esim.Paid
