package main

import (
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// taps presses buttons of the last messages of a chat, any of them: the ways of a customer or
// of staff through the shop, those included that nobody would plan. Some are tapped twice.
func (s *simulated) taps(h *tgsandbox.UserClient, n int) {
	for range n {
		chat := h.Chat()
		recent := chat[max(0, len(chat)-6):]
		type button struct {
			message int
			data    string
		}
		var all []button
		for _, m := range recent {
			for _, row := range m.Keyboard {
				for _, b := range row {
					if b.Kind == "callback" {
						all = append(all, button{m.ID, b.Data})
					}
				}
			}
		}
		if len(all) == 0 {
			return
		}
		b := all[s.rng.IntN(len(all))]
		for range 1 + s.rng.IntN(5)/4 {
			_, _ = h.PressData(b.message, b.data) // a button that is gone by now is part of life
		}
		s.pass(time.Duration(1+s.rng.IntN(20)) * time.Second)
	}
}

// customer does what one of the customers may do.
func (s *simulated) customer(h *tgsandbox.UserClient) {
	say := []string{"/start", "/esims", "/orders", "/paysupport", "/help", "Japan", "hello?", "/support"}
	switch s.rng.IntN(8) {
	case 0:
		h.Block()
		s.pass(time.Duration(s.rng.IntN(36)) * time.Hour)
		h.Unblock()
	case 1, 2:
		_, _ = h.Send(say[s.rng.IntN(len(say))])
		s.pass(5 * time.Second)
		s.taps(h, 3)
	default:
		_, _ = h.Send("/esims")
		s.pass(5 * time.Second)
		s.taps(h, 4)
		_ = h.Pay() // if that led to an invoice
	}
}

// fate does to an eSIM or to a price what happens at the vendor.
func (s *simulated) fate() {
	all := s.vendor.Profiles()
	if len(all) == 0 {
		return
	}
	p := all[s.rng.IntN(len(all))]
	acts := []func(string) error{
		s.vendor.Install, s.vendor.Install, s.vendor.Expire, s.vendor.Cancel, s.vendor.Suspend,
		s.vendor.Unsuspend, s.vendor.Revoke, s.vendor.Delete, s.vendor.Download,
		func(id string) error { return s.vendor.Burn(id, p.Total*int64(s.rng.IntN(100))/100) },
		func(id string) error { return s.vendor.ListTwice(id, s.rng.IntN(2) == 0) },
	}
	_ = acts[s.rng.IntN(len(acts))](p.EsimTranNo) // refused: that eSIM is past it
}

// neighbour breaks something at one of the two, or at the network to them.
func (s *simulated) neighbour() {
	kinds := []vendorsandbox.FaultKind{
		vendorsandbox.LoseRequest, vendorsandbox.LoseAnswer, vendorsandbox.BadGateway, vendorsandbox.CutBody, vendorsandbox.RateBurst,
	}
	endpoints := []string{"esim/order", "esim/query", "esim/cancel", "esim/topup", ""}
	methods := []string{"sendPhoto", "sendMessage", "refundStarPayment", "answerPreCheckoutQuery", "editMessageText", "getUpdates", "sendInvoice"}
	faults := []tgsandbox.Fault{
		{Kind: tgsandbox.TooMany, RetryAfter: 5},
		{Kind: tgsandbox.BadGateway},
		{Kind: tgsandbox.LoseAnswer},
		{Kind: tgsandbox.LoseRequest},
		{Kind: tgsandbox.ServerError},
		{Kind: tgsandbox.GatewayTimeout},
	}
	switch s.rng.IntN(6) {
	case 0:
		s.telegram.LosePayments(1)
	case 1:
		s.telegram.RepeatPayments(1)
	case 2, 3:
		s.telegram.Break(methods[s.rng.IntN(len(methods))], 1+s.rng.IntN(2), faults[s.rng.IntN(len(faults))])
	default:
		s.vendor.Break(vendorsandbox.Fault{
			Endpoint: endpoints[s.rng.IntN(len(endpoints))], Kind: kinds[s.rng.IntN(len(kinds))], Count: 1 + s.rng.IntN(3),
		})
	}
}
