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
	RouteLanguage       ui.Route = "lang"      // Language
	RouteHelp           ui.Route = "help"      // no arguments
	RouteContinents     ui.Route = "conts"     // no arguments
	RouteContinent      ui.Route = "cont"      // Continent
	RouteRegions        ui.Route = "regions"   // Regions
	RouteCountry        ui.Route = "country"   // List
	RouteRegion         ui.Route = "region"    // List
	RouteFind           ui.Route = "find"      // Find
	RouteAsk            ui.Route = "askus"     // no arguments; old: RoutePerson
	RouteFault          ui.Route = "fault"     // Fault
	RouteLost           ui.Route = "lost"      // Lost
	RoutePerson         ui.Route = "person"    // SupportSubject
	RouteEndThread      ui.Route = "endtalk"   // Thread
	RouteNeed           ui.Route = "need"      // Need
	RoutePlan           ui.Route = "plan"      // Plan
	RouteDetails        ui.Route = "details"   // Details
	RouteNetworks       ui.Route = "nets"      // Networks
	RoutePhone          ui.Route = "phone"     // Phone
	RouteShare          ui.Route = "share"     // Share
	RoutePhoneCheck     ui.Route = "fit"       // PhoneCheck
	RoutePaymentMethods ui.Route = "ways"      // PaymentMethods
	RouteBuy            ui.Route = "buy"       // Buy
	RoutePayWithCredit  ui.Route = "paycredit" // Order
	RouteBuyAgain       ui.Route = "again"     // Order
	RouteOrder          ui.Route = "order"     // Order
	RouteAbandon        ui.Route = "leave"     // Order
	RouteAbandonNow     ui.Route = "leavenow"  // Order
	RouteTrip           ui.Route = "trip"      // Trip
	RouteSettings       ui.Route = "settings"  // no arguments
	RouteAlert          ui.Route = "alert"     // Alert
	RouteESIMAlerts     ui.Route = "ealerts"   // ESIMAlerts
	RouteQuiet          ui.Route = "quiet"     // Quiet
	RouteZone           ui.Route = "zone"      // Zone
	RouteNews           ui.Route = "news"      // News
	RouteESIMs          ui.Route = "esims"     // ESIMs
	RouteESIM           ui.Route = "esim"      // ESIM
	RouteName           ui.Route = "name"      // Name
	RouteRefresh        ui.Route = "fresh"     // ESIM
	RouteQR             ui.Route = "qr"        // ESIM
	RouteChart          ui.Route = "chart"     // ESIM
	RouteInstall        ui.Route = "install"   // ESIM
	RouteGuide          ui.Route = "guide"     // Guide
	RouteTopUp          ui.Route = "topup"     // TopUps
	RouteTopUpCard      ui.Route = "tcard"     // TopUp
	RouteTopUpBuy       ui.Route = "tbuy"      // TopUpBuy
	RouteAutoTopUp      ui.Route = "auto"      // AutoTopUp
	RouteAutoTopUpOff   ui.Route = "autooff"   // ESIM
	RouteEmergencyTopUp ui.Route = "rescue"    // EmergencyTopUp
	RouteCancel         ui.Route = "cancel"    // ESIM
	RouteCancelNow      ui.Route = "cancelnow" // Order
	RouteCancelOne      ui.Route = "cancelone" // CancelOne
	RoutePromo          ui.Route = "promo"     // Promo
	RouteInvite         ui.Route = "invite"    // no arguments
	RouteGift           ui.Route = "give"      // ESIM
	RouteCreateGiftLink ui.Route = "givenow"   // CreateGiftLink
	RouteWithdrawGift   ui.Route = "giveback"  // ESIM
	RouteGivenAway      ui.Route = "given"     // ESIM
	RouteClaimGift      ui.Route = "claim"     // Gift
	RouteTakeGift       ui.Route = "take"      // Gift
	RouteSwap           ui.Route = "swap"      // ESIM
	RouteSwapFind       ui.Route = "swapfind"  // ESIM
	RouteSwapOf         ui.Route = "swapof"    // Order
	RouteSwapCard       ui.Route = "swapcard"  // Swap
	RouteSwapNow        ui.Route = "swbuy"     // SwapNow
	RouteMyData         ui.Route = "mydata"    // no arguments
	RouteForget         ui.Route = "forget"    // no arguments
	RouteForgetNow      ui.Route = "forgetnow" // Forget
	RouteWithdraw       ui.Route = "wdraw"     // Withdraw
	RouteWithdrawNow    ui.Route = "wdrawnow"  // Withdraw
)
