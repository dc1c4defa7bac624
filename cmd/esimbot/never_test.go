package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// What must never happen, one test each. Here: what goes wrong with orders and money;
// never_once_test.go: money that must not move twice; never_chat_test.go: what goes wrong with
// customers and secrets.

// newestOf is the newest order of a customer.
func (s *rig) newestOf(customer int64) esim.Order {
	s.t.Helper()
	orders, err := s.app.DB.OrdersOf(s.ctx, esim.CustomerID(customer), 1)
	if err != nil || len(orders) != 1 {
		s.t.Fatalf("orders of %d: %d, %v", customer, len(orders), err)
	}
	return orders[0]
}

// reached waits until a simulator holds an exchange.
func (s *rig) reached(what string, at <-chan struct{}) {
	s.t.Helper()
	select {
	case <-at:
	case <-s.ctx.Done():
		s.t.Fatalf("never: %s", what)
	}
}

// becomes waits until an order is in a state.
func (s *rig) becomes(id esim.OrderID, want esim.State) {
	s.t.Helper()
	for {
		o, err := s.app.DB.Order(s.ctx, id)
		if err == nil && o.State == want {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-s.ctx.Done():
			s.t.Fatalf("order is %s (%s), want %s, %v", o.State, o.Reason, want, err)
		}
	}
}

// called counts the bot's calls of a method of Telegram.
func (s *rig) called(method string) int {
	calls, _ := s.telegram.Calls(0)
	return count(calls, func(c tgsandbox.Call) bool { return c.Name == method })
}

func TestNever01AVendorOrderIDMadeAtCallTime(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann := visit(s, s.ann())
	s.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.LoseAnswer, Count: 2})
	stop := s.vendor.BreakpointAt("esim/order", vendorsandbox.BeforeWork)
	ann.invoiced(s.japan())
	unpaid := s.newestOf(ann.ID())
	if unpaid.IdempotencyKey == "" {
		t.Fatal("an order has no key for the vendor before it is paid")
	}
	if err := ann.Pay(); err != nil {
		t.Fatal(err)
	}
	s.reached("the vendor is asked", stop.Reached())
	if held := s.newestOf(ann.ID()); held.IdempotencyKey != unpaid.IdempotencyKey || held.State != esim.StateOrdering {
		t.Errorf("while the vendor is asked the stored order is %s with the key %q, want %q", held.State, held.IdempotencyKey, unpaid.IdempotencyKey)
	}
	stop.Release()
	ann.qr()
	asked := 0
	for _, c := range s.vendor.Calls() {
		if c.Endpoint == "esim/order" {
			asked++
			if !strings.Contains(c.Request, fmt.Sprintf("%q", unpaid.IdempotencyKey)) {
				t.Errorf("request %d to buy has another key than the stored order: %s", asked, c.Request)
			}
		}
	}
	if asked < 2 {
		t.Errorf("asked %d times: the lost answer was not followed by a second try", asked)
	}
	if o := onlyOrder(t, s.vendor); o.TransactionID != unpaid.IdempotencyKey {
		t.Errorf("bought with the key %q, want %q", o.TransactionID, unpaid.IdempotencyKey)
	}
}

func TestNever02ASentMarkWrittenBeforeTheWork(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	ann, staff := visit(s, s.ann()), visit(s, s.staff())

	stop := s.telegram.BreakpointAt("sendMessage", tgsandbox.BeforeWork)
	if _, err := ann.Send("/start"); err != nil {
		t.Fatal(err)
	}
	s.reached("the answer to /start", stop.Reached())
	unhandled := func() int {
		left, err := s.app.DB.UnhandledUpdates(s.ctx, 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(left)
	}
	if unhandled() != 1 {
		t.Error("an update is marked as handled while its answer is on the way")
	}
	stop.Release()
	ann.untilText("Where are you going")
	(&hookedShop{town: &town{rig: s}}).eventually("handled after the work", func() bool { return unhandled() == 0 })

	s.telegram.Break("sendPhoto", 1, tgsandbox.Fault{Kind: tgsandbox.Refuse, Code: 400, Description: "Bad Request: IMAGE_PROCESS_FAILED"})
	ann.buys(s.japan())
	staff.untilText("Failed")
	messages := func() esim.Order {
		t.Helper()
		o := s.newestOf(ann.ID())
		if waiting, dead, err := s.app.DB.OutboxSize(s.ctx); err != nil || waiting == 0 || dead > 0 || o.State != esim.StateAllocating {
			t.Errorf("the QR is not sent: the order is %s, %d waiting, %d dead, %v", o.State, waiting, dead, err)
		}
		return o
	}
	messages()
	again := s.telegram.BreakpointAt("sendPhoto", tgsandbox.AfterWork)
	if _, err := s.Advance(s.ctx, 2*time.Hour); err != nil {
		t.Fatal(err)
	}
	s.app.WakeWorkers()
	s.reached("the picture is tried again", again.Reached())
	o := messages() // Telegram has it, and has not said so
	again.Release()
	s.becomes(o.ID, esim.StateDelivered)
	if ann.photos() != 1 {
		t.Errorf("%d pictures, want 1", ann.photos())
	}
	onlyOrder(t, s.vendor)
}

func TestNever03ATimeoutTreatedAsNotSold(t *testing.T) {
	t.Parallel()
	lost := vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.LoseAnswer, Count: 1}
	tests := map[string][]vendorsandbox.Fault{
		"lost":                   {lost},
		"lost, then sold out":    {lost, {Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1}},
		"lost, then too dear":    {lost, {Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200005", Count: 1}},
		"cut, then a bad answer": {{Endpoint: "esim/order", Kind: vendorsandbox.CutBody, Count: 1}, {Endpoint: "esim/order", Kind: vendorsandbox.BadGateway, Count: 1}},
	}
	for name, faults := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			ann, staff := visit(s, s.ann()), visit(s, s.staff())
			for _, f := range faults {
				s.vendor.Break(f)
			}
			stars := ann.Stars()
			ann.buys(s.japan())
			ann.until("QR picture or a refund", func(m tgsandbox.Message) bool {
				return m.Photo != nil || strings.Contains(m.Text, "are back with you")
			})
			onlyOrder(t, s.vendor)
			if ann.photos() != 1 || s.called("refundStarPayment") > 0 || ann.Stars() >= stars {
				t.Errorf("what was sold is taken for not sold: %d pictures, %d refunds; the chat:\n%s", ann.photos(), s.called("refundStarPayment"), transcript(ann.Chat()))
			}
			s.becomes(s.newestOf(ann.ID()).ID, esim.StateDelivered)
			if staff.texts("Refunded") > 0 {
				t.Error("staff are told of a refund")
			}
		})
	}
}

func TestNever04APaidOrderThatNoWorkerLooksAt(t *testing.T) {
	t.Parallel()
	paths := map[esim.State][]esim.State{ // from StatePaid
		esim.StatePaid:       {},
		esim.StateOrdering:   {esim.StateOrdering},
		esim.StateAllocating: {esim.StateOrdering, esim.StateAllocating},
		esim.StateCancelling: {esim.StateOrdering, esim.StateAllocating, esim.StateCancelling},
		esim.StateRefunding:  {esim.StateRefunding},
		esim.StateNeedsHuman: {esim.StateNeedsHuman},
	}
	nothingOwed := []esim.State{esim.StateAwaitingPayment, esim.StateExpired, esim.StateDelivered, esim.StateRefunded}
	for _, state := range esim.States() {
		path, looked := paths[state]
		if looked == slices.Contains(nothingOwed, state) || looked != state.Open() {
			t.Errorf("state %s (open: %t): say here how an order comes there, or that the customer gets nothing more", state, state.Open())
		}
		if !looked {
			continue
		}
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s, a := stillShop(t)
			o := s.paidFor()
			for o.State = esim.StatePaid; len(path) > 0; path = path[1:] {
				m := o.TransitionTo(path[0], "put there by a test", time.Time{})
				if m.To == esim.StateAllocating {
					m.VendorOrder = "B00000000000001"
				}
				if err := a.DB.ApplyTransition(s.ctx, m); err != nil {
					t.Fatal(err)
				}
				o.State = m.To
			}
			before, err := a.DB.Order(s.ctx, o.ID)
			if err != nil || before.State != state {
				t.Fatalf("the order is %s, want %s, %v", before.State, state, err)
			}
			s.vendor.Advance(25 * time.Hour)
			for _, w := range a.Workers {
				if _, err := w.Run(s.ctx); err != nil {
					t.Logf("worker %s: %v", w.Name, err)
				}
			}
			a.Fulfiller.Wait()
			a.Outbox.Wait()
			if err := a.Admin.Remind(s.ctx); err != nil {
				t.Fatal(err)
			}
			after, err := a.DB.Order(s.ctx, o.ID)
			if err != nil {
				t.Fatal(err)
			}
			asked := state == esim.StateRefunding && s.called("refundStarPayment") > 0 // tries are kept with the payment
			if state != esim.StateNeedsHuman && !asked && after.State == before.State && after.Attempts == before.Attempts && after.StaffTold == before.StaffTold && after.NextAt.Equal(before.NextAt) {
				t.Errorf("a paid order may stay %s for ever: no worker touches it", state)
			}
			if waiting, _, err := a.DB.OutboxSize(s.ctx); state == esim.StateNeedsHuman && (err != nil || waiting == 0) {
				t.Errorf("staff are not reminded: %v", err)
			}
		})
	}
}
