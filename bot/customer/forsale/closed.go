package forsale

import (
	"esimbot/bot/ui"
	"esimbot/esim"
)

// PausedText is what stands where something could be bought while staff have paused the shop: that nothing new is sold, and
// what they say of it; "" while the shop is open.
func PausedText(r *ui.Request, c *esim.Checkout) string {
	err := c.Rules.Current().CheckOpen()
	if err == nil {
		return ""
	}
	return r.T("buy.paused", nil) + ui.PauseText(err)
}

// PausedText is the same with the offers at hand.
func (o Offers) PausedText(r *ui.Request) string { return PausedText(r, o.Checkout) }
