package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// secrets are what must not stand in anything the program writes.
func (w *town) secrets() []string {
	secrets := []string{w.telegram.Token(), goodCode}
	for _, p := range w.vendor.Profiles() {
		secrets = append(secrets, p.ICCID)
		code := activationCodeAs(w.t, w.vendorURL, goodCode, p.EsimTranNo)
		parts := strings.Split(code, "$")
		secrets = append(secrets, code, parts[len(parts)-1])
	}
	_, key, _ := strings.Cut(w.telegram.Token(), ":")
	return append(secrets, key)
}

func (w *town) keepsSecrets(what, output string) {
	w.t.Helper()
	for _, s := range w.secrets() {
		if strings.Contains(output, s) {
			w.t.Errorf("%s holds a secret (%.6s…)", what, s)
		}
	}
}

func TestTwoShopsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	var towns [2]*town
	var shops [2]*process
	for i := range towns {
		towns[i] = newTown(t)
		shops[i] = towns[i].serve()
	}
	for i, w := range towns {
		ann := visit(w.rig, w.ann())
		shops[i].buys(ann)
		ann.qr()
		onlyOrder(t, w.vendor)
		if code, body := health(t, shops[i].addr); code != http.StatusOK || !strings.Contains(body, `"ok":true`) {
			t.Errorf("shop %d: /healthz says %d %s", i, code, body)
		}
	}
	for i, w := range towns {
		if code := shops[i].stop(); code != 0 {
			t.Errorf("shop %d ended with %d\n%s", i, code, shops[i].log)
		}
		if n := w.states()[esim.StateDelivered]; n != 1 {
			t.Errorf("shop %d delivered %d orders, want 1", i, n)
		}
		w.keepsSecrets("the log", shops[i].log.String())
	}
}

// The running shop and whoever else has the account use up its eight calls a second now
// and then; that is no fault of the configuration. The vendor's client by itself sends a
// question three times.
func TestDoctorAsksTheVendorAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	for _, endpoint := range []string{"balance/query", "webhook/query"} {
		w.vendor.Break(vendorsandbox.Fault{Kind: vendorsandbox.RateBurst, Endpoint: endpoint, Count: 5})
	}
	out, errOut, code := w.runs(w.env("PUBLIC_URL=https://other.invalid"), "doctor")
	if code != 0 || !strings.Contains(out, "✓ eSIM Access    access code good") || !strings.Contains(out, "! events         not registered") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	tooBusy := 0
	for _, c := range w.vendor.Calls() {
		if strings.Contains(c.Answer, tooFast) {
			tooBusy++
		}
	}
	if tooBusy != 10 {
		t.Errorf("the vendor said %d times that it is too busy, want 10", tooBusy)
	}
}

func TestDoctorSeesTheWebhooks(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	h := w.opens("", nil)
	h.eventually("registered", h.registered)
	w.vendor.Break(vendorsandbox.Fault{Kind: vendorsandbox.RateBurst, Endpoint: "webhook/query", Count: 4}) // as the shop may cause it
	public := "PUBLIC_URL=" + h.url + "/shop"
	out, _, code := w.runs(w.env(public), "doctor")
	for _, want := range []string{"✓ public address", "is reached", "✓ updates        registered, 0 waiting", "✓ events         registered", "is in use"} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor does not say %q", want)
		}
	}
	if code != 0 || t.Failed() {
		t.Errorf("exit code %d\n%s", code, out)
	}
	for _, secret := range []string{h.app.Webhooks.TelegramPath, h.app.Webhooks.VendorPath, h.app.Webhooks.TelegramToken} {
		if strings.Contains(out, secret) {
			t.Error("doctor shows a secret of the webhooks")
		}
	}
	out, _, _ = w.runs(w.env("PUBLIC_URL=https://other.invalid"), "doctor")
	if !strings.Contains(out, "! events         registered for another place, at 127.0.0.1") || !strings.Contains(out, "! updates        registered for another place") {
		t.Errorf("doctor does not see that the webhooks are for another place:\n%s", out)
	}
	if out, _, _ = w.runs(w.env(), "doctor"); !strings.Contains(out, "! updates        a webhook is set") {
		t.Errorf("doctor does not see the webhook that keeps from polling:\n%s", out)
	}
}

func TestSIGTERMFinishesWhatWasBegun(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	ann := visit(w.rig, w.ann())
	p := w.serve()
	ann.says("/help", "How it works")
	begun := time.Now()
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.log)
	}
	if took := time.Since(begun); took > shop.Grace {
		t.Errorf("stopping took %s", took)
	}
	for _, bad := range []string{`"level":"ERROR"`, "goroutine "} {
		if strings.Contains(p.log.String(), bad) {
			t.Errorf("the log of a quiet run has %s:\n%s", bad, p.log)
		}
	}
}
