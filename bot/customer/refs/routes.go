// Package refs is what customers' buttons carry: a struct for each route, written into callback
// data and read again, and the same for links that open the shop.
//
// It is how one room leads to a screen of another without knowing it: find shows the button,
// buy has registered what stands behind it. Buttons and links stay in chats for ever, so no
// route is ever renamed, and no argument changes its meaning.
package refs

import "esimbot/bot/ui"

// Every route of a customer's buttons, with what it carries (TestOldButtonsStillWork).
const (
	RouteLanguage    ui.Route = "lang"      // Language
	RouteHelp        ui.Route = "help"      // no arguments
	RouteContinents  ui.Route = "conts"     // no arguments
	RouteContinent   ui.Route = "cont"      // Continent
	RouteRegions     ui.Route = "regions"   // Regions
	RouteCountry     ui.Route = "country"   // List
	RouteRegion      ui.Route = "region"    // List
	RouteFind        ui.Route = "find"      // Find
	RouteAsk         ui.Route = "askus"     // no arguments; old: RoutePerson
	RouteFault       ui.Route = "fault"     // Fault
	RouteLost        ui.Route = "lost"      // Lost
	RoutePerson      ui.Route = "person"    // Person
	RouteEndThread   ui.Route = "endtalk"   // Thread
	RouteNeed        ui.Route = "need"      // Need
	RoutePlan        ui.Route = "plan"      // Plan
	RouteDetails     ui.Route = "details"   // Details
	RouteNetworks    ui.Route = "nets"      // Networks
	RoutePhone       ui.Route = "phone"     // Phone
	RouteShare       ui.Route = "share"     // Share
	RouteFit         ui.Route = "fit"       // Fit
	RouteWays        ui.Route = "ways"      // Ways
	RouteBuy         ui.Route = "buy"       // Buy
	RoutePayInside   ui.Route = "paycredit" // Order
	RouteAgain       ui.Route = "again"     // Order
	RouteOrder       ui.Route = "order"     // Order
	RouteLeave       ui.Route = "leave"     // Order
	RouteLeaveNow    ui.Route = "leavenow"  // Order
	RouteTrip        ui.Route = "trip"      // Trip
	RouteSettings    ui.Route = "settings"  // no arguments
	RouteAlert       ui.Route = "alert"     // Alert
	RouteQuiet       ui.Route = "quiet"     // Quiet
	RouteZone        ui.Route = "zone"      // Zone
	RouteESIMs       ui.Route = "esims"     // ESIMs
	RouteESIM        ui.Route = "esim"      // ESIM
	RouteName        ui.Route = "name"      // Name
	RouteRefresh     ui.Route = "fresh"     // ESIM
	RouteQR          ui.Route = "qr"        // ESIM
	RouteChart       ui.Route = "chart"     // ESIM
	RouteInstall     ui.Route = "install"   // ESIM
	RouteGuide       ui.Route = "guide"     // Guide
	RouteTopUp       ui.Route = "topup"     // TopUps
	RouteTopUpCard   ui.Route = "tcard"     // TopUp
	RouteTopUpBuy    ui.Route = "tbuy"      // TopUpBuy
	RouteAuto        ui.Route = "auto"      // Auto
	RouteAutoOff     ui.Route = "autooff"   // ESIM
	RouteRescue      ui.Route = "rescue"    // Rescue
	RouteCancel      ui.Route = "cancel"    // ESIM
	RouteCancelNow   ui.Route = "cancelnow" // Order
	RouteCancelOne   ui.Route = "cancelone" // CancelOne
	RoutePromo       ui.Route = "promo"     // Promo
	RouteInvite      ui.Route = "invite"    // no arguments
	RouteGive        ui.Route = "give"      // ESIM
	RouteGiveNow     ui.Route = "givenow"   // ESIM
	RouteGiveBack    ui.Route = "giveback"  // ESIM
	RouteGiven       ui.Route = "given"     // ESIM
	RouteClaim       ui.Route = "claim"     // Gift
	RouteTake        ui.Route = "take"      // Gift
	RouteSwap        ui.Route = "swap"      // ESIM
	RouteSwapFind    ui.Route = "swapfind"  // ESIM
	RouteSwapOf      ui.Route = "swapof"    // Order
	RouteSwapCard    ui.Route = "swapcard"  // Swap
	RouteSwapNow     ui.Route = "swbuy"     // SwapNow
	RouteMyData      ui.Route = "mydata"    // no arguments
	RouteForget      ui.Route = "forget"    // no arguments
	RouteForgetNow   ui.Route = "forgetnow" // Forget
	RouteWithdraw    ui.Route = "wdraw"     // Withdraw
	RouteWithdrawNow ui.Route = "wdrawnow"  // Withdraw
)
