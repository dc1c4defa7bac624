package bot

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

var update = flag.Bool("update", false, "write testdata/*.golden.txt anew")

// A talk is a conversation that is written down as one customer sees it.
type talk struct {
	*shop
	*tgsandbox.Human
	text  strings.Builder
	seen  map[int]string
	codes []string
}

func (s *shop) talk(h *tgsandbox.Human) *talk {
	return &talk{shop: s, Human: h, seen: map[int]string{}}
}

// note writes down something that happens outside of the chat.
func (k *talk) note(format string, args ...any) {
	fmt.Fprintf(&k.text, "\n=== %s\n", fmt.Sprintf(format, args...))
}

func (k *talk) says(words string) {
	k.Helper()
	fmt.Fprintf(&k.text, "\n>>> %s\n", words)
	k.send(k.Human, words)
	k.look()
}

// taps presses the newest button whose data begins so: the same one in every language.
func (k *talk) taps(data string) {
	k.Helper()
	chat := k.Chat()
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
	id, err := k.PressData(message, data)
	k.must(err)
	k.pump()
	for _, toast := range k.Toasts() {
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
	if err := k.pay(k.Human); errors.As(err, &declined) {
		fmt.Fprintf(&k.text, "--- declined\n%s\n", declined.Text)
	} else {
		k.must(err)
	}
	k.look()
}

// works lets the workers run and writes down what they sent.
func (k *talk) works() {
	k.Helper()
	k.work()
	k.look()
}

func (k *talk) later(d time.Duration) {
	k.note("%s later", d)
	k.vendor.Advance(d)
}

// look writes down what is new or changed in the chat.
func (k *talk) look() {
	for _, m := range k.Chat() {
		looks := rendered(m)
		old, known := k.seen[m.ID]
		if old == looks || m.From.ID == k.ID() && m.Payment == nil {
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

func rendered(m tgsandbox.Message) string {
	var b strings.Builder
	if m.Photo != nil {
		fmt.Fprintf(&b, "(picture %d × %d)\n", m.Photo.Width, m.Photo.Height)
	}
	if i := m.Invoice; i != nil {
		fmt.Fprintf(&b, "(invoice: %d %s)\n%s\n%s\n", i.Total, i.Currency, i.Title, i.Description)
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
	}
	return "[" + b.Text + "]"
}

var randomID = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)

// golden compares the conversation with its file. What is random in it, the ids of
// orders, is numbered in the order of its appearance.
func (k *talk) golden(name string) {
	k.Helper()
	got := randomID.ReplaceAllStringFunc(k.text.String(), func(id string) string {
		if !slices.Contains(k.codes, id) {
			k.codes = append(k.codes, id)
		}
		return fmt.Sprintf("ORDER-%d", slices.Index(k.codes, id)+1)
	})
	got = strings.TrimLeft(got, "\n")
	if waiting := k.tg.Unanswered(); len(waiting) > 0 {
		k.Errorf("presses never answered: %v", waiting)
	}
	if k.log.has("level=ERROR") {
		k.Errorf("errors were logged:\n%s", k.log)
	}
	file := filepath.Join("testdata", name+".golden.txt")
	if *update {
		k.must(os.MkdirAll("testdata", 0o755))
		k.must(os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	k.must(err)
	if string(want) != got {
		k.Errorf("%s differs (if it should: go test ./bot -run TestTalk -update):\n%s", file, firstDifference(string(want), got))
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
// of its is begun: touch testdata/browse.<code>.golden.txt, then -update.
func written(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "browse.*.golden.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files: ", err)
	}
	for i, f := range files {
		files[i] = strings.Split(filepath.Base(f), ".")[1]
	}
	return files
}

// talks runs a conversation in each language that is written down against its golden file.
func talks(t *testing.T, name string, converse func(k *talk)) {
	for _, lang := range written(t) {
		t.Run(lang, func(t *testing.T) {
			s := newShop(t, vendorsandbox.Options{})
			ann := s.tg.Person(annID)
			ann.SetLanguage(lang)
			s.must(s.db.SetSetting(t.Context(), settingStaffLanguage, lang))
			k := s.talk(ann)
			converse(k)
			k.golden(name + "." + lang)
		})
	}
}

func TestTalkPurchase(t *testing.T) {
	talks(t, "purchase", func(k *talk) {
		k.says("/start")
		k.taps("country|JP")
		k.taps("plan|")
		k.taps("nets|")
		k.taps("plan|")
		k.taps("phone|")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.deliver()
		k.look()
		k.works()
		k.later(10 * time.Second)
		k.works()
		k.says("/esims")
		k.taps("esim|")
		k.taps("install|")
		k.taps("qr|")
		tran := k.vendor.Profiles()[0].EsimTranNo
		k.note("installed, half of it used")
		k.must(k.vendor.Burn(tran, k.vendor.Profiles()[0].Total/2))
		k.later(4 * time.Hour)
		k.taps("esim|")
		k.taps("fresh|")
		k.taps("fresh|")
		k.note("the rest used")
		k.must(k.vendor.Burn(tran, k.vendor.Profiles()[0].Total))
		k.later(4 * time.Hour)
		_, err := k.bot.cfg.Watcher.Sweep(k.Context())
		k.must(err)
		k.works()
		k.taps("esim|")
		k.later(60 * 24 * time.Hour)
		k.must(k.bot.cfg.Watcher.Remind(k.Context()))
		k.works()
		k.taps("qr|")
		k.says("/esims")
	})
}

func TestTalkSearch(t *testing.T) {
	talks(t, "search", func(k *talk) {
		for _, words := range []string{"Japan", "Япония", "日本", "🇯🇵", "japn", "dubai", "Европа", "Guinea", "qwzx <b>&", strings.Repeat("long ", 20), "/start JP", "/start nonsense", "/nosuch", "/start p_NOSUCH"} {
			k.says(words)
		}
		k.text.WriteString("\n>>> (a sticker)\n")
		_, err := k.SendSticker()
		k.must(err)
		k.pump()
		k.look()
	})
}

func TestTalkBrowse(t *testing.T) {
	talks(t, "browse", func(k *talk) {
		k.says("/start")
		k.taps("conts")
		k.taps("cont|europe")
		k.taps("cont|europe|1")
		k.taps("conts")
		k.taps("menu")
		k.taps("regions")
		k.taps("region|")
		k.taps("plan|")
		k.taps("nets|")
		k.says("JP")
		k.taps("country|JP|f|p")
		k.taps("country|JP|d")
		k.taps("plan|")
		k.note("ten days of the day pass")
		k.taps(k.dayButton(10))
		k.taps("buy|")
		k.says("JP")
		k.taps("country|JP|r")
		k.taps("menu")
		k.taps("lang")
		k.taps("lang|ru")
		for _, c := range []string{"/help", "/terms", "/privacy", "/paysupport", "/esims"} {
			k.says(c)
		}
	})
}

// dayButton is the data of the button for so many days of the plan on the screen.
func (k *talk) dayButton(days int) string {
	for _, row := range k.Last().Keyboard {
		for _, b := range row {
			if d, err := ParseData(b.Data); err == nil && d.Route == routePlan && d.Int(2, 0) == days {
				return b.Data
			}
		}
	}
	k.Fatalf("no button for %d days", days)
	return ""
}

func TestTalkTrouble(t *testing.T) {
	talks(t, "trouble", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		plan, err := k.bot.cfg.Catalog.Plan(k.vendorPlan())
		k.must(err)
		k.note("the price moves between the card and the press")
		k.must(k.vendor.SetPrice(plan.Code, plan.Wholesale.Minor+5_000))
		k.must(k.bot.cfg.Catalog.Refresh(k.Context()))
		k.taps("buy|")
		k.note("and between the invoice and the payment")
		k.taps("buy|")
		k.must(k.vendor.SetPrice(plan.Code, plan.Wholesale.Minor))
		k.must(k.bot.cfg.Catalog.Refresh(k.Context()))
		k.pays()
		k.note("the supplier sells it no more: the money comes back")
		k.taps("plan|")
		k.taps("buy|")
		k.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		k.pays()
		k.works()
		k.note("the plan is hidden meanwhile")
		k.taps("plan|")
		k.note("an invoice that is paid too late")
		k.later(2 * time.Hour)
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.later(2 * time.Hour)
		k.pays()
		k.note("the supplier takes long")
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.vendor.Down(true)
		for range 8 {
			k.vendor.Advance(time.Minute)
			k.work()
		}
		k.look()
		k.says("/esims")
		k.vendor.Down(false)
		k.later(2 * time.Minute)
		k.works()
		k.later(2 * time.Minute)
		k.works()
		k.note("the supplier is down at the checkout")
		k.vendor.Down(true)
		_, _ = k.bot.cfg.Monitor.Check(k.Context()), k.bot.cfg.Monitor.Check(k.Context())
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.note("buttons that nobody offered")
		for _, data := range []string{"nosuch|1", "plan|NOSUCH", "country|ZZ", "esim|26010100000001", "qr|x", "Ж"} {
			k.tapped(k.Last().ID, data, data)
		}
	})
}

// vendorPlan is the code of the plan whose card is on the screen.
func (k *talk) vendorPlan() string {
	for _, row := range k.Last().Keyboard {
		for _, b := range row {
			if d, err := ParseData(b.Data); err == nil && (d.Route == routeBuy || d.Route == routeWays) {
				return d.Arg(0)
			}
		}
	}
	k.Fatal("no plan is on the screen")
	return ""
}

func TestTalkStaff(t *testing.T) {
	talks(t, "staff", func(k *talk) {
		ann := k.Human
		k.Human = k.tg.Person(staffID).In(groupID)
		for _, c := range []string{"/help", "/status", "/orders", "/orders nonsense", "/nosuch", "not a command"} {
			k.says(c)
		}
		k.note("Ann buys one plan, and another that is sold out")
		for range 2 {
			k.send(ann, "JP")
			k.press(ann, ann.Last().Keyboard[0][0].Text)
			k.press(ann, ann.Last().Keyboard[0][0].Text)
			k.must(k.pay(ann))
			k.work()
			k.vendor.Advance(10 * time.Second)
			k.work()
			k.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		}
		k.look()
		k.note("the balance falls, the supplier goes down and comes back")
		k.vendor.SetBalance(100_000)
		k.must(k.bot.cfg.Monitor.Check(k.Context()))
		k.vendor.Break(vendorsandbox.Fault{Endpoint: "balance/query", Kind: vendorsandbox.Refuse, Code: "401001", Count: 2})
		for range 3 {
			k.vendor.Advance(time.Minute)
			_ = k.bot.cfg.Monitor.Check(k.Context())
		}
		k.works()
		k.must(k.db.JobOK(k.Context(), SweepJob, k.vendor.Time()))
		for _, c := range []string{"/status", "/orders", "/orders open", "/orders refunded", "/language", "/language ru", "/help"} {
			k.says(c)
		}
		k.note("the group becomes a supergroup")
		id := k.tg.MigrateGroup()
		k.Human = k.tg.Person(staffID).In(id)
		k.pump()
		k.must(k.db.AddNotifications(k.Context(), []esim.Notification{{Kind: esim.StaffBalanceLow, Key: "x", Amount: esim.Wholesale(90_000)}}))
		k.seen = map[int]string{}
		k.works()
	})
}
