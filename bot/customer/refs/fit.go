package refs

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// PhoneCheck gives an answer of the dialogue "Will it work on my phone?", or asks its next question.
type PhoneCheck struct {
	Plan   Plan // where it was asked, and leads back to; the zero value: on the Help screen
	Answer PhoneCheckAnswer
}

// Data implements ui.CallbackRef.
func (p PhoneCheck) Data() ui.CallbackData {
	return ui.NewCallbackData(RoutePhoneCheck, p.Plan.Code, p.Plan.Origin, p.Plan.Days, p.Plan.Quantity, p.Answer)
}

// ParsePhoneCheck reads what a PhoneCheck wrote.
func ParsePhoneCheck(d ui.CallbackData) (PhoneCheck, error) {
	a := d.Read(RoutePhoneCheck)
	p := PhoneCheck{Plan{a.Text(), a.Text(), a.Int(0), a.Int(0)}, PhoneCheckAnswer(a.Text())}
	return p, a.Err()
}

// Up is where the dialogue leads back to.
func (p PhoneCheck) Up() ui.CallbackRef {
	if p.Plan.Code == "" {
		return RouteHelp
	}
	return p.Plan
}

// A PhoneCheckAnswer is what a button of the dialogue says: a family, or an answer to a question.
type PhoneCheckAnswer string

// PhoneCheckAgain begins anew, with another phone.
const PhoneCheckAgain PhoneCheckAnswer = "again"

// AskAgain shows a question as it was asked before, and changes nothing.
func AskAgain(q esim.PhoneQuestion) PhoneCheckAnswer { return PhoneCheckAnswer("ask_" + string(q)) }

// AnswerTo is an answer to a question about the phone.
func AnswerTo(q esim.PhoneQuestion, a esim.Answer) PhoneCheckAnswer {
	return PhoneCheckAnswer(string(q) + "_" + string(a))
}

// Applied is a phone after an answer; one that nobody knows changes nothing.
func (a PhoneCheckAnswer) Applied(p esim.Phone) esim.Phone {
	if a == PhoneCheckAgain {
		return esim.Phone{}
	}
	if family := esim.PhoneFamily(a); family.Known() {
		return esim.Phone{Family: family}
	}
	for _, said := range []esim.Answer{esim.AnswerYes, esim.AnswerNo, esim.AnswerUnsure} {
		switch a {
		case AnswerTo(esim.AskEID, said):
			p.EID = said
		case AnswerTo(esim.AskUnlocked, said):
			p.Unlocked = said
		}
	}
	return p
}

// SaysEID reports whether it answers whether the phone has an EID.
func (a PhoneCheckAnswer) SaysEID() bool {
	return a == AnswerTo(esim.AskEID, esim.AnswerYes) || a == AnswerTo(esim.AskEID, esim.AnswerNo) || a == AnswerTo(esim.AskEID, esim.AnswerUnsure)
}
