package staff

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A confirmation is what a command, or what its question leads to, waits for before anything is changed.
type confirmation int

const (
	atOnce  confirmation = iota // it changes nothing, or nothing that a second word would not undo
	byPress                     // a question, and a press on Yes
	byTwo                       // that, and beyond a limit the press of a second person
)

// A command is one line of the table that dispatches, that says who may, and that /help prints.
type command struct {
	name    string          // its help is the sentence staff.cmd_<name>
	may     esim.Permission // who may use it
	args    []argument      // what is typed behind it: read, or asked for, before its handler is called
	confirm confirmation
	handler handler
}

// commandTable is every command of the group, in the order of /help.
func (g *Group) commandTable(cfg Config, t talks) []command {
	search := &search{t.cards, cfg.Store}
	ledger := &ledger{cfg.Store, cfg.Reconcile, cfg.Now}
	status := &status{cfg.Store, cfg.Watch, cfg.Checkout, cfg.Reserve, cfg.Catalog, cfg.Version, cfg.Zone, cfg.Now}
	export := &exports{cfg.Store, cfg.Zone, cfg.Now}
	return []command{
		{"status", esim.MayView, nil, atOnce, status.show},
		{"pause", esim.MayRunShop, takes(proseArg("pause").ifAny()), atOnce, t.pauses.pause},
		{"resume", esim.MayRunShop, nothingElse, atOnce, t.pauses.resume},
		{"orders", esim.MayView, takes(wordArg("state").ifAny()), atOnce, search.orders},
		{"order", esim.MayView, takes(textArg("which_order")), atOnce, search.order},
		{"refund", esim.MayRefund, takes(orderArg, reasonArg), byTwo, t.actions.refund},
		{"assign", esim.MayCredit, takes(wordArg("assign").ifAny(), reasonArg.ifAny()), byTwo, t.actions.assign},
		{"refunds", esim.MayView, nil, atOnce, ledger.refunds},
		{"unexplained", esim.MayView, nil, atOnce, t.unexplained.command},
		{"credit", esim.MayCredit, takes(customerArg, amountArg, reasonArg), byTwo, t.people.credit},
		{"block", esim.MayBlock, takes(customerArg, reasonArg.ifAny()), byPress, t.people.block},
		{"unblock", esim.MayBlock, takes(customerArg, reasonArg.ifAny()), byPress, t.people.unblock},
		{"user", esim.MayView, takes(textArg("which_user")), atOnce, t.users.command},
		{"message", esim.MayMessage, takes(customerArg, proseArg("message")), byPress, t.messages.ask},
		{"broadcast", esim.MayBroadcast, takes(proseArg("broadcast").ifAny()), byTwo, t.broadcasts.command},
		{"answers", esim.MayAnswer, takes(proseArg("answers").ifAny()), atOnce, t.desk.answers},
		{"answer", esim.MayAnswer, takes(proseArg("answer")), atOnce, t.desk.answer},
		{"note", esim.MayAnswer, takes(customerArg, noteArg), atOnce, t.users.note},
		{"ledger", esim.MayView, nil, atOnce, ledger.balances},
		{"reconcile", esim.MayRepair, nil, atOnce, ledger.compare},
		{"stats", esim.MayView, takes(wordArg("period").ifAny()), atOnce, t.stats.show},
		{"report", esim.MayView, takes(wordArg("period").ifAny()), atOnce, t.reports.command},
		{"export", esim.MayExport, takes(wordArg("export"), wordArg("period").ifAny()), atOnce, export.command},
		{"campaigns", esim.MayView, takes(daysArg(statsDays, statsMost)), atOnce, t.promos.campaigns},
		{"promo", esim.MayDiscount, takes(textArg("promo").ifAny()), byPress, t.promos.command},
		{"price", esim.MayPrice, takes(textArg("price").ifAny()), byTwo, t.prices.command},
		{"hide", esim.MayCurate, takes(textArg("scope").ifAny()), atOnce, t.curation.hide},
		{"show", esim.MayCurate, takes(textArg("scope").ifAny()), atOnce, t.curation.unhide},
		{"feature", esim.MayCurate, takes(textArg("plan").ifAny()), atOnce, t.curation.feature},
		{"settings", esim.MayRunShop, takes(textArg("setting").ifAny()), byPress, t.settings.command},
		{"audit", esim.MayView, takes(numberArg("lines", auditShown, auditMost)), atOnce, ledger.audit},
		{"role", esim.MayAssignRoles, nil, byPress, t.roles.command},
		{"language", esim.MayRunShop, takes(wordArg("language").ifAny()), atOnce, g.language},
		{"help", esim.MayView, nil, atOnce, g.help},
	}
}

// commandNamed finds a command; unknown answers what is none.
func (g *Group) commandNamed(name string) command {
	if i := slices.IndexFunc(g.commands, func(c command) bool { return c.name == name }); i >= 0 {
		return g.commands[i]
	}
	return command{name: name, may: esim.MayView, handler: unknown}
}

// run answers a command of somebody who may: with its arguments read, or a question for what is missing.
func (g *Group) run(c command) handler {
	return func(ctx context.Context, r *request) (ui.Screen, error) {
		if !r.role.May(c.may) {
			words, err := g.refused(ctx, r, c.may)
			return ui.Screen{Text: string(words)}, err
		}
		if err := g.readArguments(ctx, r, c.args); err != nil {
			if screen, ok := asksFor(r, c, err); ok {
				return screen, nil
			}
			return ui.Screen{}, err
		}
		screen, err := c.handler(ctx, r)
		if asked, ok := asksFor(r, c, err); ok { // of what the handler read itself
			return asked, nil
		}
		return screen, err
	}
}

// help is a command's line in /help.
func (c command) help(r *request) string {
	line := "/" + c.name + " — " + r.T("staff.cmd_"+c.name, nil)
	if c.confirm == byTwo {
		line += " 👥"
	}
	return line
}

func unknown(_ context.Context, r *request) (ui.Screen, error) {
	return ui.Screen{Text: r.T("staff.unknown_command", nil)}, nil
}

func (g *Group) help(ctx context.Context, r *request) (ui.Screen, error) {
	lines := []string{r.T("staff.help", nil)}
	for _, c := range g.commands {
		if r.role.May(c.may) {
			lines = append(lines, c.help(r))
		}
	}
	list, err := g.roles.list(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	lines = append(lines, "", r.T("staff.your_role", i18n.Args{"role": r.Plain("staff.role_"+string(r.role), nil)}), "", list)
	return ui.Screen{Text: strings.Join(lines, "\n")}, nil
}
