package bot_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
)

// A made-up language is one sentence file beside those there are: the one to fall back to, with a
// sign before its menu, its commands and its name.
func madeUpLanguage(t *testing.T) (texts *i18n.Bundle, code string, file []byte) {
	t.Helper()
	files := fstest.MapFS{}
	paths, err := filepath.Glob("../i18n/locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files["locales/"+filepath.Base(path)] = &fstest.MapFile{Data: raw}
	}
	own := files["locales/"+i18n.Fallback+".json"].Data
	for _, sentence := range []string{`"format.language": "`, `"start.toast_language": "`, `"menu.btn_help": "`, `"command.cmd_start": "`} {
		if !bytes.Contains(own, []byte(sentence)) {
			t.Fatalf("no sentence %s to write otherwise", sentence)
		}
		own = bytes.Replace(own, []byte(sentence), []byte(sentence+"新"), 1)
	}
	files["locales/zh-hans.json"] = &fstest.MapFile{Data: own}
	if texts, err = i18n.LoadFrom(files); err != nil {
		t.Fatal(err)
	}
	return texts, "zh-Hans", own
}

// speaks starts the shop anew with other sentences.
func (s *shop) speaks(texts *i18n.Bundle) {
	s.Helper()
	s.Texts = texts
	s.reopen(s.Messenger, filepath.Join(s.TempDir(), "shop.db"))
}

// TestANewLanguageIsReadThrough: with one file more, and nothing else, every screen and every
// notification of the new language is whole, and advises no customer against the clock of their plan.
func TestANewLanguageIsReadThrough(t *testing.T) {
	t.Parallel()
	texts, code, file := madeUpLanguage(t)
	t.Run("advice", func(t *testing.T) {
		if oneIn > 1 {
			t.Skip("read through with the tag soak, and in .ci/run")
		}
		t.Parallel()
		readsAll(t, texts, code, esim.ValidFromInstall, wrongAdvice(t, file, esim.ValidFromInstall))
	})
	t.Run("sentences", func(t *testing.T) {
		t.Parallel()
		plans, err := shoptest.FewPlans(7) // of every kind: the language says the same of the others
		if err != nil {
			t.Fatal(err)
		}
		s := newShop(t, vendorsandbox.Options{Catalog: plans})
		s.speaks(texts)
		_, _, err = s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: "Ann"})
		s.Must(err)
		walk(t, s, code)
	})
}

// TestANewLanguageIsSpoken adds a sentence file and nothing else: the bot introduces
// itself in it to Telegram, offers it and answers in it.
func TestANewLanguageIsSpoken(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	texts, _, _ := madeUpLanguage(t)
	s.speaks(texts)

	s.Must(s.App.Bot.Introduce(t.Context()))
	commands := s.Messenger.Commands()
	if got := commands["all_private_chats:zh"]; len(got) == 0 || !strings.HasPrefix(got[0].Description, "新") {
		t.Errorf("commands %v of %v", got, slices.Sorted(maps.Keys(commands)))
	}
	told := func() (n int) { // what it tells Telegram at a start
		t.Helper()
		_, after := s.Messenger.Calls(0)
		s.Must(s.App.Bot.Introduce(t.Context()))
		calls, _ := s.Messenger.Calls(after)
		for _, c := range calls {
			if strings.HasPrefix(c.Name, "setMy") {
				n++
			}
		}
		return n
	}
	if n := told(); n != 0 {
		t.Errorf("%d calls tell Telegram what it was told a moment ago", n)
	}
	s.Vendor.Advance(7 * 24 * time.Hour)
	all := told()
	if all < 3*len(texts.Languages())-6 {
		t.Errorf("%d calls a week later, of %d languages", all, len(texts.Languages()))
	}
	kept, err := s.DB.Setting(t.Context(), "introduced")
	s.Must(err)
	s.Must(s.DB.SetSetting(t.Context(), "introduced", strings.Replace(kept, `"commands zh":"`, `"commands zh":"of other words `, 1)))
	if n := told(); n != 1 {
		t.Errorf("%d calls after the words of one menu changed", n)
	}
	s.Must(s.DB.SetSetting(t.Context(), "introduced", strings.Replace(kept, `"bot":`, `"bot":7`, 1)))
	if n := told(); n != all {
		t.Errorf("%d calls for another bot, not %d", n, all)
	}
	s.Must(s.App.Telegram.SetCommands(t.Context(), telegram.ScopePrivate, "", []telegram.Command{{Name: "start", Description: "By BotFather"}}))
	if n := told(); n != all {
		t.Errorf("%d calls for a Telegram that was told otherwise, not %d", n, all)
	}
	ann := s.Messenger.User(annID)
	k := s.talk(ann)
	k.says("/language")
	k.taps("lang|zh-Hans")
	if labels := strings.Join(ann.Last().Labels(), " "); !strings.Contains(labels, "新") {
		t.Errorf("the menu after choosing it: %s", labels)
	}
}
