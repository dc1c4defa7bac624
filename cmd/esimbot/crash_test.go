package main

import (
	"testing"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The power goes between the payment and the delivery, at each moment that
// matters; after the next start there is one purchase, one picture, one sale.
func TestAKilledShopDeliversOnce(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds and kills the program")
	}
	tests := []struct {
		name     string
		endpoint string
		stage    vendorsandbox.ExchangeStage
	}{
		{"before the vendor sold", "esim/order", vendorsandbox.BeforeWork},
		{"after the vendor sold, before it said so", "esim/order", vendorsandbox.AfterWork},
		{"before the eSIM is asked for", "esim/query", vendorsandbox.BeforeWork},
		{"before the eSIM is told", "esim/query", vendorsandbox.AfterWork},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			ann, staff := visit(w.rig, w.ann()), visit(w.rig, w.staff())
			first := w.serve()
			stop := w.vendor.BreakpointAt(tt.endpoint, tt.stage)
			first.buys(ann)
			select {
			case <-stop.Reached():
			case <-w.ctx.Done():
				t.Fatalf("the vendor's %s is never called:\n%s", tt.endpoint, first.log)
			}
			first.kill()
			stop.Release()
			if ann.photos() != 0 {
				t.Fatal("the picture came before the eSIM")
			}

			second := w.serve()
			picture := ann.qr()
			staff.untilText("Sale")
			ann.untilText("Your eSIM is ready")
			order := onlyOrder(t, w.vendor)
			if got := w.scanned(picture); got != activationCodeAs(t, w.vendorURL, goodCode, order.EsimTranNos[0]) {
				t.Error("the picture is not of the eSIM that the vendor issued")
			}
			if code := second.stop(); code != 0 {
				t.Errorf("exit code %d\n%s", code, second.log)
			}
			if n := w.states(); n[esim.StateDelivered] != 1 || len(n) != 1 {
				t.Errorf("orders by state: %v, want one that is delivered", n)
			}

			third := w.serve() // nothing is left to be done
			ann.says("/esims", "Your eSIMs")
			third.stop()
			onlyOrder(t, w.vendor)
			if ann.photos() != 1 || staff.texts("Sale") != 1 || w.vendor.Charged("") != 1 {
				t.Errorf("%d pictures, %d sales told, %d charges; want one of each", ann.photos(), staff.texts("Sale"), w.vendor.Charged(""))
			}
		})
	}
}
