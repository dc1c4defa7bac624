package own

import (
	"context"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// lost asks how the eSIM was lost, looks at its state, and says what can be done.
func (f *faultFlow) lost(ctx context.Context, r *ui.Request, ref refs.Lost) (ui.Screen, error) {
	e, _, err := f.esims.load(ctx, r, refs.ESIM{ESIM: ref.ESIM})
	if err != nil {
		return ui.Screen{}, err
	}
	switch ref.Loss {
	case esim.LostWithPhone, esim.LostByDeletion:
		return f.live(r, e, func(r *ui.Request, e esim.ESIM, o esim.Order, stale string) ui.Screen {
			return f.remedy(r, e, o, ref, stale)
		})
	}
	return ui.Screen{Text: r.T("fault.lost_how", nil), Rows: [][]ui.Button{
		{ui.NewButton(r.Plain("fault.btn_loss_phone", nil), refs.Lost{ESIM: e.ID, Loss: esim.LostWithPhone})},
		{ui.NewButton(r.Plain("fault.btn_loss_deleted", nil), refs.Lost{ESIM: e.ID, Loss: esim.LostByDeletion})},
		ui.BackRow(r, refs.Fault{ESIM: e.ID}),
	}}, nil
}

// remedy says what can be done about a loss.
func (f *faultFlow) remedy(r *ui.Request, e esim.ESIM, o esim.Order, ref refs.Lost, stale string) ui.Screen {
	now := f.esims.now()
	remedy := esim.RemedyFor(e, o, now)
	found := esim.Findings{Fault: esim.FindFault(e, o, now), Loss: ref.Loss}
	text := f.head(r, e, o) + "\n" + r.T("fault.remedy_"+string(remedy), i18n.Args{"left": r.Printer.Data(e.Remaining()), "when": forsale.WhenToInstall(r, e.Plan)})
	if remedy == esim.RemedyReplace && ref.Loss == esim.LostWithPhone {
		text += "\n\n" + r.T("fault.lost_pause", nil)
	}
	if stale != "" {
		text += "\n\n" + stale
	}
	s := ui.Screen{Text: text}
	person := refs.AskAboutButton(r, refs.SupportSubject{ESIM: e.ID, Findings: found.String()})
	switch remedy {
	case esim.RemedyInstall:
		if e.Installable(o) {
			s.Rows = append(s.Rows,
				ui.Row(ui.NewButton(r.Plain("guide.btn", nil), refs.Guide{ESIM: e.ID, Card: refs.CardWhich})), // it may be another phone now
				ui.Row(ui.NewButton(r.Plain("esim.btn_qr", nil), refs.ESIM{Route: refs.RouteQR, ESIM: e.ID})))
		}
		if cancellable(o, e) {
			s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("cancel.btn", nil), refs.ESIM{Route: refs.RouteCancel, ESIM: e.ID})))
		}
	case esim.RemedyReplace:
		person.Text = r.Plain("fault.btn_replace", nil)
	case esim.RemedyNothing:
		s.Rows = append(s.Rows, again(r, e, o)...)
	}
	s.Rows = append(s.Rows, ui.Row(person), ui.BackRow(r, refs.Lost{ESIM: e.ID}))
	return s
}
