package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/storage"
)

// This file is what the doctor says of the machine: its clock, its disk, the database on it and its copies.

// How far the clock may be off: the vendor's signatures carry the time, and plans end by it.
const (
	clockOff    = 5 * time.Second
	clockBroken = time.Minute
)

// checkClock compares this machine's clock with that of Telegram's server, which every answer carries.
func checkClock(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "clock", warn: true, advice: "see the token"}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, cfg.TelegramAPI+"/", nil)
	if err != nil {
		f.found = err.Error()
		return f
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	asked := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		f.found = err.Error()
		return f
	}
	resp.Body.Close()
	theirs, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		f.found, f.advice, f.warn = "not compared: no answer says what time it is", "", false
		return f
	}
	return clockFinding(asked, time.Now(), theirs)
}

// clockFinding judges a clock that showed asked and answered around the moment that a server called theirs, in whole seconds.
func clockFinding(asked, answered, theirs time.Time) finding {
	f := finding{what: "clock", found: "right; time zones are in the program"}
	var off time.Duration
	switch {
	case theirs.Add(time.Second).Before(asked):
		off = asked.Sub(theirs.Add(time.Second))
	case theirs.After(answered):
		off = answered.Sub(theirs)
	}
	if off.Abs() <= clockOff {
		return f
	}
	way := "fast"
	if off < 0 {
		way = "slow"
	}
	f.found = fmt.Sprintf("%s %s", off.Abs().Round(time.Second), way)
	f.advice = "let the machine keep time (systemd-timesyncd, chrony): days of plans, quiet hours and the vendor's signatures go by it"
	f.warn = off.Abs() <= clockBroken
	return f
}

// leastDisk is what SQLite needs to breathe: the log beside a database of some
// thousand customers, and the copy made before a migration.
const leastDisk = 200 << 20

func checkDisk(_ context.Context, cfg shop.Config) finding {
	f := finding{what: "disk"}
	dir := filepath.Dir(cfg.Database)
	if err := writable(dir); err != nil {
		f.found, f.advice = "cannot write: "+err.Error(), "make the folder of DATABASE writable for the user that runs the shop (in the image: uid 65532)"
		return f
	}
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

func writable(dir string) error {
	probe, err := os.CreateTemp(dir, ".esimbot-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// muchLog is a log that should have been worked into the file long ago: SQLite does so every four megabytes, unless
// somebody reads without end, or the disk is too slow.
const muchLog = 64 << 20

// checkDatabase looks at the database and leaves it as it is: one of an older release is changed by serve alone.
func checkDatabase(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "database"}
	look, err := storage.Inspect(ctx, cfg.Database, shop.BackupJob)
	if errors.Is(err, esim.ErrNotFound) {
		f.found = cfg.Database + " will be made at the first start"
		return f
	}
	used := false
	if err == nil {
		used, err = storage.InUse(ctx, cfg.Database)
	}
	if err != nil {
		f.found, f.advice = err.Error(), "if it was made by a newer esimbot, run that one; else restore a copy: esimbot restore FILE"
		return f
	}
	f.found = fmt.Sprintf("%s, %.1f MB, %d orders paid and not finished", cfg.Database, float64(look.Size)/1e6, look.Open)
	if used {
		f.found += "; it is in use: the shop is running"
	}
	if look.Version < look.Newest {
		f.found += fmt.Sprintf("; serve brings its tables from version %d to %d and keeps a copy from before", look.Version, look.Newest)
	}
	if look.Log > muchLog {
		f.warn, f.found = true, f.found+fmt.Sprintf("; %d MB of log beside it", look.Log>>20)
		f.advice = "does another program read this file without end, or is the disk too slow? Stopping the shop in order works the log in"
	}
	return f
}

// oldCopy is when a copy is too old, as /status has it.
const oldCopy = 48 * time.Hour

// checkCopies says how old the last copy is, and whether the next one can be made where it is of use.
func checkCopies(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "copies"}
	look, err := storage.Inspect(ctx, cfg.Database, shop.BackupJob)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		f.found, f.advice, f.warn = "it is not known when the last was made", "see the database", true
		return f
	}
	sold := err == nil && look.Version > 0 // else there is nothing to copy yet
	switch age := time.Since(look.Copied); {
	case look.Copied.IsZero():
		f.found = "none by the shop or esimbot backup"
	default:
		f.found = fmt.Sprintf("the last %s ago", age.Round(time.Minute))
		if age > oldCopy {
			f.warn, f.advice = true, "make one: esimbot backup FILE; and look in the log why the shop does not (BACKUP_DIR)"
		}
	}
	if cfg.BackupDir == "" {
		if look.Copied.IsZero() && sold {
			f.warn, f.advice = true, "set BACKUP_DIR to a folder on another disk, or have esimbot backup FILE run each day"
		}
		return f
	}
	if err := writable(cfg.BackupDir); err != nil {
		f.warn, f.found, f.advice = false, "cannot write: "+err.Error(), "make BACKUP_DIR writable for the user that runs the shop (in the image: uid 65532)"
		return f
	}
	if sameDisk(cfg.BackupDir, filepath.Dir(cfg.Database)) && f.advice == "" {
		f.warn, f.found = true, f.found+"; on the disk of the database"
		f.advice = "who loses that disk loses both: mount another at BACKUP_DIR, or fetch copies from it"
	}
	return f
}
