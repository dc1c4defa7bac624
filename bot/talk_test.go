package bot_test

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

var update = flag.Bool("update", false, "write testdata/*.golden.txt anew")

// A talk is a conversation that is written down as one customer sees it.
type talk struct {
	*shop
	user  *tgsandbox.UserClient
	text  strings.Builder
	seen  map[int]string
	last  map[int]tgsandbox.Message // of the chat, as they were looked at: most never change again
	marks map[string]bool           // reactions
	// others is what was seen of the chats of others.
	others map[*tgsandbox.UserClient]map[int]string
	codes  []string
}

func (s *shop) talk(h *tgsandbox.UserClient) *talk {
	return &talk{shop: s, user: h, seen: map[int]string{}, last: map[int]tgsandbox.Message{}, marks: map[string]bool{}}
}

// note writes down something that happens outside of the chat.
func (k *talk) note(format string, args ...any) {
	fmt.Fprintf(&k.text, "\n=== %s\n", fmt.Sprintf(format, args...))
}

func (k *talk) says(words string) {
	k.Helper()
	fmt.Fprintf(&k.text, "\n>>> %s\n", words)
	k.Send(k.user, words)
	k.look()
}

// taps presses the newest button whose data begins so: the same one in every language.
func (k *talk) taps(data string) {
	k.Helper()
	chat := k.user.Chat()
	slices.Reverse(chat)
	for _, m := range chat {
		for _, row := range m.Keyboard {
			for _, b := range row {
				if b.Data != "" && strings.HasPrefix(b.Data, data) {
					k.tapped(m.ID, b.Text, b.Data)
					return
				}
			}
		}
	}
	k.Fatalf("no button leads to %q", data)
}

func (k *talk) tapped(message int, label, data string) {
	k.Helper()
	fmt.Fprintf(&k.text, "\n>>> [%s]\n", label)
	id, err := k.user.PressData(message, data)
	k.Must(err)
	k.Pump()
	for _, toast := range k.user.Toasts() {
		if toast.QueryID == id && toast.Text != "" {
			fmt.Fprintf(&k.text, "--- %s\n%s\n", map[bool]string{true: "box", false: "toast"}[toast.Alert], toast.Text)
		}
	}
	k.look()
}

func (k *talk) pays() {
	k.Helper()
	k.text.WriteString("\n>>> pays\n")
	var declined *tgsandbox.DeclinedError
	if err := k.Pay(k.user); errors.As(err, &declined) {
		fmt.Fprintf(&k.text, "--- declined\n%s\n", declined.Text)
	} else {
		k.Must(err)
	}
	k.look()
}

// works lets the workers run and writes down what they sent.
func (k *talk) works() {
	k.Helper()
	k.Work()
	k.look()
}

func (k *talk) later(d time.Duration) {
	k.note("%s later", d)
	k.Vendor.Advance(d)
}

// look writes down what is new or changed in the chat, or was taken away.
func (k *talk) look() {
	chat := k.user.Chat()
	there := make(map[int]bool, len(chat))
	for _, m := range chat {
		there[m.ID] = true
	}
	var gone []int
	for id := range k.seen {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		first, _, _ := strings.Cut(k.seen[id], "\n")
		k.text.WriteString("--- gone\n" + first + "\n")
		delete(k.seen, id)
	}
	for _, m := range chat {
		if before, known := k.last[m.ID]; known && reflect.DeepEqual(before, m) {
			continue
		}
		k.last[m.ID] = m
		if len(m.Keyboard) > limitRows {
			k.Errorf("%d rows of buttons under %s", len(m.Keyboard), firstLine(m.Text))
		}
		looks := rendered(m)
		old, known := k.seen[m.ID]
		if mark := fmt.Sprint(m.ID, m.Reaction); m.Reaction != "" && !k.marks[mark] {
			k.marks[mark] = true
			fmt.Fprintf(&k.text, "--- %s under %s", m.Reaction, firstLine(looks))
		}
		if old == looks || m.From.ID == k.user.ID() && m.Payment == nil {
			continue
		}
		k.seen[m.ID] = looks
		head := "--- new"
		if known {
			head = "--- changed"
		}
		k.text.WriteString(head + "\n" + looks)
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line + "\n"
}

func rendered(m tgsandbox.Message) string {
	var b strings.Builder
	if m.Topic != "" {
		fmt.Fprintf(&b, "(topic %s)\n", m.Topic)
	}
	if m.Photo != nil {
		fmt.Fprintf(&b, "(picture %d × %d)\n", m.Photo.Width, m.Photo.Height)
	}
	if i := m.Invoice; i != nil {
		fmt.Fprintf(&b, "(invoice: %d %s)\n%s\n%s\n", i.Total, i.Currency, i.Title, i.Description)
	}
	if m.Document != nil {
		fmt.Fprintf(&b, "(file %s)\n", m.Document.FileName)
	}
	if m.Clip != nil {
		fmt.Fprintf(&b, "(%s)\n", m.Clip.Kind)
	}
	if m.Location != nil {
		fmt.Fprintf(&b, "(place %g, %g)\n", m.Location.Latitude, m.Location.Longitude)
	}
	if m.Payment != nil {
		fmt.Fprintf(&b, "(%s payment: %d %s)\n", m.Payment.Kind, m.Payment.Total, m.Payment.Currency)
	}
	if m.Text != "" {
		b.WriteString(m.HTML() + "\n")
	}
	for _, row := range m.Keyboard {
		for i, button := range row {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(buttonLabel(button))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func buttonLabel(b tgsandbox.Button) string {
	switch b.Kind {
	case "url":
		u, _ := url.Parse(b.URL)
		return fmt.Sprintf("[%s → %s]", b.Text, u.Host)
	case "copy":
		return fmt.Sprintf("[%s → copied]", b.Text)
	case "pay":
		return fmt.Sprintf("[%s → pays]", b.Text)
	case "inline":
		return fmt.Sprintf("[%s → @bot %s]", b.Text, b.Data)
	}
	return "[" + b.Text + "]"
}

// randomToken is what links that give an eSIM away, or bring a friend, carry.
var randomToken = regexp.MustCompile(`\b(claim_|claim\||take\||ref_)([A-Z2-7]{26}|[0-9A-HJKMNP-TV-Z]{8})`)

var randomID = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)

// golden compares the conversation with its file. What is random in it, the ids of
// orders, is numbered in the order of its appearance.
func (k *talk) golden(name string) {
	k.Helper()
	said := randomToken.ReplaceAllString(k.text.String(), "${1}TOKEN")
	got := randomID.ReplaceAllStringFunc(said, func(id string) string {
		if !slices.Contains(k.codes, id) {
			k.codes = append(k.codes, id)
		}
		return fmt.Sprintf("ORDER-%d", slices.Index(k.codes, id)+1)
	})
	for i, code := range k.codes { // two eSIMs that look alike have the end of it on their buttons
		got = strings.NewReplacer(
			" · "+code[5:]+" · ", fmt.Sprintf(" · END-%d · ", i+1),
			" · \u2068"+code[5:]+"\u2069 · ", fmt.Sprintf(" · \u2068END-%d\u2069 · ", i+1), // set apart in Arabic
		).Replace(got)
	}
	got = strings.TrimLeft(got, "\n")
	if waiting := k.Messenger.Unanswered(); len(waiting) > 0 {
		k.Errorf("presses never answered: %v", waiting)
	}
	if k.Log.Has("level=ERROR") {
		k.Errorf("errors were logged:\n%s", k.Log)
	}
	file := filepath.Join("testdata", name+".golden.txt")
	if *update {
		k.Must(os.MkdirAll("testdata", 0o755))
		k.Must(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	k.Must(err)
	if string(want) != got {
		k.Errorf("%s differs (if it should: go test ./bot -run 'TestTalk|OldButtons' -update):\n%s", file, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range g {
		if i >= len(w) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %q\ngot  %q", i+1, strings.Join(w[min(i, len(w)):min(i+3, len(w))], "\n"), strings.Join(g[i:min(i+3, len(g))], "\n"))
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// written lists the languages that have golden files. A new one gets them when a file
// of its is begun: touch testdata/browse.<code>.golden.txt, then -update. All are held to in .ci/run (tag soak).
func written(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "browse.*.golden.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files: ", err)
	}
	var languages []string
	for _, f := range files {
		if lang := strings.Split(filepath.Base(f), ".")[1]; *update || talked(lang) {
			languages = append(languages, lang)
		}
	}
	return languages
}

// talks runs a conversation in each language that is written down against its golden file.
func talks(t *testing.T, name string, converse func(k *talk)) {
	for _, lang := range written(t) {
		t.Run(lang, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			ann := s.Messenger.User(annID)
			ann.SetLanguage(lang)
			s.Must(s.DB.SetSetting(t.Context(), "staff_language", lang))
			k := s.talk(ann)
			converse(k)
			k.golden(name + "." + lang)
		})
	}
}
