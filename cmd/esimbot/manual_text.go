package main

import (
	"os"
	"path/filepath"
	"strings"

	"esimbot/i18n"
)

// inPath stands for a language in the path of a file that there is for each.
const inPath = "{language}"

// manualPlaceholders are what the words on how to pay by hand must tell.
var manualPlaceholders = []string{"amount", "reference"}

// operatorText reads words of the operator: the variable itself or the file it names, for everybody;
// or with {language} in the path of that file, one file for each language.
func (e *environment) operatorText(name string, placeholders []string) i18n.OperatorText {
	return e.operatorTextThat(name, func(text string) error { return i18n.CheckOperatorText(text, placeholders...) })
}

// ownText reads a text of the operator that takes the place of one of ours: a message of its own, without placeholders.
func (e *environment) ownText(name string) i18n.OperatorText {
	return e.operatorTextThat(name, i18n.CheckLegalText)
}

func (e *environment) operatorTextThat(name string, check func(string) error) i18n.OperatorText {
	path := e.lookup(name + "_FILE")
	texts := i18n.OperatorText{}
	if !strings.Contains(path, inPath) || e.lookup(name) != "" {
		if v := e.text(name, ""); v != "" {
			texts[i18n.Fallback] = v
		}
	} else {
		e.textPerLanguage(name+"_FILE", path, texts)
	}
	which := name
	if path != "" {
		which += "_FILE"
	}
	for lang, text := range texts {
		if err := check(text); err != nil {
			e.fault(which, "in %q: %s", lang, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	return texts
}

// textPerLanguage reads the files that a path with {language} names.
func (e *environment) textPerLanguage(name, path string, texts i18n.OperatorText) {
	before, after, _ := strings.Cut(path, inPath)
	if strings.Contains(after, inPath) {
		e.fault(name, "has %s twice", inPath)
		return
	}
	files, err := filepath.Glob(strings.ReplaceAll(path, inPath, "*"))
	if err != nil {
		e.fault(name, "is %q: %v", path, err)
		return
	}
	for _, file := range files {
		lang := strings.TrimSuffix(strings.TrimPrefix(file, before), after) // Glob keeps the path as it is written
		b, err := os.ReadFile(file)
		if err != nil {
			e.fault(name, "cannot be read: %v", err)
			continue
		}
		texts[lang] = strings.TrimSpace(string(b))
	}
	if _, has := texts[i18n.Fallback]; !has {
		e.fault(name, "has no file for %q, which everybody gets whose language is not there: %s", i18n.Fallback, strings.ReplaceAll(path, inPath, i18n.Fallback))
	}
}
