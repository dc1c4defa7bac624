package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// sandboxFlags parses a command line of the sandbox.
func sandboxFlags(t *testing.T, args ...string) (sandboxCmd, error) {
	t.Helper()
	var c sandboxCmd
	p, err := kong.New(&c, kong.Name("sandbox"), kong.Exit(func(int) { t.Error("exit") }), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return c, err
}

func TestVendorOnlyFlagsBecomeOptions(t *testing.T) {
	data := filepath.Join(t.TempDir(), "v.json")
	c, err := sandboxFlags(t, "--vendor-only", "--data", data, "--seed", "9", "--balance", "5", "--allocation", "0s", "--usage-lag", "3h",
		"--topup-time", "16s", "--latency", "700ms", "--rate-limit", "0", "--repeated-order", "310402", "--secret", "s", "--switch", "doubled,late=1h", "--switch", "signed")
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.vendorOnlyOptions()
	if err != nil {
		t.Fatal(err)
	}
	if o.File != data || o.Seed != 9 || o.Balance != 50_000 || o.AllocationTime != vendorsandbox.Off || o.UsageLag != 3*time.Hour ||
		o.TopUpTime != 16*time.Second || o.Latency != 700*time.Millisecond || o.RateLimit != vendorsandbox.Off || o.RepeatedOrder != vendorsandbox.Refuse310402 || o.Secret != "s" ||
		!o.Quirks.Doubled || o.Quirks.Late != time.Hour || !o.Quirks.Signed {
		t.Errorf("%+v", o)
	}
	if c, err = sandboxFlags(t, "--vendor-only"); err != nil {
		t.Fatal(err)
	}
	if o, err = c.vendorOnlyOptions(); err != nil || o.RateLimit != 8 || o.RepeatedOrder != vendorsandbox.AnswerFirst || o.File != "" {
		t.Errorf("defaults: %+v, %v", o, err)
	}
}

func TestVendorOnlyRefusesBadFlags(t *testing.T) {
	for _, args := range [][]string{
		{"--repeated-order", "second"}, {"--switch", "nothing"}, {"--switch", "signed"}, {"--rate-limit=-1"}, {"--topup-time=-1s"},
	} {
		c, err := sandboxFlags(t, append(args, "--vendor-only")...)
		if err == nil {
			_, err = c.vendorOnlyOptions()
		}
		if err == nil {
			t.Errorf("%v passes", args)
		}
	}
}

// TestVendorOnlyServesAPIPageAndControl runs the command as the operator does, twice on one file.
func TestVendorOnlyServesAPIPageAndControl(t *testing.T) {
	data := filepath.Join(t.TempDir(), "v.json")
	for run, want := range []string{`"balance":9999000`, `"balance":1`} {
		ctx, cancel := context.WithCancel(t.Context())
		pr, pw := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			c := sandboxCmd{Listen: "127.0.0.1:0", Balance: 1000, VendorFlags: VendorFlags{Data: data, RateLimit: 8, RepeatedOrder: "first"}}
			ended <- c.vendorOnly(ctx, world{out: pw})
			pw.Close()
		}()
		addr := address(t, pr)
		call := func(path, body string) string {
			t.Helper()
			req, err := http.NewRequest(http.MethodPost, addr+path, strings.NewReader(body))
			if body == "" {
				req.Method = http.MethodGet
			}
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("RT-AccessCode", "any")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			raw, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		if run == 0 {
			call("/_control/balance", `{"balance":9999000}`)
		}
		if got := call("/api/v1/open/balance/query", "{}"); !strings.Contains(got, want) {
			t.Errorf("run %d: %s", run+1, got)
		}
		if run == 0 {
			call("/_control/balance", `{"balance":1}`)
		}
		if !strings.Contains(call("/", ""), "<title>eSIM Access sandbox") || !json.Valid([]byte(call("/_control/", ""))) {
			t.Error("no page, or no control API")
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// address reads what is printed at the start until the control API's address and returns its root.
func address(t *testing.T, out io.Reader) string {
	t.Helper()
	var seen strings.Builder
	buf := make([]byte, 512)
	for {
		n, err := out.Read(buf)
		seen.Write(buf[:n])
		if m := regexp.MustCompile(`(http://[^/\s]+)/_control/`).FindStringSubmatch(seen.String()); m != nil {
			if !strings.Contains(seen.String(), m[1]+"/api/v1/open/") {
				t.Errorf("the API's address is not told: %s", seen.String())
			}
			go io.Copy(io.Discard, out)
			return m[1]
		}
		if err != nil {
			t.Fatalf("%v after %q", err, seen.String())
		}
	}
}
