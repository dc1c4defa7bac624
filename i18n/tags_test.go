package i18n

import (
	"fmt"
	"regexp"
)

// checkTags: every text that is shown as HTML parses at Telegram.
func checkTags(sheets map[string]sheet) []string {
	var problems []string
	for lang, s := range sheets {
		for key, forms := range s {
			if _, plain := plainLimit(key); plain {
				continue
			}
			for _, text := range forms {
				if p := tagProblem(text); p != "" {
					problems = append(problems, fmt.Sprintf("%s: %s: %s", lang, key, p))
				}
			}
		}
	}
	return problems
}

var (
	tagAt    = regexp.MustCompile(`^<(/?)([a-z][a-z0-9-]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>`)
	entityAt = regexp.MustCompile(`^&(lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)
)

// telegramTags lists the tags and the attributes each may or must have.
// https://core.telegram.org/bots/api#html-style
var telegramTags = map[string]*regexp.Regexp{
	"b": nil, "strong": nil, "i": nil, "em": nil, "u": nil, "ins": nil, "s": nil, "strike": nil, "del": nil,
	"pre": nil, "tg-spoiler": nil,
	"code":       regexp.MustCompile(`^( class="language-[a-z0-9+-]+")?$`),
	"blockquote": regexp.MustCompile(`^( expandable)?$`),
	"span":       regexp.MustCompile(`^ class="tg-spoiler"$`),
	"a":          regexp.MustCompile(`^ href="[^"]+"$`),
	"tg-emoji":   regexp.MustCompile(`^ emoji-id="[0-9]+"$`),
}

// tagProblem is stricter than Telegram: what it passes, Telegram parses.
func tagProblem(text string) string {
	var open []string
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '>':
			return "a bare > must be written &gt;"
		case '&':
			if !entityAt.MatchString(text[i:]) {
				return "a bare & must be written &amp;"
			}
		case '<':
			m := tagAt.FindStringSubmatch(text[i:])
			if m == nil {
				return "a bare < must be written &lt;"
			}
			attributes, known := telegramTags[m[2]]
			switch {
			case !known:
				return "Telegram has no tag " + m[2]
			case m[1] == "/" && (len(open) == 0 || open[len(open)-1] != m[2]):
				return "</" + m[2] + "> closes nothing"
			case m[1] == "/":
				open = open[:len(open)-1]
			case attributes == nil && m[3] != "", attributes != nil && !attributes.MatchString(m[3]):
				return fmt.Sprintf("tag %s may not have the attributes %q", m[2], m[3])
			default:
				open = append(open, m[2])
			}
			i += len(m[0]) - 1
		}
	}
	if len(open) > 0 {
		return "<" + open[len(open)-1] + "> is not closed"
	}
	return ""
}
