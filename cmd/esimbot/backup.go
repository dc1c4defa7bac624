package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/storage"
)

// databasePath is the one setting that copies need: they are made where nothing else is known, too.
func databasePath(w world) (string, error) {
	e := &environment{lookup: w.lookup}
	path := e.database("DATABASE", "esimbot.db")
	if len(e.errs) > 0 {
		return "", errors.Join(append([]error{errUsage}, e.errs...)...)
	}
	return path, nil
}

type backupCmd struct {
	File string `arg:"" help:"Where to write the copy. It must not exist."`
}

// Run copies the database, whether a shop runs on it or not, and holds the copy to be sound.
func (b backupCmd) Run(ctx context.Context, w world) error {
	path, err := databasePath(w)
	if err != nil {
		return err
	}
	r, err := storage.Backup(ctx, path, b.File)
	if err != nil {
		return fmt.Errorf("%w\nNo copy was made", err)
	}
	fmt.Fprintf(w.out, "Written and checked: %s\n", b.File)
	tellCopy(w.out, r)
	fmt.Fprintln(w.out, "It holds what customers wrote and bought, and activation codes: keep it as you keep the database.")
	if err := storage.NoteJob(ctx, path, shop.BackupJob, time.Now()); err != nil {
		fmt.Fprintf(w.out, "! /status does not know of it: %v\n", err)
	}
	return nil
}

type restoreCmd struct {
	File string `arg:"" help:"The copy. It stays as it is."`
}

// Run puts a copy in the place of a database that is gone.
func (c restoreCmd) Run(ctx context.Context, w world) error {
	path, err := databasePath(w)
	if err != nil {
		return err
	}
	r, err := storage.Restore(ctx, c.File, path)
	if err != nil {
		return fmt.Errorf("%w\nNothing was restored", err)
	}
	fmt.Fprintf(w.out, "Restored and checked: %s\n", path)
	tellCopy(w.out, r)
	fmt.Fprintln(w.out, `Now start the shop: esimbot serve. What was sold since for Stars it finds out by itself, from
Telegram's account and the vendor's list.
What was paid otherwise since is not known to anybody else: esimbot recover lists eSIMs without a sale.`)
	return nil
}

func tellCopy(out io.Writer, r storage.CopyReport) {
	newest := "none yet"
	if !r.Newest.IsZero() {
		newest = "the newest of " + r.Newest.Format("2006-01-02 15:04:05 UTC")
	}
	fmt.Fprintf(out, "  whole by SQLite's own account, the books sum to zero\n  %d orders (%s), %d payments, %.1f MB, tables of version %d\n",
		r.Orders, newest, r.Payments, float64(r.Size)/1e6, r.Version)
}
