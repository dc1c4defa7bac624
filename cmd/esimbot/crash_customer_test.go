//go:build soak

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// A customer buys, tops up and cancels for ever, tries again when nothing happens, and
// at some point goes and does something else.
type customer struct {
	*tgsandbox.UserClient
	s   *soak
	rng *rand.Rand
	// again is a button that pays a top-up, pressed as often as somebody likes, and on whatever
	// message is the last one: a QR picture too, which has to stay.
	again string
}

func (c *customer) lives(ctx context.Context) {
	for ctx.Err() == nil {
		switch c.rng.IntN(4) {
		case 0:
			c.topsUp(ctx)
		case 1:
			c.cancels(ctx)
		default:
			c.buys(ctx)
		}
	}
}

func (c *customer) buys(ctx context.Context) {
	p := c.anyPlan(func(p esim.Plan) bool { return p.Location == "JP" && !p.DayPass() })
	args, days := "", 0
	if c.rng.IntN(4) == 0 {
		p = c.anyPlan(aDayPass)
		days = 1 + c.rng.IntN(5)
	}
	if !c.writes(ctx, "/start p_"+p.Code, "Buy for") {
		return
	}
	if n := 1 + c.rng.IntN(3); n > 1 || days > 0 {
		args = fmt.Sprintf("plan|%s||%d|%d", p.Code, days, n)
		if _, err := c.PressData(c.Last().ID, args); err != nil {
			return
		}
		c.waits(ctx, func(m tgsandbox.Message) bool { return slices.Contains(m.Labels(), fmt.Sprint(n, " eSIMs")) })
	}
	c.pays(ctx, "Buy for")
}

// anyPlan is one of the plans that fit: one of which the vendor had none left is not sold for hours, and the others are.
func (c *customer) anyPlan(fits func(esim.Plan) bool) esim.Plan {
	var all []esim.Plan
	for _, p := range c.s.plans {
		if fits(p) {
			all = append(all, p)
		}
	}
	return all[c.rng.IntN(len(all))]
}

func (c *customer) topsUp(ctx context.Context) {
	if c.again != "" && c.rng.IntN(4) > 0 {
		c.paysBy(ctx, c.Last().ID, c.again)
		return
	}
	if c.opensESIM(ctx) && c.presses(ctx, "🔋 Top up", "+ ") && c.presses(ctx, "+ ", "Pay ") {
		if message, data, ok := c.find("Pay "); ok {
			c.again = data
			c.paysBy(ctx, message, data)
		}
	}
}

func (c *customer) cancels(ctx context.Context) {
	if c.opensESIM(ctx) && c.presses(ctx, "↩️ Cancel and", "↩️ Yes, cancel") {
		c.presses(ctx, "↩️ Yes, cancel", "")
	}
}

// opensESIM shows one of the eSIMs that were never used.
func (c *customer) opensESIM(ctx context.Context) bool {
	if !c.writes(ctx, "/esims", "🆕") {
		return false
	}
	var fits []tgsandbox.Button
	m := c.Last()
	for _, row := range m.Keyboard {
		if strings.HasPrefix(row[0].Text, "🆕") {
			fits = append(fits, row[0])
		}
	}
	if len(fits) == 0 {
		return false
	}
	if _, err := c.PressData(m.ID, fits[c.rng.IntN(len(fits))].Data); err != nil {
		return false
	}
	return c.waits(ctx, offers("🔋 Top up")) || c.waits(ctx, offers("↩️ Cancel and"))
}

// writes sends a text and waits for an answer with a button.
func (c *customer) writes(ctx context.Context, text, button string) bool {
	sent, err := c.Send(text)
	if err != nil {
		return false
	}
	return c.waits(ctx, func(m tgsandbox.Message) bool { return m.ID > sent.ID && offers(button)(m) })
}

// presses presses a button of a late message, and again, until another button is there.
func (c *customer) presses(ctx context.Context, label, then string) bool {
	for range 3 {
		message, data, ok := c.find(label)
		if !ok {
			return false
		}
		if _, err := c.PressData(message, data); err != nil {
			return false
		}
		if then == "" || c.waits(ctx, offers(then)) {
			return true
		}
	}
	return false
}

func (c *customer) pays(ctx context.Context, button string) {
	if message, data, ok := c.find(button); ok {
		c.paysBy(ctx, message, data)
	}
}

// paysBy presses a button that leads to an invoice, and pays what is there to pay.
func (c *customer) paysBy(ctx context.Context, message int, data string) {
	before := count(c.Chat(), unpaid)
	if _, err := c.PressData(message, data); err != nil {
		return
	}
	invoiced := func(chat []tgsandbox.Message) bool { return count(chat, unpaid) > before }
	wait, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	if _, err := c.Wait(wait, invoiced); err != nil && before == 0 {
		return
	}
	c.Pay() // a refusal is an answer too
}

// recent is how far up a customer looks.
const recent = 6

func (c *customer) waits(ctx context.Context, ok func(tgsandbox.Message) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	_, err := c.Wait(ctx, func(chat []tgsandbox.Message) bool {
		return slices.ContainsFunc(chat[max(0, len(chat)-recent):], ok)
	})
	return err == nil
}

func (c *customer) find(label string) (message int, data string, ok bool) {
	chat := c.Chat()
	for _, m := range slices.Backward(chat[max(0, len(chat)-recent):]) {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.HasPrefix(unbroken(b.Text), label) && b.Data != "" {
					return m.ID, b.Data, true
				}
			}
		}
	}
	return 0, "", false
}

// offers is a message with a button whose label begins so.
func offers(label string) func(tgsandbox.Message) bool {
	return func(m tgsandbox.Message) bool { return offersLabel(m, label) }
}
