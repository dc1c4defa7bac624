package bot

import (
	"errors"

	"esimbot/esim"
)

// sentences says which words stand for which error. The first match counts; what
// is not here is a fault of ours.
var sentences = []struct {
	err error
	key string
}{
	{errBadData, "error.old_button"},
	{esim.ErrNotFound, "error.not_found"},
	{esim.ErrPlanGone, "error.plan_gone"},
	{esim.ErrPriceMoved, "error.price_moved"},
	{esim.ErrBadQuantity, "error.bad_quantity"},
	{esim.ErrTooDear, "error.too_dear"},
	{esim.ErrVendorDown, "error.supplier_down"},
	{esim.ErrShopClosed, "error.shop_closed"},
	{esim.ErrAlreadyPaid, "error.already_paid"},
	{esim.ErrOrderExpired, "error.order_expired"},
	{esim.ErrBlocked, "error.blocked"},
	{esim.ErrOverLimit, "error.over_limit"},
	{esim.ErrNoCredit, "error.no_credit"},
	{esim.ErrNoPaymentMethod, "error.no_rail"},
	{esim.ErrNoTopUp, "error.no_topup"},
	{esim.ErrInstalled, "error.installed"},
	{esim.ErrWrongState, "error.wrong_state"},
}

//i18n:use error.*

// sentenceFor is the key of the words for an error.
func sentenceFor(err error) string {
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			return s.key
		}
	}
	if supplierSaid(err) {
		return "error.supplier_silent"
	}
	return "error.internal"
}

// supplierSaid reports whether err is the outcome of a call to the vendor.
func supplierSaid(err error) bool {
	var pe *esim.VendorError
	return errors.As(err, &pe)
}

// expected reports whether err is part of a shop's day and not worth a line in the log.
func expected(err error) bool { return sentenceFor(err) != "error.internal" }

// errorScreen tells the customer what went wrong. After a press nothing on the
// screen is lost: the words come as a box to be closed.
func errorScreen(r *Request, err error) Screen {
	key := sentenceFor(err)
	if r.Press {
		return Screen{Toast: r.Plain(key, nil), Alert: true}
	}
	return Screen{Text: r.T(key, nil), Rows: [][]Button{{press(r.Plain("menu.btn_menu", nil), routeMenu)}}}
}
