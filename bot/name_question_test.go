package bot_test

import (
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// asksName is a talk in which Ann was just asked for the name of her eSIM, and what that is called.
func asksName(t *testing.T) (*talk, func() string) {
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	k := s.talk(s.Messenger.User(annID))
	s.buy(k.user)
	s.fulfils()
	k.says("/esims")
	k.taps("esim|")
	k.taps("name|")
	return k, func() string {
		all, err := s.DB.ESIMsOf(t.Context(), annID)
		s.Must(err)
		return all[0].Name
	}
}

// Who leaves the question of a name by a button or a command and types a place wants its plans.
func TestAPlaceAfterTheQuestionOfANameWasLeftIsNoName(t *testing.T) {
	t.Parallel()
	for _, away := range []string{"menu", "/start", "/help", "/nonsense"} {
		k, name := asksName(t)
		if strings.HasPrefix(away, "/") {
			k.says(away)
		} else {
			k.taps(away)
		}
		k.says("Turkey")
		if got := name(); got != "" {
			t.Errorf("after %s the eSIM is called %q", away, got)
		}
	}
}
