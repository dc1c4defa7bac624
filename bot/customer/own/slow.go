package own

import (
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// slow says what to do where an eSIM connects and is slow; or why it is not the speed, if its state tells that.
func (f *faultFlow) slow(r *ui.Request, e esim.ESIM, o esim.Order, stale string) ui.Screen {
	fault := esim.FindFault(e, o, f.esims.now())
	if fault != esim.FaultNone && fault != esim.FaultNotStarted { // one that no network has told of yet may be in use
		return f.found(r, e, o, stale)
	}
	text := f.head(r, e, o) + "\n"
	if e.Plan.Kind == esim.DailyThrottled {
		text += r.T("fault.slow_daily", nil) + "\n"
	}
	text += r.T("fault.slow", nil)
	if stale != "" {
		text += "\n\n" + stale
	}
	rows := [][]ui.Button{
		{ui.NewButton(r.Plain("fault.btn_works", nil), refs.Fault{ESIM: e.ID, Step: refs.StepWorks})},
		{ui.NewButton(r.Plain("fault.btn", nil), refs.Fault{ESIM: e.ID})},
	}
	return f.close(r, refs.Fault{ESIM: e.ID, Step: refs.StepSlow}, ui.Screen{Text: text, Rows: rows}, esim.Findings{Fault: fault})
}

// accessPoint says what to type in for an eSIM, and where on the phone; or that the phone knows it by itself.
func (f *faultFlow) accessPoint(r *ui.Request, e esim.ESIM, o esim.Order) ui.Screen {
	args := i18n.Args{"path": i18n.HTML(f.path(r, o, esim.AskAPN)), "apn": e.APN}
	text := r.T("fault.mend_apn", args)
	if e.APN == "" {
		text = r.T("fault.no_apn", args)
	}
	s := ui.Screen{Text: f.head(r, e, o) + "\n" + text, Rows: [][]ui.Button{{ui.NewButton(r.Plain("fault.btn", nil), refs.Fault{ESIM: e.ID})}}}
	return f.close(r, refs.Fault{ESIM: e.ID, Step: refs.StepAPN}, s, esim.Findings{Fault: esim.FindFault(e, o, f.esims.now())})
}
