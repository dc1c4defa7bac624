package main

import (
	"context"
	"errors"
)

type serveCmd struct{}

// Run runs the shop until a signal.
func (serveCmd) Run(ctx context.Context, w world) error {
	cfg, err := LoadConfig(w.lookup)
	if err != nil {
		return errors.Join(errUsage, err)
	}
	app, err := NewApp(ctx, cfg, clock, cfg.NewLogger())
	if err != nil {
		if errors.Is(err, errToken) {
			return errors.Join(errUsage, err)
		}
		if ctx.Err() != nil {
			return nil // stopped before it was open
		}
		return err
	}
	return app.Run(ctx)
}
