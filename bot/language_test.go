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

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n"
)

// TestANewLanguageIsSpoken adds a sentence file and nothing else: the bot introduces
// itself in it to Telegram, offers it and answers in it.
func TestANewLanguageIsSpoken(t *testing.T) {
	s := newShop(t, vendorsandbox.Options{})
	files := fstest.MapFS{}
	paths, err := filepath.Glob("../i18n/locales/*.json")
	s.Must(err)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		s.Must(err)
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
	texts, err := i18n.LoadFrom(files)
	s.Must(err)
	s.Texts = texts
	s.reopen(s.Messenger, filepath.Join(t.TempDir(), "shop.db"))

	s.Must(s.App.Bot.Introduce(t.Context()))
	commands := s.Messenger.Commands()
	if got := commands["all_private_chats:zh"]; len(got) == 0 || !strings.HasPrefix(got[0].Description, "新") {
		t.Errorf("commands %v of %v", got, slices.Sorted(maps.Keys(commands)))
	}
	ann := s.Messenger.User(annID)
	k := s.talk(ann)
	k.says("/language")
	k.taps("lang|zh-Hans")
	if labels := strings.Join(ann.Last().Labels(), " "); !strings.Contains(labels, "新") {
		t.Errorf("the menu after choosing it: %s", labels)
	}
}
