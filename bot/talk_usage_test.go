package bot_test

import (
	"testing"
	"time"
)

// uses lets a traveller use so much each few hours, and lets the shop look each time.
func (k *talk) uses(tran string, times int, each time.Duration, bytes int64) {
	k.Helper()
	for range times {
		k.Must(k.Vendor.Burn(tran, bytes))
		k.Vendor.Advance(each)
		_, err := k.Watcher.Sweep(k.Context())
		k.Must(err)
	}
}

func TestTalkUsage(t *testing.T) {
	t.Parallel()
	talks(t, "usage", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		p := k.Vendor.Profiles()[0]
		k.note("the first report came")
		k.uses(p.EsimTranNo, 2, 4*time.Hour, p.Total/100)
		k.says("/esims")
		k.taps("esim|")
		k.taps("chart|")
		k.note("little used for two days")
		k.uses(p.EsimTranNo, 8, 6*time.Hour, p.Total/200)
		k.taps("esim|")
		k.note("much used")
		k.uses(p.EsimTranNo, 3, 4*time.Hour, p.Total/10)
		k.taps("esim|")
		k.taps("chart|")
		k.taps("topup|")
		k.taps("tcard|")
		k.taps("tbuy|")
		k.pays()
		k.works()
		k.uses(p.EsimTranNo, 2, 4*time.Hour, p.Total/100)
		k.taps("chart|")
		k.note("a day pass")
		k.says("JP")
		k.taps("country|JP|f")
		k.taps("country|JP|d")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		p = k.Vendor.Profiles()[0]
		k.uses(p.EsimTranNo, 2, 4*time.Hour, 100<<20)
		k.taps("esim|" + p.EsimTranNo)
		k.taps("chart|")
	})
}
