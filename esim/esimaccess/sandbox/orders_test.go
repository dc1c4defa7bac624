package sandbox

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestOrdersAreRefusedBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 51)
	tests := []struct{ name, body, code string }{
		{"without transactionId", `{"packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000105"},
		{"transactionId null", `{"transactionId":null,"packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000106"},
		{"transactionId empty", `{"transactionId":"","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000105"},
		{"transactionId of 51 characters", `{"transactionId":"` + long + `","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000107"},
		{"transactionId a number", `{"transactionId":7,"packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000104"},
		{"member in another case", `{"TransactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "000105"},
		{"without packages", `{"transactionId":"t"}`, "000105"},
		{"packages null", `{"transactionId":"t","packageInfoList":null}`, "000106"},
		{"packages empty", `{"transactionId":"t","packageInfoList":[]}`, "200008"},
		{"package null", `{"transactionId":"t","packageInfoList":[null]}`, "000104"},
		{"packages not a list", `{"transactionId":"t","packageInfoList":{}}`, "000104"},
		{"without packageCode", `{"transactionId":"t","packageInfoList":[{"count":1}]}`, "000105"},
		{"without count", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7"}]}`, "200008"},
		{"count 0", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":0}]}`, "200008"},
		{"count negative", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":-1}]}`, "200008"},
		{"count in words", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":"one"}]}`, "000104"},
		{"count 31", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":31}]}`, "200008"},
		{"31 eSIMs in two packages", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":30},{"packageCode":"JP_1_7","count":1}]}`, "200008"},
		{"count beyond all numbers", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":9223372036854775807}]}`, "200008"},
		{"unknown package", `{"transactionId":"t","packageInfoList":[{"packageCode":"X","count":1}]}`, "310241"},
		{"top-up code", `{"transactionId":"t","packageInfoList":[{"packageCode":"TOPUP_X","count":1}]}`, "310241"},
		{"periodNum on a fixed plan", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1,"periodNum":3}]}`, "200008"},
		{"day pass for 0 days", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_Daily","count":1,"periodNum":0}]}`, "200008"},
		{"day pass for 366 days", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_Daily","count":1,"periodNum":366}]}`, "200008"},
		{"price moved", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1,"price":1}]}`, "200005"},
		{"price 0", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1,"price":0}]}`, "200005"},
		{"amount wrong", `{"transactionId":"t","amount":1,"packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, "200006"},
		{"not enough money", `{"transactionId":"t","packageInfoList":[{"packageCode":"VU_5_30","count":30}]}`, "200007"},
		{"wrong price goes before no money", `{"transactionId":"t","packageInfoList":[{"packageCode":"VU_5_30","count":30,"price":1}]}`, "200005"},
		{"unknown package goes before wrong amount", `{"transactionId":"t","amount":1,"packageInfoList":[{"packageCode":"X","count":1}]}`, "310241"},
		{"second package unknown", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1},{"packageCode":"X","count":1}]}`, "310241"},
	}
	w := newWorld(t, Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			w.refused(tt.code, "esim/order", "%s", tt.body)
			if w.Charged("") != 0 || len(w.Orders()) != 0 || w.Balance() != defaultBalance {
				t.Errorf("the refused order left something: %+v", w.Orders())
			}
		})
	}
	// And the same transactionId is still good for a first order.
	w.buy("t", "ES_1_7", 0)
}

func TestTheUnknownPackageIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	r := w.call("esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"JP_7_7","count":1}]}`)
	want := "{\"success\":false,\"errorCode\":\"310241\",\"errorMsg\":\"base data plan code:[JP_7_7] doesn`t exist.\",\"obj\":null}"
	if r.Body != want || r.Status != 200 {
		t.Errorf("answered %d %s\nwant 200 %s", r.Status, r.Body, want)
	}
}

func TestAnOrderTakesPriceTimesDaysTimesCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{Balance: 900_000_000})
	price := func(slug string) int64 { return w.catalog.byCode[slug].Price }
	tests := []struct {
		name, lines string
		want        int64
	}{
		{"one", `{"packageCode":"ES_1_7","count":1}`, price("ES_1_7")},
		{"by code", fmt.Sprintf(`{"packageCode":%q,"count":1}`, w.catalog.byCode["ES_1_7"].PackageCode), price("ES_1_7")},
		{"by the member slug", `{"slug":"ES_1_7","count":1}`, price("ES_1_7")},
		{"three", `{"packageCode":"ES_1_7","count":3}`, 3 * price("ES_1_7")},
		{"two packages", `{"packageCode":"ES_1_7","count":1},{"packageCode":"JP_1_7","count":2}`, price("ES_1_7") + 2*price("JP_1_7")},
		{"day pass", `{"packageCode":"ES_1_Daily","count":2,"periodNum":5}`, 10 * price("ES_1_Daily")},
		{"day pass without periodNum", `{"packageCode":"ES_1_Daily","count":1}`, price("ES_1_Daily")},
		{"most", `{"packageCode":"ES_1_Daily","count":30,"periodNum":365}`, 30 * 365 * price("ES_1_Daily")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := *w
			w.t = t
			before := w.Balance()
			var o struct{ OrderNo string }
			w.get(&o, "esim/order", `{"transactionId":%q,"amount":%d,"packageInfoList":[%s]}`, tt.name, tt.want, tt.lines)
			if took := before - w.Balance(); took != tt.want {
				t.Errorf("took %d, want %d", took, tt.want)
			}
			if !strings.HasPrefix(o.OrderNo, "B") || len(o.OrderNo) != 15 {
				t.Errorf("orderNo %q does not look like B25080914060004", o.OrderNo)
			}
		})
	}
}

func TestADayPassTakesEitherPriceAsItsGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	p := w.catalog.byCode["ES_1_Daily"].Price
	for _, guard := range []int64{p, 5 * p} {
		r := w.call("esim/order", `{"transactionId":"t%d","packageInfoList":[{"packageCode":"ES_1_Daily","count":1,"periodNum":5,"price":%d}]}`, guard, guard)
		if !r.Success {
			t.Errorf("price %d: %s", guard, r.Body)
		}
	}
	w.refused("200005", "esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_Daily","count":1,"periodNum":5,"price":%d}]}`, 2*p)
}

func TestAPriceThatMovedIsCaughtByItsGuard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	old := w.catalog.byCode["ES_1_7"].Price
	w.call("package/list", `{}`) // so that an answer kept from before would be noticed
	if err := w.SetPrice("ES_1_7", old+100); err != nil {
		t.Fatal(err)
	}
	w.refused("200005", "esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":1,"price":%d}]}`, old)
	var l struct{ PackageList []plan }
	w.get(&l, "package/list", `{}`)
	for _, p := range l.PackageList {
		if p.Slug == "ES_1_7" && (p.Price != old+100 || p.RetailPrice != 2*p.Price) {
			t.Errorf("listed at %d, retail %d", p.Price, p.RetailPrice)
		}
	}
	if w.SetPrice("X", 1) == nil {
		t.Error("the price of an unknown plan was set")
	}
}

func TestTheSameTransactionIsChargedOnce(t *testing.T) {
	t.Parallel()
	body := `{"transactionId":"once","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`
	t.Run("answered with the first order", func(t *testing.T) {
		w := newWorld(t, Options{})
		first, second := w.call("esim/order", "%s", body), w.call("esim/order", "%s", body)
		if first.Body != second.Body || w.Charged("once") != 1 || len(w.Orders()) != 1 {
			t.Errorf("%s, then %s; charged %d", first.Body, second.Body, w.Charged("once"))
		}
	})
	t.Run("or refused with 310402", func(t *testing.T) {
		w := newWorld(t, Options{RepeatedOrder: Refuse310402})
		w.call("esim/order", "%s", body)
		w.refused("310402", "esim/order", "%s", body)
		if w.Charged("once") != 1 {
			t.Errorf("charged %d times", w.Charged("once"))
		}
	})
	t.Run("even with no money left for another", func(t *testing.T) {
		w := newWorld(t, Options{})
		first := w.call("esim/order", "%s", body)
		w.SetBalance(0)
		if again := w.call("esim/order", "%s", body); again.Body != first.Body {
			t.Errorf("answered %s", again.Body)
		}
	})
	t.Run("by fifty clients at once", func(t *testing.T) {
		w := newWorld(t, Options{})
		var g sync.WaitGroup
		answers := make([]string, 50)
		for i := range answers {
			g.Go(func() { answers[i] = w.call("esim/order", "%s", body).Body })
		}
		g.Wait()
		for _, a := range answers {
			if a != answers[0] {
				t.Errorf("different answers: %s and %s", a, answers[0])
			}
		}
		if n := w.Charged("once"); n != 1 {
			t.Errorf("charged %d times", n)
		}
		if spent := defaultBalance - w.Balance(); spent != w.catalog.byCode["ES_1_7"].Price {
			t.Errorf("%d units are gone", spent)
		}
	})
}

func TestMoneyIsNeverSpentTwiceByDifferentOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	price := w.catalog.byCode["ES_1_7"].Price
	w.SetBalance(7*price + price/2)
	var g sync.WaitGroup
	for i := range 40 {
		g.Go(func() {
			w.call("esim/order", `{"transactionId":"t%d","packageInfoList":[{"packageCode":"ES_1_7","count":1}]}`, i)
		})
	}
	g.Wait()
	if n := w.Charged(""); n != 7 || w.Balance() != price/2 {
		t.Errorf("charged %d times, %d left", n, w.Balance())
	}
}

func TestAllocationIsAsynchronousAndShownOnlyWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{AllocationTime: 10 * time.Second})
	var o struct{ OrderNo string }
	w.get(&o, "esim/order", `{"transactionId":"t","packageInfoList":[{"packageCode":"ES_1_7","count":2}]}`)
	ask := fmt.Sprintf(`{"orderNo":%q,"pager":{"pageNum":1,"pageSize":50}}`, o.OrderNo)
	everything := `{"pager":{"pageNum":1,"pageSize":50}}`

	for _, step := range []struct {
		after time.Duration
		text  string
	}{
		{0, "the batchOrder has been getting resource, total:[2], success:[0]"},
		{5 * time.Second, "the batchOrder has been getting resource, total:[2], success:[1]"},
		{4999 * time.Millisecond, "the batchOrder has been getting resource, total:[2], success:[1]"},
	} {
		w.Advance(step.after)
		if r := w.call("esim/query", "%s", ask); r.code() != "200010" || r.ErrorMsg != step.text {
			t.Errorf("answered %s, want %s", r.Body, step.text)
		}
		var l esimList
		if w.get(&l, "esim/query", "%s", everything); len(l.EsimList) != 0 || l.Pager.Total != 0 {
			t.Errorf("a listing shows %d eSIMs of an order in allocation", len(l.EsimList))
		}
		for _, p := range w.Profiles() {
			if p.Allocated || w.Install(p.EsimTranNo) == nil {
				t.Errorf("an eSIM in allocation can be used: %+v", p)
			}
		}
	}
	w.Advance(time.Millisecond)
	var l esimList
	if w.get(&l, "esim/query", "%s", ask); len(l.EsimList) != 2 {
		t.Fatalf("%d eSIMs when allocated", len(l.EsimList))
	}
	a, b := l.EsimList[0], l.EsimList[1]
	if a.EsimTranNo == b.EsimTranNo || a.AC == b.AC || a.ICCID == b.ICCID || a.OrderNo != b.OrderNo {
		t.Errorf("two eSIMs share what they must not: %+v %+v", a, b)
	}
}

func TestAllocationRunsWhileNobodyMovesTheClock(t *testing.T) {
	t.Parallel()
	now := start
	var mu sync.Mutex
	w := newWorld(t, Options{Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	no := w.buy("t", "ES_1_7", 0)
	mu.Lock()
	now = now.Add(3 * time.Second)
	mu.Unlock()
	w.byOrder(no)
}
