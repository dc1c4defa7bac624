package customer

import (
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// What there is to pay with is said as the operator configured it, and nothing else: who cannot pay
// with Stars does not read of them (TestNothingSaysStarsWhereNoneAreTaken).

//i18n:use pay.name_* pay.return_*

// methodNames lists the ways to pay: "Telegram Stars and card".
func methodNames(r *ui.Request, c *esim.Checkout) string {
	var names []string
	for _, m := range c.Offered() {
		names = append(names, r.Plain("pay.name_"+string(m), nil))
	}
	return r.List(names)
}

// waysBack says how money comes back, a sentence for each way there is.
func waysBack(r *ui.Request, c *esim.Checkout) (i18n.HTML, error) {
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
	return i18n.HTML(strings.Join(sentences, " ")), nil
}
