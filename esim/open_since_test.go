package esim

import (
	"testing"
	"time"
)

// Each kind of open item alone is reason enough for the daily reminder; an order that staff have
// just been told of is not yet.
func TestEachOpenItemAloneIsRemindedOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	old, fresh := []Order{{Changed: now.Add(-remindAfter)}}, []Order{{Changed: now}}
	for name, tt := range map[string]struct {
		open OpenItems
		want bool
	}{
		"nothing":                     {OpenItems{}, false},
		"an order that needs a human": {OpenItems{Human: old}, true},
		"one that just began to":      {OpenItems{Human: fresh}, false},
		"a late order":                {OpenItems{Late: old}, true},
		"one that is late since now":  {OpenItems{Late: fresh}, false},
		"money by hand":               {OpenItems{Manual: old}, true},
		"an order of a moment ago":    {OpenItems{Manual: fresh}, false},
		"a withdrawal to decide on":   {OpenItems{Withdrawals: []ContractWithdrawal{{At: old[0].Changed}}}, true},
		"one of a moment ago":         {OpenItems{Withdrawals: []ContractWithdrawal{{At: fresh[0].Changed}}}, false},
		"a refund that fails":         {OpenItems{Refunds: []DueRefund{{}}}, true},
		"an eSIM of no order":         {OpenItems{UnmatchedESIMs: []ESIMID{"T1"}}, true},
		"a payment nobody explains":   {OpenItems{Unexplained: []UnexplainedPayment{{}}}, true},
		"a fresh one beside an old":   {OpenItems{Human: fresh, Late: old}, true},
	} {
		if got := tt.open.since(now.Add(-remindAfter)); got != tt.want {
			t.Errorf("%s: reminded of %t", name, got)
		}
	}
}
