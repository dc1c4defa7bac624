package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/storage"
)

type doctorCmd struct{}

// A finding is the outcome of one check.
type finding struct {
	what   string
	found  string
	advice string // what to do; "" when all is well
	warn   bool   // the shop runs all the same
}

// Run checks everything and says what to do. It fails if the shop would not run.
func (doctorCmd) Run(ctx context.Context, w world) error {
	cfg, err := LoadConfig(w.lookup)
	if err != nil {
		fmt.Fprintln(w.out, "✗ configuration")
		return errors.Join(errUsage, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	failed := 0
	for _, check := range []func(context.Context, shop.Config) finding{
		checkConfig, checkUnused, checkNotes, checkTelegram, checkInline, checkStaff, checkVendor, checkPayments, checkByHand, checkAffiliates, checkPublic, checkTelegramHook, checkVendorHook,
		checkDisk, checkDatabase, checkRules,
	} {
		failed += check(ctx, cfg).print(w.out)
	}
	if failed > 0 {
		return fmt.Errorf("%d checks failed", failed)
	}
	fmt.Fprintln(w.out, "\nThe shop can open: esimbot serve")
	return nil
}

func (f finding) print(out io.Writer) int {
	mark, failed := "✓", 0
	if f.advice != "" {
		mark, failed = "✗", 1
	}
	if f.warn {
		mark, failed = "!", 0
	}
	fmt.Fprintf(out, "%s %-14s %s\n", mark, f.what, f.found)
	if f.advice != "" {
		fmt.Fprintf(out, "  %-14s → %s\n", "", f.advice)
	}
	return failed
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

func checkVendor(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "eSIM Access"}
	vendor, err := esimaccess.New(esimaccess.Config{
		AccessCode: string(cfg.AccessCode), Secret: string(cfg.AccessSecret), BaseURL: cfg.VendorAPI, Now: time.Now,
	})
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

// leastDisk is what SQLite needs to breathe: the log beside a database of some
// thousand customers, and the copy made before a migration.
const leastDisk = 200 << 20

func checkDisk(_ context.Context, cfg shop.Config) finding {
	f := finding{what: "disk"}
	dir := filepath.Dir(cfg.Database)
	probe, err := os.CreateTemp(dir, ".esimbot-doctor-*")
	if err != nil {
		f.found, f.advice = "cannot write: "+err.Error(), "make the folder of DATABASE writable for the user that runs the shop (in the image: uid 65532)"
		return f
	}
	probe.Close()
	os.Remove(probe.Name())
	free, err := freeSpace(dir)
	if err != nil {
		f.found, f.advice, f.warn = err.Error(), "free space could not be read", true
		return f
	}
	f.found = fmt.Sprintf("writable, %d MB free", free>>20)
	if free < leastDisk {
		f.advice = "less than 200 MB: enlarge the volume"
	}
	return f
}

func checkDatabase(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "database"}
	if _, err := os.Stat(cfg.Database); errors.Is(err, os.ErrNotExist) {
		f.found = cfg.Database + " will be made at the first start"
		return f
	}
	db, err := storage.Open(ctx, cfg.Database, storage.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	switch {
	case errors.Is(err, storage.ErrInUse):
		f.found = cfg.Database + " is in use: the shop is running"
		return f
	case err != nil:
		f.found, f.advice = err.Error(), "if it was made by a newer esimbot, run that one; else restore a backup"
		return f
	}
	defer db.Close()
	open, err := db.OpenOrders(ctx)
	if err != nil {
		f.found, f.advice = err.Error(), "restore a backup"
		return f
	}
	f.found = fmt.Sprintf("%s, %d orders paid and not finished", cfg.Database, open)
	return f
}
