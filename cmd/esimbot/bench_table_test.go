//go:build bench

package main

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestBenchMenu prints what the shop takes for a press beside what a bare durable program takes, both measured in turns in
// the same run: only the ratios say anything on another machine.
//
//	go test -tags bench ./cmd/esimbot -run TestBenchMenu -v
func TestBenchMenu(t *testing.T) {
	const people, turns = 64, 3
	shop, bare := contend(t, false), contend(t, true)
	t.Logf("start to the first answer: shop %s, bare %s", shop.ready(people).Round(time.Millisecond), bare.ready(people).Round(time.Millisecond))
	t.Logf("memory after the start: shop %.0f MB, bare %.0f MB", shop.memory("VmRSS"), bare.memory("VmRSS"))
	compare := func(name string, run func(c *contender) load) {
		var rate, cost, p50, p99 []float64
		for range turns {
			b, s := run(bare), run(shop)
			rate = append(rate, s.perSecond()/b.perSecond())
			cost = append(cost, s.micros()/b.micros())
			p50 = append(p50, float64(s.percentile(0.5))/float64(b.percentile(0.5)))
			p99 = append(p99, float64(s.percentile(0.99))/float64(b.percentile(0.99)))
			t.Logf("%s: shop %.0f presses/s, %.0f µs, p50 %s, p99 %s; bare %.0f/s, %.0f µs, p50 %s, p99 %s", name,
				s.perSecond(), s.micros(), s.percentile(0.5).Round(10*time.Microsecond), s.percentile(0.99).Round(10*time.Microsecond),
				b.perSecond(), b.micros(), b.percentile(0.5).Round(10*time.Microsecond), b.percentile(0.99).Round(10*time.Microsecond))
		}
		t.Logf("%s, shop to bare, median of %d: presses/s %.2f, processor %.2f, p50 %.2f, p99 %.2f", name, turns, median(rate), median(cost), median(p50), median(p99))
	}
	compare("at saturation", func(c *contender) load { return c.saturate(people, 3*time.Second) })
	compare("200 a second", func(c *contender) load { return c.paced(people, 200, 4*time.Second) })
	for _, c := range []*contender{shop, bare} {
		c.telegram.far = func() time.Duration { return 40*time.Millisecond + rand.N(20*time.Millisecond) }
	}
	compare("far", func(c *contender) load { return c.saturate(people, 3*time.Second) })
	t.Logf("memory at its highest: shop %.0f MB, bare %.0f MB", shop.memory("VmHWM"), bare.memory("VmHWM"))
	t.Logf("calls of the shop: %v", shop.telegram.calls)
}
