package own

import (
	"context"
	"errors"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// mostListed eSIMs are asked about one by one.
const mostListed = 4

// faultFlow finds out why an eSIM does not connect: it looks at the eSIM's state first, asks at most
// three questions about the phone, and then hands over to a person with what it found. All that was
// answered stands in the buttons.
type faultFlow struct{ esims *esimsFlow }

func (f *faultFlow) register(t *ui.Router) {
	t.Route(refs.RouteFault, ui.HandleWith(refs.ParseFault, f.fault))
	t.Route(refs.RouteLost, ui.HandleWith(refs.ParseLost, f.lost))
}

//i18n:use fault.*

func (f *faultFlow) fault(ctx context.Context, r *ui.Request, ref refs.Fault) (ui.Screen, error) {
	if ref.ESIM == "" {
		return f.which(ctx, r, func(id esim.ESIMID) ui.CallbackRef { return refs.Fault{ESIM: id} })
	}
	e, o, err := f.esims.load(ctx, r, refs.ESIM{ESIM: ref.ESIM})
	if err != nil {
		return ui.Screen{}, err
	}
	switch {
	case ref.Step == refs.StepWorks:
		return ui.Screen{Text: r.T("fault.works", nil), Rows: [][]ui.Button{ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})}}, nil
	case ref.Step == refs.StepElsewhere:
		return f.elsewhere(r, e, o, ref), nil
	case ref.Step == refs.StepAPN:
		return f.accessPoint(r, e, o), nil
	case ref.Step == refs.StepSlow:
		return f.live(r, e, f.slow)
	case ref.Step == refs.StepMend && ref.Answers != "":
		return f.mend(r, e, o, ref), nil
	case ref.Answers != "":
		return f.ask(r, e, o, ref, ""), nil
	}
	return f.live(r, e, func(r *ui.Request, e esim.ESIM, o esim.Order, stale string) ui.Screen { return f.found(r, e, o, stale) })
}

// which lists the eSIMs that it may be about.
func (f *faultFlow) which(ctx context.Context, r *ui.Request, to func(esim.ESIMID) ui.CallbackRef) (ui.Screen, error) {
	all, err := f.esims.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	switch len(all) {
	case 0:
		return ui.Screen{Text: r.T("fault.no_esims", nil), Rows: [][]ui.Button{{refs.AskButton(r)}, ui.BackRow(r, refs.RouteHelp)}}, nil
	case 1:
		return ui.Screen{Follow: to(all[0].ID).Data()}, nil
	}
	s, labels := ui.Screen{Text: r.T("fault.which", nil)}, f.esims.labels(r, all)
	for _, e := range esim.LiveFirst(all, f.esims.now())[:min(len(all), mostListed)] {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(labels[e.ID], to(e.ID))))
	}
	if len(all) > mostListed {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs)))
	}
	s.Rows = append(s.Rows, ui.Row(refs.AskButton(r)), ui.BackRow(r, refs.RouteHelp))
	return s, nil
}

// live shows a screen of an eSIM once the vendor was asked about it. Where it does not answer the
// screen is of what was known before, and stale says of when.
func (f *faultFlow) live(r *ui.Request, e esim.ESIM, show func(r *ui.Request, e esim.ESIM, o esim.Order, stale string) ui.Screen) (ui.Screen, error) {
	return ui.Screen{
		Toast: r.Plain("fault.toast_looking", nil), Up: refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}.Data(),
		Looks: true, After: func(ctx context.Context) (ui.Screen, error) {
			stale := ""
			if err := f.esims.watcher.Refresh(ctx, e.ID); err != nil && !errors.Is(err, esim.ErrNotFound) {
				if ctx.Err() != nil {
					return ui.Screen{}, ctx.Err()
				}
				stale = r.T("fault.stale", nil)
				if !e.Asked.IsZero() {
					stale = r.T("fault.stale_since", i18n.Args{"time": r.Moment(e.Asked)})
				}
			}
			fresh, o, err := f.esims.load(ctx, r, refs.ESIM{ESIM: e.ID})
			if err != nil {
				return ui.Screen{}, err
			}
			return show(r, fresh, o, stale), nil
		},
	}, nil
}

// found says what the state of an eSIM tells, and what to do; or asks the first question.
func (f *faultFlow) found(r *ui.Request, e esim.ESIM, o esim.Order, stale string) ui.Screen {
	fault := esim.FindFault(e, o, f.esims.now())
	args := i18n.Args{
		"total": r.Printer.Data(e.Total), "used": r.Printer.Data(e.Used), "places": r.PlanPlace(e.Plan), "when": forsale.WhenToInstall(r, e.Plan),
		"date": r.Moment(e.Expires),
	}
	words := r.T("fault.is_"+string(fault), args)
	if stale != "" {
		words += "\n" + stale
	}
	if fault.Asks() {
		return f.ask(r, e, o, refs.Fault{ESIM: e.ID}, words)
	}
	s := ui.Screen{Text: f.head(r, e, o) + "\n" + words}
	switch fault {
	case esim.FaultNotInstalled, esim.FaultStuck:
		if e.Installable(o) {
			card := refs.GuideCard("")
			if fault == esim.FaultStuck {
				card = refs.CardHalfInstalled
			}
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("guide.btn", nil), refs.Guide{Family: phoneOf(r, o), ESIM: e.ID, Card: card})))
		}
	case esim.FaultNoData:
		if e.CanTopUp(f.esims.now()) {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("topup.btn", nil), refs.TopUps{ESIM: e.ID})))
		}
		s.Rows = append(s.Rows, again(r, e, o)...)
	case esim.FaultExpired, esim.FaultLapsed, esim.FaultCancelled:
		s.Rows = append(s.Rows, again(r, e, o)...)
	}
	return f.close(r, refs.Fault{ESIM: e.ID}, s, esim.Findings{Fault: fault})
}

// again is the button that buys the same again, if that is sold.
func again(r *ui.Request, e esim.ESIM, o esim.Order) [][]ui.Button {
	to := refs.BuyAgain(e, o)
	if to == nil {
		return nil
	}
	return [][]ui.Button{{ui.NewButton(r.Plain("esim.btn_again", nil), to)}}
}

// head names the eSIM.
func (f *faultFlow) head(r *ui.Request, e esim.ESIM, o esim.Order) string {
	return r.T("fault.head", i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity)})
}

// close puts below the screen of a ref what every one of them has: a person who is told what was found, what to do
// if the eSIM is gone from the phone, and the way back.
func (f *faultFlow) close(r *ui.Request, ref refs.Fault, s ui.Screen, found esim.Findings) ui.Screen {
	s.Rows = append(s.Rows, ui.Row(refs.AskAboutButton(r, refs.SupportSubject{ESIM: ref.ESIM, Findings: found.String()})))
	if found.Answers == "" && found.Fault != esim.FaultCancelling && found.Fault != esim.FaultCancelled {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("fault.btn_lost", nil), refs.Lost{ESIM: ref.ESIM})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, ref.Up()))
	return s
}

// ask asks the next question about the phone; words stand before it. After the last one a person is next.
func (f *faultFlow) ask(r *ui.Request, e esim.ESIM, o esim.Order, ref refs.Fault, words string) ui.Screen {
	found := esim.Findings{Fault: esim.FindFault(e, o, f.esims.now()), Answers: ref.Answers}
	questions := esim.FaultQuestions(e)
	at := len(ref.Answers)
	text := f.head(r, e, o)
	if words != "" {
		text += "\n" + words
	}
	if at >= len(questions) {
		if !strings.HasSuffix(ref.Answers, "n") || questions[at-1] != esim.AskRestart { // else it was said one screen before
			text += "\n\n" + r.T("fault.mend_"+string(esim.AskRestart), nil)
		}
		rows := [][]ui.Button{{ui.NewButton(r.Plain("fault.btn_works", nil), refs.Fault{ESIM: e.ID, Answers: ref.Answers, Step: refs.StepWorks})}}
		return f.close(r, ref, ui.Screen{Text: text + "\n\n" + r.T("fault.end", i18n.Args{"person": r.Plain("support.btn_person", nil)}), Rows: rows}, found)
	}
	q := questions[at]
	args := i18n.Args{"n": at + 1, "of": len(questions), "path": i18n.HTML(f.path(r, o, q)), "apn": e.APN}
	s := ui.Screen{Text: text + "\n\n" + r.T("fault.ask_"+string(q), args)}
	s.Rows = append(s.Rows, ui.Row(
		ui.NewButton(r.Plain("fault.btn_yes", nil), refs.Fault{ESIM: e.ID, Answers: ref.Answers + "y"}),
		ui.NewButton(r.Plain("fault.btn_no", nil), refs.Fault{ESIM: e.ID, Answers: ref.Answers + "n", Step: refs.StepMend}),
	))
	if at == 0 {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("fault.btn_elsewhere", nil), refs.Fault{ESIM: e.ID, Step: refs.StepElsewhere})))
	}
	return f.close(r, ref, s, found)
}

// mend says how to set right what the last answer was about.
func (f *faultFlow) mend(r *ui.Request, e esim.ESIM, o esim.Order, ref refs.Fault) ui.Screen {
	questions := esim.FaultQuestions(e)
	q := questions[min(len(ref.Answers), len(questions))-1]
	text := r.T("fault.mend_"+string(q), i18n.Args{"path": i18n.HTML(f.path(r, o, q)), "apn": e.APN})
	rows := [][]ui.Button{
		{ui.NewButton(r.Plain("fault.btn_works", nil), refs.Fault{ESIM: e.ID, Answers: ref.Answers, Step: refs.StepWorks})},
		{ui.NewButton(r.Plain("fault.btn_still", nil), refs.Fault{ESIM: e.ID, Answers: ref.Answers})},
	}
	found := esim.Findings{Fault: esim.FindFault(e, o, f.esims.now()), Answers: ref.Answers}
	return f.close(r, ref, ui.Screen{Text: f.head(r, e, o) + "\n" + text, Rows: rows}, found)
}

// elsewhere says that a plan works where it works.
func (f *faultFlow) elsewhere(r *ui.Request, e esim.ESIM, o esim.Order, ref refs.Fault) ui.Screen {
	found := esim.Findings{Fault: esim.FindFault(e, o, f.esims.now()), Answers: ref.Answers + "e"}
	rows := [][]ui.Button{
		{ui.NewButton(r.Plain("menu.btn_countries", nil), refs.RouteContinents)},
		{refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID, Findings: found.String()})},
		ui.BackRow(r, refs.Fault{ESIM: e.ID}),
	}
	return ui.Screen{Text: r.T("fault.elsewhere", i18n.Args{"places": r.PlanPlace(e.Plan)}), Rows: rows}
}

//i18n:use guide.lines_*
//i18n:use guide.roaming_*

// path is where on the customer's phone a question is answered; where the phone is not known, on an
// iPhone and on others.
func (f *faultFlow) path(r *ui.Request, o esim.Order, q esim.FaultQuestion) string {
	on := func(family esim.PhoneFamily) string {
		switch q {
		case esim.AskRoaming:
			return r.T("guide.roaming_"+string(family), nil)
		case esim.AskLine:
			return r.T("guide.lines_"+string(family), nil)
		case esim.AskAPN:
			if family == esim.FamilyIPhone {
				return r.T("fault.apn_iphone", nil)
			}
			return r.T("fault.apn_other", nil)
		}
		return ""
	}
	family := phoneOf(r, o)
	if family.Known() || q == esim.AskRestart {
		return on(family)
	}
	return r.T("fault.path_any", i18n.Args{"iphone": i18n.HTML(on(esim.FamilyIPhone)), "android": i18n.HTML(on(esim.FamilyOther))})
}
