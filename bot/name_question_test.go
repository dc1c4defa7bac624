package bot_test

import (
	"strings"
	"testing"
	"time"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// asksName is a talk in which Ann was just asked for the name of her eSIM, and what that is called.
func asksName(t *testing.T) (*talk, func() string) {
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	k := s.talk(s.Messenger.User(annID))
	for range 2 { // of one alone no name is asked
		s.buy(k.user)
		s.fulfils()
	}
	k.says("/esims")
	k.taps("esim|")
	k.taps("name|")
	return k, func() string {
		all, err := s.DB.ESIMsOf(t.Context(), annID)
		s.Must(err)
		return all[0].Name + all[1].Name // one of them has one
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

// A question, a no, a number, a link and what cannot be read are no names, and a name is one however it begins.
func TestWhatIsNoName(t *testing.T) {
	t.Parallel()
	k, name := asksName(t)
	for _, words := range []string{
		"how do I install it?", "как её установить", "Где QR-код?", "can I change the plan", "сколько осталось?", "I want my money back", "refund",
		"верните деньги", "отмена", "cancel", "нет", "не надо", "No, thanks", "nein", "取消", "help", "помогите", "/", "?", "...", "Спросить человека",
		"+79161234567", "8 916 123-45-67", "https://t.me/x", "@olga", "olga@example.com", "\u3164",
	} {
		k.says("/esims")
		k.taps("esim|")
		k.taps("name|")
		k.says(words)
		if got := name(); got != "" {
			t.Fatalf("%q became the name; read %q", words, k.user.Last().Text)
		}
	}
	for _, words := range []string{"Mum", "My tablet", "Мой телефон", "Work phone", "No. 2", "2", "Japan", "Нетта", "Howard", "Canada", "Back-up", "iPhone 15", "👩‍👧", "妈妈", "What's up phone", "Where to next", "Когда домой"} {
		k.says("/esims")
		k.taps("esim|")
		k.taps("name|")
		k.says(words)
		if got := name(); got != words {
			t.Errorf("%q is called %q; read %q", words, got, k.user.Last().Text)
		}
	}
}

// What is too long for a name, or cannot be read as one, is said so, and the next words are the name.
func TestTooLongANameIsSaidSo(t *testing.T) {
	t.Parallel()
	k, name := asksName(t)
	for _, words := range []string{"Семейная поездка в Таиланд на Новый год с бабушкой", "..."} {
		k.says(words)
		if text := k.user.Last().Text; name() != "" || !strings.Contains(text, "24") {
			t.Errorf("it is called %q; read %q", name(), text)
		}
	}
	k.says("Бабушка")
	if name() != "Бабушка" {
		t.Errorf("it is called %q", name())
	}
}

// What an eSIM is called stands wherever it is about to be changed: else the wrong one of two is given back.
func TestTheNameStandsWhereItCounts(t *testing.T) {
	t.Parallel()
	for _, path := range [][]string{{"cancel|"}, {"swap|"}, {"topup|"}, {"topup|", "tcard|"}} {
		k, _ := asksName(t)
		k.says("Mum")
		k.says("/esims")
		k.taps("esim|")
		for _, d := range path {
			k.taps(d)
			k.App.Bot.Screens().Wait()
		}
		if text := k.user.Last().Text; !strings.Contains(text, "Mum") {
			t.Errorf("%v: %q", path, text)
		}
	}
}

// Two eSIMs of one name, of one plan or with names that begin alike are buttons that can be told apart.
func TestESIMsThatLookAlikeCanBeToldApart(t *testing.T) {
	t.Parallel()
	for _, names := range [][2]string{{"Mum", "Mum"}, {"", ""}, {"Мой старый планшет Оля", "Мой старый планшет Юля"}} {
		for _, used := range []bool{false, true} {
			s := newShop(t, vendorsandbox.Options{})
			k := s.talk(s.Messenger.User(annID))
			for range names {
				s.buy(k.user)
				s.fulfils()
			}
			all, err := s.DB.ESIMsOf(t.Context(), annID)
			s.Must(err)
			for i, e := range all {
				s.Must(s.DB.SetESIMName(t.Context(), annID, e.ID, names[i]))
			}
			for _, p := range s.Vendor.Profiles() {
				if used {
					s.Must(s.Vendor.Install(p.EsimTranNo))
					k.uses(p.EsimTranNo, 1, 4*time.Hour, p.Total/2)
				}
			}
			k.says("/esims")
			seen := map[string]bool{}
			for _, row := range k.user.Last().Keyboard {
				for _, b := range row {
					label, _, _ := strings.Cut(b.Text, "…")
					if strings.HasPrefix(b.Data, "esim|") && seen[label] {
						t.Errorf("%q, in use: %v: two buttons say %q", names, used, label)
					}
					seen[label] = true
				}
			}
		}
	}
}

// A name is offered on the card of every eSIM, and of one that is over only where there is a name to take away.
func TestANameIsOfferedOnEveryCard(t *testing.T) {
	t.Parallel()
	s, _, o := sold(t)
	k := s.talk(s.Messenger.User(annID))
	offered := func() bool {
		k.says("/esims")
		k.taps("esim|")
		for _, row := range k.user.Last().Keyboard {
			for _, b := range row {
				if strings.HasPrefix(b.Data, "name|") {
					return true
				}
			}
		}
		return false
	}
	if !offered() {
		t.Error("the only eSIM cannot be named")
	}
	s.Must(s.App.Canceller.Begin(s.Context(), o.ID, nil))
	s.Work()
	if offered() {
		t.Error("one that was given back can be named")
	}
}
