package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

var deedAt = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// deed is Olga's (1), for the customer 7.
func deed(key string, cents int64, state esim.DeedState) esim.Deed {
	return esim.Deed{Key: key, Who: 1, Customer: 7, Worth: esim.USDCents(cents), At: deedAt, State: state}
}

func TestDecideDeed(t *testing.T) {
	limit := esim.USDCents(5000)
	with := func(d esim.Deed, change func(*esim.Deed)) esim.Deed {
		change(&d)
		return d
	}
	ago := func(d esim.Deed, by time.Duration) esim.Deed {
		return with(d, func(d *esim.Deed) { d.At = deedAt.Add(-by) })
	}
	for _, tt := range []struct {
		name   string
		deed   esim.Deed
		limit  esim.Money
		known  *esim.Deed
		before []esim.Deed
		want   esim.DeedState
	}{
		{"below", deed("a", 4999, ""), limit, nil, nil, esim.DeedAlone},
		{"at the limit", deed("a", 5000, ""), limit, nil, nil, esim.DeedAlone},
		{"above", deed("a", 5001, ""), limit, nil, nil, esim.DeedWaiting},
		{"above no limit", deed("a", 100_000, ""), esim.Money{}, nil, nil, esim.DeedAlone},
		{"always", with(deed("a", 0, ""), func(d *esim.Deed) { d.Always = true }), limit, nil, nil, esim.DeedWaiting},
		{"always, but there is no limit", with(deed("a", 0, ""), func(d *esim.Deed) { d.Always = true }), esim.Money{}, nil, nil, esim.DeedAlone},
		{"split in two", deed("b", 2501, ""), limit, nil, []esim.Deed{deed("a", 2500, esim.DeedDone)}, esim.DeedWaiting},
		{"split, the first still under way", deed("b", 2501, ""), limit, nil, []esim.Deed{deed("a", 2500, esim.DeedAlone)}, esim.DeedWaiting},
		{"an hour apart", deed("b", 2501, ""), limit, nil, []esim.Deed{ago(deed("a", 2500, esim.DeedDone), time.Hour)}, esim.DeedAlone},
		{"a minute less", deed("b", 2501, ""), limit, nil, []esim.Deed{ago(deed("a", 2500, esim.DeedDone), 59*time.Minute)}, esim.DeedWaiting},
		{"another customer", deed("b", 2501, ""), limit, nil, []esim.Deed{with(deed("a", 2500, esim.DeedDone), func(d *esim.Deed) { d.Customer = 8 })}, esim.DeedAlone},
		{"somebody else before", deed("b", 2501, ""), limit, nil, []esim.Deed{with(deed("a", 2500, esim.DeedDone), func(d *esim.Deed) { d.Who = 2 })}, esim.DeedAlone},
		{"the one before was not done", deed("b", 2501, ""), limit, nil, []esim.Deed{deed("a", 2500, esim.DeedDropped)}, esim.DeedAlone},
		{"the one before was done by two", deed("b", 2501, ""), limit, nil, []esim.Deed{with(deed("a", 9000, esim.DeedDone), func(d *esim.Deed) { d.Second = 2 })}, esim.DeedAlone},
		{"pressed twice", deed("a", 2501, ""), limit, new(deed("a", 2501, esim.DeedAlone)), []esim.Deed{deed("a", 2501, esim.DeedAlone)}, esim.DeedAlone},
		{"waits already", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.DeedWaiting), time.Minute)), nil, esim.DeedWaiting},
		{"agreed to already, and not done", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.DeedAgreed), time.Minute)), nil, esim.DeedAgreed},
		{"agreed to long ago", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.DeedAgreed), 2*time.Hour)), nil, esim.DeedWaiting},
		{"done by two before, and again", deed("a", 5001, ""), limit, new(with(deed("a", 5001, esim.DeedDone), func(d *esim.Deed) { d.Second = 2 })), nil, esim.DeedWaiting},
	} {
		if got := esim.DecideDeed(tt.deed, tt.limit, tt.known, tt.before); got.State != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.State, tt.want)
		}
	}
}

func TestAgree(t *testing.T) {
	agreed := deed("a", 5001, esim.DeedAgreed)
	agreed.Second = 2
	for _, tt := range []struct {
		name   string
		deed   esim.Deed
		second esim.CustomerID
		after  time.Duration
		want   error
	}{
		{"in time", deed("a", 1, esim.DeedWaiting), 2, time.Hour - time.Second, nil},
		{"too late", deed("a", 1, esim.DeedWaiting), 2, time.Hour, esim.ErrDeedExpired},
		{"the first one", deed("a", 1, esim.DeedWaiting), 1, 0, esim.ErrSamePerson},
		{"a third one, after the second", agreed, 3, 0, esim.ErrConflict},
		{"the second one again, after a restart", agreed, 2, 2 * time.Hour, nil},
		{"done", deed("a", 1, esim.DeedDone), 2, 0, esim.ErrConflict},
		{"dropped", deed("a", 1, esim.DeedDropped), 2, 0, esim.ErrConflict},
		{"one was enough", deed("a", 1, esim.DeedAlone), 2, 0, esim.ErrConflict},
	} {
		got, err := tt.deed.Agree(tt.second, deedAt.Add(tt.after))
		if !errors.Is(err, tt.want) || err == nil && (got.State != esim.DeedAgreed || got.Second != tt.second) {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

func TestMayAgree(t *testing.T) {
	for _, tt := range []struct {
		first, second esim.Role
		want          bool
	}{
		{esim.RoleOwner, esim.RoleOwner, true},
		{esim.RoleOwner, esim.RoleManager, true},
		{esim.RoleManager, esim.RoleOwner, true},
		{esim.RoleManager, esim.RoleManager, false},
		{esim.RoleOwner, esim.RoleSupport, false},
		{esim.RoleSupport, esim.RoleOwner, false},
		{"", esim.RoleOwner, false},
	} {
		if got := esim.MayAgree(esim.MayRefund, tt.first, tt.second); got != tt.want {
			t.Errorf("%s and %s: %t", tt.first, tt.second, got)
		}
	}
}
