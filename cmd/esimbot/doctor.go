package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

type doctorCmd struct {
	JSON bool `name:"json" help:"Write the findings as JSON, for programs."`
}

// A finding is the outcome of one check.
type finding struct {
	what   string
	found  string
	advice string // what to do; "" when all is well
	warn   bool   // the shop runs all the same
}

// Run checks everything and says what to do. It fails if the shop would not run: exit code 1, or 2 for the configuration.
func (d doctorCmd) Run(ctx context.Context, w world) error {
	cfg, err := LoadConfig(w.lookup)
	if err != nil {
		f := finding{what: "configuration", found: err.Error(), advice: "mend what is named"}
		if !d.JSON {
			fmt.Fprintln(w.out, "✗ configuration")
		} else if err := writeFindings(w.out, []finding{f}); err != nil {
			return err
		}
		return errors.Join(errUsage, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	failed := 0
	var findings []finding
	for _, check := range []func(context.Context, shop.Config) finding{
		checkConfig, checkUnused, checkNotes, checkClock, checkTelegram, checkInline, checkStaff, checkVendor, checkPayments, checkByHand, checkAffiliates, checkPublic, checkTelegramHook, checkVendorHook,
		checkDisk, checkDatabase, checkCopies, checkRules,
	} {
		f := check(ctx, cfg)
		if f.state() == "failed" {
			failed++
		}
		if findings = append(findings, f); !d.JSON {
			f.print(w.out)
		}
	}
	if d.JSON {
		if err := writeFindings(w.out, findings); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d checks failed", failed)
	}
	if !d.JSON {
		fmt.Fprintln(w.out, "\nThe shop can open: esimbot serve")
	}
	return nil
}

// writeFindings writes a list of checks: each with its state, ok, warning or failed, and what to do.
func writeFindings(out io.Writer, findings []finding) error {
	type line struct {
		Check  string `json:"check"`
		State  string `json:"state"`
		Found  string `json:"found"`
		Advice string `json:"advice,omitempty"`
	}
	lines := make([]line, len(findings))
	for i, f := range findings {
		lines[i] = line{f.what, f.state(), f.found, f.advice}
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(lines)
}

func (f finding) state() string {
	switch {
	case f.warn:
		return "warning"
	case f.advice != "":
		return "failed"
	}
	return "ok"
}

func (f finding) print(out io.Writer) (failed int) {
	mark := map[string]string{"ok": "✓", "warning": "!", "failed": "✗"}[f.state()]
	fmt.Fprintf(out, "%s %-14s %s\n", mark, f.what, f.found)
	if f.advice != "" {
		fmt.Fprintf(out, "  %-14s → %s\n", "", f.advice)
	}
	if f.state() == "failed" {
		return 1
	}
	return 0
}

func checkConfig(_ context.Context, cfg shop.Config) finding {
	return finding{what: "configuration", found: fmt.Sprintf("complete; markup %.2f %%, at least %s, one Star is worth %s",
		float64(cfg.Pricing.MarkupBP)/100, cfg.Pricing.MinProfit, cfg.Pricing.StarValue)}
}

// checkUnused says when customers lose what they never used.
func checkUnused(_ context.Context, cfg shop.Config) finding {
	f := finding{what: "unused eSIMs", found: "cancelled and paid back before they lapse"}
	if !cfg.RefundUnused {
		f.warn, f.found = true, "REFUND_UNUSED is off: they lapse, and the customer's money stays here"
		f.advice = "set REFUND_UNUSED=on, or refund by hand where the group is told that one lapsed"
	}
	return f
}

func telegramClient(cfg shop.Config) (*telegram.Client, error) {
	return telegram.New(telegram.Config{Token: string(cfg.TelegramToken), BaseURL: cfg.TelegramAPI, Now: time.Now})
}

func checkTelegram(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "telegram token"}
	tg, err := telegramClient(cfg)
	if err == nil {
		var me telegram.User
		if me, err = askAgain(ctx, tg.Me); err == nil {
			f.found = fmt.Sprintf("good: @%s (%s)", me.Username, me.FirstName)
			return f
		}
	}
	f.found, f.advice = err.Error(), "the network or TELEGRAM_API ("+cfg.TelegramAPI+") is at fault: is it reachable from here?"
	var te *telegram.Error
	if errors.As(err, &te) && (te.Code == http.StatusUnauthorized || te.Code == http.StatusNotFound) {
		f.advice = "Telegram refuses TELEGRAM_TOKEN: open @BotFather, /mybots, API Token"
	}
	return f
}

// checkInline says whether "@bot japan" works in other chats, and where links to the bot lead.
func checkInline(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "inline, links", warn: true}
	tg, err := telegramClient(cfg)
	var me telegram.User
	if err == nil {
		me, err = askAgain(ctx, tg.Me)
	}
	if err != nil {
		f.found, f.advice = err.Error(), "see the token"
		return f
	}
	links := "links begin with " + cfg.LinkBase + "/" + me.Username
	if !me.InlineMode {
		f.found, f.advice = "inline mode is off; "+links, "open @BotFather, /setinline, choose the bot, and give a hint such as: a country"
		return f
	}
	f.found, f.warn = "@"+me.Username+" japan works in any chat; "+links, false
	return f
}

func checkStaff(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "staff group", warn: true}
	if cfg.StaffChat == 0 {
		f.found = "none: the shop sells and nobody watches"
		f.advice = "make a private group, add the bot, and find its number: esimbot setup --group while the shop does not run, or /here in the group while it does"
		return f
	}
	tg, err := telegramClient(cfg)
	var room telegram.GroupRights
	if err == nil {
		room, err = tg.GroupRights(ctx, cfg.StaffChat)
	}
	if err != nil {
		f.found, f.advice = err.Error(), "is the bot a member of the group, and is ADMIN_CHAT_ID its number?"
		f.warn = telegram.Temporary(err)
		return f
	}
	f.found, f.advice = roomTrouble(room)
	f.warn = false // the shop takes no command there, or tells nobody: as good as broken
	return f
}

// roomTrouble says what keeps a chat from being the staff group; no advice: nothing does.
func roomTrouble(room telegram.GroupRights) (found, advice string) {
	found = "“" + room.Chat.Title + "”"
	switch {
	case !room.Group():
		return found + " is a " + room.Chat.Type, "make a group for the staff; commands are taken in groups only"
	case room.Public:
		return found + " has a public name", "make it private: anybody could join it, so no command is taken there"
	case !room.Member:
		return "the bot is not in " + found, "add the bot to the group"
	case !room.CanWrite:
		return "the bot may not write in " + found, "let members write, or make the bot an administrator"
	case !room.SeesMembers():
		return found + " hides its members from the bot", "make the bot an administrator (no rights are needed): without it no command is taken"
	}
	return found, ""
}

// vendorClient asks at most once a second: the vendor takes eight, and the shop that runs takes seven of them.
func vendorClient(cfg shop.Config) (*esimaccess.Client, error) {
	return esimaccess.New(esimaccess.Config{
		AccessCode: string(cfg.AccessCode), Secret: string(cfg.AccessSecret), BaseURL: cfg.VendorAPI, Now: time.Now, PerSecond: 1,
	})
}

func checkVendor(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "eSIM Access"}
	vendor, err := vendorClient(cfg)
	var balance esim.Money
	if err == nil {
		balance, err = askAgain(ctx, vendor.Balance)
	}
	switch {
	case err != nil && esim.ActionFor(err) == esim.ActionTellOperator:
		f.found, f.advice = err.Error(), "check ESIM_ACCESS_CODE, ESIM_ACCESS_SECRET and this machine's clock and address in the eSIM Access console"
	case err != nil:
		f.found, f.advice = err.Error(), "the network or ESIM_ACCESS_API ("+cfg.VendorAPI+") is at fault: is it reachable from here?"
	default:
		f.found = "access code good, balance " + balance.String()
		if c, _ := balance.Compare(cfg.BalanceFloor); c < 0 {
			f.warn, f.advice = true, "below BALANCE_FLOOR_USD ("+cfg.BalanceFloor.String()+"): top up the account; plans dearer than the balance are not sold"
		}
	}
	return f
}
