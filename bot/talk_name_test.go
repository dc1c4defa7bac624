package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// buys lets Ann buy the first plan of Japan and have it.
func (k *talk) buys() (tran string) {
	k.Helper()
	k.says("JP")
	k.taps("plan|")
	k.taps("buy|")
	k.pays()
	k.arrives()
	return k.Vendor.Profiles()[0].EsimTranNo
}

func TestTalkNames(t *testing.T) {
	t.Parallel()
	talks(t, "names", func(k *talk) {
		tran := k.buys()
		k.buys() // a second one: of one alone no name is asked
		k.taps("esim|" + tran)
		k.taps("name|")
		k.says("Mum's <iPad>")
		k.note("half of it used")
		k.uses(tran, 1, 4*time.Hour, k.Vendor.Profiles()[0].Total/2)
		k.says("/esims")
		k.note("too long, and a cry for help, are no names")
		k.taps("esim|" + tran)
		k.taps("name|")
		k.says("The iPad of my mother and of my father")
		k.says("it does not work help")
		k.note("left without a name: words mean what they always do")
		k.says("/esims")
		k.taps("esim|" + tran)
		k.taps("name|")
		k.taps("name|" + tran + "|x")
		k.says("Japan")
		k.note("asked, and answered too late")
		k.says("/esims")
		k.taps("esim|" + tran)
		k.taps("name|")
		k.later(time.Hour)
		k.says("Turkey")
		k.note("taken away")
		k.says("/esims")
		k.taps("esim|" + tran)
		k.taps("name|")
		k.taps("name|" + tran + "|-")
	})
}

// A name that was asked for after the last word in an open thread with staff is not sent to them.
func TestANameIsNoWordToStaff(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	k.buys()
	k.says("/help")
	k.taps("person")
	k.says("It says: no service")
	s.Vendor.Advance(time.Minute)
	k.says("/esims")
	k.taps("esim|" + tran)
	k.taps("name|")
	k.says("Mum")
	if last := k.user.Last(); !strings.Contains(last.Text, "From now on it is called Mum") {
		t.Errorf("the name was answered with %q", last.Text)
	}
	k.says("It still says so")
	if last := k.user.Last(); strings.Contains(last.Text, "called") {
		t.Errorf("a word to staff became a name: %q", last.Text)
	}
	all, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	for _, e := range all {
		if (e.Name == "Mum") != (string(e.ID) == tran) {
			t.Errorf("%s is called %q", e.ID, e.Name)
		}
	}
}
