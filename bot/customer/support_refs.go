package customer

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// personRef leads to a person.
type personRef struct {
	ESIM     esim.ESIMID // what it is about; "": not said
	Findings string      // of the fault finder, see esim.Findings
	Message  int         // what the customer wrote before, to be taken along; 0: nothing
}

func (p personRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routePerson, p.ESIM, p.Findings, p.Message)
}

func parsePersonRef(d ui.CallbackData) (personRef, error) {
	a := d.Read(routePerson)
	p := personRef{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	if p.Findings != "" && !esim.ParseFindings(p.Findings).Known() {
		return personRef{}, ui.ErrBadData
	}
	return p, a.Err()
}

// threadRef closes a thread with staff.
type threadRef struct {
	Thread esim.ThreadID
	Stays  bool // what stands above the button is kept: it is an answer
}

func (p threadRef) Data() ui.CallbackData {
	stays := 0
	if p.Stays {
		stays = 1
	}
	return ui.NewCallbackData(routeEndThread, p.Thread, stays)
}

func parseThreadRef(d ui.CallbackData) (threadRef, error) {
	a := d.Read(routeEndThread)
	p := threadRef{esim.ThreadID(a.Int64(0)), a.Int(0) == 1}
	return p, a.Err()
}
