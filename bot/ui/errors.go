package ui

import (
	"errors"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// sentences says which words stand for which error. The first match counts; what
// is not here is a fault of ours.
var sentences = []struct {
	err error
	key string
}{
	{ErrBadData, "error.old_button"},
	{esim.ErrNotFound, "error.not_found"},
	{esim.ErrPlanGone, "error.plan_gone"},
	{esim.ErrPriceChanged, "error.price_moved"},
	{esim.ErrBadQuantity, "error.bad_quantity"},
	{esim.ErrPriceTooHigh, "error.too_dear"},
	{esim.ErrShopPaused, "error.shop_paused"},
	{esim.ErrVendorDown, "error.vendor_down"},
	{esim.ErrShopClosed, "error.shop_closed"},
	{esim.ErrAlreadyPaid, "error.already_paid"},
	{esim.ErrOrderExpired, "error.order_expired"},
	{esim.ErrBlocked, "error.blocked"},
	{esim.ErrOverLimit, "error.over_limit"},
	{esim.ErrInsufficientCredit, "error.no_credit"},
	{esim.ErrNoPaymentMethod, "error.no_payment_method"},
	{esim.ErrNoTopUp, "error.no_topup"},
	{esim.ErrNoSwap, "error.no_swap"},
	{esim.ErrNoEmergencyTopUp, "error.no_rescue"},
	{esim.ErrInDebt, "error.owing"},
	{esim.ErrInstalled, "error.installed"},
	{esim.ErrWrongState, "error.wrong_state"},
}

// errPanic stands for a fault of ours that was caught.
var errPanic = errors.New("panic")

//i18n:use error.*

// SentenceFor is the key of the words for an error.
func SentenceFor(err error) string {
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			return s.key
		}
	}
	if vendorSaid(err) {
		return "error.vendor_silent"
	}
	return "error.internal"
}

// vendorSaid reports whether err is the outcome of a call to the vendor.
func vendorSaid(err error) bool {
	var pe *esim.VendorError
	return errors.As(err, &pe)
}

// ExpectedError reports whether err is part of a shop's day and not worth a line in the log.
func ExpectedError(err error) bool { return SentenceFor(err) != "error.internal" }

// ErrorScreen tells the customer what went wrong. After a press nothing on the
// screen is lost: the words come as a box to be closed.
func ErrorScreen(r *Request, err error) Screen {
	key := SentenceFor(err)
	if long := r.Plain(key, nil) + PauseText(err); r.Press && Truncate(long, MaxToast) == long {
		return Screen{Toast: ErrorWords(r.Printer, err), Alert: true}
	}
	return Screen{Fresh: r.Press, Text: r.T(key, nil) + PauseText(err), Rows: [][]Button{{NewButton(r.Plain("menu.btn_menu", nil), RouteMenu)}}}
}

// ErrorWords is what went wrong as plain text, short enough for the box over a button.
func ErrorWords(p i18n.Printer, err error) string {
	words := p.Plain(SentenceFor(err), nil)
	var paused *esim.PausedError
	if errors.As(err, &paused) && paused.Text != "" {
		words += "\n\n" + paused.Text
	}
	return Truncate(words, MaxToast)
}

// PauseText is what staff say of a pause of the shop, to be put behind our own words for it; "" for any other error.
func PauseText(err error) string {
	var paused *esim.PausedError
	if !errors.As(err, &paused) || paused.Text == "" {
		return ""
	}
	return "\n\n" + telegram.EscapeHTML(paused.Text)
}
