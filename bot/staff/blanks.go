package staff

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A blank is what stands in an answer for what differs from one customer to the next, "{name}".
var blank = regexp.MustCompile(`\{[^{}\n]{1,40}\}`)

const (
	blankName  = "{name}"  // of the customer
	blankOrder = "{order}" // the newest one of theirs
)

// unknownBlank is the first blank of a text that is none of ours: it would be sent as it stands.
func unknownBlank(text string) string {
	for _, b := range blank.FindAllString(text, -1) {
		if !slices.Contains([]string{blankName, blankOrder}, b) {
			return b
		}
	}
	return ""
}

func blankUnknown(r *request, text string) string {
	return r.T("staff.answer_blank", i18n.Args{"blank": unknownBlank(text), "known": blankName + ", " + blankOrder})
}

// fill writes into an answer what its blanks stand for; missing is one that the shop cannot fill.
func (f *desk) fill(ctx context.Context, id esim.CustomerID, text string) (filled, missing string, err error) {
	with := map[string]string{}
	if strings.Contains(text, blankName) {
		c, err := f.orders.Customer(ctx, id)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return "", "", err
		}
		if strings.TrimSpace(c.Name) == "" {
			return "", blankName, nil
		}
		with[blankName] = ui.CustomerName(c)
	}
	if strings.Contains(text, blankOrder) {
		orders, err := f.store.OrdersOf(ctx, id, 1)
		if err != nil {
			return "", "", err
		}
		if len(orders) == 0 {
			return "", blankOrder, nil
		}
		with[blankOrder] = orders[0].ID.String()
	}
	return blank.ReplaceAllStringFunc(text, func(b string) string { return with[b] }), "", nil
}
