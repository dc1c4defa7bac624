package main

import (
	"context"
	"errors"
	"path/filepath"

	"esimbot/cmd/esimbot/shop"
)

type serveCmd struct{}

// Run runs the shop until a signal.
func (serveCmd) Run(ctx context.Context, w world) error {
	cfg, err := LoadConfig(w.lookup)
	if err != nil {
		return errors.Join(errUsage, err)
	}
	log := newLogger(cfg)
	servers, err := shop.OpenServers(cfg, nil, log)
	if err != nil {
		return err
	}
	defer servers.Close()
	app, err := shop.New(ctx, cfg, shop.Options{
		Now: clock, Log: log, Version: version(), Servers: servers,
		FreeSpace:   func() (int64, error) { return freeSpace(filepath.Dir(cfg.Database)) },
		BackupSpace: func() (int64, error) { return freeSpace(cfg.BackupDir) },
	})
	if err != nil {
		if errors.Is(err, shop.ErrToken) {
			return errors.Join(errUsage, err)
		}
		if ctx.Err() != nil {
			return nil // stopped before it was open
		}
		return err
	}
	return app.Run(ctx)
}
