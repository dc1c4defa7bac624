package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// livedIn is a sandbox in which most things that can happen have happened.
func livedIn(t *testing.T, o Options) *world {
	w := newWorld(t, o)
	r := newReceiver(t)
	r.answer(500)
	must(t, w.SetPrice("ES_1_7", 4200))
	a, b := w.own("a", "ES_1_7", 0), w.own("b", "ES_1_7", 0)
	c, d := w.own("c", "GB_0.5_Daily", 3), w.own("d", "JP_1_7", 0)
	w.done(&struct{}{}, "POST", "webhooks", fmt.Sprintf(`{"url":%q}`, r.URL))
	must(t, w.Burn(a, 700<<20))
	w.Advance(5 * time.Hour)
	w.get(&struct{}{}, "esim/topup", `{"esimTranNo":%q,"packageCode":"ES_1_7","transactionId":"more"}`, a)
	must(t, w.Install(b))
	must(t, w.Switch(b, false))
	must(t, w.Silence(b, true))
	w.get(&struct{}{}, "esim/cancel", `{"esimTranNo":%q}`, c)
	must(t, w.Burn(d, 1<<20))
	must(t, w.Expire(d))
	must(t, w.ListTwice(b, true))
	must(t, w.Withhold(w.buy("unfinished", "ES_1_7", 0), 1))
	must(t, w.Settle(t.Context()))
	return w
}

// seen is all that can be asked of a sandbox, from both sides, but for the calls themselves.
func seen(w *world) string {
	var b strings.Builder
	for _, path := range []string{"profiles", "orders", "webhooks", "balance", "clock"} {
		_, s := w.operate("GET", path, "")
		b.WriteString(s + "\n")
	}
	b.WriteString(w.call("esim/query", `{"pager":{"pageNum":1,"pageSize":50}}`).Body + "\n")
	b.WriteString(w.call("webhook/query", `{}`).Body + "\n")
	b.WriteString(w.call("package/list", `{"slug":"ES_1_7"}`).Body + "\n")
	return b.String()
}

func TestAnAccountGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"closed", "killed"} {
		t.Run(end, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "vendor.json")
			w := livedIn(t, Options{File: name, Seed: 7})
			if end == "closed" {
				must(t, w.Close())
			}
			before := seen(w)
			again := newWorld(t, Options{File: name}) // the seed is the account's
			if end == "killed" {
				must(t, w.Close()) // only so that the test leaves nothing running
			}
			t.Cleanup(func() { again.Close() })
			if after := seen(again); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
			must(t, again.Settle(t.Context()))
			// It goes on like one that never stopped: same numbers, same identities, retries as planned.
			again.Advance(time.Minute)
			if no := again.buy("next", "ES_1_7", 0); again.Charged("a") != 1 || again.Charged("next") != 1 || no == "" {
				t.Error("charged", again.Charged("a"), again.Charged("next"))
			}
			if r := again.call("esim/topup", `{"esimTranNo":"x","packageCode":"ES_1_7","transactionId":"more"}`); !r.Success {
				t.Errorf("the top-up is forgotten: %s", r.Body)
			}
		})
	}
}

func TestTheFileHoldsAllThereIs(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "vendor.json")
	w := livedIn(t, Options{File: name})
	must(t, w.Close())
	w.mu.Lock()
	defer w.mu.Unlock()
	st, err := readState(name)
	must(t, err)
	if a, b := encode(w.state()), encode(st); string(a) != string(b) {
		t.Errorf("in memory\n%s\nin the file\n%s", a, b)
	}
	// A field that is added to the account and not to the file would be lost in silence.
	for _, x := range []struct {
		live  any
		saved any
		more  int // fields of live that are saved elsewhere or not at all, less those written apart
	}{
		{profile{}, savedProfile{}, -8}, // the identity is one field there and nine here; order is where it lies
		{order{}, savedOrder{}, 0},
		{topUp{}, savedTopUp{}, 0},
		{part{}, savedPart{}, 0},
	} {
		live, saved := reflect.TypeOf(x.live), reflect.TypeOf(x.saved)
		fields := 0
		for f := range live.Fields() {
			_ = f
			fields++
		}
		if fields-saved.NumField() != x.more {
			t.Errorf("%s has %d fields, %s %d: is everything saved?", live.Name(), fields, saved.Name(), saved.NumField())
		}
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.json")
	w := livedIn(t, Options{File: good})
	must(t, w.Close())
	raw, err := os.ReadFile(good)
	must(t, err)
	info, err := os.Stat(good)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode()) // it holds the access code
	}
	edit := func(change func(map[string]any)) []byte {
		var m map[string]any
		must(t, json.Unmarshal(raw, &m))
		change(m)
		return encode(m)
	}
	for name, bad := range map[string][]byte{
		"empty":           {},
		"cut":             raw[:len(raw)/2],
		"another version": edit(func(m map[string]any) { m["version"] = 99 }),
		"a plan missing": edit(func(m map[string]any) {
			m["orders"].([]any)[0].(map[string]any)["profiles"].([]any)[0].(map[string]any)["plan"] = "X"
		}),
		"a lone top-up":  edit(func(m map[string]any) { m["topUps"].([]any)[0].(map[string]any)["of"] = "X" }),
		"a bad webhook":  edit(func(m map[string]any) { m["webhook"] = map[string]any{"url": "x:"} }),
		"a bad delivery": edit(func(m map[string]any) { m["deliveries"] = []any{nil} }),
	} {
		f := filepath.Join(dir, "bad.json")
		must(t, os.WriteFile(f, bad, 0o600))
		if _, err := New(Options{File: f}); err == nil || !strings.Contains(err.Error(), "bad.json") {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(f); string(after) != string(bad) {
			t.Errorf("%s: a file that could not be read was written over", name)
		}
	}
	if _, err := New(Options{File: filepath.Join(dir, "no", "such", "folder.json")}); err == nil {
		t.Error("a file that cannot be written passes")
	}
}

func TestAFailedSavingIsTold(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "d")
	must(t, os.Mkdir(dir, 0o700))
	w := newWorld(t, Options{File: filepath.Join(dir, "vendor.json")})
	must(t, os.RemoveAll(dir))
	w.buy("tx", "ES_1_7", 0)
	var st struct{ FileError string }
	w.done(&st, "GET", "state", "")
	if st.FileError == "" || w.Close() == nil {
		t.Errorf("said %q", st.FileError)
	}
}

func TestNothingLiesAroundAfterSaving(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := livedIn(t, Options{File: filepath.Join(dir, "vendor.json")})
	must(t, w.Close())
	list, err := os.ReadDir(dir)
	must(t, err)
	if len(list) != 1 {
		t.Errorf("%v", list)
	}
}

func TestThePageIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	get := func(path string) (int, string, string) {
		resp, err := w.http.Client().Get(w.http.URL + path)
		must(t, err)
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		must(t, err)
		return resp.StatusCode, resp.Header.Get("Content-Type"), string(raw)
	}
	status, kind, html := get("/")
	if status != 200 || !strings.HasPrefix(kind, "text/html") || !strings.Contains(html, "eSIM Access sandbox") {
		t.Errorf("%d %s", status, kind)
	}
	entries, err := pageFiles.ReadDir("page")
	must(t, err)
	for _, e := range entries {
		if status, kind, text := get(pageRoot + e.Name()); status != 200 || kind == "" || text == "" || strings.Contains(text, "//cdn") {
			t.Errorf("%s: %d %s", e.Name(), status, kind)
		}
		if e.Name() != "index.html" && !strings.Contains(html, pageRoot+e.Name()) {
			t.Errorf("%s is not used", e.Name())
		}
	}
	if status, _, _ := get(pageRoot + "../page.go"); status != 404 {
		t.Errorf("a file beside the page: %d", status)
	}
	if status, _, _ := get("/other"); status != 404 || w.Exchanges() != 1 {
		t.Errorf("an unknown path: %d, %d exchanges", status, w.Exchanges())
	}
	// The page offers each switch and each endpoint that exists.
	_, _, js := get(pageRoot + "page.js")
	for _, name := range names(reflect.TypeFor[settings]()) {
		if !strings.Contains(js, `"`+name+`"`) {
			t.Errorf("no control for %s", name)
		}
	}
	for name := range routes {
		if !strings.Contains(js, `"`+name+`"`) {
			t.Errorf("no fault for %s: add it to paths in page/page.js", name)
		}
	}
}
