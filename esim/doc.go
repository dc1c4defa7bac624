// Package esim is the business of a travel-eSIM shop: plans and prices, orders
// and their life, fulfilment, refunds, usage and alerts. It imports only the
// standard library and does no I/O; what it needs from the outside it declares
// as small interfaces, beside the code that uses them.
//
// The story on one page:
//
//   - A [CatalogCache] keeps the newest [Catalog], an immutable snapshot of what the
//     vendor sells, and [Pricing] turns a wholesale price into a [Quote].
//   - [Checkout] makes an [Order] with the vendor key it will use for ever
//     (Order.TxID), approves the payment seconds before money moves, and books
//     it when it did.
//   - [Fulfiller] walks a paid order to its eSIMs. No answer is not a no: an
//     order whose call was not answered is asked for again under the same key.
//     Only a definite refusal leads to a refund.
//   - [Refunder] gives money back the way it came, until that is confirmed.
//   - [Watcher] reads usage and validity and decides which alert is due ([AlertsFor]).
//   - Everything a customer must hear of is a [Notification], stored in the same
//     transaction as its cause and sent later, until the messenger took it.
//
// An order moves only along the table in order.go, by compare-and-swap.
package esim
