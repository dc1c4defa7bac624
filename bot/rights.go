package bot

import "context"

// rightsFlow answers what Telegram and the law ask of a shop.
// Source: https://core.telegram.org/bots/payments-stars#live-checklist.
type rightsFlow struct{}

func (f *rightsFlow) register(b *Bot) {
	b.command("terms", true, fixedText("rights.terms"))
	b.command("privacy", true, fixedText("rights.privacy"))
	b.command("paysupport", true, fixedText("rights.paysupport"))
	b.command("support", false, fixedText("rights.paysupport"))
}

//i18n:use rights.*

// fixedText is a screen of one fixed text.
func fixedText(key string) handler {
	return func(_ context.Context, r *Request) (Screen, error) {
		return Screen{Text: r.T(key, nil), Rows: [][]Button{{press(r.Plain("menu.btn_menu", nil), routeMenu)}}}, nil
	}
}
