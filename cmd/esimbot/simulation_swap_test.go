package main

import (
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// swap swaps an eSIM for one of the plans that are offered, now and then with a press too many; an
// invoice for the difference is left now and then.
func (s *simulated) swap(h *tgsandbox.UserClient) {
	if !s.esimCard(h) || !s.touch(h, "Swap for another plan") {
		return
	}
	var offered []string
	for _, row := range h.Last().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "swapcard|") {
				offered = append(offered, b.Data)
			}
		}
	}
	if len(offered) == 0 {
		return
	}
	if _, err := h.PressData(h.Last().ID, offered[s.rng.IntN(len(offered))]); err != nil {
		return
	}
	s.pass(6 * time.Second)
	var ways []string
	for _, row := range h.Last().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "swbuy|") {
				ways = append(ways, b.Data)
			}
		}
	}
	if len(ways) == 0 {
		return
	}
	message, way := h.Last().ID, ways[s.rng.IntN(len(ways))]
	for range 1 + s.rng.IntN(2) {
		if _, err := h.PressData(message, way); err != nil {
			return
		}
	}
	s.pass(time.Duration(s.rng.IntN(10)) * time.Second)
	if s.rng.IntN(5) > 0 {
		s.paysSomehow(h)
	}
}
