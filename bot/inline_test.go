package bot_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// asksInline types "@bot text" and returns the answer.
func (s *shop) asksInline(h *tgsandbox.UserClient, text, offset string) tgsandbox.InlineAnswer {
	s.Helper()
	id := h.Inline(text, offset)
	s.Pump()
	a, err := h.WaitInline(s.Context(), id)
	s.Must(err)
	return a
}

// inline writes down what "@bot text" shows, and the messages that the first results become.
func (k *talk) inline(text string, sends int) {
	k.Helper()
	fmt.Fprintf(&k.text, "\n>>> @bot %s\n", text)
	a := k.asksInline(k.user, text, "")
	if a.Button != nil {
		fmt.Fprintf(&k.text, "(button: %s → /start %s)\n", a.Button.Text, a.Button.Start)
	}
	for _, r := range a.Results {
		fmt.Fprintf(&k.text, "* %s\n  %s\n", r.Title, r.Description)
	}
	if a.NextOffset != "" {
		fmt.Fprintf(&k.text, "(more from %s)\n", a.NextOffset)
	}
	for _, r := range a.Results[:min(sends, len(a.Results))] {
		m, err := k.user.SendInline(a.QueryID, r.ID)
		k.Must(err)
		k.Pump()
		fmt.Fprintf(&k.text, "--- sent\n%s", rendered(m))
		k.opens(m)
	}
}

// opens follows the button of a card.
func (k *talk) opens(m tgsandbox.Message) {
	k.Helper()
	k.Must(k.user.OpenLink(m.Keyboard[0][0].URL))
	k.Pump()
	k.text.WriteString("\n>>> (opens it)\n")
	k.look()
}

func TestTalkInline(t *testing.T) {
	t.Parallel()
	talks(t, "inline", func(k *talk) {
		k.says("/start")
		k.inline("japan", 2)
		k.inline("europe", 1)
		k.inline("1 gb a day thailand 10 days", 1)
		for _, text := range []string{"", "ja", "jp", "turkey 30 days 5gb", "usa canada", "balkans", "guinea", "canary islands", "my esim does not work", "qwzx"} {
			k.inline(text, 0)
		}
		k.note("a plan is shared")
		k.says("japan")
		k.taps("plan|")
		k.taps("details|")
		k.taps("share|")
		k.note("deep links")
		for _, link := range []string{
			"EU-42", "europe", "c_spring", "ref_ANN1__JP", "claim_abc123", "p_JP_nosuch_7", "p_nosuch", "help",
		} {
			k.says("/start " + link)
		}
	})
}

// TestInlineShowsNothingPersonal: Ann, who bought and has store credit, is answered to the last letter as a
// stranger is who speaks her language; and the stranger is not written down.
func TestInlineShowsNothingPersonal(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	order := s.buy(ann)
	s.fulfils()
	s.credits(10_000)
	stranger := s.Messenger.AddUser(tgsandbox.User{ID: 7, FirstName: "Stranger", LanguageCode: "en"})
	for _, text := range []string{"", "japan", "japan 5gb", "europe", order.ID.String(), "my esim", "Ann"} {
		hers, theirs := s.asksInline(ann, text, ""), s.asksInline(stranger, text, "")
		if !hers.Personal || hers.CacheTime > 600 {
			t.Errorf("%q: personal %t, kept for %d s", text, hers.Personal, hers.CacheTime)
		}
		hers.QueryID, theirs.QueryID = "", ""
		a, b := everything(t, hers), everything(t, theirs)
		if a != b {
			t.Errorf("%q: Ann is shown\n%s\na stranger\n%s", text, a, b)
		}
		for _, private := range []string{order.ID.String(), string(order.ID), "Ann"} {
			if text != private && strings.Contains(a, private) {
				t.Errorf("%q: the answer has %q", text, private)
			}
		}
	}
	if _, err := s.DB.Customer(t.Context(), 7); err == nil {
		t.Error("somebody who only typed is a customer")
	}
}

// everything is an answer with the messages that its results become.
func everything(t *testing.T, a tgsandbox.InlineAnswer) string {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, r := range a.Results {
		text += "\n" + r.HTML() + fmt.Sprint(r.Keyboard)
	}
	return text
}

// TestInlineAnswersAreWithinLimits asks for every country and region, page after page, in every language:
// Telegram takes all answers, no result comes twice, and each button leads to the shop and to no error.
func TestInlineAnswersAreWithinLimits(t *testing.T) {
	t.Parallel()
	walkedCatalogs(t, func(t *testing.T, s *shop) {
		ann := s.Messenger.User(annID)
		s.Send(ann, "/start")
		texts := []string{"", "ja", "europe", "world", "usa canada", "japan korea", "10gb asia", "unlimited japan"}
		for i, code := range s.Catalog.Current().Countries() {
			if i%9 == 0 {
				texts = append(texts, s.App.Texts.Printer("en").Place(code))
			}
		}
		links := map[string]bool{}
		for _, l := range s.App.Texts.Languages() {
			ann.SetLanguage(l.Code)
			for _, text := range texts {
				seen := map[string]bool{}
				for offset, pages := "", 0; ; pages++ {
					a := s.asksInline(ann, text, offset)
					if len(a.Results) > 50 || pages > 10 {
						t.Fatalf("%q: %d results on page %d", text, len(a.Results), pages)
					}
					for _, r := range a.Results {
						if seen[r.ID] {
							t.Errorf("%q: %q comes twice", text, r.ID)
						}
						seen[r.ID] = true
						links[r.Keyboard[0][0].URL] = true
						checkText(t, text, r.HTML(), limitText)
						if found := badText(r.Title + r.Description); found != "" || r.Title == "" || r.Description == "" {
							t.Errorf("%q: %q, %q: %q", text, r.Title, r.Description, found)
						}
					}
					if offset = a.NextOffset; offset == "" {
						break
					}
				}
				if len(seen) == 0 {
					t.Errorf("%q in %s: no results", text, l.Code)
				}
			}
		}
		ann.SetLanguage("en")
		for link := range links {
			_, start, ok := strings.Cut(link, "?start=")
			if !ok || !strings.HasPrefix(link, "https://t.me/"+s.Messenger.Username()) || len(start) > 64 {
				t.Errorf("a button leads to %q", link)
			}
		}
		if s.Log.Has("level=ERROR") || s.Log.Has("level=WARN") {
			t.Errorf("logged:\n%s", s.Log)
		}
	})
}

// TestArrivalsAreNoted: campaigns and referrals stand beside where a link leads, and the first of each counts.
func TestArrivalsAreNoted(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start c_spring__JP")
	if text := ann.Last().Text; !strings.Contains(text, "Japan") {
		t.Errorf("the campaign's link leads to %q", text)
	}
	s.Send(ann, "/start c_summer")
	s.Send(ann, "/start ref_BOB7__c_autumn__p_"+s.Catalog.Current().Country("JP")[0].Code)
	if text := ann.Last().Text; !strings.Contains(text, "Price:") {
		t.Errorf("the referral's link leads to %q", text)
	}
	got, err := s.DB.ArrivalsOf(t.Context(), annID)
	s.Must(err)
	if len(got) != 2 || got[0].Kind != esim.ArrivalByCampaign || got[0].Code != "spring" || got[1].Kind != esim.ArrivalByReferral || got[1].Code != "BOB7" {
		t.Errorf("arrivals %+v", got)
	}
}

// TestNoLinkEndsInAnError: what is no link of ours, or leads nowhere any more, leads to the menu.
func TestNoLinkEndsInAnError(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	for _, link := range []string{
		"XX", "c_", "ref_", "c_" + strings.Repeat("x", 62), "c_" + strings.Repeat("x", 63), strings.Repeat("x", 64), "p_", "p_--7", "p_-2", "__", "c___", "ref_A__ref_B__", "EU-",
	} {
		s.Send(ann, "/start "+link)
		if text := ann.Last().Text; !strings.Contains(text, "Where are you going") {
			t.Errorf("%q leads to %q", link, text)
		}
	}
	if s.Log.Has("level=ERROR") {
		t.Errorf("logged:\n%s", s.Log)
	}
}

// TestACardThatSomebodySendsIsNoQuestion: in the private chat and in the group the bot says nothing to it.
func TestACardThatSomebodySendsIsNoQuestion(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Send(s.Messenger.User(annID), "/start")
	for _, h := range []*tgsandbox.UserClient{s.Messenger.User(annID), s.Messenger.User(staffID).In(groupID)} {
		a := s.asksInline(h, "japan", "")
		_, err := h.SendInline(a.QueryID, a.Results[0].ID)
		s.Must(err)
		before := len(h.Chat())
		s.Pump()
		if n := len(h.Chat()); n != before {
			t.Errorf("it is answered with %q", h.Last().Text)
		}
	}
}

// TestSharingWithoutInlineMode: a bot without inline mode still has a way to hand a plan on.
func TestSharingWithoutInlineMode(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.Stop()
	messenger := tgsandbox.New(tgsandbox.Options{Now: s.Vendor.Time, NoFlood: true, Seed: 8, NoInline: true, Group: tgsandbox.Group{ID: groupID}})
	s.Start(messenger, t.TempDir()+"/shop.db")
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start p_"+s.Catalog.Current().Country("JP")[0].Code)
	s.Press(ann, "ℹ️ All details")
	s.Press(ann, "↗️ Share this plan")
	if text := ann.Last().Text; strings.Contains(text, "tg://") {
		t.Errorf("an address that no traveller reads stands in %q", text)
	}
	app := ""
	for _, b := range slices.Concat(ann.Last().Keyboard...) {
		if strings.HasPrefix(b.Copy, "tg://") {
			app = b.Copy
		}
	}
	s.Must(ann.OpenLink(app))
	s.Pump()
	if text := ann.Last().Text; !strings.Contains(text, "Price:") {
		t.Errorf("the link %q of the app leads to %q", app, text)
	}
	s.Press(ann, "ℹ️ All details")
	s.Press(ann, "↗️ Share this plan")
	b := ann.Last().Keyboard[0][0]
	if b.Kind != "url" || !strings.HasPrefix(b.URL, "https://t.me/share/url?") {
		t.Errorf("it is sent by %+v", b)
	}
}

func BenchmarkInline(b *testing.B) {
	s := newShop(b, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	for b.Loop() {
		s.asksInline(ann, "japan", "")
	}
	b.ReportMetric(float64(b.Elapsed())/float64(time.Millisecond)/float64(b.N), "ms/query")
}

// TestASharedPlanIsOneCard: what "Send to a chat" types brings the card of that plan alone, days and all.
func TestASharedPlanIsOneCard(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	for _, p := range s.Catalog.Current().Country("JP") {
		if _, err := s.Checkout.LowestQuote(p); err != nil {
			continue
		}
		s.Send(ann, "/start p_"+p.Code)
		s.Press(ann, "ℹ️ All details")
		s.Press(ann, "↗️ Share this plan")
		b := ann.Last().Keyboard[0][0]
		a := s.asksInline(ann, b.Data, "")
		if b.Kind != "inline" || len(a.Results) != 1 || !strings.HasSuffix(a.Results[0].Keyboard[0][0].URL, "?start="+b.Data) {
			t.Errorf("%s is shared with %+v, which brings %d cards", p.Code, b, len(a.Results))
		}
	}
}
