package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// SupportSubject is what a question to a person is about, on the button that leads there.
type SupportSubject struct {
	ESIM     esim.ESIMID // what it is about; "": not said
	Findings string      // of the fault finder, see esim.Findings
	Message  int         // what the customer wrote before, to be taken along; 0: nothing
}

// Data implements ui.CallbackRef.
func (p SupportSubject) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePerson, p.ESIM, p.Findings, p.Message)
}

// ParseSupportSubject reads what a SupportSubject wrote.
func ParseSupportSubject(d ui.CallbackData) (SupportSubject, error) {
	a := d.Read(RoutePerson)
	p := SupportSubject{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	if p.Findings != "" && !esim.ParseFindings(p.Findings).Known() {
		return SupportSubject{}, ui.ErrBadData
	}
	return p, a.Err()
}

// Thread closes a thread with staff.
type Thread struct {
	Thread esim.ThreadID
	Stays  bool // what stands above the button is kept: it is an answer
}

// Data implements ui.CallbackRef.
func (p Thread) Data() ui.CallbackData {
	stays := 0
	if p.Stays {
		stays = 1
	}
	return ui.NewCallbackData(RouteEndThread, p.Thread, stays)
}

// ParseThread reads what a Thread wrote.
func ParseThread(d ui.CallbackData) (Thread, error) {
	a := d.Read(RouteEndThread)
	p := Thread{esim.ThreadID(a.Int64(0)), a.Int(0) == 1}
	return p, a.Err()
}
