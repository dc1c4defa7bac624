//go:build browser

package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"esimbot/i18n"
)

// These tests click through the whole shop in a real browser:
//
//	go test -tags browser -run Browser ./cmd/esimbot

// browserShop starts the sandbox, and stops it at the end.
func browserShop(t *testing.T, catalog string) *runningSandbox {
	t.Helper()
	return browserShopAs(t, catalog, nil)
}

// browserShopAs is a shop with variables of its own.
func browserShopAs(t *testing.T, catalog string, env map[string]string) *runningSandbox {
	t.Helper()
	s, err := startSandbox(t.Context(), sandboxCmd{
		Listen: "127.0.0.1:0", VendorListen: "127.0.0.1:0", Catalog: catalog, Allocation: time.Second, Balance: 1000, Seed: 1,
	}, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stop the sandbox: %v", err)
		}
	})
	return s
}

// words are what the shop says, so that the test follows when a sentence changes.
type words struct{ i18n.Printer }

func english(t *testing.T) words {
	t.Helper()
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return words{b.Printer("en")}
}

// head is the first line of a sentence, as it is seen.
func (w words) head(key string) string {
	line, _, _ := strings.Cut(w.T(key, nil), "\n")
	return i18n.HTML(line).Text()
}

// label is a button's text up to its first placeholder.
func (w words) label(key string) string {
	text, _, _ := strings.Cut(w.Plain(key, nil), "{")
	return strings.TrimSpace(text)
}

// buy goes from /start to the QR picture of the smallest plan of Japan.
func buy(t *testing.T, p *page, w words) {
	t.Helper()
	p.say("/start")
	p.sees(w.Place("JP"))
	p.inView("the menu")
	p.fits("the menu")
	p.shoot("menu")
	p.key(w.Place("JP"))
	p.sees(strings.SplitN(i18n.HTML(w.T("browse.good", i18n.Args{"place": ""})).Text(), "\n", 3)[1])
	p.shoot("plans")
	p.key(w.Data(1<<30) + " · ")
	buyButton := w.label("plan.btn_buy")
	p.until("the card", `[...document.querySelectorAll('[data-test="key"]')].some((k) => k.innerText.includes(`+fmt.Sprintf("%q", buyButton)+`))`)
	p.inView("the card")
	p.fits("the card")
	p.shoot("card")
	p.key(buyButton)
	p.until("the invoice", `document.querySelector('[data-test="pay"]')`)
	p.shoot("invoice")
	p.click("pay")
	p.until("the payment sheet", `document.querySelector('[data-test="pay-confirm"]')`)
	p.fits("the payment sheet")
	p.shoot("sheet")
	p.click("pay-confirm")
	p.paid()
	p.shoot("paid")
	p.until("the QR picture", `document.querySelector('[data-test="photo"] img')?.naturalWidth > 0 && !document.querySelector('dialog[open]')`)
	p.fits("the QR message")
	p.shoot("qr")
}

// issued asks the vendor over HTTP for the one eSIM it has sold.
func issued(t *testing.T, vendor string) (activation, esimID string) {
	t.Helper()
	body := `{"startTime":"2020-01-01T00:00:00Z","endTime":"2100-01-01T00:00:00Z","pager":{"pageNum":1,"pageSize":20}}`
	req, err := http.NewRequestWithContext(t.Context(), "POST", vendor+"/api/v1/open/esim/query", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("RT-AccessCode", "sandbox")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Success  bool
		ErrorMsg string
		Obj      struct {
			EsimList []struct{ AC, EsimTranNo string }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if !answer.Success || len(answer.Obj.EsimList) != 1 {
		t.Fatalf("the vendor has sold %d eSIMs (%s), want 1", len(answer.Obj.EsimList), answer.ErrorMsg)
	}
	return answer.Obj.EsimList[0].AC, answer.Obj.EsimList[0].EsimTranNo
}

// shownPicture is the newest picture in the chat, byte for byte as the page loads it.
func shownPicture(t *testing.T, p *page) []byte {
	t.Helper()
	text := value[string](p, "fetch the picture", `(async () => {
		const all = document.querySelectorAll('[data-test="photo"] img');
		const blob = await (await fetch(all[all.length - 1].src)).blob();
		return await new Promise((done) => { const r = new FileReader(); r.onload = () => done(r.result); r.readAsDataURL(blob); });
	})()`)
	_, encoded, _ := strings.Cut(text, ",")
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func checkPicture(t *testing.T, p *page, s *runningSandbox) {
	t.Helper()
	want, _ := issued(t, s.vendorURL)
	if got := readQR(t, shownPicture(t, p)); got != want || !strings.HasPrefix(want, "LPA:1$") {
		t.Errorf("the picture says %q, the vendor issued %q", got, want)
	}
}

func TestBrowserPurchaseAlertsAndStaff(t *testing.T) {
	s := browserShop(t, "")
	w := english(t)
	p := openPage(t, s.page, 1440, 900)
	p.click("person-101")
	buy(t, p, w)
	checkPicture(t, p, s)

	p.until("the eSIM on the panel", `document.querySelector('[data-test="profile"]')`)
	p.click("install")
	p.until("it is installed", `document.querySelector('[data-test="install"]').disabled`)
	p.click("burn-500")
	low, lower := w.head("alert.data20"), w.head("alert.data10")
	for _, alert := range []string{low, lower} {
		for n := 0; p.count(alert) == 0; n++ {
			if n == 12 {
				t.Fatalf("all the data is burnt and %q has not come", alert)
			}
			burn(p)
		}
	}
	p.shoot("low-data")
	over := w.head("alert.expired")
	for n := 0; p.count(over) == 0; n++ {
		if n == 12 {
			t.Fatalf("%d days have passed and %q has not come", n, over)
		}
		nextDay(p)
	}
	nextDay(p)
	p.say("/esims")
	p.sees(w.head("esims.head"))
	p.shoot("alerts")
	for _, alert := range []string{low, lower, w.head("alert.expiry3"), w.head("alert.expiry1"), over} {
		if n := p.count(alert); n != 1 {
			t.Errorf("%q came %d times, want once", alert, n)
		}
	}

	p.click("person-201")
	p.click(fmt.Sprintf("chat-%d", s.telegram.Group().ID))
	p.sees(w.head("staff.notice_sale")[:len("🟢 Sale")])
	p.say("/status")
	p.sees(strings.TrimSpace(i18n.HTML(strings.SplitN(w.T("staff.status_head", i18n.Args{"light": ""}), "·", 2)[0]).Text()))
	p.shoot("staff")
}

// burn presses the button that uses 100 MB, and waits until the shop has looked at it.
func burn(p *page) {
	p.t.Helper()
	used := `document.querySelector('[data-test="profile"] .data').innerText`
	before := value[string](p, "read the meter", used)
	p.click("burn-100")
	p.until("the meter to move", fmt.Sprintf(`%s !== %q`, used, before))
	settle(p)
}

func nextDay(p *page) {
	p.t.Helper()
	day := `document.querySelector('.clock-date').innerText`
	before := value[string](p, "read the clock", day)
	p.click("advance-day")
	p.until("the next day", fmt.Sprintf(`%s !== %q`, day, before))
	settle(p)
}

// settle waits until the page shows all that the bot has sent: the panel's answer comes
// when the shop has done its rounds, the messages on another line.
func settle(p *page) {
	p.t.Helper()
	p.until("the messages", `(async () => {
		if (document.querySelector('[data-test="panel"] [aria-busy]')) return false;
		const { messages } = await (await fetch("/api/messages?person=101&chat=101")).json();
		return messages.every((m) => document.querySelector('[data-message-id="' + m.id + '"]'));
	})()`)
}

func TestBrowserPurchaseOnAPhone(t *testing.T) {
	s := browserShop(t, "")
	p := openPage(t, s.page, 390, 844)
	p.scheme("dark")
	p.fits("the list of chats")
	p.click("person-101")
	p.click("chat-101")
	buy(t, p, english(t))
	checkPicture(t, p, s)
}

func TestBrowserPurchaseFromARealCatalogue(t *testing.T) {
	const catalog = "../../../shared/data/package-list.json"
	if _, err := os.Stat(catalog); err != nil {
		t.Skipf("../shared is absent: %s holds a real package/list answer", filepath.Base(catalog))
	}
	s := browserShop(t, catalog)
	p := openPage(t, s.page, 1440, 900)
	buy(t, p, english(t))
	checkPicture(t, p, s)
}
