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
func (b *Bot) Restore(ctx context.Context) { b.staff.restore(ctx) }

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
		cmds := make([]telegram.Command, len(b.menu))
		for i, c := range b.menu {
			cmds[i] = telegram.Command{Name: c.name, Description: p.Plain("command.cmd_"+c.name, nil)}
		}
		errs = append(errs,
			b.cfg.Telegram.SetCommands(ctx, telegram.ScopePrivate, lang, cmds),
			b.cfg.Telegram.SetDescriptions(ctx, lang, p.Plain("about.description", nil), p.Plain("about.short", nil)))
	}
	if chat := b.staff.chat(); chat != 0 {
		p := b.staff.printer(ctx)
		cmds := make([]telegram.Command, len(b.staff.commands))
		for i, c := range b.staff.commands {
			cmds[i] = telegram.Command{Name: c.name, Description: p.Plain("staff.cmd_"+c.name, nil)}
		}
		errs = append(errs, b.cfg.Telegram.SetCommands(ctx, telegram.ScopeChat(chat), "", cmds))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("introduce the bot: %w", err)
	}
	return nil
}

//i18n:use command.*
