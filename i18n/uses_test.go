package i18n

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// checkUses holds the code to the sentences: what it names exists, gets its
// values, and is written the way it is asked for.
func checkUses(u *uses, s sheet) []string {
	problems := slices.Clone(u.problems)
	for _, d := range u.declared {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(s)), d.matches) {
			problems = append(problems, fmt.Sprintf("%s: //i18n:use %s matches no key", d.at, d.key))
		}
	}
	families := map[string]bool{}
	for key := range s {
		family, _, _ := strings.Cut(key, ".")
		families[family] = true
	}
	for _, a := range u.alone { // handed on in a variable; with _ at its end it is the beginning of one
		if family, _, _ := strings.Cut(a.key, "."); families[family] && s[a.key] == nil && !strings.HasSuffix(a.key, "_") {
			problems = append(problems, fmt.Sprintf("%s: %s does not exist", a.at, a.key))
		}
	}
	for _, c := range u.calls {
		if strings.HasSuffix(c.key, "*") {
			made := strings.TrimSuffix(c.key, "*")
			declared := func(d use) bool {
				family, _, _ := strings.Cut(d.key, "*")
				return strings.HasPrefix(d.key, made) || strings.HasPrefix(made, family)
			}
			if !slices.ContainsFunc(u.declared, declared) {
				problems = append(problems, fmt.Sprintf("%s: a key that begins with %q is put together without //i18n:use", c.at, made))
			}
			continue
		}
		forms := s[c.key]
		if forms == nil {
			if missing := fmt.Sprintf("%s: %s does not exist", c.at, c.key); !slices.Contains(problems, missing) {
				problems = append(problems, missing)
			}
			continue
		}
		if c.method != "" {
			problems = append(problems, callProblems(c, forms)...)
		}
	}
	return problems
}

func (d use) matches(key string) bool {
	ok, err := path.Match(d.key, key)
	return ok && err == nil
}

func callProblems(c use, forms map[string]string) []string {
	var problems []string
	complain := func(format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%s: %s(%s): ", c.at, c.method, c.key)+fmt.Sprintf(format, args...))
	}
	_, uncounted := forms[""]
	counts := c.method == "N" || c.method == "PlainN"
	switch {
	case counts && uncounted:
		complain("the sentence has no plural forms")
	case !counts && !uncounted:
		complain("the sentence has plural forms and needs a number")
	}
	_, named := plainLimit(c.key)
	html := c.method == "T" || c.method == "N"
	if html && named {
		complain("the key is named as plain text; use Plain")
	}
	for _, text := range forms {
		if !html && tagOrEntity.MatchString(text) {
			complain("plain text with a tag or an entity")
		}
	}
	if names, err := placeholders(forms); err == nil && c.exact {
		for _, name := range names {
			if !slices.Contains(c.given, name) && !(counts && name == "n") {
				complain("no value for {{.%s}}", name)
			}
		}
	}
	return problems
}

// checkUnused: every sentence is named or declared somewhere.
func checkUnused(u *uses, s sheet) []string {
	var problems []string
	for key := range s {
		declared := func(d use) bool { return d.matches(key) }
		if !u.strings[key] && !slices.ContainsFunc(u.declared, declared) {
			problems = append(problems, key+": no code uses this sentence")
		}
	}
	return problems
}

// spoken are the folders, from here, whose code speaks to people.
var spoken = []string{".", "../bot", "../cmd"}

func TestCodeAndSentencesAgree(t *testing.T) {
	u, err := scan(spoken...)
	if err != nil {
		t.Fatal(err)
	}
	english := fallbackSheet(t)
	report(t, checkUses(u, english))
	if !speaks(u) {
		t.Log("no code of ../bot or ../cmd uses sentences yet: unused sentences are not looked for outside format.*")
		maps.DeleteFunc(english, func(key string, _ map[string]string) bool { return !strings.HasPrefix(key, "format.") })
	}
	report(t, checkUnused(u, english))
}

// speaks reports whether any code outside this package uses a sentence.
func speaks(u *uses) bool {
	return slices.ContainsFunc(u.calls, func(c use) bool { return strings.HasPrefix(c.at, "..") })
}

// write makes a Go file in a new folder and returns the folder.
func write(t *testing.T, source string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "x.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}
