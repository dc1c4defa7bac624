package telegram

import (
	"encoding/json"
	"testing"
)

// A line lists what came to the bot, or, should Telegram list the whole, the whole: the rate tells which.
func TestWhatWasPaidWithAnAffiliate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, line             string
		paid, commission, rate int64
	}{
		{"none", `{"amount":100,"source":{"type":"user"}}`, 100, 0, 0},
		{"what is left", `{"amount":90,"source":{"type":"user","affiliate":{"commission_per_mille":100,"amount":10}}}`, 100, 10 * nano, 100},
		{"with parts of Stars", `{"amount":96,"nanostar_amount":700000000,"source":{"type":"user","affiliate":{"commission_per_mille":33,"amount":3,"nanostar_amount":300000000}}}`, 100, 3_300_000_000, 33},
		{"the whole", `{"amount":100,"source":{"type":"user","affiliate":{"commission_per_mille":100,"amount":10}}}`, 100, 10 * nano, 100},
		{"a refund", `{"amount":90,"receiver":{"type":"user","affiliate":{"commission_per_mille":100,"amount":-10}}}`, 100, -10 * nano, 100},
		{"a refund with parts", `{"amount":96,"nanostar_amount":700000000,"receiver":{"type":"user","affiliate":{"commission_per_mille":33,"amount":-3,"nanostar_amount":-300000000}}}`, 100, -3_300_000_000, 33},
		{"a refund of which nothing came back", `{"amount":100,"receiver":{"type":"user"}}`, 100, 0, 0},
	} {
		var w wireTransaction
		if err := json.Unmarshal([]byte(tt.line), &w); err != nil {
			t.Fatal(err)
		}
		got := w.transaction()
		if got.Paid() != tt.paid || got.Commission != tt.commission || got.PerMille != tt.rate {
			t.Errorf("%s: paid %d, commission %d at %d", tt.name, got.Paid(), got.Commission, got.PerMille)
		}
	}
}
