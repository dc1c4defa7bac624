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
// language, as far as it was not told the same this week. A shop works without, so the caller may go on after an error.
func (b *Bot) Introduce(ctx context.Context) error {
	told, err := b.whatWasTold(ctx)
	errs := []error{err}
	if known, err := b.telegramKnows(ctx, told); err != nil || !known {
		errs, told = append(errs, err), b.nothingTold()
	}
	for _, l := range b.cfg.Texts.Languages() {
		p, lang := b.cfg.Texts.Printer(l.Code), l.ISO
		switch {
		case l.Code == i18n.Fallback:
			lang = "" // for everybody whose language is not listed
		case lang == "":
			continue // Telegram tells apart languages with two letters only
		}
		menu := b.menu(p)
		long, short := p.Plain("about.description", nil), p.Plain("about.short", nil)
		errs = append(errs,
			told.tell("commands "+lang, menu, func() error {
				return b.cfg.Telegram.SetCommands(ctx, telegram.ScopePrivate, lang, menu)
			}),
			told.tell("descriptions "+lang, []string{long, short}, func() error {
				return b.cfg.Telegram.SetDescriptions(ctx, lang, long, short)
			}))
	}
	errs = append(errs, b.staff.DetectTopics(ctx))
	if chat, menu := b.staff.Menu(ctx); chat != 0 {
		errs = append(errs, told.tell(fmt.Sprint("commands of ", chat), menu, func() error {
			return b.cfg.Telegram.SetCommands(ctx, telegram.ScopeChat(chat), "", menu)
		}))
	}
	errs = append(errs, b.remember(ctx, told))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("introduce the bot: %w", err)
	}
	return nil
}

// menu is the list of commands of customers, in a language.
func (b *Bot) menu(p i18n.Printer) []telegram.Command {
	var menu []telegram.Command
	for _, name := range b.customers.Router().Menu() {
		menu = append(menu, telegram.Command{Name: name, Description: p.Plain("command.cmd_"+name, nil)})
	}
	return menu
}

//i18n:use command.*
