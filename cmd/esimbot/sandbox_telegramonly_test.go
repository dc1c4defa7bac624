package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestTelegramOnlyServesAnyBot runs the command as an outsider does, and takes address and token from what it prints.
func TestTelegramOnlyServesAnyBot(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	pr, pw := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- sandboxCmd{Listen: "127.0.0.1:0"}.telegramOnly(ctx, world{out: pw})
		pw.Close()
	}()
	var api, token string
	for lines := bufio.NewScanner(pr); (api == "" || token == "") && lines.Scan(); {
		if m := regexp.MustCompile(`Bot API: +(http://\S+)/$`).FindStringSubmatch(lines.Text()); m != nil {
			api = m[1]
		}
		if m := regexp.MustCompile(`token: +(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
			token = m[1]
		}
	}
	go io.Copy(io.Discard, pr)
	for path, want := range map[string]string{"/bot" + token + "/getMe": `"username":"my_sandbox_bot"`, "/": "<title>", "/_control/clock": `"time"`} {
		resp, err := http.Get(api + path)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("%s: %.200s %v", path, raw, err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := (sandboxCmd{VendorOnly: true}).telegramOnly(t.Context(), world{}); !errors.Is(err, errUsage) {
		t.Errorf("with --vendor-only: %v", err)
	}
}
