package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

// BenchmarkPress measures presses a second of 64 customers at once through the whole
// program: a press in the simulated Telegram, the poll, the durable inbox, the
// screen edited and the press answered. Both simulators run in the same process
// and take their share of the processor.
func BenchmarkPress(b *testing.B) {
	const people = 64
	s := openShop(b)
	ctx := s.ctx
	var all []*tgsandbox.UserClient
	menus := make([]int, people)
	for i := range people {
		h := s.telegram.AddUser(tgsandbox.User{ID: int64(5000 + i), FirstName: fmt.Sprintf("P%d", i), LanguageCode: "en"})
		all = append(all, h)
		if _, err := h.Send("/start"); err != nil {
			b.Fatal(err)
		}
		m, err := h.WaitText(ctx, "Where are you going")
		if err != nil {
			b.Fatal(err)
		}
		menus[i] = m.ID
	}
	routes := []string{"conts", "cont|europe", "country|FR", "menu"}
	var next atomic.Int64
	b.ResetTimer()
	var wg sync.WaitGroup
	for i, h := range all {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				id, err := h.PressData(menus[i], routes[n%int64(len(routes))])
				if err == nil {
					_, err = h.WaitAnswered(ctx, id)
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "presses/s")
}

// BenchmarkDelivery measures the time from the confirmed payment to the QR picture
// in the chat, with a vendor that allocates within a millisecond.
func BenchmarkDelivery(b *testing.B) {
	s := openShop(b)
	plan := s.japan()
	var spent []time.Duration
	for i := range b.N {
		h := s.telegram.AddUser(tgsandbox.User{ID: int64(9000 + i), FirstName: "Buyer", LanguageCode: "en"})
		h.AddStars(100_000)
		v := visit(s, h)
		v.invoiced(plan)
		if err := h.Pay(); err != nil {
			b.Fatal(err)
		}
		paid := time.Now()
		v.until("QR picture", func(m tgsandbox.Message) bool { return m.Photo != nil })
		spent = append(spent, time.Since(paid))
	}
	slices.Sort(spent)
	b.ReportMetric(float64(spent[len(spent)/2].Microseconds())/1000, "ms/delivery-median")
}
