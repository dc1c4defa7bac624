package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// The program is started anew between the question of a name and its answer: the answer is the name, and the
// words after it are not.
func TestARestartInTheQuestionOfAName(t *testing.T) {
	t.Parallel()
	k, _ := asksName(t)
	k.Reopen(nil)
	k.says("Mum's tablet")
	if got := called(k); got != "Mum's tablet" {
		t.Errorf("after the restart it is called %q; Ann reads %q", got, k.user.Last().Text)
	}
	k.Reopen(nil)
	k.says("Turkey")
	if got := called(k); got != "Mum's tablet" || !strings.Contains(k.user.Last().Text, "Türkiye") {
		t.Errorf("the next words made it %q; Ann reads %q", got, k.user.Last().Text)
	}
}

// called is what Ann's eSIMs are called in the database that is open now.
func called(k *talk) (names string) {
	all, err := k.DB.ESIMsOf(k.Context(), annID)
	k.Must(err)
	for _, e := range all {
		names += e.Name
	}
	return names
}

// The program is started anew after each step of the dialogue about a lost phone: the buttons that are there
// go on from where it was.
func TestARestartInTheDialogueOfALostPhone(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	k := s.talk(s.Messenger.User(annID))
	tran := k.buys()
	k.Must(k.Vendor.Install(tran))
	k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total/4))
	k.says("my phone was stolen")
	for _, step := range []struct{ press, says string }{
		{"fault|", "It is fine"},
		{"lost|", "What happened?"},
		{"lost|" + tran + "|phone", "Our staff can look for a replacement"},
		{"person|", ""},
	} {
		k.Reopen(nil)
		k.taps(step.press)
		k.App.Bot.Screens().Wait()
		k.look()
		if text := k.user.Last().Text; !strings.Contains(text, step.says) {
			t.Errorf("%s after a restart leads to %q, want %q", step.press, text, step.says)
		}
	}
	k.Reopen(nil)
	k.says("It was stolen in Osaka")
	k.works()
	if olga := k.Messenger.User(staffID).In(groupID); !strings.Contains(strings.Join(said(olga, 0), "\n"), "It was stolen in Osaka") {
		t.Errorf("the words reach nobody: staff read %q", said(olga, 0))
	}
}
