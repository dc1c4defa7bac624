package main

import (
	"context"
	"errors"
	"os"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/storage"
)

// checkRules says what the staff group set of the shop, which wins over the environment.
func checkRules(ctx context.Context, cfg shop.Config) finding {
	f := finding{what: "set in group", found: "nothing: the environment decides"}
	if _, err := os.Stat(cfg.Database); errors.Is(err, os.ErrNotExist) {
		return f
	}
	values, err := storage.ReadRules(ctx, cfg.Database)
	if err != nil {
		f.warn, f.found, f.advice = true, err.Error(), "see the database"
		return f
	}
	rules := esim.NewRules(values)
	if text, paused := rules.Paused(); paused {
		f.warn, f.found, f.advice = true, "the shop is paused, nothing new is sold", "write /resume in the group to sell again"
		if text != "" {
			f.found += "; customers read: " + text
		}
	}
	return f
}
