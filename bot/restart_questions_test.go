package bot_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// A typedQuestion is one that is answered by typing: how it is asked, its answer, and what is read then.
type typedQuestion struct {
	kind, answer, says string
	aboutESIM          bool // there has to be one
	ask                func(k *talk)
}

var typedQuestions = []typedQuestion{
	{"name", "Mum's tablet", "Mum's tablet", true, func(k *talk) {
		k.says("/esims")
		k.taps("esim|")
		k.taps("name|")
	}},
	{"trip", "10.12.", "10 December", true, func(k *talk) { k.taps("trip|") }},
	{"trip_days", "5 days", "5 days", true, func(k *talk) {
		k.taps("trip|")
		k.says("11.12.")
	}},
	{"zone", "Osaka", "Tokyo", false, func(k *talk) {
		k.says("/settings")
		k.taps("zone")
	}},
	{"promo", "welcome", "WELCOME", false, func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("promo|")
	}},
}

// The program is started anew between every question that is answered by typing and its answer: the answer is taken.
// Nobody is asked two things at once, so each is asked somebody else.
func TestARestartAtEveryQuestionThatIsTyped(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.promo(esim.Promo{Code: "WELCOME", Percent: 10})
	var talks []*talk
	for i, q := range typedQuestions {
		k := s.talk(s.Messenger.User(askedID + int64(i)))
		if q.aboutESIM {
			k.buys()
		}
		q.ask(k)
		if asked, err := s.DB.Question(t.Context(), esim.CustomerID(k.user.ID())); err != nil || asked.Kind != q.kind {
			t.Fatalf("asked is %q (%v), want %q", asked.Kind, err, q.kind)
		}
		talks = append(talks, k)
	}
	s.Reopen(nil)
	for i, q := range typedQuestions {
		talks[i].says(q.answer)
		if text := talks[i].user.Last().Text; !strings.Contains(text, q.says) {
			t.Errorf("%s: after a restart %q leads to %q, want %q", q.kind, q.answer, text, q.says)
		}
	}
	if kinds := kindsOfQuestions(t); len(kinds) != len(typedQuestions) {
		t.Errorf("the rooms ask by typing for %v; these are tried: %d", kinds, len(typedQuestions))
	}
}

// askedID and the numbers after it are customers of whom each is asked something.
const askedID = 5001

// kindsOfQuestions are the kinds that the rooms of customers ask by typing, as their code names them.
func kindsOfQuestions(t *testing.T) map[string]bool {
	kinds := map[string]bool{}
	asks := regexp.MustCompile(`esim\.Question\{Kind: ([\w.]+)`)
	room := os.DirFS("customer")
	err := fs.WalkDir(room, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		code, err := fs.ReadFile(room, path)
		for _, m := range asks.FindAllSubmatch(code, -1) {
			kinds[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

// A dialogue is led by buttons: what begins it, what the buttons say that lead through it, and what is read at its end.
type dialogue struct {
	begins string
	labels []string
	says   string
}

// dialogues of Ann, whose one eSIM is not installed; the last one ends it.
var dialogues = []dialogue{
	{"JP", []string{"🧭", "7 days", "📸", "2 phones", "🎯"}, "Price:"},
	{"/help", []string{"📲 Will it work", "Samsung", "✅ Yes, there is", "✅ No SIM"}, "Noted"},
	{"/esims", []string{"🆕", "📲 Install", "Another phone", "iPhone", "2. From"}, "iPhone · 2."},
	{"/esims", []string{"🆕", "🔁 Swap for", "+", "📋 About the new plan"}, "Price:"},
	{"/esims", []string{"🆕", "🔁 Swap for", "🔎", "🗺", "🏯", "Armenia ·", "1 GB · 7 days", "🔁 Swap my eSIM"}, "your eSIM counts for"},
	{"/esims", []string{"🆕", "🎁 Give away", "🎁 Make the link", "↩️ Take the link back"}, "Not installed yet"},
	{"/esims", []string{"🆕", "✈️", "In 7 days"}, "Your trip begins on"},
	{"/settings", []string{"🌙", "23:00"}, "no hours are quiet"},
	{"/language", []string{"Русский"}, "Куда едете"},
	{"/language", []string{"English"}, "Where are you going"},
	{"/esims", []string{"🆕", "🛟", "📱 Phone lost", "📱 Phone lost", "↩️ Cancel", "↩️"}, "your money comes back"},
}

// The program is started anew in the middle of every dialogue: the buttons that are there go on from where it was.
func TestARestartInEveryDialogue(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	k := s.talk(s.Messenger.User(annID))
	k.buys()
	at := make([]int, len(dialogues)) // the messages they are led in
	for i, d := range dialogues {
		k.says(d.begins)
		at[i] = k.user.Last().ID
		for _, label := range d.labels[:len(d.labels)/2] {
			k.tapsLabel(at[i], label)
		}
	}
	s.Reopen(nil)
	for i, d := range dialogues {
		for _, label := range d.labels[len(d.labels)/2:] {
			k.tapsLabel(at[i], label)
		}
		if text := k.message(at[i]).Text; !strings.Contains(text, d.says) {
			t.Errorf("%s, %q: after a restart Ann reads %q, want %q", d.begins, d.labels, text, d.says)
		}
	}
}

// message is one of the chat.
func (k *talk) message(id int) tgsandbox.Message {
	k.Helper()
	for _, m := range k.user.Chat() {
		if m.ID == id {
			return m
		}
	}
	k.Fatalf("message %d is gone", id)
	return tgsandbox.Message{}
}

// tapsLabel presses the button of a message with such words on it.
func (k *talk) tapsLabel(id int, words string) {
	k.Helper()
	m := k.message(id)
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Data != "" && strings.Contains(strings.ReplaceAll(b.Text, "\u00a0", " "), words) {
				k.tapped(m.ID, b.Text, b.Data)
				k.App.Bot.Screens().Wait() // what asks the vendor is shown late
				k.look()
				return
			}
		}
	}
	k.Fatalf("no button says %q under %q: %q", words, m.Text, m.Labels())
}

// An answer whose own answer Telegram did not take is read again as it was: the question is over only once its answer is
// shown.
func TestAnAnswerIsTakenThoughTelegramFails(t *testing.T) {
	t.Parallel() // a second goes by before each second try
	s := newShop(t, vendorsandbox.Options{})
	s.promo(esim.Promo{Code: "WELCOME", Percent: 10})
	for i, q := range typedQuestions {
		k := s.talk(s.Messenger.User(failedID + int64(i)))
		if q.aboutESIM {
			k.buys()
		}
		q.ask(k)
		s.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.BadGateway})
		k.says(q.answer)
		if text := k.user.Last().Text; !strings.Contains(text, q.says) {
			t.Errorf("%s: %q leads to %q, want %q", q.kind, q.answer, text, q.says)
		}
	}
}

// failedID and the numbers after it are customers whose answers Telegram does not take at once.
const failedID = 6001
