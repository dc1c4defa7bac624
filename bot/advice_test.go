package bot_test

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// adviceAgainst finds, in each language, the advice that is wrong for a plan whose days begin so:
// installed at home, a plan that counts from the installation loses days; who waits for the arrival
// with any other may find no Wi-Fi there.
var adviceAgainst = map[string]map[esim.ClockStart]*regexp.Regexp{
	"en": {
		esim.AtInstall:  regexp.MustCompile(`(?i)before (you (fly|leave|travel|go)|the (flight|trip|journey)|your (flight|trip)|departure|leaving|take-?off)|at home, on wi-fi|once in use|from the first (use|connection)|days begin there`),
		esim.AtFirstUse: regexp.MustCompile(`(?i)when you (arrive|land|are there)|on arrival|after (you arrive|landing)|(with|from) the installation|from installation`),
	},
	"ru": {
		esim.AtInstall:  regexp.MustCompile(`(?i)(до|перед) (вылет|полёт|поездк|рейс|отъезд|дорог)|заранее|с начала использования|с первого (использования|подключения)|дни начнутся там`),
		esim.AtFirstUse: regexp.MustCompile(`(?i)когда (приедете|прилетите|будете на месте)|по (приезде|прилёте|прибытии)|после (приезда|прилёта|прибытия|посадки)|(считаются|идут) с установки|ставьте на месте|[^.]*дн\S* с установки`),
	},
}

// TestNoAdviceAgainstTheClock has a customer read everything there is about a plan of each kind:
// every button of every screen, and every notification, with the eSIM in every state on the phone. A
// screen or a notification that is new is among them, since the lists are held complete elsewhere.
func TestNoAdviceAgainstTheClock(t *testing.T) {
	for _, starts := range []esim.ClockStart{esim.AtInstall, esim.AtFirstUse} {
		t.Run(fmt.Sprint(starts), func(t *testing.T) {
			probe := newShop(t, vendorsandbox.Options{})
			eachLanguage(t, probe, func(t *testing.T, lang string) {
				if adviceAgainst[lang][starts] == nil {
					t.Fatalf("say in adviceAgainst what wrong advice looks like in %q", lang)
				}
				t.Parallel()
				readsAll(t, lang, starts)
			})
		})
	}
}

// onePlanKind is what the vendor sells, with the days of every plan beginning the same way.
func onePlanKind(t *testing.T, starts esim.ClockStart) io.Reader {
	list, err := shoptest.FewPlans(7)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(list)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(regexp.MustCompile(`"activeType":[12]`).ReplaceAll(raw, fmt.Appendf(nil, `"activeType":%d`, starts)))
}

func readsAll(t *testing.T, lang string, starts esim.ClockStart) {
	s := newShop(t, vendorsandbox.Options{Catalog: onePlanKind(t, starts)})
	ann := s.Messenger.User(annID)
	ann.SetLanguage(lang)
	s.Send(ann, "/start")
	menu := ann.Last().ID
	names := s.named()
	bought, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	e := bought[0]
	if e.Plan.Starts != starts {
		t.Fatalf("the days of %s begin %d, want %d", e.Plan.Code, e.Plan.Starts, starts)
	}
	k := s.talk(ann)
	k.text.Reset()
	var last []string
	reads := func(state string) {
		for _, kind := range esim.NotificationKinds() {
			for i, n := range about(kind, e) {
				n.Key = fmt.Sprintf("read %s %s %d", state, kind, i)
				s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{n}))
			}
		}
		s.Deliver()
		k.note("%s: told", state)
		k.look()
		last = nil
		for _, data := range oldButtons {
			data = names.Replace(data)
			if strings.HasPrefix(data, "lang|") {
				data = "lang|" + lang
			}
			if strings.HasPrefix(data, "cancelnow|") || strings.HasPrefix(data, "cancelone|") {
				last = append(last, data)
				continue
			}
			k.tapped(menu, state+": "+data, data)
		}
		for _, command := range s.App.Bot.Router().Commands() {
			k.says("/" + command)
		}
	}
	reads("ready")
	id := string(e.ID)
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"downloaded", func() error { return s.Vendor.Download(id) }},
		{"installed", func() error { return s.Vendor.Install(id) }},
		{"off", func() error { return s.Vendor.Switch(id, false) }},
		{"in use", func() error { return s.Vendor.Burn(id, 1<<20) }},
	} {
		s.Must(step.do())
		s.Must(s.Watcher.Refresh(t.Context(), e.ID))
		reads(step.name)
	}
	k.note("several at once, and given back")
	_, err = s.Checkout.PaidByHand(t.Context(), s.byHand(2).ID, esim.AuditEntry{Who: staffID, What: "paid"})
	s.Must(err)
	s.fulfils()
	k.look()
	for _, data := range last {
		k.tapped(menu, data, data)
	}
	s.fulfils()
	k.look()
	wrong := adviceAgainst[lang][starts]
	screens := 0
	for _, screen := range strings.Split(k.text.String(), "\n--- ") {
		screens++
		if found := wrong.FindString(screen); found != "" {
			t.Errorf("%q is wrong for a plan whose days begin %d:\n%s", found, starts, screen)
		}
	}
	if right := k.App.Texts.Printer(lang).T("when.install_"+map[esim.ClockStart]string{esim.AtInstall: "on_arrival", esim.AtFirstUse: "before_trip"}[starts], nil); strings.Count(k.text.String(), right) < 4 || screens < 100 {
		t.Errorf("%d screens were read, and %q stood on too few of them", screens, right)
	}
}

// about are notifications of a kind about an eSIM: one, or one for each alert.
func about(kind esim.NotificationKind, e esim.ESIM) []esim.Notification {
	if kind.Audience() != esim.AudienceCustomer {
		return nil
	}
	n := esim.Notification{Kind: kind, Customer: e.Customer, Order: e.Order, ESIM: e.ID, Amount: esim.Stars(100)}
	if kind != esim.NotifyAlert {
		return []esim.Notification{n}
	}
	var all []esim.Notification
	for _, alert := range esim.AlertKinds() {
		n.Alert = alert
		all = append(all, n)
	}
	return all
}
