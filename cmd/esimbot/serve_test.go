package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

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
		ann := visit(w.shop, w.ann())
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
		if n := w.states()[esim.Delivered]; n != 1 {
			t.Errorf("shop %d delivered %d orders, want 1", i, n)
		}
		w.keepsSecrets("the log", shops[i].log.String())
	}
}

func TestTheSameDatabaseTwiceIsRefused(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	first := w.serve()
	_, errOut, code := w.runs(w.env(), "serve")
	if code == 0 || !strings.Contains(errOut, "another esimbot is running on this database") {
		t.Errorf("the second one: exit code %d, %q", code, errOut)
	}
	noTrace(t, errOut)
	if code, body := health(t, first.addr); code != http.StatusOK {
		t.Errorf("the first one suffers: %d %s", code, body)
	}
	if code := first.stop(); code != 0 {
		t.Errorf("the first one ended with %d", code)
	}
	again := w.serve() // the lock went with the process
	if code := again.stop(); code != 0 {
		t.Errorf("the next one ended with %d", code)
	}
}

func TestAPortInUseIsSaidSo(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	first := w.serve()
	_, errOut, code := w.runs(w.env("LISTEN="+first.addr, "DATABASE="+t.TempDir()+"/other.db"), "serve")
	if code != exitFailed || !strings.Contains(errOut, "LISTEN") {
		t.Errorf("exit code %d, %q", code, errOut)
	}
	noTrace(t, errOut)
}

func noTrace(t *testing.T, output string) {
	t.Helper()
	for _, trace := range []string{"goroutine ", "panic", ".go:"} {
		if strings.Contains(output, trace) {
			t.Errorf("the output has a stack trace:\n%s", output)
		}
	}
}

func TestAllFaultsOfTheConfigurationAtOnce(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	empty := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	tests := []struct {
		name string
		env  []string
		want []string
	}{
		{"nothing set", empty, []string{"TELEGRAM_TOKEN", "ESIM_ACCESS_CODE"}},
		{"everything wrong", w.env("TELEGRAM_TOKEN=hush-hush", "STARS_USD=cheap", "MARKUP_PERCENT=-3", "USAGE_POLL=often",
			"LOG_LEVEL=loud", "LOG_FORMAT=xml", "TELEGRAM_API=nowhere", "ADMIN_CHAT_ID=us", "PAYMENTS=gold"),
			[]string{"TELEGRAM_TOKEN", "STARS_USD", "MARKUP_PERCENT", "USAGE_POLL", "LOG_LEVEL", "LOG_FORMAT", "TELEGRAM_API", "ADMIN_CHAT_ID", "PAYMENTS"}},
		{"a token Telegram refuses", w.env("TELEGRAM_TOKEN=123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), []string{"TELEGRAM_TOKEN"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, command := range []string{"serve", "doctor"} {
				out, errOut, code := w.runs(tt.env, command)
				if code != exitUsage && !(command == "doctor" && code == exitFailed) {
					t.Errorf("%s: exit code %d, want %d\n%s%s", command, code, exitUsage, out, errOut)
				}
				for _, name := range tt.want {
					if !strings.Contains(out+errOut, name) {
						t.Errorf("%s does not name %s:\n%s%s", command, name, out, errOut)
					}
				}
				noTrace(t, out+errOut)
				w.keepsSecrets(command, out+errOut)
				if strings.Contains(out+errOut, "hush-hush") || strings.Contains(out+errOut, "AAAAAAAAAA") {
					t.Errorf("%s repeats a token:\n%s%s", command, out, errOut)
				}
			}
		})
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	out, errOut, code := w.runs(nil, "version")
	if code != 0 || !strings.HasPrefix(out, "esimbot ") || errOut != "" {
		t.Errorf("version: %d %q %q", code, out, errOut)
	}
	if _, errOut, code = w.runs(nil, "sell"); code != exitUsage || !strings.Contains(errOut, "esimbot --help") {
		t.Errorf("an unknown command: %d %q", code, errOut)
	}
	noTrace(t, errOut)
	if out, _, code = w.runs(nil, "--help"); code != 0 || !strings.Contains(out, "doctor") {
		t.Errorf("--help: %d %q", code, out)
	}
}

func TestDoctorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	tests := []struct {
		name string
		env  []string
		code int
		want []string
	}{
		{"all is well", w.env(), 0, []string{"✓ telegram token", "✓ eSIM Access", "✓ staff group", "The shop can open"}},
		{"a bad token", w.env("TELEGRAM_TOKEN=123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), exitFailed,
			[]string{"✗ telegram token", "@BotFather", "✓ eSIM Access"}},
		{"a bad access code", w.env("ESIM_ACCESS_CODE=wrong"), exitFailed,
			[]string{"✓ telegram token", "✗ eSIM Access", "check ESIM_ACCESS_CODE"}},
		{"no staff group", w.env("ADMIN_CHAT_ID="), 0, []string{"! staff group", "/status"}},
		{"a group the bot is not in", w.env("ADMIN_CHAT_ID=-5"), 0, []string{"! staff group", "ADMIN_CHAT_ID"}},
		{"a folder that does not exist", w.env("DATABASE=" + t.TempDir() + "/none/shop.db"), exitFailed, []string{"✗ disk", "DATABASE"}},
		{"a vendor that is not there", w.env("ESIM_ACCESS_API=http://127.0.0.1:1"), exitFailed, []string{"✗ eSIM Access", "ESIM_ACCESS_API"}},
	}
	const provider = "284685063:TEST:abc"
	tests = append(tests, []struct {
		name string
		env  []string
		code int
		want []string
	}{
		{"polling", w.env(), 0, []string{"✓ public address none", "✓ updates        polled, 0 waiting", "✓ payments       stars"}},
		{"a provider's test token", w.env("PAYMENTS=provider,stars", "PROVIDER_TOKEN="+provider), 0, []string{"! payments", "provider, stars", "one for tests"}},
		{"a provider that Telegram does not know", w.env("PAYMENTS=provider", "PROVIDER_TOKEN=nonsense"), exitFailed, []string{"✗ payments", "PROVIDER_TOKEN"}},
		{"eSIMs for nothing", w.env("PAYMENTS=free"), 0, []string{"! payments", "everybody"}},
		{"by hand and nobody there", w.env("PAYMENTS=manual", "ADMIN_CHAT_ID="), exitFailed, []string{"✗ payments", "ADMIN_CHAT_ID"}},
		{"a public address without a shop", w.env("PUBLIC_URL=http://127.0.0.1:1"), 0,
			[]string{"! public address", "LISTEN", "! updates        not registered", "! events         not registered", "by itself"}},
		{"a public address of something else", w.env("PUBLIC_URL=" + w.vendorURL), 0, []string{"! public address", "something else"}},
	}...)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, errOut, code := w.runs(tt.env, "doctor")
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			for _, want := range tt.want {
				if !strings.Contains(out, want) {
					t.Errorf("doctor does not say %q", want)
				}
			}
			if t.Failed() {
				t.Logf("%s%s", out, errOut)
			}
			noTrace(t, out+errOut)
			w.keepsSecrets("doctor", out+errOut)
		})
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
	for _, secret := range []string{h.app.hooks.telegramPath, h.app.hooks.vendorPath, h.app.hooks.telegramToken} {
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
	ann := visit(w.shop, w.ann())
	p := w.serve()
	ann.says("/help", "How it works")
	begun := time.Now()
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.log)
	}
	if took := time.Since(begun); took > grace {
		t.Errorf("stopping took %s", took)
	}
	for _, bad := range []string{`"level":"ERROR"`, "goroutine "} {
		if strings.Contains(p.log.String(), bad) {
			t.Errorf("the log of a quiet run has %s:\n%s", bad, p.log)
		}
	}
}
