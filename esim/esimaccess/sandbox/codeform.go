package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// codeForms are ways of writing an activation code, by the name that Quirks.CodeForm takes.
// "odd" is the only one that no phone could be given.
var codeForms = map[string]func(code string) string{
	"no-prefix":  func(c string) string { return strings.TrimPrefix(c, "LPA:") },
	"lower-case": func(c string) string { return "lpa:" + strings.TrimPrefix(c, "LPA:") },
	"spaces":     func(c string) string { return " " + strings.Replace(c, "$", " $", 1) + "\n" },
	"trailing":   func(c string) string { return c + "$$" },
	"escaped":    func(c string) string { return strings.ReplaceAll(c, "$", `\$`) },
	"percent":    func(c string) string { return strings.ReplaceAll(c, "$", "%24") },
	"url":        func(c string) string { return "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + c },
	"odd":        func(c string) string { return "SM-DP+ address and code: " + strings.ReplaceAll(c, "$", " / ") },
}

// eachForm gives the eSIMs one form after another.
const eachForm = "each"

// CodeForms are the names that Quirks.CodeForm takes, without "each" and "".
func CodeForms() []string {
	names := make([]string, 0, len(codeForms))
	for name := range codeForms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func checkCodeForm(name string) error {
	if name == "" || name == eachForm || codeForms[name] != nil {
		return nil
	}
	return fmt.Errorf("codeForm %q: known are each, %s", name, strings.Join(CodeForms(), ", "))
}

// written is an activation code in the form that the switches ask for; n is the eSIM's number.
func (sw Quirks) written(code string, n int) string {
	name := sw.CodeForm
	if name == eachForm {
		all := CodeForms()
		name = all[n%len(all)]
	}
	if form := codeForms[name]; form != nil && code != "" {
		return form(code)
	}
	return code
}
