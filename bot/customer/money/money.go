// Package money is what is said of money in more than one room: what there is to pay with, how
// it comes back, and what store credit there is.
package money

import (
	"context"
	"fmt"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// What there is to pay with is said as the operator configured it, and nothing else: who cannot pay
// with Stars does not read of them (TestNothingSaysStarsWhereNoneAreTaken).

//i18n:use pay.name_* pay.return_*

// MethodNames lists the ways to pay, of which one is chosen: "Telegram Stars or card".
func MethodNames(r *ui.Request, c *esim.Checkout) string {
	var names []string
	for _, m := range c.Offered() {
		names = append(names, r.Plain("pay.name_"+string(m), nil))
	}
	last := len(names) - 1
	if last < 1 {
		return r.List(names)
	}
	return r.Plain("pay.either", i18n.Args{"first": r.Enumerate(names[:last]), "last": names[last]})
}

// RefundSentences says how money comes back, a sentence for each way there is.
func RefundSentences(r *ui.Request, c *esim.Checkout) (i18n.HTML, error) {
	var sentences []string
	credit := false
	for _, m := range c.Offered() {
		spec, err := m.Spec()
		if err != nil {
			return "", err
		}
		switch spec.RefundRoute {
		case esim.RefundSameWay:
			sentences = append(sentences, r.T("pay.return_"+string(m), nil))
		case esim.RefundAsCredit:
			credit = true
		}
	}
	if credit {
		sentences = append(sentences, r.T("pay.return_as_credit", nil))
	}
	return i18n.HTML(ui.Sentences(sentences...)), nil
}

// CreditStore reads customers' store credit.
type CreditStore interface {
	Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
}

// CreditLine is the store credit in words, or what is owed; false if there is neither.
func CreditLine(ctx context.Context, r *ui.Request, store CreditStore) (line string, has bool, err error) {
	credit, err := store.Credit(ctx, r.Customer.ID)
	if err != nil {
		return "", false, fmt.Errorf("store credit: %w", err)
	}
	switch {
	case credit.Minor < 0:
		return r.T("credit.owe", i18n.Args{"owed": r.Price(esim.Owed(credit))}), true, nil
	case credit.Minor == 0:
		return "", false, nil
	}
	return r.T("credit.have", i18n.Args{"credit": r.Price(credit)}), true, nil
}

// DebtLine is CreditLine of who owes something; "" of anybody else.
func DebtLine(ctx context.Context, r *ui.Request, store CreditStore) (string, error) {
	credit, err := store.Credit(ctx, r.Customer.ID)
	if err != nil {
		return "", fmt.Errorf("store credit: %w", err)
	}
	if credit.Minor >= 0 {
		return "", nil
	}
	return r.T("credit.owe", i18n.Args{"owed": r.Price(esim.Owed(credit))}), nil
}

// DebtRestoredText says that what a payment had paid of a debt is owed again where it goes back; "" if it had paid none.
func DebtRestoredText(r *ui.Request, o esim.Order) string {
	back, _, credit, err := o.Refundable()
	if err != nil || back != esim.RefundSameWay || credit.Minor >= 0 {
		return ""
	}
	return r.T("cancel.back_owed", i18n.Args{"owed": r.Price(esim.Owed(credit))})
}

// ConsentLine is what whoever pays agrees to, to stand beside the press that does; "" where no period is given.
func ConsentLine(r *ui.Request, c *esim.Contracts) string {
	if c.Days == 0 {
		return ""
	}
	return "<i>" + string(r.HTML("%s", r.Plain("buy.consent", i18n.Args{"days": r.Days(c.Days)}))) + "</i>"
}

// RefundKey says how the money of an order comes back: the end of a sentence's key.
func RefundKey(o esim.Order) (string, error) {
	back, _, _, err := o.Refundable()
	switch {
	case err != nil:
		return "", err
	case back == esim.RefundNothing:
		return "nothing", nil
	case back == esim.RefundAsCredit:
		return "credit", nil
	}
	return string(o.Method), nil
}
