package i18n

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// A label of ours stands in quotation marks, as it is on the button or by a placeholder; the menus of phones
// are bold.
var (
	quoted  = regexp.MustCompile(`“([^”]*)”|«[ \x{a0}\x{202f}]?([^»]*?)[ \x{a0}\x{202f}]?»|„([^“”]*)[“”]|「([^」]*)」`)
	pressed = regexp.MustCompile(`(?i)(?:press|tap|click|нажмите|нажмёте|нажать)[  ](?:below |there |ниже |там |на )?([^\n]{1,16})`)
	// unquoted is what else a text tells to press: pictures, lines of a phone's own menu, any button.
	unquoted = regexp.MustCompile(`(?i)^(it|the compass|passes|to copy|before|кнопку|её|неё|компас|,|, or|или)\b?`)
)

// othersWords is how many quotations of a text are of what is on no button here, by its key: the words of
// phones and of Telegram, in the reader's language.
var othersWords = map[string]int{
	"note.phones": 1, "qr.caption": 1, "guide.title_full": 1, "guide.finish_iphone": 2, "guide.finish_pixel": 1,
	"guide.finish_xiaomi": 1, "guide.finish_huawei": 1, "guide.add_other": 1, "guide.lines_other": 1,
	"fault.mend_restart": 1, "staff.anonymous": 1, "staff.notice_unexplained": 1, "staff.concern_todo_updates": 1,
}

// TestTextsNameButtonsThatExist: a text that tells to press a button says in quotation marks what stands on
// one. It is written by a placeholder, or, where it is not, has to be a label of the same language: a label
// that changes turns this red.
func TestTextsNameButtonsThatExist(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range b.Languages() {
		raw, err := localeFiles.ReadFile("locales/" + lang.Code + ".json")
		if err != nil {
			t.Fatal(err)
		}
		texts, _ := readSheet(raw)
		labels := map[string]bool{}
		for key, forms := range texts {
			if strings.Contains(key, ".btn_") || strings.HasSuffix(key, ".btn") {
				for _, label := range forms {
					labels[strings.TrimLeftFunc(label, func(r rune) bool { return !unicode.IsLetter(r) })] = true
				}
			}
		}
		named, told := 0, 0
		for key, forms := range texts {
			for _, text := range forms {
				others := othersWords[key]
				for _, marks := range quoted.FindAllStringSubmatch(text, -1) {
					name := strings.Join(marks[1:], "")
					named++
					if labels[name] || strings.HasPrefix(name, "{{.") {
						continue
					}
					if others--; others < 0 {
						t.Errorf("%s: %s quotes %q, which is on no button", lang.Code, key, name)
					}
				}
				for _, what := range pressed.FindAllStringSubmatch(text, -1) {
					told++
					if !strings.ContainsAny(what[1][:min(3, len(what[1]))], "“«") && !unquoted.MatchString(what[1]) {
						t.Errorf("%s: %s tells to press %q, in no quotation marks", lang.Code, key, what[1])
					}
				}
			}
		}
		// The verbs are known of two languages; of the others only what is quoted is held to the buttons.
		if len(labels) < 50 || named < 15 || (lang.Code == "en" || lang.Code == "ru") && told < 15 {
			t.Errorf("%s: only %d labels, %d quotations and %d texts that tell to press were found", lang.Code, len(labels), named, told)
		}
	}
}
