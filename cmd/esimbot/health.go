package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

type healthCmd struct{}

// healthPatience is how long the shop may take to answer: finding out writes to its disk.
const healthPatience = 8 * time.Second

// Run asks the shop of this machine at the address where it tells most, and fails if it is not well.
func (healthCmd) Run(ctx context.Context, w world) error {
	e := &environment{lookup: w.lookup}
	at := orElse(e.listen("METRICS_LISTEN", ""), e.listen("LISTEN", ":8080"))
	if len(e.errs) > 0 {
		return errors.Join(append([]error{errUsage}, e.errs...)...)
	}
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req) // and no proxy: it is this machine
	if err != nil {
		return fmt.Errorf("the shop does not answer: %w", err)
	}
	defer resp.Body.Close()
	var answer struct{ Faults []string }
	_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer) // the code says enough
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the shop is not well (HTTP %d): %s", resp.StatusCode, orElse(strings.Join(answer.Faults, "; "), "it does not say why"))
	}
	fmt.Fprintln(w.out, "well")
	return nil
}
