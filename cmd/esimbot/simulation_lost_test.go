package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"esimbot/esim"
)

// What a copy that is put back does not know, and what staff are told of it.

// moneyTold is a difference between the vendor's account and the books that staff were told.
type moneyTold struct {
	at    time.Time
	units int64 // that the vendor took, in USD × 10,000
}

// tellsMoney notes the amount of a notification of a difference, from its key. The watcher is locked.
func (w *watcher) tellsMoney(key string) {
	kind, rest, _ := strings.Cut(key, ":")
	sign := map[string]int64{"deposit": -1, "balance-off": 1}[kind]
	_, amount, ok := strings.Cut(rest, ":")
	units, err := strconv.ParseInt(amount, 10, 64)
	if sign == 0 || !ok || err != nil {
		return
	}
	if _, known := w.money[key]; !known { // it may come twice after a crash
		w.money[key] = moneyTold{time.Now(), sign * units}
	}
}

// moneyTold is what the vendor took by all these notices together.
func (w *watcher) moneyTold() (units int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.money {
		units += m.units
	}
	return units
}

// forget is after an older copy was put back. What it has waiting is sent again, and what was told since
// it was made is told again, as far as it is still so.
func (s *simulated) forget() {
	lost := loss{s.copied, time.Now()}
	s.losses = append(s.losses, lost)
	s.spells = append(s.spells, spell{lost.from, lost.to, "not in the copy that was put back"})
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	s.watch.sent = map[string][]sending{}
	for key, m := range s.watch.money {
		if !m.at.Before(lost.from) {
			delete(s.watch.money, key)
		}
	}
}

// checkOrphans: what lives at the vendor and belongs to nobody here is in the daily reminder.
func (s *simulated) checkOrphans(ctx context.Context) {
	s.t.Helper()
	orphans, err := s.app.DB.UnmatchedESIMs(ctx, s.now().Add(-48*time.Hour))
	s.must(err)
	for _, p := range s.vendor.Profiles() {
		if p.EsimStatus != "GOT_RESOURCE" && p.EsimStatus != "IN_USE" {
			continue
		}
		id := esim.ESIMID(p.EsimTranNo)
		ours, err := s.app.DB.ESIMs(ctx, []esim.ESIMID{id})
		s.must(err)
		if len(ours) == 0 && !slices.Contains(orphans, id) {
			s.t.Errorf("eSIM %s of %q is %s at the vendor and belongs to nobody here, and staff are not reminded of it", id, p.TransactionID, p.EsimStatus)
		}
	}
}
