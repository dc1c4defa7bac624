package storage

import "strings"

// Whose is what: every table with something of a customer in it, what of it is theirs, and what becomes of that when
// they are forgotten. /mydata and /forget both follow this list, and TestEveryTableIsPersonalOrNot fails for a table, or
// a column, that it does not know.

// A personalRow is rows of a table that are about one customer.
type personalRow struct {
	table string
	// mine are the rows, with the customer's number as ?1.
	mine string
	// kept are the columns that stay as they are when the customer is forgotten: what bookkeeping needs. "": the rows are
	// deleted.
	kept string
	// cleared are the others, and what they become; ?2 is the number that stands for nobody.
	cleared []clearing
	// forgetOnly rows are of no use to their customer: they are in another entry already, or tell of others.
	forgetOnly bool
}

// A clearing is a column and what it becomes.
type clearing struct{ column, becomes string }

const (
	ownChat   = `(SELECT chat FROM people WHERE id = ?1)`
	ownOrders = `(SELECT id FROM orders WHERE person = ?1)`
	// What a customer holds, and what of that they bought: who bought what others gave them can still be asked for it.
	heldESIMs   = `(SELECT tran_no FROM esims WHERE person = ?1)`
	boughtESIMs = `(SELECT e.tran_no FROM esims e WHERE e.person = ?1 AND (e.order_id IS NULL OR e.order_id IN ` + ownOrders + `))`
	ownThreads  = `(SELECT id FROM threads WHERE person = ?1)`
	ownWords    = `(SELECT id FROM thread_messages WHERE person = ?1)`
	// What was never paid is in no book.
	neverPaid = `person = ?1 AND paid_at IS NULL AND state IN ('awaiting_payment', 'expired')
		AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = orders.id OR p.meant_for = orders.id)
		AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.order_id <> '' AND l.order_id = orders.id)
		AND NOT EXISTS (SELECT 1 FROM unexplained_payments u WHERE u.meant_for = orders.id)
		AND NOT EXISTS (SELECT 1 FROM esims e WHERE e.order_id = orders.id)
		AND NOT EXISTS (SELECT 1 FROM referrals r WHERE r.order_id = orders.id)
		AND NOT EXISTS (SELECT 1 FROM contract_withdrawals w WHERE w.order_id = orders.id)`
)

// personal is in the order in which it is forgotten: what points to others goes first.
var personal = []personalRow{
	// The messages to them, and to staff about them. Of threads the note is a number: of the thread, or of what was said.
	{table: "outbox", mine: `person = ?1 OR order_id <> '' AND order_id IN ` + ownOrders + ` AND person = 0 OR esim <> '' AND esim IN ` + heldESIMs + ` AND person = 0
		OR kind IN ('staff_thread', 'staff_thread_card') AND CAST(note AS INTEGER) IN ` + ownThreads + `
		OR kind IN ('staff_thread_change', 'staff_answered', 'staff_answer_waits') AND CAST(note AS INTEGER) IN ` + ownWords + `
		OR person = 0 AND instr(' ' || note || ' ', ' ' || ?1 || ' ') > 0`},
	// What staff were about to do: what they have done is in the audit log.
	{table: "staff_cards", mine: `order_id IN ` + ownOrders},
	{table: "staff_deeds", mine: `person = ?1 OR order_id <> '' AND order_id IN ` + ownOrders},
	{ // A referrer heard of what their friend brought.
		table: "outbox", mine: `key = 'referral:' || ?1`, kept: `id kind person order_id esim alert minor currency note status created next_at attempts ended reason quiet`,
		cleared: []clearing{{"key", `'referral:' || ?2`}}, forgetOnly: true,
	},
	{table: "customer_topics", mine: `person = ?1`},
	{table: "thread_heads", mine: `thread IN ` + ownThreads},
	{table: "thread_messages", mine: `person = ?1`},
	{table: "threads", mine: `person = ?1`},
	{table: "questions", mine: `person = ?1`},
	{table: "swap_searches", mine: `person = ?1`},
	{table: "promos_entered", mine: `person = ?1`},
	{table: "wrong_codes", mine: `person = ?1`},
	{table: "referral_codes", mine: `person = ?1`},
	{table: "arrivals", mine: `person = ?1 AND kind = 'referral'`}, // its code is another customer's
	{table: "arrivals", mine: `person = ?1`, kept: "kind code at", cleared: []clearing{{"person", "?2"}}},
	{table: "referrals", mine: `friend = ?1`, kept: "referrer promised at order_id credited owed", cleared: []clearing{{"friend", "?2"}}},
	{table: "referrals", mine: `referrer = ?1`, kept: "friend promised at order_id credited owed", cleared: []clearing{{"referrer", "?2"}}, forgetOnly: true},

	{table: "auto_topups", mine: `person = ?1 OR esim IN ` + heldESIMs},
	{table: "usage_samples", mine: `tran_no IN ` + heldESIMs},
	{table: "alerts", mine: `tran_no IN ` + heldESIMs},
	{table: "qr_messages", mine: `esim IN ` + heldESIMs + ` OR chat = ` + ownChat},
	{table: "hints", mine: `tran_no <> '' AND tran_no IN ` + heldESIMs + ` OR tran_no = '' AND tx_id IN (SELECT tx_id FROM orders WHERE person = ?1)`},
	{table: "orphans", mine: `order_id <> '' AND order_id IN ` + ownOrders},
	{table: "gifts", mine: `esim IN ` + boughtESIMs},
	{
		table: "gifts", mine: `giver = ?1 OR taker = ?1`, kept: "id esim made ends taken withdrawn",
		cleared: []clearing{{"token", `'forgotten:' || id`}, {"giver", `iif(giver = ?1, ?2, giver)`}, {"taker", `iif(taker = ?1, ?2, taker)`}},
	},
	{ // That an eSIM was somebody's stays: else it would be no order's again.
		table: "orphan_links", mine: `taker = ?1`, kept: "id tran_no made ends taken order_id",
		cleared: []clearing{{"token", `'forgotten:' || id`}, {"offer", `''`}, {"taker", "?2"}},
	},
	{
		table: "contract_withdrawals", mine: `person = ?1`, kept: "id order_id at outcome next_at",
		cleared: []clearing{{"person", "?2"}, {"name", `''`}, {"esim", `iif(esim = '', '', 'forgotten:' || id)`}},
	},
	{table: "esims", mine: `tran_no IN ` + boughtESIMs},
	{ // Another customer bought it: that there was one stays with their order, and whether it can still be cancelled.
		table: "esims", mine: `person = ?1`, kept: "tran_no order_id idx plan vendor_order tx_id status smdp total days epoch created returned",
		cleared: []clearing{
			{"person", "?2"},
			{"iccid", `''`},
			{"code", `''`},
			{"eid", `''`},
			{"used", "0"},
			{"activated", "NULL"},
			{"expires", "NULL"},
			{"apn", `''`},
			{"pin", `''`},
			{"puk", `''`},
			{"usage_at", "NULL"},
			{"asked", "NULL"},
			{"watched", "0"},
			{"next_look", "0"},
			{"edge", "0"},
			{"trip", "NULL"},
			{"trip_days", "0"},
			{"fetched", "NULL"},
			{"name", `''`},
			{"alerts", `''`},
		}, forgetOnly: true,
	},

	{table: "order_messages", mine: `order_id IN ` + ownOrders + ` OR chat = ` + ownChat},
	{table: "invoice_messages", mine: `order_id IN ` + ownOrders + ` OR chat = ` + ownChat},
	{table: "order_events", mine: `order_id IN (SELECT id FROM orders WHERE ` + neverPaid + `)`, forgetOnly: true},
	{table: "orders", mine: neverPaid, forgetOnly: true},
	{table: "order_events", mine: `order_id IN ` + ownOrders, kept: "id order_id at was became", cleared: []clearing{{"why", `''`}}},
	{
		table: "payments", mine: `person = ?1`, kept: "id meant_for order_id minor currency rail at status extra attempts next_at refunded_at fee_minor credited_minor",
		cleared: []clearing{{"person", "?2"}, {"reason", `''`}},
	},
	{table: "unexplained_payments", mine: `person = ?1`, kept: "id meant_for minor currency at older closed", cleared: []clearing{{"person", "?2"}, {"why", `''`}}},
	{
		table: "audit", mine: `person = ?1 OR order_id <> '' AND order_id IN ` + ownOrders, kept: "id at who second what order_id minor currency before after",
		cleared: []clearing{{"person", `iif(person = ?1, ?2, person)`}, {"esim", `''`}, {"why", `''`}},
	},
	// Keys are rewritten by forgetKeys.
	{
		table: "ledger", mine: `account = 'credit:' || ?1 OR order_id <> '' AND order_id IN ` + ownOrders + ` OR key IN (SELECT key FROM ledger WHERE account = 'credit:' || ?1)`,
		kept:    "id key at order_id payment minor currency",
		cleared: []clearing{{"account", `iif(account = 'credit:' || ?1, 'credit:' || ?2, account)`}, {"why", `iif(key LIKE 'grant:%', '', why)`}},
	},
	{
		table: "orders", mine: `person = ?1`,
		kept: `id kind plan quantity days tx_id vendor_order wholesale_minor wholesale_currency retail_minor retail_currency price_minor price_currency rail
			state attempts unsure unsure_at next_at staff_told created changed paid_at allocated returned missing approved_at invoiced_again credit_minor
			swap_worth_minor swapped swapped_for promo discount_minor consent consented debt_minor rescue amount_back gift`,
		cleared: []clearing{
			{"person", "?2"},
			{"reason", `''`},
			{"press", `''`},
			{"phone", `''`},
			{"giving_back", `''`},
			{"esim", `iif(esim = '', '', 'forgotten')`},
			{"swaps", `iif(swaps = '', '', 'forgotten')`},
		},
	},
	// The update that asks for it is still being handled, and needed until it is: see UpdateHandled.
	{
		table: "inbox", mine: `person = ?1`, kept: "id kind received handled attempts",
		cleared: []clearing{{"person", "?2"}, {"raw", `iif(handled IS NULL, raw, x'')`}, {"error", `iif(handled IS NULL, error, '')`}},
	},
	{table: "broadcast_people", mine: `person = ?1`},
	{table: "people", mine: `id = ?1`},
}

// impersonal tables have nothing of a customer in them, and why.
var impersonal = map[string]string{
	"catalog":    "the vendor's price list",
	"job_runs":   "when what runs by the clock ran last",
	"rules":      "what staff set of the shop",
	"staff":      "who works here, and what they were named",
	"broadcasts": "what staff wrote to many at once: who got it is in another table",
	"settings":   "what staff chose for the whole shop, and where it stands in its neighbours' accounts",
	"visits":     "how many did what within an hour, and no word of who",
	"promos":     "codes that staff made, and no word of who used them: that is in orders",
	"forgotten":  "marks that are no number and no name, and cannot be read back without a secret that is not here",
	"forgetting": "empty but inside of one transaction",
}

// forgets is the statement that forgets the rows.
func (p personalRow) forgets() string {
	if p.kept == "" {
		return `DELETE FROM ` + p.table + ` WHERE ` + p.mine
	}
	var set []string
	for _, c := range p.cleared {
		set = append(set, c.column+" = "+c.becomes)
	}
	return `UPDATE ` + p.table + ` SET ` + strings.Join(set, ", ") + ` WHERE ` + p.mine
}
