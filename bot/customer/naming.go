package customer

import (
	"context"
	"errors"
	"time"

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
		ESIMStore
		QuestionStore
		esim.NamingStore
	}
	now func() time.Time
}

func (f *namingFlow) register(t *ui.Router) {
	t.Route(routeName, ui.HandleWith(parseNameRef, f.name))
}

func (f *namingFlow) name(ctx context.Context, r *ui.Request, ref nameRef) (ui.Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	switch ref.Do {
	case nameTaken:
		if err := f.store.SetESIMName(ctx, r.Customer.ID, e.ID, ""); err != nil {
			return ui.Screen{}, err
		}
		fallthrough
	case nameLeft:
		if err := f.forget(ctx, r); err != nil {
			return ui.Screen{}, err
		}
		return ui.Screen{Follow: esimRef{routeESIM, e.ID}.Data()}, nil
	}
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: aboutName, About: string(e.ID), Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Text: r.T("name.ask", i18n.Args{"title": r.ESIMTitle(e), "most": r.Number(esim.LongestESIMName)})}
	if e.Name != "" {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("name.btn_take", nil), nameRef{e.ID, nameTaken})))
	}
	s.Rows = append(s.Rows, ui.Back(r, nameRef{e.ID, nameLeft}))
	return s, nil
}

// forget ends the question of a name; one that was asked since stays.
func (f *namingFlow) forget(ctx context.Context, r *ui.Request) error {
	q, err := f.store.Question(ctx, r.Customer.ID)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return nil
	case err != nil || q.Kind != aboutName:
		return err
	}
	return f.store.ForgetQuestion(ctx, r.Customer.ID)
}

// asked is the question of a name that words may answer. A cry for help and the number of an order are no names,
// and neither is what is too long for one.
func (f *namingFlow) asked(ctx context.Context, r *ui.Request) (q esim.Question, name string, err error) {
	name, ok := esim.ESIMName(r.Text)
	if !ok {
		return esim.Question{}, "", nil
	}
	q, err = f.store.Question(ctx, r.Customer.ID)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return esim.Question{}, "", nil
	case err != nil:
		return esim.Question{}, "", err
	case q.Kind != aboutName || f.now().Sub(q.Asked) >= namingLasts:
		return esim.Question{}, "", nil
	}
	if said := f.texts.ParseText(r.Text); said.SoundsUrgent || len(said.Orders) > 0 {
		return esim.Question{}, "", nil
	}
	return q, name, nil
}

// askedLast reports whether words are the name that was asked for, after the last word in an open thread.
func (f *namingFlow) askedLast(ctx context.Context, r *ui.Request, open threads) (bool, error) {
	q, name, err := f.asked(ctx, r)
	if err != nil || name == "" {
		return false, err
	}
	t, err := open.OpenThreadOf(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	return err == nil && q.Asked.After(t.LastSpoken), err
}

// before has words tried as the name that was asked for, before anything else.
func (f *namingFlow) before(other ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		q, name, err := f.asked(ctx, r)
		if err != nil {
			return ui.Screen{}, err
		}
		if name == "" {
			return other(ctx, r)
		}
		id := esim.ESIMID(q.About)
		if err := f.store.SetESIMName(ctx, r.Customer.ID, id, name); err != nil {
			return ui.Screen{}, err
		}
		if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
			return ui.Screen{}, err
		}
		return ui.Screen{Follow: esimRef{routeESIM, id}.Data(), Lead: r.T("name.set", i18n.Args{"name": name})}, nil
	}
}
