package bot_test

import (
	"testing"
	"time"
)

// TestTalkFault: the fault finder in each state of an eSIM, the program started anew in the middle, and
// a person at its end; then an eSIM that is gone from its phone.
func TestTalkFault(t *testing.T) {
	t.Parallel()
	talks(t, "fault", func(k *talk) {
		olga := k.Messenger.User(staffID).In(groupID)
		k.buy(k.user)
		k.fulfils()
		k.look()
		k.text.Reset()
		tran := k.Vendor.Profiles()[0].EsimTranNo
		k.note("not installed")
		k.says("my sim does not work")
		k.taps("lost|")
		k.taps("lost|" + tran + "|phone")
		k.note("on the phone, and no network has seen it")
		k.Must(k.Vendor.Install(tran))
		k.later(time.Minute)
		k.says("/help")
		k.taps("fault")
		k.taps("fault|" + tran + "||e")
		k.tapsOn("fault|" + tran)
		k.taps("fault|" + tran + "|n|m")
		k.note("the program is started anew")
		k.Reopen(nil)
		k.look()
		k.tapsOn("fault|" + tran + "|n")
		k.taps("fault|" + tran + "|ny")
		k.taps("fault|" + tran + "|nyn|m")
		k.tapsOn("fault|" + tran + "|nyn")
		k.taps("person|")
		k.works()
		k.as("Olga, in the staff group", olga, func() { k.look() })
		k.taps("endtalk|")
		k.note("used up")
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total))
		k.later(4 * time.Hour)
		k.says("/help")
		k.taps("fault")
		k.note("the vendor does not answer")
		k.Vendor.Down(true)
		k.later(time.Minute)
		k.says("/help")
		k.taps("fault")
		k.Vendor.Down(false)
	})
}

// TestTalkFaultStates: an eSIM that is paused at the vendor, deleted from its phone, or over says so at once, and asks
// nothing about the phone.
func TestTalkFaultStates(t *testing.T) {
	t.Parallel()
	talks(t, "fault_states", func(k *talk) {
		finds := func(what string) {
			k.later(time.Minute)
			k.note("%s", what)
			k.says("/help")
			k.taps("fault")
			k.taps("lost|")
			k.taps("lost|" + k.newest() + "|deleted")
		}
		k.buy(k.user)
		k.fulfils()
		k.look()
		k.text.Reset()
		tran := k.newest()
		k.Must(k.Vendor.Install(tran))
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total/4))
		k.later(4 * time.Hour) // usage is told late
		k.Must(k.Vendor.Suspend(tran))
		finds("paused")
		k.Must(k.Vendor.Unsuspend(tran))
		k.Must(k.Vendor.Delete(tran))
		finds("deleted from the phone")
		k.Must(k.Vendor.Expire(tran))
		finds("its days are over")
	})
}

// TestTalkLost: an eSIM that is in use is gone from its phone.
func TestTalkLost(t *testing.T) {
	t.Parallel()
	talks(t, "lost", func(k *talk) {
		olga := k.Messenger.User(staffID).In(groupID)
		k.buy(k.user)
		k.fulfils()
		k.look()
		k.text.Reset()
		tran := k.Vendor.Profiles()[0].EsimTranNo
		k.Must(k.Vendor.Install(tran))
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total/4))
		k.later(4 * time.Hour)
		k.note("in use")
		k.says("/esims")
		k.taps("esim|")
		k.taps("fault|")
		k.taps("lost|")
		k.taps("lost|" + tran + "|deleted")
		k.taps("person|")
		k.works()
		k.as("Olga, in the staff group", olga, func() { k.look() })
		k.says("/esims")
	})
}

// tapsOn is taps for a button with exactly these data.
func (k *talk) tapsOn(data string) {
	k.Helper()
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			if b.Data == data {
				k.tapped(k.user.Last().ID, b.Text, b.Data)
				return
			}
		}
	}
	k.Fatalf("no button sends %q", data)
}
