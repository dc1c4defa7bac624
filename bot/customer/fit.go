package customer

import (
	"context"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// PhoneStore keeps what customers say of their phones.
type PhoneStore interface {
	SetPhone(ctx context.Context, id esim.CustomerID, p esim.Phone) error
	// SetOrderPhone is ErrNotFound also for the order of somebody else.
	SetOrderPhone(ctx context.Context, customer esim.CustomerID, id esim.OrderID, p esim.Phone) error
}

// fitFlow asks what says whether an eSIM will work on a phone: "Will it work on my phone?". Each
// answer is stored at once, and goes with every order made afterwards.
type fitFlow struct {
	phones  PhoneStore
	catalog *esim.CatalogCache
}

func (f *fitFlow) register(t *ui.Router) {
	t.Route(routeFit, ui.HandleWith(parseFitRef, f.answer))
	t.Route(routePhone, ui.HandleWith(parsePhoneRef, func(ctx context.Context, r *ui.Request, ref phoneRef) (ui.Screen, error) {
		return f.answer(ctx, r, fitRef{Plan: planRef(ref)})
	}))
}

// A fitAnswer is what a button of the dialogue says: a family, or an answer to a question.
type fitAnswer string

// fitAgain begins anew, with another phone.
const fitAgain fitAnswer = "again"

// askAgain shows a question as it was asked before, and changes nothing.
func askAgain(q esim.PhoneQuestion) fitAnswer { return fitAnswer("ask_" + string(q)) }

// answerTo is an answer to a question about the phone.
func answerTo(q esim.PhoneQuestion, a esim.Answer) fitAnswer {
	return fitAnswer(string(q) + "_" + string(a))
}

// taken is a phone after an answer; one that nobody knows changes nothing.
func (a fitAnswer) taken(p esim.Phone) esim.Phone {
	if a == fitAgain {
		return esim.Phone{}
	}
	if family := esim.PhoneFamily(a); family.Known() {
		return esim.Phone{Family: family}
	}
	for _, said := range []esim.Answer{esim.AnswerYes, esim.AnswerNo, esim.AnswerUnsure} {
		switch a {
		case answerTo(esim.AskEID, said):
			p.EID = said
		case answerTo(esim.AskUnlocked, said):
			p.Unlocked = said
		}
	}
	return p
}

// saysEID reports whether it answers whether the phone has an EID.
func (a fitAnswer) saysEID() bool {
	return a == answerTo(esim.AskEID, esim.AnswerYes) || a == answerTo(esim.AskEID, esim.AnswerNo) || a == answerTo(esim.AskEID, esim.AnswerUnsure)
}

// answer takes an answer, if there is one, and asks the next question or judges.
func (f *fitFlow) answer(ctx context.Context, r *ui.Request, ref fitRef) (ui.Screen, error) {
	if p := ref.Answer.taken(r.Customer.Phone); p != r.Customer.Phone {
		if err := f.phones.SetPhone(ctx, r.Customer.ID, p); err != nil {
			return ui.Screen{}, err
		}
		r.Customer.Phone = p
	}
	s := ui.Screen{}
	next := r.Customer.Phone.Next()
	if ref.Answer.saysEID() && r.Customer.Phone.EID != esim.AnswerNo {
		next = esim.AskUnlocked // also where it was answered before: the way is the same
	}
	for _, q := range []esim.PhoneQuestion{esim.AskFamily, esim.AskEID, esim.AskUnlocked} {
		if ref.Answer == askAgain(q) && r.Customer.Phone.Family.Known() {
			next = q
		}
	}
	switch next {
	case "":
		s = f.judged(r, ref)
	case esim.AskFamily:
		var phones []ui.Button
		for _, family := range esim.PhoneFamilies() {
			phones = append(phones, ui.NewButton(r.Plain("phone.btn_"+string(family), nil), fitRef{ref.Plan, fitAnswer(family)}))
		}
		s = ui.Screen{Text: r.T("fit.ask_family", nil), Rows: ui.Pairs(phones...)}
	default:
		s = f.ask(r, ref, next)
	}
	s.Rows = append(s.Rows, ui.Back(r, f.back(r, ref, next)))
	return s, nil
}

// back is one step up from a question, or from the judgement ("") at their end: to the question before
// it, and from where the dialogue began to where it was asked.
func (f *fitFlow) back(r *ui.Request, ref fitRef, shown esim.PhoneQuestion) ui.CallbackRef {
	before := esim.AskUnlocked
	switch {
	case ref.Answer == "" || ref.Answer == fitAgain || shown == esim.AskFamily:
		return ref.up()
	case shown == esim.AskEID:
		before = esim.AskFamily
	case shown == esim.AskUnlocked || r.Customer.Phone.EID == esim.AnswerNo: // who has no EID is not asked about a lock
		before = esim.AskEID
	}
	return fitRef{ref.Plan, askAgain(before)}
}

//i18n:use fit.*

// ask asks a question that is answered with yes, no, or not sure.
func (f *fitFlow) ask(r *ui.Request, ref fitRef, q esim.PhoneQuestion) ui.Screen {
	family := string(r.Customer.Phone.Family)
	args := i18n.Args{"models": i18n.HTML(r.T("fit.models_"+family, nil)), "phone": r.Plain("phone.btn_"+family, nil)}
	key := "fit.ask_" + string(q)
	if q == esim.AskUnlocked && r.Customer.Phone.Family == esim.FamilyIPhone {
		key += "_iphone"
	}
	say := func(a esim.Answer) ui.Button {
		return ui.NewButton(r.Plain("fit.btn_"+string(q)+"_"+string(a), nil), fitRef{ref.Plan, answerTo(q, a)})
	}
	return ui.Screen{Text: r.T(key, args), Rows: [][]ui.Button{
		ui.Row(say(esim.AnswerYes)), ui.Row(say(esim.AnswerNo)), ui.Row(say(esim.AnswerUnsure)),
		ui.Row(ui.NewButton(r.Plain("fit.btn_again", nil), fitRef{ref.Plan, fitAgain})),
	}}
}

// judged says whether it will work, and what follows.
func (f *fitFlow) judged(r *ui.Request, ref fitRef) ui.Screen {
	phone := r.Customer.Phone
	fit := phone.Fit()
	lines := []string{r.T("fit.is_"+string(fit), i18n.Args{"phone": r.Plain("phone.btn_"+string(phone.Family), nil)})}
	var rows [][]ui.Button
	switch fit {
	case esim.FitsSurely, esim.FitsProbably:
		if p, err := f.catalog.Plan(ref.Plan.Code); err == nil {
			lines = append(lines, "", string(whenToInstall(r, p)))
		}
		lines = append(lines, "", r.T("fit.noted", nil))
		if ref.Plan.Code != "" { // Back goes to the last question; who has their answer wants the plan
			rows = append(rows, ui.Row(ui.NewButton(r.Plain("fit.btn_plan", nil), ref.Plan)))
		}
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("guide.btn", nil), guideRef{Family: phone.Family, Card: cardAll})))
	default:
		rows = append(rows, ui.Row(askButton(r)))
	}
	rows = append(rows, ui.Row(ui.NewButton(r.Plain("fit.btn_again", nil), fitRef{ref.Plan, fitAgain})))
	return ui.Screen{Text: strings.Join(lines, "\n"), Rows: rows}
}

// phoneOf is the family of phones that an order is for: as it was chosen for the order, else as the
// customer named theirs; "" if they did not.
func phoneOf(r *ui.Request, o esim.Order) esim.PhoneFamily {
	if o.Phone.Family.Known() {
		return o.Phone.Family
	}
	return r.Customer.Phone.Family
}
