// Package esim is the business of a travel-eSIM shop: what is sold for how much, orders and their life,
// money in and out, and what an eSIM needs until its last day. It does no I/O and imports
// the standard library and the arithmetic of cenkalti/backoff; what it needs from the outside it declares as small interfaces, beside the code that uses
// them. The vendor is who sells us eSIMs, the messenger is Telegram, the books are a ledger of
// transactions and postings.
//
// Selling:
//
//   - A [CatalogCache] keeps the newest [Catalog], an immutable snapshot of what the vendor sells.
//     [Recommend] and [MatchingPlans] choose from it, and [Pricing] turns a wholesale price into a [Quote].
//   - [Checkout] makes an [Order] with the key under which the vendor charges it once
//     (Order.IdempotencyKey), approves the payment seconds before money moves, and books it when it did.
//     Ways to pay are one table ([PaymentMethodSpec]); store credit may pay a part of any of them.
//   - [Fulfiller] walks a paid order to its eSIMs. No answer is not a no: an order whose call was not
//     answered is asked for again under the same key. Only a definite refusal leads to a refund.
//
// Afterwards:
//
//   - [Watcher] reads usage and validity and decides which alert is due ([AlertsFor]). A customer may tell
//     when they travel ([Trip]) and what phone they have ([Phone]): reminders and guides go by it.
//   - [TopUps] sells more data or days for an eSIM; a swap ([DecideSwap]) pays one order with the unused
//     eSIM of another.
//   - [FindFault] says why an eSIM does not connect, [RemedyFor] what can be done for a lost one, and
//     [Support] keeps the talk with staff that may follow.
//
// Money back:
//
//   - [Canceller] gives unused eSIMs back to the vendor, and [Refunder] the money to the customer, until
//     that is confirmed: the way it came, or as store credit. One of several eSIMs can go back alone
//     ([PartialRefund]).
//   - [OrderAdmin] is where staff change orders and eSIMs, each time with an [AuditEntry].
//   - [Reconciler] compares all this with what Telegram and the vendor say, and [Recover] makes a lost
//     database anew from the same two lists.
//
// An order moves only along the table in order.go, by compare-and-swap ([Transition]). Everything somebody
// must hear of is a [Notification], stored in the same transaction as its cause and sent later, until the
// messenger took it. What is decided inside such a transaction is a pure function of facts: the store
// gathers [OrderFacts], [PaymentFacts], [SwapFacts] and their like, and applies what it is told.
package esim
