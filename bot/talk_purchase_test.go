package bot_test

import (
	"testing"
	"time"
)

// TestTalkAgain: what was bought is bought once more from the receipt and from the eSIM's card, as
// many of it; where its plan is not sold any more, the nearest one is shown with a word.
func TestTalkAgain(t *testing.T) {
	talks(t, "again", func(k *talk) {
		k.many(2)
		code := k.vendorPlan()
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.note("from the receipt, which stays")
		k.taps("again|")
		k.note("from the eSIM's card")
		k.says("/esims")
		k.taps("esim|")
		k.taps("again|")
		k.note("the plan is not sold any more")
		k.Catalog.Hide(code, k.Vendor.Time().Add(24*time.Hour))
		k.says("/esims")
		k.taps("esim|")
		k.taps("again|")
		k.taps("buy|")
		k.note("a restart later the invoice is paid all the same")
		k.Reopen()
		k.pays()
		k.arrives()
	})
}
