package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"esimbot/bot/staff"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// yearly keeps the sweep away, once the one at the start is over.
var yearly = map[string]string{"USAGE_POLL": "0 0 1 1 *"}

func TestWithWebhooksATravellerBuysAndIsWarnedBeforeAnySweep(t *testing.T) {
	t.Parallel()
	s := openShopAs(t, true, yearly)
	if err := s.vendor.SetQuirks(vendorsandbox.Quirks{Doubled: true, OutOfOrder: true, CodeHeader: true}); err != nil {
		t.Fatal(err)
	}
	s.listened()
	ann := visit(s, s.ann())
	plan := s.japan()
	ann.buys(plan)
	picture := ann.qr()
	tran := onlyOrder(t, s.vendor).EsimTranNos[0]
	if s.scanned(picture) != activationCode(t, s.vendorURL, tran) {
		t.Error("the QR picture is not of the eSIM that the vendor issued")
	}

	swept, err := s.app.DB.LastJobSuccess(s.ctx, staff.UsageSweepJob)
	if err != nil {
		t.Fatal(err)
	}
	s.vendor.Advance(time.Minute) // past the least pause between two looks at an eSIM
	if err := s.vendor.Burn(tran, plan.Data*85/100); err != nil {
		t.Fatal(err)
	}
	ann.untilText("20% of your data is left")
	if again, err := s.app.DB.LastJobSuccess(s.ctx, staff.UsageSweepJob); err != nil || !again.Equal(swept) {
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
	s.vendor.Advance(time.Minute)
	s.app.WakeWorkers()
	quiet(s.ctx, t, s.app)
	if n := ann.texts("20% of your data is left"); n != 1 || ann.photos() != 1 || s.vendor.Charged("") != 1 {
		t.Errorf("%d warnings, %d pictures, %d charges; want one of each", n, ann.photos(), s.vendor.Charged(""))
	}
	s.nothingSpins()
}

// The sandbox's page lists what the vendor says by itself.
func TestTheSandboxListsTheVendorsWebhooks(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.listened()
	ann := visit(s, s.ann())
	ann.buys(s.japan())
	ann.qr()
	if err := s.vendor.Settle(s.ctx); err != nil {
		t.Fatal(err)
	}
	_, body := (&hookedShop{town: &town{rig: s}}).get(s.page + "panel/calls?after=0")
	var answer struct{ Calls []panelCall }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	seen := map[string]panelCall{}
	for _, c := range answer.Calls {
		if c.Dir == "vendor→bot" {
			seen[c.Name] = c
		}
		if strings.Contains(c.Request+c.Answer, s.app.Webhooks.VendorPath) && c.Dir == "vendor→bot" {
			t.Error("an event shows the secret path")
		}
	}
	for _, kind := range []string{"CHECK_HEALTH", "ORDER_STATUS"} {
		c, ok := seen[kind]
		if !ok || !c.OK || c.Status != http.StatusOK || !strings.Contains(c.Request, kind) || c.Answer != "ok" {
			t.Errorf("%s is listed as %+v", kind, c)
		}
	}
}

func (h *hookedShop) registered() bool { return registeredAt(h.app) }

func registeredAt(a *shop.App) bool {
	telegram, vendor := a.Webhooks.Problems(a.Started)
	return telegram == "" && vendor == ""
}

// listened waits until the vendor and, if it is not polled, Telegram know where to send.
func (s *rig) listened() {
	s.t.Helper()
	(&hookedShop{town: &town{rig: s}, app: s.app}).eventually("registered", func() bool { return registeredAt(s.app) })
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
	mended := time.Now()
	h.eventually("registered", h.registered)
	if took := time.Since(mended); took > 40*time.Second { // the next look of the clockwork would be later
		t.Errorf("told again only after %s", took)
	}
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
	if h.app.Webhooks.VendorPath != first.app.Webhooks.VendorPath || h.app.Webhooks.TelegramPath != first.app.Webhooks.TelegramPath ||
		h.app.Webhooks.TelegramToken != first.app.Webhooks.TelegramToken {
		t.Error("the secrets are others after a restart")
	}
	if h.checked() != 1 {
		t.Errorf("the same address was saved %d times", h.checked())
	}

	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer other.Close()
	if err := h.app.Webhooks.Vendor.SetWebhook(h.ctx, other.URL); err != nil {
		t.Fatal(err)
	}
	if err := h.app.Telegram.SetWebhook(h.ctx, other.URL, "other", 1); err != nil {
		t.Fatal(err)
	}
	if err := h.app.Webhooks.CheckVendor(h.ctx); err != nil {
		t.Error(err)
	}
	if err := h.app.Webhooks.CheckTelegram(h.ctx); err != nil {
		t.Error(err)
	}
	ours := h.app.Webhooks.Address(h.app.Webhooks.VendorPath)
	if theirs, err := h.app.Webhooks.Vendor.Webhook(h.ctx); err != nil || theirs != ours {
		t.Errorf("the vendor still sends to another address: %v", err)
	}
	if info, err := h.app.Telegram.WebhookInfo(h.ctx); err != nil || info.URL != h.app.Webhooks.Address(h.app.Webhooks.TelegramPath) {
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
	h.app.Webhooks.Open.Store(false) // the door is there and takes nothing
	if _, err := h.ann().Send("/start"); err != nil {
		t.Fatal(err)
	}
	h.eventually("Telegram says so", func() bool {
		if err := h.app.Webhooks.CheckTelegram(h.ctx); err != nil {
			t.Fatal(err)
		}
		telegram, _ := h.app.Webhooks.Problems(h.app.Started)
		return strings.Contains(telegram, "updates do not arrive: Wrong response from the webhook: 503")
	})
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusServiceUnavailable || !strings.Contains(body, "do not arrive") {
		t.Errorf("/healthz says %d %s", code, body)
	}
	h.app.Webhooks.Open.Store(true)
	visit(h.rig, h.ann()).untilText("Where are you going")
	if err := h.app.Webhooks.CheckTelegram(h.ctx); err != nil {
		t.Fatal(err)
	}
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusOK {
		t.Errorf("/healthz says %d %s", code, body)
	}
	h.vendor.Advance(6*time.Minute + time.Second)
	if telegram, _ := h.app.Webhooks.Problems(h.app.Started); telegram == "" {
		t.Error("nobody has looked for minutes, and all is well")
	}
}

// The vendor is asked once a day whether it still sends here. While it has not answered, what was
// known counts: whoever watches the metrics would be called for nothing.
func TestHealthIsGoodWhileTheVendorIsAskedAgain(t *testing.T) {
	t.Parallel()
	h := newTown(t).opens("", nil)
	h.eventually("registered", h.registered)
	stop := h.vendor.BreakpointAt("webhook/query", vendorsandbox.BeforeWork)
	asked := make(chan error, 1)
	go func() { asked <- h.app.Webhooks.CheckVendor(h.ctx) }()
	<-stop.Reached()
	if code, body := h.get(h.metrics + "/healthz"); code != http.StatusOK {
		t.Errorf("/healthz says %d %s", code, body)
	}
	if _, body := h.get(h.metrics + "/metrics"); !strings.Contains(body, `esimbot_webhook_ok{of="vendor"} 1`) {
		t.Error("/metrics says that the vendor does not send here")
	}
	stop.Release()
	if err := <-asked; err != nil {
		t.Fatal(err)
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
		h.app.Webhooks.TelegramPath, h.app.Webhooks.TelegramToken, len(body))
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
	if fresh, err := db.AddUpdates(h.ctx, []esim.Update{{ID: 800000001, Kind: "message", Raw: []byte("{}")}}); err != nil || len(fresh) > 0 {
		t.Errorf("what was answered with 200 is lost: %v", err)
	}
}
