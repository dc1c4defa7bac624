package staff

import (
	"context"
	"fmt"
	"slices"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Every route of the group's buttons; a table of their own, so that no button of a
// customer leads to them. A route is never renamed, and its arguments never change meaning.
const (
	routeCard           ui.Route = "s_card"     // cardRef
	routeAsk            ui.Route = "s_ask"      // actionRef
	routeYes            ui.Route = "s_yes"      // yesRef
	routePick           ui.Route = "s_pick"     // actionRef: on which of the order's eSIMs?
	routeAskESIM        ui.Route = "s_ask_esim" // askESIMRef
	routeYesESIM        ui.Route = "s_yes_esim" // yesESIMRef
	routeNo             ui.Route = "s_no"       // noRef
	routeCredit         ui.Route = "s_credit"   // creditRef
	routeBlock          ui.Route = "s_block"    // blockRef
	routePromo          ui.Route = "s_promo"    // promoRef
	routeUnexplained    ui.Route = "s_helds"    // unexplainedListRef
	routeOnePayment     ui.Route = "s_held"     // onePaymentRef
	routeAskUnexplained ui.Route = "s_ask_held" // unexplainedRef
	routeYesUnexplained ui.Route = "s_yes_held" // unexplainedRef

	routePrice   ui.Route = "s_price"   // priceRef
	routeSetting ui.Route = "s_set"     // settingRef
	routeCurate  ui.Route = "s_curate"  // curateRef
	routeResume  ui.Route = "s_resume"  // lets the shop sell again
	routeStats   ui.Route = "s_stats"   // statsRef
	routeMessage ui.Route = "s_message" // messageRef
	routeUser    ui.Route = "s_user"    // userRef
	routeUserDo  ui.Route = "s_user_do" // userDoRef
	routeCast    ui.Route = "s_cast"    // castRef

	routeCloseThread  ui.Route = "s_close"   // threadRef
	routeTakeThread   ui.Route = "s_take"    // deskRef
	routeReopenThread ui.Route = "s_reopen"  // deskRef
	routeAnswers      ui.Route = "s_answers" // deskRef
	routeAnswer       ui.Route = "s_answer"  // answerRef

	routeWhy       ui.Route = "s_why"        // whyRef
	routeYesPart   ui.Route = "s_yes_part"   // yesPartRef
	routeGift      ui.Route = "s_gift"       // giftRef
	routeYesGift   ui.Route = "s_yes_gift"   // giftRef
	routeYesAssign ui.Route = "s_yes_assign" // assignRef
	routeWords     ui.Route = "s_words"      // wordsRef
	routeRole      ui.Route = "s_role"       // roleRef
	routeAgree     ui.Route = "s_agree"      // sensitiveActionRef
	routeDisagree  ui.Route = "s_disagree"   // sensitiveActionRef
)

// on is the handler of a route whose arguments are read first.
func on[R any](parse func(ui.CallbackData) (R, error), h func(ctx context.Context, r *request, ref R) (ui.Screen, error)) handler {
	return func(ctx context.Context, r *request) (ui.Screen, error) {
		ref, err := parse(r.Data)
		if err != nil {
			return ui.Screen{}, err
		}
		return h(ctx, r, ref)
	}
}

// readOrder reads the id of an order.
func readOrder(a *ui.ArgReader) (esim.OrderID, error) {
	id, err := esim.ParseOrderID(a.Text())
	if err != nil {
		return "", fmt.Errorf("%w: %w", ui.ErrBadData, err)
	}
	return id, a.Err()
}

// orderOrNone reads the id of an order; "" if it is none.
func orderOrNone(a *ui.ArgReader) esim.OrderID {
	id, err := esim.ParseOrderID(a.Text())
	if err != nil {
		return ""
	}
	return id
}

// cardRef leads to an order's card.
type cardRef struct{ Order esim.OrderID }

func (p cardRef) Data() ui.CallbackData { return ui.NewCallbackData(routeCard, p.Order) }

func parseCardRef(d ui.CallbackData) (p cardRef, err error) {
	p.Order, err = readOrder(d.Read(routeCard))
	return p, err
}

// actionRef asks about an action on an order, or on which of its eSIMs.
type actionRef struct {
	Route  ui.Route // routeAsk or routePick
	Action string   // name of an orderAction or esimAction
	Order  esim.OrderID
}

func (p actionRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Action, p.Order) }

// parseActionRef parses the actions of one route.
func parseActionRef(route ui.Route) func(ui.CallbackData) (actionRef, error) {
	return func(d ui.CallbackData) (actionRef, error) {
		a := d.Read(route)
		p := actionRef{Route: route, Action: a.Text()}
		var err error
		p.Order, err = readOrder(a)
		return p, err
	}
}

// yesRef does what was asked, if the order is still in the state that was seen.
type yesRef struct {
	Action string // name of an orderAction
	Order  esim.OrderID
	Seen   esim.State
}

func (p yesRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeYes, p.Action, p.Order, p.Seen)
}

func parseYesRef(d ui.CallbackData) (p yesRef, err error) {
	a := d.Read(routeYes)
	p.Action = a.Text()
	p.Order, err = readOrder(a)
	p.Seen = esim.State(a.Text())
	return p, err
}

// askESIMRef asks about an action on an eSIM.
type askESIMRef struct {
	Action string      // name of an esimAction
	ESIM   esim.ESIMID // esimTranNo
	Order  esim.OrderID
}

func (p askESIMRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeAskESIM, p.Action, p.ESIM, p.Order)
}

func parseAskESIMRef(d ui.CallbackData) (askESIMRef, error) {
	a := d.Read(routeAskESIM)
	return askESIMRef{a.Text(), esim.ESIMID(a.Text()), orderOrNone(a)}, a.Err()
}

// yesESIMRef does what was asked, if the eSIM still has the status that was seen and the orders about it
// are as they were. Older buttons do not say how those were: they do nothing, and show how it is now.
type yesESIMRef struct {
	Action string      // name of an esimAction
	ESIM   esim.ESIMID // esimTranNo
	Seen   esim.ProfileStatus
	Orders string // as ordersSeen has it
}

func (p yesESIMRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeYesESIM, p.Action, p.ESIM, p.Seen, p.Orders)
}

func parseYesESIMRef(d ui.CallbackData) (yesESIMRef, error) {
	a := d.Read(routeYesESIM)
	return yesESIMRef{a.Text(), esim.ESIMID(a.Text()), esim.ProfileStatus(a.Text()), a.Text()}, a.Err()
}

// ordersSeen is short enough for a button, and another as soon as one of the orders changes its state, one
// is added, or another of them waits for staff: what they decide about an eSIM hangs on what was paid for it.
func ordersSeen(orders []esim.Order) string {
	var states []byte
	waits := ""
	for _, o := range orders {
		if len(states) < statesSeen {
			states = append(states, 'a'+byte(slices.Index(esim.States(), o.State)))
		}
		if o.State == esim.StateNeedsHuman {
			waits = string(o.ID[max(0, len(o.ID)-4):])
		}
	}
	return string(states) + waits
}

// statesSeen is of how many orders the state fits, the one that brought the eSIM first.
const statesSeen = 4

// noRef leaves everything as it is. Order is what the question was about, "" if it
// was about none; older buttons have "-" there.
type noRef struct{ Order esim.OrderID }

func (p noRef) Data() ui.CallbackData { return ui.NewCallbackData(routeNo, p.Order) }

func parseNoRef(d ui.CallbackData) (noRef, error) {
	a := d.Read(routeNo)
	return noRef{orderOrNone(a)}, a.Err()
}

// creditRef grants store credit, or takes it.
type creditRef struct {
	Customer esim.CustomerID
	Cents    int64 // of a US dollar; negative: taken
	// Nonce is the grant's key: however often the button is pressed, it is one grant.
	Nonce esim.OrderID
}

func (p creditRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeCredit, int64(p.Customer), p.Cents, string(p.Nonce))
}

func parseCreditRef(d ui.CallbackData) (p creditRef, err error) {
	a := d.Read(routeCredit)
	p.Customer, p.Cents = esim.CustomerID(a.Int64(0)), a.Int64(0)
	p.Nonce, err = readOrder(a)
	if err == nil && (p.Cents == 0 || max(p.Cents, -p.Cents) > maxGrant) {
		err = ui.ErrBadData
	}
	return p, err
}

// blockRef blocks a customer, or lets them buy again.
type blockRef struct {
	Customer esim.CustomerID
	Block    bool
}

// Data writes the answer in full: it is nothing to be left to a default.
func (p blockRef) Data() ui.CallbackData {
	answer := "0"
	if p.Block {
		answer = "1"
	}
	return ui.CallbackData{Route: string(routeBlock), Args: []string{fmt.Sprint(int64(p.Customer)), answer}}
}

func parseBlockRef(d ui.CallbackData) (blockRef, error) {
	a := d.Read(routeBlock)
	p, answer := blockRef{Customer: esim.CustomerID(a.Int64(0))}, a.Text()
	p.Block = answer == "1"
	if a.Err() == nil && answer != "0" && answer != "1" {
		return p, ui.ErrBadData
	}
	return p, a.Err()
}

// promoRef makes or ends a promo code, as the question says.
type promoRef struct{}

func (promoRef) Data() ui.CallbackData { return routePromo.Data() }

func parsePromoRef(d ui.CallbackData) (promoRef, error) { return promoRef{}, d.Read(routePromo).Err() }

// unexplainedListRef lists the payments that no order explains.
type unexplainedListRef struct {
	Page int
	Turn bool // in place of the list that is shown
}

func (p unexplainedListRef) Data() ui.CallbackData {
	turn := 0
	if p.Turn {
		turn = 1
	}
	return ui.NewCallbackData(routeUnexplained, p.Page, turn)
}

func parseUnexplainedListRef(d ui.CallbackData) (unexplainedListRef, error) {
	a := d.Read(routeUnexplained)
	return unexplainedListRef{a.Int(0), a.Int(0) == 1}, a.Err()
}

// onePaymentRef leads to one of them.
type onePaymentRef struct{ Ref string } // esim.UnexplainedPayment.Ref

func (p onePaymentRef) Data() ui.CallbackData { return ui.NewCallbackData(routeOnePayment, p.Ref) }

func parseOnePaymentRef(d ui.CallbackData) (onePaymentRef, error) {
	a := d.Read(routeOnePayment)
	return onePaymentRef{a.Text()}, a.Err()
}

// unexplainedRef asks about an action on one of them, or does it.
type unexplainedRef struct {
	Route  ui.Route // routeAskUnexplained or routeYesUnexplained
	Action string   // name of a unexplainedAction
	Ref    string   // esim.UnexplainedPayment.Ref
}

func (p unexplainedRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.Action, p.Ref) }

// parseUnexplainedRef parses the actions of one route.
func parseUnexplainedRef(route ui.Route) func(ui.CallbackData) (unexplainedRef, error) {
	return func(d ui.CallbackData) (unexplainedRef, error) {
		a := d.Read(route)
		return unexplainedRef{route, a.Text(), a.Text()}, a.Err()
	}
}

// resumeRef lets the shop sell again.
type resumeRef struct{}

func (resumeRef) Data() ui.CallbackData { return routeResume.Data() }

func parseResumeRef(d ui.CallbackData) (resumeRef, error) {
	return resumeRef{}, d.Read(routeResume).Err()
}

// threadRef closes a customer's thread.
type threadRef struct{ Thread esim.ThreadID }

func (p threadRef) Data() ui.CallbackData { return ui.NewCallbackData(routeCloseThread, p.Thread) }

func parseThreadRef(d ui.CallbackData) (threadRef, error) {
	a := d.Read(routeCloseThread)
	p := threadRef{esim.ThreadID(a.Int64(0))}
	return p, a.Err()
}

// A statsView is what is told of a period.
type statsView int

const (
	viewOverview statsView = iota
	viewPlaces
	viewPlans
)

// statsRef tells what a period earned.
type statsRef struct {
	Period string // as esim.ParsePeriod reads it
	View   statsView
}

func (p statsRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeStats, p.Period, int(p.View))
}

func parseStatsRef(d ui.CallbackData) (statsRef, error) {
	a := d.Read(routeStats)
	return statsRef{a.Text(), statsView(a.Int(0))}, a.Err()
}

// userRef leads to a customer's card.
type userRef struct{ Customer esim.CustomerID }

func (p userRef) Data() ui.CallbackData { return ui.NewCallbackData(routeUser, int64(p.Customer)) }

func parseUserRef(d ui.CallbackData) (userRef, error) {
	a := d.Read(routeUser)
	p := userRef{esim.CustomerID(a.Int64(0))}
	return p, a.Err()
}

// messageRef writes to a customer what the question shows.
type messageRef struct{ Customer esim.CustomerID }

func (p messageRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeMessage, int64(p.Customer))
}

func parseMessageRef(d ui.CallbackData) (messageRef, error) {
	a := d.Read(routeMessage)
	p := messageRef{esim.CustomerID(a.Int64(0))}
	return p, a.Err()
}
