package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Person leads to a person.
type Person struct {
	ESIM     esim.ESIMID // what it is about; "": not said
	Findings string      // of the fault finder, see esim.Findings
	Message  int         // what the customer wrote before, to be taken along; 0: nothing
}

// Data implements ui.CallbackRef.
func (p Person) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePerson, p.ESIM, p.Findings, p.Message)
}

// ParsePerson reads what a Person wrote.
func ParsePerson(d ui.CallbackData) (Person, error) {
	a := d.Read(RoutePerson)
	p := Person{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	if p.Findings != "" && !esim.ParseFindings(p.Findings).Known() {
		return Person{}, ui.ErrBadData
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
