package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// plainMethods are all that puts something into a chat. Every app shows what they send. Rich
// messages (sendRichMessage, since Bot API 10.1) and what else is young show as a blank, or as a request
// to update, on several of them: money, QR pictures and alerts never travel so.
var plainMethods = strings.Fields(`sendMessage sendPhoto sendDocument sendInvoice sendChatAction copyMessage
	editMessageText editMessageCaption editMessageReplyMarkup
	sendVideo sendAudio sendVoice sendAnimation sendVideoNote sendSticker sendMediaGroup`) // the last: what people send in a support thread, carried over

// TestOnlyPlainMessagesAreSent reads the source of all that speaks to Telegram: one client does, for
// customers and staff alike.
func TestOnlyPlainMessagesAreSent(t *testing.T) {
	t.Parallel()
	sends := regexp.MustCompile(`^(send|edit|copy|forward)[A-Z]\w*$`)
	rich := regexp.MustCompile(`(?i)\brich_?\w*|\w*rich_?(message|text|block)\w*`)
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "sandbox" || d.Name() == "testdata"):
			return filepath.SkipDir // that of the simulator says what Telegram has
		case d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Errorf("%s: %s: %v", path, lit.Value, err)
			}
			switch {
			case rich.MatchString(text):
				t.Errorf("%s: %q: rich messages are a blank on several apps; send text", path, text)
			case sends.MatchString(text) && filepath.Dir(path) == "telegram":
				seen[text] = true
				if !slices.Contains(plainMethods, text) {
					t.Errorf("%s: %s: does every app show what it sends? Then add it to plainMethods, and never use it for money, QR pictures and alerts otherwise", path, text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range plainMethods {
		if !seen[m] {
			t.Errorf("nothing sends by %s any more: take it out of the list", m)
		}
	}
}
