package storage

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"esimbot/esim"
)

// What a customer wants to hear, and when, outlives a restart; whoever chose nothing has the default.
func TestSettingsAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	if err := db.SetZone(t.Context(), ann, "Asia/Tokyo", noon); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("where nobody is: %v, want ErrNotFound", err)
	}
	fresh, _, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: ann, Chat: int64(ann)})
	must(t, err)
	if kept := get(db.Customer(t.Context(), ann))(t); fresh.Quiet != esim.DefaultQuietHours() || kept != fresh {
		t.Errorf("new: %+v, kept as %+v", fresh, kept)
	}
	alerts := esim.AlertSettings("").With(esim.AlertData50, true)
	must(t, db.SetZone(t.Context(), ann, "Asia/Tokyo", noon))
	must(t, db.SetAlerts(t.Context(), ann, alerts))
	must(t, db.SetQuietHours(t.Context(), ann, esim.QuietHours{From: 0, Until: 10}))
	must(t, db.Close())

	db = openAt(t, path, Options{})
	t.Cleanup(func() { must(t, db.Close()) })
	kept := get(db.Customer(t.Context(), ann))(t)
	if kept.Zone != "Asia/Tokyo" || !kept.ZoneAt.Equal(noon) || kept.Alerts != alerts || kept.Quiet != (esim.QuietHours{From: 0, Until: 10}) {
		t.Errorf("kept %+v", kept)
	}
	must(t, db.SetQuietHours(t.Context(), ann, esim.QuietHours{}))
	if kept := get(db.Customer(t.Context(), ann))(t); !kept.Quiet.Off() {
		t.Errorf("switched off: %v", kept.Quiet)
	}
}

// What waits for the night to end holds nothing else of its order back, counts as no failed try, and is decided
// about anew when a setting changes.
func TestWhatWaitsForTheNightToEnd(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	owe(t, db, ann, "low", "refund")
	must(t, db.HoldForQuiet(t.Context(), idOf(t, db, "low"), noon.Add(8*time.Hour)))
	wantKeys(t, "by night", dueKeys(t, db, noon), "refund")
	items, next, err := db.DueMessages(t.Context(), noon.Add(8*time.Hour), 9)
	must(t, err)
	if len(items) != 2 || items[0].Attempts != 0 || !next.IsZero() {
		t.Errorf("in the morning %+v, next %v", items, next)
	}
	must(t, db.SetQuietHours(t.Context(), ann, esim.QuietHours{}))
	wantKeys(t, "with no quiet hours", dueKeys(t, db, noon), "low", "refund")
}

// Whoever switched an alert off gets none into the outbox, and is not told of it later either.
func TestAnAlertThatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	must(t, db.SetAlerts(t.Context(), ann, esim.AlertSettings("").With(esim.AlertData20, false)))
	look := func(kinds ...esim.AlertKind) {
		must(t, db.SavePollResults(t.Context(), []esim.PollResult{look(e, func(*esim.ESIM) {}, kinds...)}))
	}
	before := len(dueKeys(t, db, noon))
	look(esim.AlertData50, esim.AlertData20)
	if got := len(dueKeys(t, db, noon)); got != before {
		t.Errorf("%d alerts that nobody wants", got-before)
	}
	must(t, db.SetAlerts(t.Context(), ann, ""))
	look(esim.AlertData20)
	if got := len(dueKeys(t, db, noon)); got != before {
		t.Errorf("told of what passed before it was switched on")
	}
	look(esim.AlertData10)
	if got := len(dueKeys(t, db, noon)); got != before+1 {
		t.Errorf("%d alerts, want one", got-before)
	}
	must(t, db.SetESIMAlerts(t.Context(), ann, e.ID, esim.AlertSettings("").AsOwn().With(esim.AlertDataGone, false)))
	look(esim.AlertDataGone)
	if got := len(dueKeys(t, db, noon)); got != before+1 {
		t.Errorf("told of what is off for this eSIM alone: %d", got-before)
	}
	if err := db.SetESIMAlerts(t.Context(), bob, e.ID, ""); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody else sets them: %v", err)
	}
}
