package storage

import (
	"reflect"
	"testing"
	"time"

	"esimbot/esim"
)

func TestPollQueue(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 6)
	plan := func(i int, s esim.ProfileStatus, next, edge time.Duration) {
		t.Helper()
		r := look(e[i], func(e *esim.ESIM) { e.Status = s })
		r.Poll = esim.PollPlan{Next: noon.Add(next), NextAlert: noon.Add(edge)}
		must(t, db.SavePollResults(t.Context(), []esim.PollResult{r}))
	}
	check := func(step string, at time.Duration, want esim.WatchedCounts, usage, profile []esim.ESIMID) {
		t.Helper()
		now := noon.Add(at)
		if got := get(db.WatchedCounts(t.Context(), now, now.Add(6*time.Hour)))(t); got != want {
			t.Errorf("%s: %+v, want %+v", step, got, want)
		}
		if got := get(db.ESIMsDueForUsage(t.Context(), now, 9))(t); !reflect.DeepEqual(got, usage) {
			t.Errorf("%s: usage due %v, want %v", step, got, usage)
		}
		if got := get(db.ESIMsDueForProfile(t.Context(), now, 9))(t); !reflect.DeepEqual(got, profile) {
			t.Errorf("%s: profile due %v, want %v", step, got, profile)
		}
	}
	name := func(i ...int) (names []esim.ESIMID) {
		for _, i := range i {
			names = append(names, e[i].ID)
		}
		return names
	}
	check("never looked at", 0, esim.WatchedCounts{Other: 6, OtherDue: 6}, nil, name(0, 1, 2, 3, 4, 5))
	plan(0, esim.ProfileInUse, time.Hour, 20*time.Hour)
	plan(1, esim.ProfileInUse, time.Hour, 2*time.Hour)
	plan(2, esim.ProfileInUse, 3*time.Hour, 4*time.Hour)
	plan(3, esim.ProfileGotResource, 2*time.Hour, day)
	plan(4, esim.ProfileUsedExpired, time.Hour, day)
	check("planned", 0, esim.WatchedCounts{InUse: 3, Other: 2, OtherDue: 1}, nil, name(5))
	check("after an hour", time.Hour, esim.WatchedCounts{InUse: 3, NearDue: 1, Other: 2, OtherDue: 1}, name(1, 0), name(5))
	check("after three hours", 3*time.Hour, esim.WatchedCounts{InUse: 3, NearDue: 2, Other: 2, OtherDue: 2}, name(1, 2, 0), name(5, 3))
	if got := get(db.ESIMsDueForUsage(t.Context(), noon.Add(day), 1))(t); !reflect.DeepEqual(got, name(1)) {
		t.Errorf("the nearest is %v", got)
	}
}

func TestALookIsPlanned(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	meet(t, db, ann)
	e := allocated(t, db, "ORDER001", ann, 1)[0]
	at := func(d time.Duration) time.Time { return noon.Add(d) }
	for _, s := range []struct {
		name       string
		look       esim.PollPlan
		next, edge time.Duration // after noon; never: not planned
	}{
		{"never planned is due, and a listing leaves it so", esim.PollPlan{Next: at(4 * time.Hour), NextAlert: at(9 * time.Hour), OnlySooner: true}, never, 9 * time.Hour},
		{"a reminder plans nothing", esim.PollPlan{}, never, 9 * time.Hour},
		{"the meter was read", esim.PollPlan{Next: at(4 * time.Hour), NextAlert: at(8 * time.Hour)}, 4 * time.Hour, 8 * time.Hour},
		{"a reminder changes nothing", esim.PollPlan{}, 4 * time.Hour, 8 * time.Hour},
		{"a listing puts nothing off", esim.PollPlan{Next: at(6 * time.Hour), NextAlert: at(7 * time.Hour), OnlySooner: true}, 4 * time.Hour, 7 * time.Hour},
		{"a listing brings forward", esim.PollPlan{Next: at(2 * time.Hour), NextAlert: at(3 * time.Hour), OnlySooner: true}, 2 * time.Hour, 3 * time.Hour},
		{"the meter was read again", esim.PollPlan{Next: at(5 * time.Hour), NextAlert: at(9 * time.Hour)}, 5 * time.Hour, 9 * time.Hour},
	} {
		r := look(e, same)
		r.Poll = s.look
		must(t, db.SavePollResults(t.Context(), []esim.PollResult{r}))
		next, edge := number(t, db, `SELECT next_look FROM esims`), number(t, db, `SELECT edge FROM esims`)
		wantNext := 0
		if s.next != never {
			wantNext = int(at(s.next).UnixMilli())
		}
		if next != wantNext || edge != int(at(s.edge).UnixMilli()) {
			t.Errorf("%s: next %s, edge %s", s.name, time.UnixMilli(int64(next)).UTC(), time.UnixMilli(int64(edge)).UTC())
		}
	}
}

const never = -1
