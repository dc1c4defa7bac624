package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestAModeThatIsNoneLeavesTheVendorDown: the page goes on saying so.
func TestAModeThatIsNoneLeavesTheVendorDown(t *testing.T) {
	t.Parallel()
	vendor, err := vendorsandbox.New(vendorsandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(vendor)
	defer srv.Close()
	p := &panel{sandbox: &runningSandbox{vendor: vendor}}
	answers := func() bool {
		res, err := http.Post(srv.URL+"/api/v1/open/balance/query", "application/json", strings.NewReader("{}"))
		if err == nil {
			_ = res.Body.Close()
		}
		return err == nil
	}
	if err := p.breakVendor("down"); err != nil || answers() {
		t.Fatalf("down: %v, it answers: %v", err, answers())
	}
	if err := p.breakVendor("dwon"); err == nil || answers() || p.mode != "down" {
		t.Errorf("a slip of the finger: %v, the page says %q, it answers: %v", err, p.mode, answers())
	}
	if err := p.breakVendor("ok"); err != nil || !answers() {
		t.Errorf("ok: %v, it answers: %v", err, answers())
	}
}
