package refs

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Lost leads through what to do about an eSIM that is gone from its phone.
type Lost struct {
	ESIM esim.ESIMID
	Loss esim.LossReason // "": how?
}

// Data implements ui.CallbackRef.
func (p Lost) Data() ui.CallbackData { return ui.NewCallbackData(RouteLost, p.ESIM, p.Loss) }

// ParseLost reads what a Lost wrote.
func ParseLost(d ui.CallbackData) (Lost, error) {
	a := d.Read(RouteLost)
	p := Lost{esim.ESIMID(a.Text()), esim.LossReason(a.Text())}
	return p, a.Err()
}

// Fault leads through the fault finder.
type Fault struct {
	ESIM    esim.ESIMID // "": which one?
	Answers string      // see esim.Findings
	Step    FaultStep
}

// A FaultStep is what follows the answers that were given.
type FaultStep string

const (
	StepAsk       FaultStep = ""  // the next question
	StepMend      FaultStep = "m" // how to mend what the last answer says
	StepWorks     FaultStep = "w" // it works now
	StepElsewhere FaultStep = "e" // the customer is where the plan does not work
	StepSlow      FaultStep = "s" // it connects, and is slow
	StepAPN       FaultStep = "a" // which access point to type in
)

// Data implements ui.CallbackRef.
func (p Fault) Data() ui.CallbackData {
	return ui.NewCallbackData(RouteFault, p.ESIM, p.Answers, p.Step)
}

// ParseFault reads what a Fault wrote.
func ParseFault(d ui.CallbackData) (Fault, error) {
	a := d.Read(RouteFault)
	p := Fault{esim.ESIMID(a.Text()), a.Text(), FaultStep(a.Text())}
	if strings.Trim(p.Answers, "yn") != "" || len(p.Answers) > 3 {
		return Fault{}, ui.ErrBadData
	}
	return p, a.Err()
}

// Up is one step back: from a question to the one before it, or to what mends what that was about.
func (p Fault) Up() ui.CallbackRef {
	answered := len(p.Answers)
	switch {
	case answered == 0:
		return ESIM{RouteESIM, p.ESIM}
	case p.Step == StepAsk && p.Answers[answered-1] == 'n':
		return Fault{p.ESIM, p.Answers, StepMend}
	}
	return Fault{ESIM: p.ESIM, Answers: p.Answers[:answered-1]}
}
