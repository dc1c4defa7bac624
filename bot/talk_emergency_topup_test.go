package bot_test

import (
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Who runs out of data takes the least there is on credit, is told what they owe wherever money is shown, and pays it with
// the next purchase. Given back, that purchase leaves them owing it again; to be forgotten writes it off.
func TestTalkRescue(t *testing.T) {
	t.Parallel()
	talks(t, "rescue", func(k *talk) {
		k.App.TopUps.MaxEmergencyPrice = esim.USDCents(500)
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		p := k.Vendor.Profiles()[0]
		k.note("nearly all of it is used")
		k.uses(p.EsimTranNo, 2, 4*time.Hour, p.Total*46/100)
		k.works()
		k.note("the vendor refuses it")
		mend := k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/topup", Kind: vendorsandbox.Refuse, Code: "310242"})
		k.taps("rescue|")
		k.works()
		k.later(20 * time.Minute)
		k.works()
		mend()
		k.note("and takes it the next time")
		k.taps("rescue|")
		k.works()
		k.note("the button of the alert once more")
		k.taps("rescue|")
		k.says("/credit")
		k.says("/esims")
		k.note("the next purchase")
		k.says("Turkey")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.says("/credit")
		k.note("which is given back")
		k.says("/esims")
		k.taps("esim|")
		k.taps("cancel|")
		k.taps("cancelnow|")
		k.works()
		k.says("/credit")
		k.says("/forget")
		k.taps("forgetnow|")
	})
}
