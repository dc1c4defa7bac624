package staff

import (
	"context"
	"errors"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// sentences says which words stand for which error in the staff group. The first
// match counts; what is not here is a fault of ours, or the vendor's word.
var sentences = []struct {
	err error
	key string
}{
	{ui.ErrBadData, "staff.err_old_button"},
	{esim.ErrConflict, "staff.err_changed"},
	{esim.ErrInstalled, "staff.err_installed"},
	{esim.ErrAlreadyPaid, "staff.err_already_paid"},
	{esim.ErrWrongState, "staff.err_state"},
	{esim.ErrNoGift, "staff.err_state"},
	{esim.ErrNoTopUp, "staff.err_no_topup"},
	{esim.ErrPlanGone, "staff.err_no_topup"},
	{esim.ErrPriceChanged, "staff.err_changed"},
	{esim.ErrInsufficientCredit, "staff.err_no_credit"},
	{esim.ErrNoPaymentMethod, "staff.err_payment_method"},
	{esim.ErrNotFound, "staff.err_not_found"},
}

// words says what went wrong. Faults of ours are logged, and told in the program's own
// words: staff are those who can do something about them.
func words(r *request, err error) i18n.HTML {
	for _, known := range sentences {
		if errors.Is(err, known.err) {
			return i18n.HTML(r.T(known.key, nil))
		}
	}
	reason := i18n.Args{"reason": ui.Truncate(err.Error(), 120)}
	var vendor *esim.VendorError
	if errors.As(err, &vendor) {
		return i18n.HTML(r.T("staff.err_vendor", reason))
	}
	if errors.Is(err, context.Canceled) { // the shop closes: the update comes again after the start
		return i18n.HTML(r.T("staff.err_internal", reason))
	}
	r.log.Error("staff handler failed", "route", r.Data.Route, "err", err)
	return i18n.HTML(r.T("staff.err_internal", reason))
}
