package bot

import (
	"context"
	"errors"
	"fmt"

	"esimbot/bot/telegram"
	"esimbot/i18n"
)

// Restore reads what an earlier run learned: where the staff group has moved. It comes
// before the first update, which may be from there.
func (b *Bot) Restore(ctx context.Context) { b.staff.Restore(ctx) }

// Introduce tells Telegram what the bot is: its commands and descriptions, per
// language. A shop works without, so the caller may go on after an error.
func (b *Bot) Introduce(ctx context.Context) error {
	var errs []error
	for _, l := range b.cfg.Texts.Languages() {
		p, lang := b.cfg.Texts.Printer(l.Code), l.ISO
		switch {
		case l.Code == i18n.Fallback:
			lang = "" // for everybody whose language is not listed
		case lang == "":
			continue // Telegram tells apart languages with two letters only
		}
		var menu []telegram.Command
		for _, name := range b.customers.Router().Menu() {
			menu = append(menu, telegram.Command{Name: name, Description: p.Plain("command.cmd_"+name, nil)})
		}
		errs = append(errs,
			b.cfg.Telegram.SetCommands(ctx, telegram.ScopePrivate, lang, menu),
			b.cfg.Telegram.SetDescriptions(ctx, lang, p.Plain("about.description", nil), p.Plain("about.short", nil)))
	}
	if chat, menu := b.staff.Menu(ctx); chat != 0 {
		errs = append(errs, b.cfg.Telegram.SetCommands(ctx, telegram.ScopeChat(chat), "", menu))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("introduce the bot: %w", err)
	}
	return nil
}

//i18n:use command.*
