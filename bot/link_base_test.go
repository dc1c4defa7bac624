package bot_test

import (
	"net/url"
	"strings"
	"testing"

	wiring "esimbot/cmd/esimbot/shop"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// TestASharedLinkBeginsWithLinkBase: t.me can be down, so where links begin is a setting. All that is handed on
// begins there, and beside it stands the link for the app, which needs no web site.
func TestASharedLinkBeginsWithLinkBase(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	const base = "https://telegram.example/go"
	s.Reopen(func(cfg *wiring.Config) { cfg.LinkBase = base })
	k := s.talk(s.Messenger.User(annID))
	k.says("JP")
	k.taps("plan|")
	k.taps("details|")
	k.taps("share|")
	last := k.user.Last()
	if !strings.Contains(last.HTML(), base+"/") {
		t.Errorf("the shared link does not begin with %s:\n%s", base, last.HTML())
	}
	var web, app string
	for _, row := range last.Keyboard {
		for _, b := range row {
			if strings.Contains(b.URL+b.Copy+last.HTML(), "t.me/") {
				t.Errorf("%q leads to t.me: %s%s", b.Text, b.URL, b.Copy)
			}
			switch {
			case b.Kind == "copy" && strings.HasPrefix(b.Copy, "tg://"):
				app = b.Copy
			case b.Kind == "copy":
				web = b.Copy
			case b.Kind == "url" && !strings.HasPrefix(b.URL, base+"/share/url?"):
				t.Errorf("%q leads to %s", b.Text, b.URL)
			}
		}
	}
	at, err := url.Parse(web)
	s.Must(err)
	start := at.Query().Get("start")
	if !strings.HasPrefix(web, base+"/") || start == "" || !strings.HasSuffix(app, "&start="+start) {
		t.Fatalf("the links are %q and %q", web, app)
	}
	k.says("/start " + start) // as whoever follows it
	if text := k.user.Last().Text; !strings.Contains(text, "Japan") {
		t.Errorf("the link leads to %q", text)
	}
	card := k.asksInline(k.user, start, "")
	if len(card.Results) != 1 {
		t.Fatalf("%d cards for %q", len(card.Results), start)
	}
	m, err := k.user.SendInline(card.QueryID, card.Results[0].ID)
	s.Must(err)
	if to := m.Keyboard[0][0].URL; to != web {
		t.Errorf("a card in another chat leads to %q, want %q", to, web)
	}
}
