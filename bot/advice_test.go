package bot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
)

// wrongAdvice finds, in a language, the advice that is wrong for a plan whose days begin so: installed
// at home, a plan that counts from the installation loses days; who waits for the arrival with any other
// may find no Wi-Fi there. What it looks like stands in the language's file, under "advice".
func wrongAdvice(t *testing.T, file []byte, starts esim.ValidityStart) *regexp.Regexp {
	t.Helper()
	var language struct {
		Advice struct {
			TooEarly string `json:"too_early"`
			TooLate  string `json:"too_late"`
		} `json:"advice"`
	}
	if err := json.Unmarshal(file, &language); err != nil {
		t.Fatal(err)
	}
	text := language.Advice.TooEarly
	if starts == esim.ValidFromFirstUse {
		text = language.Advice.TooLate
	}
	wrong, err := regexp.Compile(text)
	if err != nil || text == "" {
		t.Fatalf("say in the language's file, under \"advice\", what wrong advice looks like: %q, %v", text, err)
	}
	return wrong
}

// TestNoAdviceAgainstTheClock has a customer read everything there is about a plan of each kind:
// every button of every screen, and every notification, with the eSIM in every state on the phone. A
// screen or a notification that is new is among them, since the lists are held complete elsewhere.
func TestNoAdviceAgainstTheClock(t *testing.T) {
	t.Parallel()
	probe := newShop(t, vendorsandbox.Options{})
	for kind, starts := range []esim.ValidityStart{esim.ValidFromInstall, esim.ValidFromFirstUse} {
		t.Run(fmt.Sprint(starts), func(t *testing.T) {
			eachLanguage(t, probe, func(t *testing.T, lang string) {
				if oneIn > 1 && (kind == 0) != (lang == i18n.Fallback) {
					t.Skip("by default one kind of plan, with the tag soak each")
				}
				file, err := os.ReadFile("../i18n/locales/" + lang + ".json")
				if err != nil {
					t.Fatal(err)
				}
				t.Parallel()
				readsAll(t, nil, lang, starts, wrongAdvice(t, file, starts))
			})
		})
	}
}

// onePlanKind is what the vendor sells, with the days of every plan beginning the same way.
func onePlanKind(t *testing.T, starts esim.ValidityStart) io.Reader {
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

// readsAll reads all of a shop in a language of the program's, or of texts.
func readsAll(t *testing.T, texts *i18n.Bundle, lang string, starts esim.ValidityStart, wrong *regexp.Regexp) {
	s := newShop(t, vendorsandbox.Options{Catalog: onePlanKind(t, starts)})
	if texts != nil {
		s.speaks(texts)
	}
	ann := s.Messenger.User(annID)
	ann.SetLanguage(lang)
	s.Send(ann, "/start")
	menu := ann.Last().ID
	names := s.named()
	bought, err := s.DB.ESIMsOf(t.Context(), annID)
	s.Must(err)
	e := bought[0]
	if e.Plan.ValidityStart != starts {
		t.Fatalf("the days of %s begin %d, want %d", e.Plan.Code, e.Plan.ValidityStart, starts)
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
	screens := 0
	for _, screen := range strings.Split(k.text.String(), "\n--- ") {
		screens++
		if found := wrong.FindString(screen); found != "" {
			t.Errorf("%q is wrong for a plan whose days begin %d:\n%s", found, starts, screen)
		}
	}
	if right := k.App.Texts.Printer(lang).T("when.install_"+map[esim.ValidityStart]string{esim.ValidFromInstall: "on_arrival", esim.ValidFromFirstUse: "before_trip"}[starts], nil); strings.Count(k.text.String(), right) < 4 || screens < 100 {
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
