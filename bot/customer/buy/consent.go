package buy

import (
	"esimbot/bot/customer/money"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Whoever pays asks for delivery at once, and knows what the installation ends: it stands beside the press that pays, and
// which words it was is kept with the order (esim.Contracts.Consent).

// consentPlain are the words, as an invoice can say them; "" where no period is given.
func consentPlain(r *ui.Request, c *esim.Contracts) string {
	if c.Days == 0 {
		return ""
	}
	return r.Plain("buy.consent", i18n.Args{"days": r.Days(c.Days)})
}

// consentLine is consentPlain in a message.
func consentLine(r *ui.Request, c *esim.Contracts) string {
	return money.ConsentLine(r, c)
}

// agreeing is a text above the button that pays, with the words below it.
func (f *paymentFlow) agreeing(r *ui.Request, text string) string {
	if line := consentLine(r, f.contracts); line != "" {
		text += "\n\n" + line
	}
	return text
}
