package staff

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A wrongCast is a broadcast that cannot be read: the sentence that says why, and the words it is about.
type wrongCast struct{ key, words string }

// Error implements error.
func (e wrongCast) Error() string { return e.key + ": " + e.words }

// parse reads a broadcast: whom it is for on the first line, what it says on those below. A line with a language in
// brackets begins what is said in that one; the first is for all others, too. Behind a colon what it says may begin on the
// first line.
//
//	/broadcast country JP expired
//	[en]
//	Japan again? …
//	[ru]
//	Снова в Японию? …
func (f *broadcasts) parse(written string) (b esim.Broadcast, err error) {
	first, text, _ := strings.Cut(written, "\n")
	if to, begins, colon := strings.Cut(first, ":"); colon { // where Enter sends, all of it is one line
		first, text = to, begins+"\n"+text
	}
	if b.Segment, err = f.parseSegment(strings.Fields(first)); err != nil {
		return b, err
	}
	b.Texts = map[string]string{}
	language, said, length := "", "", 0
	keep := func() error {
		said = strings.TrimSpace(said)
		if said == "" && (language != "" || len(b.Texts) > 0) {
			return wrongCast{"staff.cast_no_text", language}
		}
		if said == "" {
			return nil
		}
		if _, twice := b.Texts[language]; twice {
			return wrongCast{"staff.cast_twice", language}
		}
		if b.Texts[""] == "" {
			b.Texts[""] = said
		}
		b.Texts[language] = said
		length += len([]rune(said))
		return nil
	}
	for line := range strings.Lines(text) {
		code, is := f.language(strings.TrimSpace(line))
		if !is {
			said += line
			continue
		}
		if err := keep(); err != nil && (language != "" || said != "") {
			return b, err
		}
		language, said = code, ""
	}
	if err := keep(); err != nil {
		return b, err
	}
	switch {
	case len(b.Texts) == 0:
		return b, wrongCast{"staff.cast_no_text", ""}
	case length > longestMessage:
		return b, wrongCast{"staff.cast_long", ""}
	}
	return b, nil
}

// language reads "[de]".
func (f *broadcasts) language(line string) (string, bool) {
	code, begins := strings.CutPrefix(line, "[")
	code, ends := strings.CutSuffix(code, "]")
	if !begins || !ends {
		return "", false
	}
	for _, l := range f.scopes.texts.Languages() {
		if strings.EqualFold(l.Code, code) || strings.EqualFold(l.ISO, code) && code != "" {
			return l.Code, true
		}
	}
	return "", false
}

// parseSegment reads "language de country JP active spent 50"; "all" is everybody.
func (f *broadcasts) parseSegment(words []string) (a esim.Segment, err error) {
	for len(words) > 0 {
		value := ""
		if len(words) > 1 {
			value = words[1]
		}
		used := 1
		switch strings.ToLower(words[0]) {
		case "all":
		case "active":
			a.Active = true
		case "expired":
			a.Expired = true
		case "never":
			a.Never = true
		case "language":
			code, ok := f.language("[" + value + "]")
			if !ok {
				return a, wrongCast{"staff.cast_wrong", value}
			}
			a.Language, used = code, 2
		case "country":
			s, n, ok := f.find(words[1:])
			if !ok || s.place == "" {
				return a, wrongCast{"staff.cast_wrong", value}
			}
			a.Country, used = s.place, 1+n
		case "spent":
			amount, ok := parseDollars(value)
			if !ok || amount.Minor < 0 {
				return a, wrongCast{"staff.cast_wrong", value}
			}
			a.Spent, used = amount.Minor, 2
		default:
			return a, wrongCast{"staff.cast_wrong", words[0]}
		}
		words = words[used:]
	}
	if a.Active && a.Expired || a.Never && (a.Active || a.Expired || a.Country != "" || a.Spent > 0) {
		return a, wrongCast{"staff.cast_nobody_is", ""}
	}
	return a, nil
}

//i18n:use staff.cast_to_* staff.cast_is_* staff.cast_reach_*

// segment says whom a broadcast is for.
func (f *broadcasts) segment(r *ui.Request, a esim.Segment) string {
	var parts []string
	add := func(is bool, name string, args i18n.Args) {
		if is {
			parts = append(parts, r.T("staff.cast_to_"+name, args))
		}
	}
	add(a == esim.Segment{}, "all", nil)
	add(a.Language != "", "language", i18n.Args{"language": f.languageName(a.Language)})
	if a.Country != "" {
		add(true, "country", i18n.Args{"place": i18n.HTML(f.title(&request{Request: r}, f.of("@"+a.Country)))})
	}
	add(a.Active, "active", nil)
	add(a.Expired, "expired", nil)
	add(a.Never, "never", nil)
	add(a.Spent > 0, "spent", i18n.Args{"amount": r.ExactAmount(esim.USDCents(a.Spent))})
	return strings.Join(parts, " · ")
}

func (f *broadcasts) languageName(code string) string {
	for _, l := range f.scopes.texts.Languages() {
		if l.Code == code {
			return l.Native
		}
	}
	return code
}

// words are what a broadcast says, language by language.
func (f *broadcasts) words(r *ui.Request, b esim.Broadcast) string {
	languages := b.Languages()
	if len(languages) == 0 {
		return string(r.HTML("%s", b.TextFor("")))
	}
	var parts []string
	for _, l := range languages {
		name := f.languageName(l)
		if b.TextFor(l) == b.TextFor("") {
			name = r.Plain("staff.cast_others_too", i18n.Args{"language": name})
		}
		parts = append(parts, "<b>"+string(r.HTML("%s", name))+"</b>\n"+string(r.HTML("%s", b.TextFor(l))))
	}
	return strings.Join(parts, "\n\n")
}

// reaches are how customers of a broadcast can be, in the order of its card.
var reaches = []esim.RecipientStatus{esim.RecipientSent, esim.RecipientUnreachable, esim.RecipientOptedOut, esim.RecipientRefused, esim.RecipientUncertain}

// card shows a broadcast and how far it is.
func (f *broadcasts) card(ctx context.Context, r *ui.Request, b esim.Broadcast) (ui.Screen, error) {
	tally, err := f.store.RecipientCounts(ctx, b.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	who, err := f.authors(ctx, r, b)
	if err != nil {
		return ui.Screen{}, err
	}
	over, people := tally.Finished(), tally.Total()
	lines := []string{
		r.T("staff.cast_head", i18n.Args{"n": int64(b.ID), "state": r.Plain("staff.cast_is_"+string(b.State), nil), "who": who}),
		r.T("staff.cast_to", i18n.Args{"segment": i18n.HTML(f.segment(r, b.Segment))}),
		bar(over, people) + " " + r.T("staff.cast_progress", i18n.Args{"over": r.Number(int64(over)), "people": r.Number(int64(people))}),
	}
	var parts []string
	for _, reach := range reaches {
		if n := tally[reach]; n > 0 || reach == esim.RecipientSent {
			parts = append(parts, r.T("staff.cast_reach_"+string(reach), i18n.Args{"count": r.Number(int64(n))}))
		}
	}
	lines = append(lines, strings.Join(parts, " · "), "", string(r.HTML("%s", ui.Truncate(b.TextFor(""), 400))))
	return ui.Screen{Text: ui.Clip(lines), Rows: castRows(r, b)}, nil
}

// castRows are what can be done with a broadcast: it is stopped for good only after it was paused.
func castRows(r *ui.Request, b esim.Broadcast) [][]ui.Button {
	button := func(do string) ui.Button {
		return ui.NewButton(r.Plain("staff.btn_cast_"+do, nil), castRef{do, b.ID})
	}
	switch b.State {
	case esim.BroadcastSending:
		return [][]ui.Button{{button(castPause)}}
	case esim.BroadcastPaused:
		return [][]ui.Button{{button(castResume), button(castStop)}}
	}
	return nil
}

//i18n:use staff.btn_cast_*

// authors names who wrote a broadcast, and who agreed to it.
func (f *broadcasts) authors(ctx context.Context, _ *ui.Request, b esim.Broadcast) (string, error) {
	var names []string
	for _, id := range []esim.CustomerID{b.Who, b.ApprovedBy} {
		if id == 0 {
			continue
		}
		m, err := f.members.StaffMember(ctx, id)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return "", err
		}
		names = append(names, cutName(m.Name))
	}
	return strings.Join(names, " + "), nil
}

// barLength is how many marks a bar has.
const barLength = 10

// bar draws a share.
func bar(of, all int) string {
	full := barLength
	if all > 0 {
		full = of * barLength / all
	}
	return strings.Repeat("▰", full) + strings.Repeat("▱", barLength-full)
}

func oneLineOf(text string) string { return strings.Join(strings.Fields(text), " ") }
