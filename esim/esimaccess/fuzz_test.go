package esimaccess

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"esimbot/esim"
)

// addExamples gives the vendor's saved answers to a fuzz test, where they are at hand.
func addExamples(f *testing.F, part string) {
	f.Helper()
	files, _ := filepath.Glob(filepath.Join(dataDir, "vendor-examples", "*"+part+"*.json"))
	for _, name := range files {
		b, err := os.ReadFile(name)
		var e example
		if err == nil && json.Unmarshal(b, &e) == nil {
			f.Add([]byte(e.Response))
		}
	}
}

// FuzzAnswer reads anything as an answer: there is content, or there is an error
// that says what to do and keeps secrets.
func FuzzAnswer(f *testing.F) {
	addExamples(f, "")
	for _, s := range []string{
		`{"success":false,"errorCode":"310404","errorMsg":"the merchant has not the iccid.","obj":null}`,
		`{"success":true,"errorCode":null,"obj":{"balance":"1"}}`, `<html>`, ``, `null`, `{"errorCode":0}`, `{"success":1,"obj":2}`,
	} {
		f.Add([]byte(s))
	}
	c, err := New(Config{AccessCode: testCode, Secret: testSecret})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, status := range []int{200, 403, 502} {
			raw, failure := c.read(pathOrder, status, "application/json", b)
			if failure == nil {
				if status != 200 {
					t.Errorf("success with status %d", status)
				}
				var o orderAnswer
				_ = json.Unmarshal(raw, &o)
				continue
			}
			if s := failure.Error(); strings.Contains(s, testCode) || strings.Contains(s, testSecret) || len(s) > 1000 {
				t.Errorf("error %q", s)
			}
		}
	})
}

// FuzzPackages: whatever comes, the plans can be sold and make a catalogue.
func FuzzPackages(f *testing.F) {
	addExamples(f, "data-packages")
	f.Fuzz(func(t *testing.T, b []byte) {
		var e struct{ Obj packageAnswer }
		if json.Unmarshal(b, &e) != nil {
			return
		}
		var plans []esim.Plan
		for _, r := range e.Obj.PackageList {
			if r.sellable() {
				plans = append(plans, r.plan())
			}
		}
		for _, p := range plans {
			if p.Code == "" || p.Wholesale.Minor <= 0 || p.Data < 0 || p.Days <= 0 || !slices.IsSorted(p.Places) {
				t.Errorf("plan %+v", p)
			}
		}
		esim.NewCatalog(plans, at("2025-12-27T00:00:00Z"))
	})
}

// FuzzProfiles: whatever comes, an eSIM has a number and no negative volume.
func FuzzProfiles(f *testing.F) {
	addExamples(f, "profiles")
	f.Fuzz(func(t *testing.T, b []byte) {
		var e struct{ Obj queryAnswer }
		if json.Unmarshal(b, &e) != nil {
			return
		}
		for _, p := range eSIMs(e.Obj.EsimList) {
			if p.ID == "" || p.Total < 0 || p.Used < 0 || p.Days < 0 {
				t.Errorf("profile %+v", p)
			}
		}
		e.Obj.last(len(e.Obj.EsimList))
	})
}

func FuzzParseEvent(f *testing.F) {
	if b, err := os.ReadFile(filepath.Join(dataDir, "webhook-samples.json")); err == nil {
		var file struct{ Samples []json.RawMessage }
		if json.Unmarshal(b, &file) == nil {
			for _, s := range file.Samples {
				f.Add([]byte(s))
			}
		}
	}
	f.Add([]byte(`{"notifyType":"DATA_USAGE","notifyId":"n","content":{"remain":-1,"remainThreshold":"0.1"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseEvent(b)
		if err != nil {
			if e != (Event{}) {
				t.Errorf("error %v with %+v", err, e)
			}
			return
		}
		if e.Kind == "" || e.ID == "" || e.Left < 0 || e.Total < 0 || e.Used < 0 || e.DaysLeft < 0 || e.Days < 0 {
			t.Errorf("event %+v", e)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("LPA:1$rsp-eu.simlessly.com$4AB35CF94AEA67024F2D74937A3FADA5", "iccid 8943108139989301742")
	f.Add("lpa%3A1%24h%24x", "p.qrsim.net/665599725228eb5905ab863a362bad80")
	c, err := New(Config{AccessCode: testCode})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		s := c.redact(a + testCode + b)
		if strings.Contains(s, testCode) || private.MatchString(s) || len(s) > maxMessage+len("…") {
			t.Errorf("redacted to %q", s)
		}
		if utf8.ValidString(a) && utf8.ValidString(b) && !utf8.ValidString(s) {
			t.Errorf("%q is broken", s)
		}
	})
}
