package customer

import (
	"fmt"
	"strconv"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// Every route of a customer's buttons. Buttons stay in chats for ever: a route is never
// renamed, and its arguments never change meaning (TestOldButtonsStillWork).
const (
	routeLanguage   ui.Route = "lang"      // languageRef
	routeHelp       ui.Route = "help"      // no arguments
	routeContinents ui.Route = "conts"     // no arguments
	routeContinent  ui.Route = "cont"      // continentRef
	routeRegions    ui.Route = "regions"   // regionsRef
	routeCountry    ui.Route = "country"   // listRef
	routeRegion     ui.Route = "region"    // listRef
	routeFind       ui.Route = "find"      // findRef
	routeAsk        ui.Route = "askus"     // no arguments; old: routePerson
	routeFault      ui.Route = "fault"     // faultRef
	routeLost       ui.Route = "lost"      // lostRef
	routePerson     ui.Route = "person"    // personRef
	routeEndThread  ui.Route = "endtalk"   // threadRef
	routeNeed       ui.Route = "need"      // needRef
	routePlan       ui.Route = "plan"      // planRef
	routeDetails    ui.Route = "details"   // detailsRef
	routeNetworks   ui.Route = "nets"      // networksRef
	routePhone      ui.Route = "phone"     // phoneRef
	routeShare      ui.Route = "share"     // shareRef
	routeFit        ui.Route = "fit"       // fitRef
	routeWays       ui.Route = "ways"      // waysRef
	routeBuy        ui.Route = "buy"       // buyRef
	routePayInside  ui.Route = "paycredit" // orderRef
	routeAgain      ui.Route = "again"     // orderRef
	routeOrder      ui.Route = "order"     // orderRef
	routeLeave      ui.Route = "leave"     // orderRef
	routeLeaveNow   ui.Route = "leavenow"  // orderRef
	routeTrip       ui.Route = "trip"      // tripRef
	routeESIMs      ui.Route = "esims"     // esimsRef
	routeESIM       ui.Route = "esim"      // esimRef
	routeName       ui.Route = "name"      // nameRef
	routeRefresh    ui.Route = "fresh"     // esimRef
	routeQR         ui.Route = "qr"        // esimRef
	routeChart      ui.Route = "chart"     // esimRef
	routeInstall    ui.Route = "install"   // esimRef
	routeGuide      ui.Route = "guide"     // guideRef
	routeTopUp      ui.Route = "topup"     // topUpsRef
	routeTopUpCard  ui.Route = "tcard"     // topUpRef
	routeTopUpBuy   ui.Route = "tbuy"      // topUpBuyRef
	routeCancel     ui.Route = "cancel"    // esimRef
	routeCancelNow  ui.Route = "cancelnow" // orderRef
	routeCancelOne  ui.Route = "cancelone" // esimRef
	routeSwap       ui.Route = "swap"      // esimRef
	routeSwapFind   ui.Route = "swapfind"  // esimRef
	routeSwapOf     ui.Route = "swapof"    // orderRef
	routeSwapCard   ui.Route = "swapcard"  // swapRef
	routeSwapNow    ui.Route = "swbuy"     // swapNowRef
)

// languageRef leads to the choice of a language, or chooses one.
type languageRef struct{ Code string }

func (p languageRef) Data() ui.CallbackData { return ui.NewCallbackData(routeLanguage, p.Code) }

func parseLanguageRef(d ui.CallbackData) (languageRef, error) {
	a := d.Read(routeLanguage)
	return languageRef{a.Text()}, a.Err()
}

// continentRef leads to a page of a continent's countries.
type continentRef struct {
	Continent esim.Continent
	Page      int
}

func (p continentRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeContinent, p.Continent, p.Page)
}

func parseContinentRef(d ui.CallbackData) (continentRef, error) {
	a := d.Read(routeContinent)
	p := continentRef{esim.Continent(a.Text()), a.Int(0)}
	return p, a.Err()
}

// regionsRef leads to a page of the regions.
type regionsRef struct{ Page int }

func (p regionsRef) Data() ui.CallbackData { return ui.NewCallbackData(routeRegions, p.Page) }

func parseRegionsRef(d ui.CallbackData) (regionsRef, error) {
	a := d.Read(routeRegions)
	p := regionsRef{a.Int(0)}
	return p, a.Err()
}

// listRef leads to the plans of a country, or of a region such as EU-42: to the good ones, or
// with a Tab to a page of all of them.
type listRef struct {
	Route ui.Route // routeCountry or routeRegion
	Code  string
	Tab   string // tabFixed, tabDays or tabAround; "": the good plans
	Order string // byData, byPrice, byDays or byGB; "": byData
	Page  int
	From  string // where it was opened, and leads back to: fromMenu, a country, a findRef; "": its usual place
	// At least so many days, and so much data (of a day, for day passes); 0: any.
	MinDays, MinGB int
}

func (p listRef) Data() ui.CallbackData {
	return ui.NewCallbackData(p.Route, p.Code, p.Tab, p.Order, p.Page, p.From, p.MinDays, p.MinGB)
}

// parseListRef parses the lists of one route.
func parseListRef(route ui.Route) func(ui.CallbackData) (listRef, error) {
	return func(d ui.CallbackData) (listRef, error) {
		a := d.Read(route)
		p := listRef{route, a.Text(), a.Text(), a.Text(), a.Int(0), a.Text(), a.Int(0), a.Int(0)}
		return p, a.Err()
	}
}

// planRef leads to a plan's card.
type planRef struct {
	Code     string
	Origin   string // the country or region whose list it was chosen from; "": none
	Days     int    // of a day pass; 0: not chosen yet
	Quantity int    // 0: not chosen yet
}

func (p planRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routePlan, p.Code, p.Origin, p.Days, p.Quantity)
}

func parsePlanRef(d ui.CallbackData) (planRef, error) {
	a := d.Read(routePlan)
	p := planRef{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// detailsRef leads to all details of a plan, and from there back to its card.
type detailsRef planRef

func (p detailsRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeDetails, p.Code, p.Origin, p.Days, p.Quantity)
}

func parseDetailsRef(d ui.CallbackData) (detailsRef, error) {
	a := d.Read(routeDetails)
	p := detailsRef{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// needRef leads to the next question of "How much do I need?", or to its answer.
type needRef struct {
	Code, From string // the place, and where its list was opened
	Days       int    // 0: not answered yet
	Purpose    esim.Purpose
	Phones     int
}

func (p needRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeNeed, p.Code, p.From, p.Days, p.Purpose, p.Phones)
}

func parseNeedRef(d ui.CallbackData) (needRef, error) {
	a := d.Read(routeNeed)
	p := needRef{a.Text(), a.Text(), a.Int(0), esim.Purpose(a.Text()), a.Int(0)}
	return p, a.Err()
}

// networksRef leads to a page of a plan's networks.
type networksRef struct {
	Code, Origin   string
	Days           int
	Page, Quantity int
}

func (p networksRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeNetworks, p.Code, p.Origin, p.Days, p.Page, p.Quantity)
}

func parseNetworksRef(d ui.CallbackData) (networksRef, error) {
	a := d.Read(routeNetworks)
	p := networksRef{a.Text(), a.Text(), a.Int(0), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// phoneRef begins the dialogue "Will it work on my phone?", and leads from there back to a plan's card.
type phoneRef planRef

func (p phoneRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routePhone, p.Code, p.Origin, p.Days, p.Quantity)
}

func parsePhoneRef(d ui.CallbackData) (phoneRef, error) {
	a := d.Read(routePhone)
	p := phoneRef{a.Text(), a.Text(), a.Int(0), a.Int(0)}
	return p, a.Err()
}

// waysRef leads to the choice of a payment method.
type waysRef struct {
	Code, Origin   string
	Days, Quantity int
}

func (p waysRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeWays, p.Code, p.Origin, p.Days, p.Quantity)
}

func parseWaysRef(d ui.CallbackData) (waysRef, error) {
	a := d.Read(routeWays)
	p := waysRef{a.Text(), a.Text(), a.Int(0), a.Int(1)}
	return p, a.Err()
}

// buyRef makes an order. The oldest buttons have neither a quantity nor a payment method.
type buyRef struct {
	Code, Origin string
	Days         int
	Seen         int64 // the price that was shown, in the money of Method; -1: none
	Quantity     int
	Method       esim.PaymentMethod
	Credit       int64 // US cents of store credit that were shown to pay the other part
}

func (p buyRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeBuy, p.Code, p.Origin, p.Days, p.Seen, p.Quantity, methodText(p.Method, p.Credit))
}

func parseBuyRef(d ui.CallbackData) (buyRef, error) {
	a := d.Read(routeBuy)
	p := buyRef{Code: a.Text(), Origin: a.Text(), Days: a.Int(0), Seen: a.Int64(-1), Quantity: a.Int(1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}

// methodText writes a payment method, and the store credit beside it: its name, or its first
// letter and the credit in cents. More does not fit into 64 bytes.
func methodText(m esim.PaymentMethod, credit int64) string {
	if credit == 0 {
		return string(m)
	}
	return fmt.Sprintf("%.1s%d", m, credit)
}

// method reads what methodText writes. Where there is nothing there was no choice: Stars.
func method(a *ui.ArgReader) (esim.PaymentMethod, int64) {
	text := a.Text()
	if text == "" {
		return esim.MethodStars, 0
	}
	for _, m := range esim.PaymentMethods() {
		credit, err := strconv.ParseInt(text[1:], 10, 64)
		if err == nil && credit > 0 && methodText(m, credit) == text {
			return m, credit
		}
	}
	return esim.PaymentMethod(text), 0
}

// orderRef names an order of the customer's.
type orderRef struct {
	Route ui.Route
	Order esim.OrderID
}

func (p orderRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, string(p.Order)) }

// parseOrderRef parses the orders of one route.
func parseOrderRef(route ui.Route) func(ui.CallbackData) (orderRef, error) {
	return func(d ui.CallbackData) (orderRef, error) {
		a := d.Read(route)
		return orderRef{route, esim.OrderID(a.Text())}, a.Err()
	}
}

// esimsRef leads to a page of the customer's eSIMs.
type esimsRef struct{ Page int }

func (p esimsRef) Data() ui.CallbackData { return ui.NewCallbackData(routeESIMs, p.Page) }

func parseESIMsRef(d ui.CallbackData) (esimsRef, error) {
	a := d.Read(routeESIMs)
	p := esimsRef{a.Int(0)}
	return p, a.Err()
}

// esimRef names an eSIM of the customer's.
type esimRef struct {
	Route ui.Route
	ESIM  esim.ESIMID // esimTranNo
}

func (p esimRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, p.ESIM) }

// parseESIMRef parses the eSIMs of one route.
func parseESIMRef(route ui.Route) func(ui.CallbackData) (esimRef, error) {
	return func(d ui.CallbackData) (esimRef, error) {
		a := d.Read(route)
		return esimRef{route, esim.ESIMID(a.Text())}, a.Err()
	}
}

// topUpsRef leads to a page of what can be added to an eSIM.
type topUpsRef struct {
	ESIM esim.ESIMID // esimTranNo
	Page int
}

func (p topUpsRef) Data() ui.CallbackData { return ui.NewCallbackData(routeTopUp, p.ESIM, p.Page) }

func parseTopUpsRef(d ui.CallbackData) (topUpsRef, error) {
	a := d.Read(routeTopUp)
	p := topUpsRef{esim.ESIMID(a.Text()), a.Int(0)}
	return p, a.Err()
}

// topUpRef leads to the card of a top-up.
type topUpRef struct {
	ESIM esim.ESIMID // esimTranNo
	Code string
	Days int // of a day pass
}

func (p topUpRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeTopUpCard, p.ESIM, p.Code, p.Days)
}

func parseTopUpRef(d ui.CallbackData) (topUpRef, error) {
	a := d.Read(routeTopUpCard)
	p := topUpRef{esim.ESIMID(a.Text()), a.Text(), a.Int(0)}
	return p, a.Err()
}

// topUpBuyRef makes an order of a top-up.
type topUpBuyRef struct {
	ESIM   esim.ESIMID // esimTranNo
	Code   string
	Days   int
	Seen   int64 // the price that was shown, in the money of Method; -1: none
	Method esim.PaymentMethod
	Credit int64 // US cents of store credit that were shown to pay the other part
}

func (p topUpBuyRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeTopUpBuy, p.ESIM, p.Code, p.Days, p.Seen, methodText(p.Method, p.Credit))
}

func parseTopUpBuyRef(d ui.CallbackData) (topUpBuyRef, error) {
	a := d.Read(routeTopUpBuy)
	p := topUpBuyRef{ESIM: esim.ESIMID(a.Text()), Code: a.Text(), Days: a.Int(0), Seen: a.Int64(-1)}
	p.Method, p.Credit = method(a)
	return p, a.Err()
}
