package bot_test

import (
	"testing"
	"time"
)

// An eSIM is set to top itself up; it waits for store credit, is announced, stopped, and set again; then it is bought.
func TestTalkAutoTopUp(t *testing.T) {
	t.Parallel()
	talks(t, "auto_topup", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		p := k.Vendor.Profiles()[0]
		k.uses(p.EsimTranNo, 2, 4*time.Hour, p.Total/10)
		k.says("/esims")
		k.taps("esim|")
		k.taps("topup|")
		k.taps("auto|")
		k.taps("auto|" + p.EsimTranNo + "|TOPUP")
		k.taps("auto|" + p.EsimTranNo + "|TOPUP")
		k.note("it runs low, and there is no store credit")
		k.uses(p.EsimTranNo, 2, 4*time.Hour, p.Total*31/100)
		k.automatic()
		k.automatic()
		k.note("there is some now")
		k.credits(500)
		k.automatic()
		k.note("stopped, and set again")
		k.taps("autooff|")
		k.taps("esim|")
		k.taps("auto|")
		k.taps("auto|" + p.EsimTranNo + "|TOPUP")
		k.taps("auto|" + p.EsimTranNo + "|TOPUP")
		k.automatic()
		k.later(10 * time.Minute)
		k.automatic()
		k.automatic()
		k.taps("esim|")
		k.taps("auto|")
	})
}

// automatic lets the worker of automatic top-ups run, and what follows.
func (k *talk) automatic() {
	k.Helper()
	k.Must(k.Monitor.Check(k.Context()))
	k.Must(k.App.AutoTopUps.Run(k.Context()))
	k.works()
}
