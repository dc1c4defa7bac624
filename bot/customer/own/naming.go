package own

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// aboutName is the Question.Kind of a name.
const aboutName = "name"

// namingLasts is how long the next words can be the name that was asked for. Any word may be one, and whoever comes
// back later wants something else.
const namingLasts = 10 * time.Minute

// namingFlow lets customers call their eSIMs what they like: who has several, for themselves and others, tells them
// apart by it.
type namingFlow struct {
	texts *i18n.Bundle
	store interface {
		esimStore
		questionStore
		esim.NamingStore
	}
	now func() time.Time
}

func (f *namingFlow) register(t *ui.Router) {
	t.Route(refs.RouteName, ui.HandleWith(refs.ParseName, f.name))
}

func (f *namingFlow) name(ctx context.Context, r *ui.Request, ref refs.Name) (ui.Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	switch ref.Do {
	case refs.NameRemoved:
		if err := f.store.SetESIMName(ctx, r.Customer.ID, e.ID, ""); err != nil {
			return ui.Screen{}, err
		}
		fallthrough
	case refs.NameKept:
		if err := f.forget(ctx, r); err != nil {
			return ui.Screen{}, err
		}
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}.Data()}, nil
	}
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: aboutName, About: string(e.ID), Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: r.T("name.ask", i18n.Args{"title": r.ESIMTitle(e), "most": r.Number(esim.MaxESIMNameLength)})}
	if e.Name != "" {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("name.btn_take", nil), refs.Name{ESIM: e.ID, Do: refs.NameRemoved})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.Name{ESIM: e.ID, Do: refs.NameKept}))
	return s, nil
}

// forget ends the question of a name; one that was asked since stays.
func (f *namingFlow) forget(ctx context.Context, r *ui.Request) error {
	q, err := f.store.Question(ctx, r.Customer.ID)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return nil
	case err != nil || q.Kind != aboutName && q.Kind != aboutZone && q.Kind != esim.QuestionPromo: // which ends as a name does
		return err
	}
	return f.store.ForgetQuestion(ctx, r.Customer.ID)
}

// An answer to the question of a name.
type answer int

const (
	noAnswer   answer = iota // something else: the question is over
	isName                   // what it shall be called
	leavesName               // a no
	tooLong                  // for a name
	isOdd                    // nothing that can be read, or a way to find somebody
)

// noNames are wishes that nobody would call an eSIM: "thanks". "Gift" may be one.
var noNames = []i18n.Intent{
	i18n.IntentThanks, i18n.IntentHello, i18n.IntentAnswer, i18n.IntentMenu, i18n.IntentLanguage, i18n.IntentPromo, i18n.IntentTopUp,
	i18n.IntentRefund, i18n.IntentCancel, i18n.IntentOrder, i18n.IntentQR, i18n.IntentLost,
}

// mostOfAName is as long as what may still be meant as a name.
const mostOfAName = 3 * esim.MaxESIMNameLength

// read says what words are to the question of a name.
func (f *namingFlow) read(words string) (answer, string) {
	asks, leaves := f.texts.ClassifyAnswer(words)
	if leaves {
		return leavesName, ""
	}
	said := f.texts.ParseText(words)
	lettered := strings.ContainsFunc(words, unicode.IsLetter) // "😎" is a name, though it thanks where nothing was asked
	if asks || said.SoundsUrgent || lettered && slices.Contains(noNames, said.Intent) || len(said.Orders)+len(said.Digits) > 0 || !lettered && longNumber.MatchString(words) {
		return noAnswer, ""
	}
	name, ok := esim.ParseESIMName(words)
	switch {
	case name == "", address.MatchString(words):
		return isOdd, ""
	case !ok && utf8.RuneCountInString(words) > mostOfAName:
		return noAnswer, ""
	case !ok:
		return tooLong, ""
	}
	return isName, name
}

var (
	longNumber = regexp.MustCompile(`\pN[\pN ()-]{3,}`)
	address    = regexp.MustCompile(`(?i)://|^@|www\.|t\.me/|\S@\S`)
)

// asked is the question of a name, if it is open.
func (f *namingFlow) asked(ctx context.Context, r *ui.Request) (q esim.Question, open bool, err error) {
	q, err = f.store.Question(ctx, r.Customer.ID)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return esim.Question{}, false, nil
	case err != nil:
		return esim.Question{}, false, err
	}
	return q, q.Kind == aboutName && f.now().Sub(q.Asked) < namingLasts, nil
}

// askedLast reports whether words are the name that was asked for, or a no, after the last word in an open thread.
func (f *namingFlow) askedLast(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	q, is, err := f.asked(ctx, r)
	if err != nil || !is {
		return false, err
	}
	if a, _ := f.read(r.Text); a != isName && a != leavesName {
		return false, nil
	}
	return q.AskedLast(ctx, open, r.Customer.ID)
}

// before has words tried as the name that was asked for, before anything else.
func (f *namingFlow) before(other ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		q, open, err := f.asked(ctx, r)
		if err != nil {
			return ui.Screen{}, err
		}
		if !open {
			return other(ctx, r)
		}
		id := esim.ESIMID(q.About)
		a, name := f.read(r.Text)
		lead := ""
		switch a {
		case tooLong, isOdd:
			return f.again(r, id, a), nil
		case isName:
			if err := f.store.SetESIMName(ctx, r.Customer.ID, id, name); err != nil {
				return ui.Screen{}, err
			}
			lead = r.T("name.set", i18n.Args{"name": name})
		}
		if a == noAnswer {
			if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
				return ui.Screen{}, err
			}
			return other(ctx, r)
		}
		return ui.Screen{Follow: refs.ESIM{Route: refs.RouteESIM, ESIM: id}.Data(), Lead: lead, OnSent: func(ctx context.Context, _ int) {
			_ = f.store.ForgetQuestion(ctx, r.Customer.ID) // only now: what is not shown is answered again. It ends by itself too
		}}, nil
	}
}

// again says why words are no name, and waits for others.
func (f *namingFlow) again(r *ui.Request, id esim.ESIMID, a answer) ui.Screen {
	args := i18n.Args{"most": r.Number(esim.MaxESIMNameLength)}
	s := ui.Screen{Typing: true, Text: r.T("name.odd", args), Rows: [][]ui.Button{ui.BackRow(r, refs.Name{ESIM: id, Do: refs.NameKept})}}
	if a == tooLong {
		args["length"] = r.Number(int64(utf8.RuneCountInString(r.Text)))
		s.Text = r.T("name.too_long", args)
	}
	return s
}
