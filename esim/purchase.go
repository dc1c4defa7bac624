package esim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A PurchaseRequest is what somebody is about to buy.
type PurchaseRequest struct {
	Customer CustomerID
	PlanCode string // of the plan
	Quantity int
	Days     int           // of a day pass, else 0
	Method   PaymentMethod // "" is the first offered
	Seen     Money         // the price that was shown
	Phone    Phone         // what the customer said of it
	Credit   Money         // USD; the store credit that was shown to pay the rest; zero: none
	Promo    PromoCode     // with which the price was shown; "": none
	Consent  string        // the words beside the press that pays, see Contracts.Consent; "": none
	// CallbackQueryID names the press that asks for it, the same when its update comes again; "": none.
	CallbackQueryID string
}

// MaxUnpaid is how many orders of one customer may wait for money at once.
const MaxUnpaid = 10

// SamePurchase finds the unpaid order that a new one only repeats: the same thing for the
// same price in the same way. A second press on a card leads to it, not to a second order.
func SamePurchase(unpaid []Order, o Order) (Order, bool) {
	for _, u := range unpaid {
		if u.State == StateAwaitingPayment && u.Customer == o.Customer && u.Kind == o.Kind && u.ESIM == o.ESIM && u.Replaces == o.Replaces && u.SwapWorth.Minor == o.SwapWorth.Minor &&
			u.Plan.Code == o.Plan.Code && u.Quantity == o.Quantity && u.Days == o.Days &&
			u.Method == o.Method && u.Price == o.Price && u.Credit.Minor == o.Credit.Minor && u.Promo == o.Promo && u.EmergencyTopUp == o.EmergencyTopUp && u.Gift == o.Gift && u.Wholesale == o.Wholesale {
			return u, true
		}
	}
	return Order{}, false
}

// TooManyUnpaid lists the orders that expire when one more is added; unpaid is oldest first.
func TooManyUnpaid(unpaid []Order) []Order {
	return unpaid[:max(0, len(unpaid)+1-MaxUnpaid)]
}

// InvoicePayload is what an invoice carries for us, and what the messenger's own account of
// its payments keeps: the order, and what was bought, so that a sale can be told from the
// account alone. At most 128 bytes: https://core.telegram.org/bots/api#sendinvoice.
func InvoicePayload(o Order) string { return invoicedSale(o).payload() }

// invoicedSale is what an order's invoice tells.
func invoicedSale(o Order) InvoicedSale {
	return InvoicedSale{
		Order: o.ID, PlanCode: o.Plan.Code, Quantity: o.Quantity, Days: o.Days, ESIM: o.ESIM, Credit: o.Credit.Minor,
		Swaps: swappedByKey(o.IdempotencyKey), Promo: o.Promo, Discount: o.Discount.Minor,
	}
}

func (s InvoicedSale) payload() string {
	payload := fmt.Sprintf("%s:%s:%d:%d", string(s.Order), s.PlanCode, s.Quantity, s.Days)
	if s.ESIM != "" { // the vendor's list does not say which eSIM a top-up went to
		payload += ":" + string(s.ESIM)
	}
	if s.Credit != 0 { // nor does the messenger's account say what store credit paid
		payload = fmt.Sprintf("%s:%s:%d:%d:%s:%d", string(s.Order), s.PlanCode, s.Quantity, s.Days, string(s.ESIM), s.Credit)
	}
	if s.Swaps != "" || s.Promo != "" { // nor what a sale took the place of, and which code made it cheaper
		payload = fmt.Sprintf("%s:%s:%d:%d:%s:%d:%s:%s:%d", string(s.Order), s.PlanCode, s.Quantity, s.Days, string(s.ESIM), s.Credit,
			string(s.Swaps), string(s.Promo), s.Discount)
	}
	return payload
}

// An InvoicedSale is what an invoice's payload tells. PlanCode is empty for invoices of before it did.
type InvoicedSale struct {
	Order    OrderID
	PlanCode string // of the plan
	Quantity int
	Days     int    // of a day pass
	ESIM     ESIMID // that a top-up is for; empty for a purchase, and for top-ups of before it was told
	Credit   int64  // US cents of store credit that pay the other part; below zero: of a debt that is paid with it
	// Swaps is the order of which an eSIM goes back to pay this one; "": none.
	Swaps    OrderID
	Promo    PromoCode // "": none
	Discount int64     // US cents that the code took off
}

// topUpPrefix begins the codes of top-ups, and only theirs (esim-access-api.md, section 2).
const topUpPrefix = "TOPUP_"

// ToppedUp reports whether a top-up was invoiced.
func (s InvoicedSale) ToppedUp() bool {
	return s.ESIM != "" || strings.HasPrefix(s.PlanCode, topUpPrefix)
}

// baseCode is that of the plan a top-up adds, which is sold as a new eSIM too.
func baseCode(topUp string) string { return strings.TrimPrefix(topUp, topUpPrefix) }

// ParseInvoicePayload is the inverse of InvoicePayload. A payload of no known form is an
// order that does not exist.
func ParseInvoicePayload(payload string) InvoicedSale {
	parts := strings.Split(payload, ":")
	none := InvoicedSale{Order: OrderID(parts[0])}
	if n := len(parts); n < 4 || n > 6 && n != 9 {
		return none
	}
	s, ok := none, true
	number := func(i, least int) (n int64) {
		if i < len(parts) {
			var err error
			if n, err = strconv.ParseInt(parts[i], 10, 64); err != nil || n < int64(least) {
				ok = false
			}
		}
		return n
	}
	if len(parts) > 6 {
		s.Swaps, s.Promo, s.Discount = OrderID(parts[6]), PromoCode(parts[7]), number(8, 0)
	}
	s.PlanCode, s.Quantity, s.Days, s.Credit = parts[1], int(number(2, math.MinInt)), int(number(3, math.MinInt)), number(5, math.MinInt)
	if len(parts) > 4 {
		s.ESIM = ESIMID(parts[4])
	}
	if !ok || len(parts) == 6 && s.Credit == 0 {
		return none
	}
	return s
}
