package esim

import "strings"

// An Answer is what a customer said to a question about their phone.
type Answer string

// The answers. Their values are stored and stand in buttons; "" is a question not yet asked.
const (
	AnswerYes    Answer = "yes"
	AnswerNo     Answer = "no"
	AnswerUnsure Answer = "unsure"
)

// A Phone is what a customer said of the phone that gets their eSIMs.
type Phone struct {
	Family   PhoneFamily // "": not said
	EID      Answer      // whether *#06# shows an EID: without one a phone has no eSIM
	Unlocked Answer      // whether it takes SIMs of any carrier
}

// A PhoneQuestion is one question about a phone.
type PhoneQuestion string

// The questions, in the order in which they are asked.
const (
	AskFamily   PhoneQuestion = "family"
	AskEID      PhoneQuestion = "eid"
	AskUnlocked PhoneQuestion = "unlocked"
)

// Next is the question still to be asked, "" for none: who has no EID need not look for a lock.
func (p Phone) Next() PhoneQuestion {
	switch {
	case !p.Family.Known():
		return AskFamily
	case p.EID == "":
		return AskEID
	case p.EID != AnswerNo && p.Unlocked == "":
		return AskUnlocked
	}
	return ""
}

// A PhoneFit says whether an eSIM will work on a phone.
type PhoneFit string

// What can be said of it.
const (
	FitsSurely   PhoneFit = "yes"
	FitsProbably PhoneFit = "probably" // something was not looked up
	FitsNoEID    PhoneFit = "no_eid"
	FitsLocked   PhoneFit = "locked" // until its carrier unlocks it
)

// Fit judges by the answers so far.
func (p Phone) Fit() PhoneFit {
	switch {
	case p.EID == AnswerNo:
		return FitsNoEID
	case p.Unlocked == AnswerNo:
		return FitsLocked
	case p.EID == AnswerYes && p.Unlocked == AnswerYes:
		return FitsSurely
	}
	return FitsProbably
}

// String is the phone as it is stored, "" for one of which nothing is known.
func (p Phone) String() string {
	if p == (Phone{}) {
		return ""
	}
	return strings.Join([]string{string(p.Family), string(p.EID), string(p.Unlocked)}, ",")
}

// ParsePhone reads what String wrote. What it does not know it takes as not said: an older release
// reads what a newer one stored.
func ParsePhone(text string) Phone {
	parts := append(strings.Split(text, ","), "", "")
	answer := func(s string) Answer {
		switch a := Answer(s); a {
		case AnswerYes, AnswerNo, AnswerUnsure:
			return a
		}
		return ""
	}
	p := Phone{EID: answer(parts[1]), Unlocked: answer(parts[2])}
	if f := PhoneFamily(parts[0]); f.Known() {
		p.Family = f
	}
	return p
}
