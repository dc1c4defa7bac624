package storage

import (
	"errors"
	"testing"

	"esimbot/esim"
)

func TestNamesOfESIMs(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 2)[0]
	must(t, db.SetESIMName(t.Context(), ann, e.ID, "Mum"))
	if err := db.SetESIMName(t.Context(), ann+1, e.ID, "mine"); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("somebody else's eSIM was named: %v", err)
	}
	e.Used++
	must(t, db.SavePollResults(t.Context(), []esim.PollResult{{ESIM: e}})) // read before it was named
	for i, want := range []string{"Mum", ""} {
		if got := get(db.ESIMsOf(t.Context(), ann))(t)[i].Name; got != want {
			t.Errorf("eSIM %d is called %q, want %q", i+1, got, want)
		}
	}
	must(t, db.SetESIMName(t.Context(), ann, e.ID, ""))
	if got := get(db.ESIM(t.Context(), e.ID))(t).Name; got != "" {
		t.Errorf("it is still called %q", got)
	}
}
