package sandbox

import (
	"sync"
	"testing"
)

func TestTheNthExchangeCanBeHeldWhateverItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.call("location/list", `{}`) // before: not counted
	if n := w.Exchanges(); n != 1 {
		t.Fatalf("%d exchanges, want 1", n)
	}
	before, after := w.BreakpointAtExchange(2, BeforeWork), w.BreakpointAtExchange(2, AfterWork)
	byName := w.BreakpointAt("esim/order", AfterWork) // stands at the same moment: both must hold
	late := w.BreakpointAtExchange(3, BeforeWork)
	w.call("balance/query", `{}`)
	if before.Endpoint() != "" {
		t.Errorf("not reached, yet at %q", before.Endpoint())
	}
	var g sync.WaitGroup
	g.Go(func() { w.call("esim/order", oneOrder) })
	<-before.Reached()
	if before.Endpoint() != "esim/order" || w.Charged("t") != 0 || w.Exchanges() != 3 {
		t.Errorf("held %q, charged %d, exchange %d", before.Endpoint(), w.Charged("t"), w.Exchanges())
	}
	before.Release()
	<-after.Reached()
	if after.Endpoint() != "esim/order" || w.Charged("t") != 1 {
		t.Errorf("held %q, charged %d", after.Endpoint(), w.Charged("t"))
	}
	after.Release()
	<-byName.Reached()
	byName.Release()
	g.Wait()
	late.Release()
	w.call("balance/query", `{}`)
	if late.Endpoint() != "balance/query" {
		t.Errorf("the third was %q", late.Endpoint())
	}
	w.call("esim/order", oneOrder) // each holds one only
}
