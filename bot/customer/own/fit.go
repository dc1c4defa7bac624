package own

import (
	"context"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// phoneStore keeps what customers say of their phones.
type phoneStore interface {
	SetPhone(ctx context.Context, id esim.CustomerID, p esim.Phone) error
	// SetOrderPhone is ErrNotFound also for the order of somebody else.
	SetOrderPhone(ctx context.Context, customer esim.CustomerID, id esim.OrderID, p esim.Phone) error
}

// fitFlow asks what says whether an eSIM will work on a phone: "Will it work on my phone?". Each
// answer is stored at once, and goes with every order made afterwards.
type fitFlow struct {
	phones  phoneStore
	catalog *esim.CatalogCache
}

func (f *fitFlow) register(t *ui.Router) {
	t.Route(refs.RoutePhoneCheck, ui.HandleWith(refs.ParsePhoneCheck, f.answer))
	t.Route(refs.RoutePhone, ui.HandleWith(refs.ParsePhone, func(ctx context.Context, r *ui.Request, ref refs.Phone) (ui.Screen, error) {
		return f.answer(ctx, r, refs.PhoneCheck{Plan: refs.Plan(ref)})
	}))
}

// answer takes an answer, if there is one, and asks the next question or judges.
func (f *fitFlow) answer(ctx context.Context, r *ui.Request, ref refs.PhoneCheck) (ui.Screen, error) {
	if p := ref.Answer.Applied(r.Customer.Phone); p != r.Customer.Phone {
		if err := f.phones.SetPhone(ctx, r.Customer.ID, p); err != nil {
			return ui.Screen{}, err
		}
		r.Customer.Phone = p
	}
	s := ui.Screen{}
	next := r.Customer.Phone.Next()
	if ref.Answer.SaysEID() && r.Customer.Phone.EID != esim.AnswerNo {
		next = esim.AskUnlocked // also where it was answered before: the way is the same
	}
	for _, q := range []esim.PhoneQuestion{esim.AskFamily, esim.AskEID, esim.AskUnlocked} {
		if ref.Answer == refs.AskAgain(q) && r.Customer.Phone.Family.Known() {
			next = q
		}
	}
	switch next {
	case "":
		s = f.judged(r, ref)
	case esim.AskFamily:
		var phones []ui.Button
		for _, family := range esim.PhoneFamilies() {
			phones = append(phones, ui.NewButton(r.Plain("phone.btn_"+string(family), nil), refs.PhoneCheck{Plan: ref.Plan, Answer: refs.PhoneCheckAnswer(family)}))
		}
		s = ui.Screen{Text: r.T("fit.ask_family", nil), Rows: ui.PairRows(phones...)}
	default:
		s = f.ask(r, ref, next)
	}
	s.Rows = append(s.Rows, ui.BackRow(r, f.back(r, ref, next)))
	return s, nil
}

// back is one step up from a question, or from the judgement ("") at their end: to the question before
// it, and from where the dialogue began to where it was asked.
func (f *fitFlow) back(r *ui.Request, ref refs.PhoneCheck, shown esim.PhoneQuestion) ui.CallbackRef {
	before := esim.AskUnlocked
	switch {
	case ref.Answer == "" || ref.Answer == refs.PhoneCheckAgain || shown == esim.AskFamily:
		return ref.Up()
	case shown == esim.AskEID:
		before = esim.AskFamily
	case shown == esim.AskUnlocked || r.Customer.Phone.EID == esim.AnswerNo: // who has no EID is not asked about a lock
		before = esim.AskEID
	}
	return refs.PhoneCheck{Plan: ref.Plan, Answer: refs.AskAgain(before)}
}

//i18n:use fit.*

// ask asks a question that is answered with yes, no, or not sure.
func (f *fitFlow) ask(r *ui.Request, ref refs.PhoneCheck, q esim.PhoneQuestion) ui.Screen {
	family := string(r.Customer.Phone.Family)
	args := i18n.Args{"models": i18n.HTML(r.T("fit.models_"+family, nil)), "phone": r.Plain("phone.btn_"+family, nil)}
	key := "fit.ask_" + string(q)
	if q == esim.AskUnlocked && r.Customer.Phone.Family == esim.FamilyIPhone {
		key += "_iphone"
	}
	say := func(a esim.Answer) ui.Button {
		return ui.NewButton(r.Plain("fit.btn_"+string(q)+"_"+string(a), nil), refs.PhoneCheck{Plan: ref.Plan, Answer: refs.AnswerTo(q, a)})
	}
	return ui.Screen{Text: r.T(key, args), Rows: [][]ui.Button{
		ui.Row(say(esim.AnswerYes)), ui.Row(say(esim.AnswerNo)), ui.Row(say(esim.AnswerUnsure)),
		ui.Row(ui.NewButton(r.Plain("fit.btn_again", nil), refs.PhoneCheck{Plan: ref.Plan, Answer: refs.PhoneCheckAgain})),
	}}
}

// judged says whether it will work, and what follows.
func (f *fitFlow) judged(r *ui.Request, ref refs.PhoneCheck) ui.Screen {
	phone := r.Customer.Phone
	fit := phone.Fit()
	lines := []string{r.T("fit.is_"+string(fit), i18n.Args{"phone": r.Plain("phone.btn_"+string(phone.Family), nil)})}
	var rows [][]ui.Button
	switch fit {
	case esim.FitsSurely, esim.FitsProbably:
		if p, err := f.catalog.Plan(ref.Plan.Code); err == nil {
			lines = append(lines, "", string(forsale.WhenToInstall(r, p)))
		}
		lines = append(lines, "", r.T("fit.noted", nil))
		if ref.Plan.Code != "" { // Back goes to the last question; who has their answer wants the plan
			rows = append(rows, ui.Row(ui.NewButton(r.Plain("fit.btn_plan", nil), ref.Plan)))
		}
		rows = append(rows, ui.Row(ui.NewButton(r.Plain("guide.btn", nil), refs.Guide{Family: phone.Family, Card: refs.CardAll})))
	default:
		rows = append(rows, ui.Row(refs.AskButton(r)))
	}
	rows = append(rows, ui.Row(ui.NewButton(r.Plain("fit.btn_again", nil), refs.PhoneCheck{Plan: ref.Plan, Answer: refs.PhoneCheckAgain})))
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
