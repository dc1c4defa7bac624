package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

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
	if says := setInGroup(cfg, rules); len(says) > 0 {
		f.found = strings.Join(says, "; ")
	}
	if unread := rules.Unread(); len(unread) > 0 {
		f.warn, f.advice = true, fmt.Sprintf("this program cannot read %q: a later one set it, and the environment decides instead", unread)
	}
	if text, paused := rules.Paused(); paused {
		f.warn, f.advice = true, "write /resume in the group to sell again"
		f.found = "the shop is paused, nothing new is sold; " + f.found
		if text != "" {
			f.found += "; customers read: " + text
		}
	}
	return f
}

// setInGroup is each setting that the group set, with what the environment says of it, and how much else it set.
func setInGroup(cfg shop.Config, rules *esim.Rules) []string {
	var says []string
	env, own := cfg.Defaults(), map[string]bool{}
	for key, value := range rules.Values() {
		s, ok := esim.SettingOf(key)
		_, scope := key.Split()
		switch {
		case ok && scope == "":
			says = append(says, fmt.Sprintf("%s %s (%s: %s)", s.Key, value, s.Env(), env[s.Key]))
		case ok:
			own[scope] = true
		}
	}
	slices.Sort(says)
	for _, more := range []struct {
		n    int
		what string
	}{{len(own), "with prices of their own: %d"}, {len(rules.Hidden()), "hidden: %d"}, {len(rules.Featured()), "on top: %d"}} {
		if more.n > 0 {
			says = append(says, fmt.Sprintf(more.what, more.n))
		}
	}
	return says
}
