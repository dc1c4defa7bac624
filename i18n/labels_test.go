package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A label of ours stands in quotation marks, as it is on the button or by a placeholder; the menus of phones
// are bold.
var (
	quoted  = regexp.MustCompile(`[“«]([^”»]*)[”»]`)
	pressed = regexp.MustCompile(`(?i)(?:press|tap|click|нажмите|нажмёте|нажать)[  ](?:below |there |ниже |там |на )?([^\n]{1,16})`)
	// unquoted is what else a text tells to press: pictures, lines of a phone's own menu, any button.
	unquoted = regexp.MustCompile(`(?i)^(it|the compass|passes|to copy|before|кнопку|её|неё|компас|,|, or|или)\b?`)
)

// othersWords are quotations of what is on no button here, by the keys of their texts.
var othersWords = map[string][]string{
	"note.phones":              {"Add eSIM", "Добавить eSIM"},
	"qr.caption":               {"Add eSIM", "Добавить eSIM"},
	"guide.title_full":         {"Too many eSIMs", "Слишком много eSIM"},
	"guide.finish_iphone":      {"Activating", "Активация…", "Включить номер"},
	"guide.finish_pixel":       {"Использовать SIM-карту"},
	"guide.finish_xiaomi":      {"Включить"},
	"guide.finish_huawei":      {"Включить"},
	"guide.add_other":          {"eSIM"},
	"guide.lines_other":        {"SIM"},
	"fault.mend_restart":       {"автоматически"},
	"staff.anonymous":          {"Remain anonymous", "Анонимность"},
	"staff.notice_unexplained": {"Older"},
}

// TestTextsNameButtonsThatExist: a text that tells to press a button says in quotation marks what stands on
// one. It is written by a placeholder, or, where it is not, has to be a label of the same language: a label
// that changes turns this red.
func TestTextsNameButtonsThatExist(t *testing.T) {
	b, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range b.languages {
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
				for _, name := range quoted.FindAllStringSubmatch(text, -1) {
					named++
					if !labels[name[1]] && !strings.HasPrefix(name[1], "{{.") && !slices.Contains(othersWords[key], name[1]) {
						t.Errorf("%s: %s quotes %q, which is on no button", lang.Code, key, name[1])
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
		if len(labels) < 50 || named < 15 || told < 15 {
			t.Errorf("%s: only %d labels, %d quotations and %d texts that tell to press were found", lang.Code, len(labels), named, told)
		}
	}
}
