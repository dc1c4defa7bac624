package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// Bob has what Ann bought and gave him, uses it, and is forgotten. What the vendor still tells of it brings nothing of his
// phone back, and whoever bought it can still be asked about it.
func TestThePhoneOfAForgottenHolderStaysForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	tran := k.bought(0)
	bob := k.friend()
	k.gives(tran, bob)
	s.Must(s.Vendor.Install(tran))
	k.uses(tran, 1, 4*time.Hour, 50<<20)
	s.Work()
	before, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
	s.Must(err)
	if before.EID == "" || before.Used == 0 {
		t.Fatalf("nothing is known of Bob's phone: %q, %d", before.EID, before.Used)
	}
	secrets := []string{before.EID, before.ICCID.Reveal(), strings.TrimPrefix(before.ActivationCode.Reveal(), "LPA:1$")}
	b := s.talk(bob)
	b.says("/forget")
	b.taps("forgetnow")
	s.Must(s.Vendor.Burn(tran, s.Vendor.Profiles()[0].Total*9/10))
	s.Vendor.Advance(4 * time.Hour)
	s.Must(s.Watcher.Refresh(t.Context(), esim.ESIMID(tran))) // as the vendor's webhook has it
	for range 3 {
		_, err = s.Watcher.Sweep(t.Context())
		s.Must(err)
		s.compare()
		s.Vendor.Advance(4 * time.Hour)
	}
	s.Must(s.DB.Scrub(t.Context()))
	if found := s.leftIn(secrets...); len(found) > 0 {
		t.Errorf("it comes back:\n%s", strings.Join(found, "\n"))
	}
	after, err := s.DB.ESIM(t.Context(), esim.ESIMID(tran))
	s.Must(err)
	if after.Used != 0 || !after.Activated.IsZero() || after.Status != esim.ProfileInUse {
		t.Errorf("used %d since %s, %s", after.Used, after.Activated, after.Status)
	}
	if samples, err := s.DB.Samples(t.Context(), after.ID, time.Time{}, 9); err != nil || len(samples) > 0 {
		t.Errorf("how he used it: %v, %v", samples, err)
	}
}

// Of what a forgotten holder never used, whoever bought it can have the money back.
func TestWhatAForgottenHolderNeverUsedCanBeCancelled(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	tran := k.bought(0)
	o, err := s.DB.OrdersOf(t.Context(), annID, 1)
	s.Must(err)
	bob := k.friend()
	k.gives(tran, bob)
	b := s.talk(bob)
	b.says("/forget")
	b.taps("forgetnow")
	k.says("/esims")
	k.taps("given|" + tran)
	if !offers(k.user, "cancel|"+tran) {
		t.Fatalf("Ann reads: %s", k.user.Last().Text)
	}
	k.taps("cancel|" + tran)
	k.taps("cancelone|" + tran)
	s.Work()
	if got := s.state(o[0].ID); got != esim.StateRefunded {
		t.Errorf("the order is %s: %s", got, k.user.Last().Text)
	}
}
