package sandbox

import "net/http"

// A KnownQuirk is something the real vendor does that a client should be ready for, and what shows it
// here.
type KnownQuirk struct {
	What string `json:"what"`
	How  string `json:"how"` // "always", or the setting, switch, fault or call that shows it
}

// KnownQuirks are what is known of the real API beyond its documentation, from captured traffic and
// public integrations up to 2026.
var KnownQuirks = []KnownQuirk{
	{"Business errors are HTTP 200 with success false, a six-digit code and obj null", "always"},
	{"errorCode of a success is \"0\" on some endpoints and null on others", "always"},
	{"errorCode of a success is a number", "switch numberCodes"},
	{"Faults of headers call the text errorMessage, not errorMsg", "always: call without RT-AccessCode (000101)"},
	{"Members nobody has heard of", "switch newFields"},
	{"Absent strings are \"\" and absent times null", "always"},
	{"Rows of older years lack whole keys", "switch oldRows"},
	{"API times +0000, webhook times Z", "always; switch oldTimes for +0000 in webhooks"},
	{"Request times with +0000 and +00:00", "both are taken"},
	{"The signature is not enforced", "always without a secret; with Options.Secret or --secret it is checked"},
	{"An empty package/list returns everything and ignores paging", "always"},
	{"Day passes: price, volume and duration are for one day", "always: order one with periodNum"},
	{"A day pass without periodNum is sold as one day", "always"},
	{"supportTopUpType 1 on day passes (2025) or 3 (2026)", "the catalogue: generated ones have 3, a saved one is as it was"},
	{"Prices move; a day pass and a top-up are charged at the new one without a word", "POST price, or SetPrice; 200005 and 200006 on a wrong guard"},
	{"Half a gigabyte is 524,288,000 bytes", "always"},
	{"ipExport, operatorList, description empty or repeated", "the catalogue"},
	{"The balance is too low", "POST balance, or SetBalance: 200007, and nothing is stored"},
	{"No profiles left", "fault refuse with code 200011"},
	{"An order is allocated later; until all its eSIMs are there: 200010", "setting allocation; it can be hours"},
	{"An allocated order shows an empty list", "switch emptyAtFirst"},
	{"A repeated transactionId: first order, or 310402; charged once", "setting repeatedOrder"},
	{"A lost answer: list by time and match transactionId, or repeat", "fault lose-answer"},
	{"What is being allocated is missing from listings", "always"},
	{"ORDER_STATUS arrives before the order's own answer", "switch early"},
	{"ICCID, IMSI, PIN, PUK, APN are \"\" until the download for some carriers", "always, for about half of the places that leave through UK/NO"},
	{"Activation codes without LPA:, in small letters, with spaces, escaped, in a link, or as no phone reads them", "switch codeForm"},
	{"One eSIM of an order is never allocated: 200010 with success:[2] for the order, the others in listings", "Withhold, or POST orders/{orderNo}/withhold; switch partialRows for a row without a code"},
	{"A row is listed twice", "ListTwice, or the profile's action twice"},
	{"The vendor cancels an order by itself", "Cancel, or the profile's action cancel, before it is allocated as well"},
	{"Money comes and goes that no order explains", "Deposit and Withdraw, or POST balance"},
	{"ICCIDs are used again", "switch reuseIccid"},
	{"Listings hold a nearly empty row for each top-up", "always"},
	{"Unused: ends 180 days after creation. Used: activation + days × 24 h", "always; POST clock, or Advance"},
	{"activeType 1 starts at the installation, 2 at the first use", "always"},
	{"Usage is hours late", "setting usageLag"},
	{"Usage exceeds the volume a little", "always: burn all"},
	{"A carrier never reports usage", "switch neverReported, or the profile's action silence"},
	{"usage/query answers in another order, without some rows", "order always; rows: switch missingUsageRows"},
	{"Unknown orderNo 310272; unknown eSIM an empty list", "always"},
	{"Top-ups: a base code is 310242, both ids 000104", "always"},
	{"Top-ups take some 16 s", "setting topupTime"},
	{"Top-ups by esimTranNo answer 000001, by iccid work", "switch topUpWantsIccid"},
	{"At most 10 top-ups; volumes and days add up; newest first in packageList", "always"},
	{"Cancel refunds in full; 200002 in the wrong state; unknown: 310404", "always"},
	{"SMS only to installed eSIMs with smsStatus 1 or 2", "always"},
	{"The price of a day pass falls in steps with its days (one author; another shop's table is linear)", "switch dayPassSteps"},
	{"esim/query without a pager (two clients never send one)", "switch pagerOptional; else 000105"},
	{"Only activated eSIMs are suspended and revoked (the vendor's reference; no refusal was captured)", "switch activatedOnly"},
	{"Whole numbers come as strings; only a top-up's amount is refused as one", "always"},
	{"A signature made with the access code as its key; RT-Timestamp in seconds", "both are taken"},
	{"The share page's usage is that of this moment (seen once)", "always: GET /api/v1/h5/share/order/queryUsage?token=, the last part of shortUrl"},
	{"esim/realtimeBalance/query tells what is left by now (seen once, its answer never captured)", "always"},
	{"An answer takes 0.3 to 1.2 s: what is sent one by one stays below the limit then", "setting latency"},
	{"Webhooks come twice", "switch doubled"},
	{"Webhooks come hours late", "switch late"},
	{"Webhooks come out of order", "switch outOfOrder"},
	{"Webhooks do not come", "switch loseWebhooks, or an address that does not answer: three tries"},
	{"Webhooks without notifyId", "switch noNotifyId"},
	{"Webhooks with a signature, with only rt-accesscode, or with neither", "neither always; switches signed, codeHeader; CHECK_HEALTH never has any"},
	{"remainThreshold is the part left", "always"},
	{"webhook/save asks the address and keeps it only if it answers 200", "always"},
	{"Past 8 calls a second: 101013 with HTTP 200", "setting rateLimit; fault rate-burst as if others used it up"},
	{"Answers lost, requests lost, slow, HTML 502, cut bodies", "faults; down for all at once"},
	{"Low balance is told by e-mail only", "always: no webhook of it"},
}

func getOddities(*Sandbox, *http.Request, []byte) (any, error) {
	return struct {
		Oddities []KnownQuirk `json:"oddities"`
	}{KnownQuirks}, nil
}
