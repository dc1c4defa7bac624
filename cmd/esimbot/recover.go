package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/storage"
)

type recoverCmd struct {
	Write string `placeholder:"FILE" help:"Write what was found into this new database. It must not exist."`
}

// Run says what can be rebuilt and, if it was told a file, rebuilds it.
func (r recoverCmd) Run(ctx context.Context, w world) error {
	cfg, err := LoadConfig(w.lookup)
	if err != nil {
		return errors.Join(errUsage, err)
	}
	if err := r.refuse(ctx, cfg); err != nil {
		return err
	}
	found, err := shop.Recover(ctx, cfg, shop.Options{Now: clock, Log: newLogger(cfg)})
	if err != nil {
		return fmt.Errorf("%w\nNothing was written. Check the configuration (esimbot doctor) and run it again", err)
	}
	report(w.out, found)
	if r.Write == "" {
		fmt.Fprintln(w.out, "\nThis was a dry run: nothing was written, sent or paid.\nTo write it: esimbot recover --write FILE")
		return nil
	}
	if err := writeRecovered(ctx, r.Write, found.Recovery, clock, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	fmt.Fprintf(w.out, "\nWritten to %s. Nothing was sent or paid.\nNow set DATABASE=%s and start the shop: esimbot serve\n", r.Write, r.Write)
	return nil
}

// refuse is why nothing may be recovered: a shop that sells meanwhile, or a file that is somebody's.
func (r recoverCmd) refuse(ctx context.Context, cfg shop.Config) error {
	for _, path := range []string{cfg.Database, r.Write} {
		if path == "" {
			continue
		}
		used, err := storage.InUse(ctx, path)
		if err != nil {
			return err
		}
		if used {
			return fmt.Errorf("%s is in use: stop the shop first, it would sell while its history is read", path)
		}
	}
	if r.Write == "" {
		return nil
	}
	if _, err := os.Stat(r.Write); err == nil {
		return fmt.Errorf("%s exists: name a new file, nothing is ever written over", r.Write)
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look at %s: %w", r.Write, err)
	}
	return nil
}

// writeRecovered makes the database beside its place and puts it there whole.
func writeRecovered(ctx context.Context, path string, found esim.Recovery, now func() time.Time, log *slog.Logger) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".esimbot-recover-*")
	if err != nil {
		return fmt.Errorf("make room for the new database: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	made := filepath.Join(dir, "new.db")
	db, err := storage.Open(ctx, made, storage.Options{Now: now, Log: log})
	if err != nil {
		return fmt.Errorf("make the new database: %w", err)
	}
	err = db.FillRecovered(ctx, found)
	var faults []esim.LedgerFault
	if err == nil {
		faults, err = db.LedgerFaults(ctx)
	}
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("the recovered books do not agree (%s %s, off by %s, and %d more): please report this",
			faults[0].What, faults[0].Name, faults[0].Off, len(faults)-1)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Rename(made, path); err != nil {
		return fmt.Errorf("put the new database in its place: %w", err)
	}
	return nil
}

// report says in plain English what was found.
func report(out io.Writer, f shop.RecoveryResult) {
	c := f.Count()
	fmt.Fprintf(out, "Read: %d lines of Telegram's account of Stars, %d eSIMs and top-ups at the vendor, %d plans on sale.\n\nCan be rebuilt:\n",
		f.Read, f.Records, f.Plans)
	for _, line := range []struct {
		what string
		n    int
	}{
		{"customers", c.Customers},
		{"orders", c.Orders},
		{"  of them top-ups", c.TopUps},
		{"  delivered", c.Delivered},
		{"  sold within a day, untouched: delivered again", c.Resent},
		{"  refunded", c.Refunded},
		{"  for a human", c.Human},
		{"eSIMs with their owner", c.ESIMs},
		{"  of them with who was given them", c.Given},
		{"payments", c.Paid},
	} {
		fmt.Fprintf(out, "  %-50s %6d\n", line.what, line.n)
	}
	fmt.Fprintf(out, "  %-50s %6d\n", "Stars that came in and did not go back", c.Stars.Minor)
	if c.CostGuessed > 0 {
		fmt.Fprintf(out, "\n%d orders are of plans no longer sold: what they cost is reckoned back from their price.\n", c.CostGuessed)
	}
	if c.Noted > 0 {
		fmt.Fprintf(out, "\nLook at these orders (%d); in the shop: /order ID\n", c.Noted)
		for _, o := range f.Orders {
			if o.Note != "" {
				fmt.Fprintf(out, "  %s  %s  %s  customer %d  %s: %s\n", o.Order.ID, day(o.Order.PaidAt), o.Order.Price, o.Order.Customer, o.Order.State, o.Note)
			}
		}
	}
	if c.Unexplained > 0 {
		fmt.Fprintf(out, "\nPayments that no order can be made of (%d); none is sent back by itself; in the shop: /unexplained\n", c.Unexplained)
		for _, u := range f.Unexplained {
			fmt.Fprintf(out, "  %s  %s  customer %d  %s\n", day(u.At), u.Amount, u.Customer, u.Why)
		}
	}
	if c.UnmatchedESIMs > 0 {
		fmt.Fprintf(out, "\nLive eSIMs without a payment in Stars (%d): paid by card, credit or hand, or sold by a shop of before. Their owners are not known here.\n", c.UnmatchedESIMs)
		for _, e := range f.UnmatchedESIMs {
			fmt.Fprintf(out, "  %s  %s  %s  order %s\n", e.ID, e.Plan.Name, e.Status, orElse(string(e.Order), "none"))
		}
	}
	if c.UnmatchedTopUps > 0 {
		fmt.Fprintf(out, "\nTop-ups without a payment in Stars (%d): given by staff, or paid by card, credit or hand. What they added is on their eSIMs; as orders and in the books they are lost.\n", c.UnmatchedTopUps)
		for _, v := range f.UnmatchedTopUps {
			id, _ := esim.OrderOfIdempotencyKey(v.IdempotencyKey)
			fmt.Fprintf(out, "  %s  %s  order %s\n", day(v.Bought), v.Plan.Code, id)
		}
	}
	fmt.Fprint(out, inNoList)
}

// inNoList is what neither of the two neighbours knows.
const inNoList = `
In neither list, so not found again: store credit that was not spent on a sale in Stars, and with it what was given
back as store credit: an amount by staff, or of several eSIMs one after the other. Nobody has it after this, and an
order of which staff gave back an amount goes back whole if it is given back. Whoever says that they had credit can be
given it with /credit. What promo codes give (make them again: the sales for which they were used know them); what was
paid by card, by hand or from store credit alone, and what staff gave.
An eSIM that was given away, by its holder or by a link of staff, is with who bought it again, unless the other has
topped it up: who asks for it can be given it by a new link. One that was no order's is no order's again.
`

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
