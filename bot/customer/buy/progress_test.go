package buy

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// TestEveryStateHasAProgressMessage writes it for each kind, state and payment method.
func TestEveryStateHasAProgressMessage(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	plan := esim.Plan{Code: "JP1", Location: "JP", Places: []string{"JP"}, Data: 1 << 30, Days: 7}
	for _, l := range texts.Languages() {
		r := &ui.Request{Printer: texts.Printer(l.Code)}
		for _, kind := range []esim.OrderKind{esim.Purchase, esim.TopUp} {
			for _, state := range esim.States() {
				for _, method := range esim.PaymentMethods() {
					for _, here := range []struct{ allocated, stays bool }{{}, {allocated: true}, {true, true}} {
						allocated, stays := here.allocated, here.stays
						for _, told := range []bool{false, true} {
							o := esim.Order{
								ID: "K7M2XQ4P", Kind: kind, State: state, Method: method, Allocated: allocated, StaffTold: told, Quantity: 2,
								Plan: plan, Price: esim.USDCents(420), Retail: esim.USDCents(420),
							}
							if method == esim.MethodFree {
								o.Price = esim.USDCents(0)
							}
							text, err := progressText(r, o, stays)
							key, err2 := progressKey(o, stays)
							spec, err3 := method.Spec()
							if err := errors.Join(err, err2, err3); err != nil {
								t.Fatal(err)
							}
							if text == "" || strings.Contains(text, "progress.") || !strings.Contains(text, "K7M2-XQ4P") {
								t.Errorf("%s: %q", string(kind)+" "+string(state)+" "+string(method), text)
							}
							if back := state == esim.StateRefunding || state == esim.StateRefunded; back && (spec.RefundRoute == esim.RefundAsCredit) != strings.HasSuffix(key, "_credit") {
								t.Errorf("%s by %s: %s", state, method, key)
							}
						}
					}
				}
			}
		}
	}
}

// TestEveryProgressSentenceExists finds the sentences of orders in every language.
func TestEveryProgressSentenceExists(t *testing.T) {
	files, err := filepath.Glob("../../../i18n/locales/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("languages %v, %v", files, err)
	}
	keys := progressSentences(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]any
		if err := json.Unmarshal(text, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, key := range keys {
			if sentences[key] == nil {
				t.Errorf("%s has no %q", filepath.Base(file), key)
			}
		}
	}
}

// progressSentences are those of an order of each kind in each state, however it was paid.
func progressSentences(t *testing.T) []string {
	keys := []string{"progress.ready_all", "progress.left"}
	for _, state := range esim.States() {
		for _, method := range esim.PaymentMethods() {
			for _, kind := range []esim.OrderKind{esim.Purchase, esim.TopUp} {
				for _, told := range []bool{false, true} {
					for _, allocated := range []bool{false, true} {
						for _, stays := range []bool{false, true} {
							key, err := progressKey(esim.Order{
								Kind: kind, State: state, Method: method, StaffTold: told, Allocated: allocated && (stays || kind == esim.Purchase),
							}, stays)
							if err != nil {
								t.Errorf("%s, %s, %s: %v", kind, state, method, err)
							}
							keys = append(keys, key)
						}
					}
				}
			}
		}
	}
	return keys
}
