package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

var deedAt = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// deed is Olga's (1), for the customer 7.
func deed(key string, cents int64, state esim.SensitiveActionState) esim.SensitiveAction {
	return esim.SensitiveAction{Key: key, Who: 1, Customer: 7, Worth: esim.USDCents(cents), At: deedAt, State: state}
}

func TestDecideDeed(t *testing.T) {
	t.Parallel()
	limit := esim.USDCents(5000)
	with := func(d esim.SensitiveAction, change func(*esim.SensitiveAction)) esim.SensitiveAction {
		change(&d)
		return d
	}
	ago := func(d esim.SensitiveAction, by time.Duration) esim.SensitiveAction {
		return with(d, func(d *esim.SensitiveAction) { d.At = deedAt.Add(-by) })
	}
	for _, tt := range []struct {
		name   string
		deed   esim.SensitiveAction
		limit  esim.Money
		known  *esim.SensitiveAction
		before []esim.SensitiveAction
		want   esim.SensitiveActionState
	}{
		{"below", deed("a", 4999, ""), limit, nil, nil, esim.SensitiveActionOnePerson},
		{"at the limit", deed("a", 5000, ""), limit, nil, nil, esim.SensitiveActionOnePerson},
		{"above", deed("a", 5001, ""), limit, nil, nil, esim.SensitiveActionAwaitsApproval},
		{"above no limit", deed("a", 100_000, ""), esim.Money{}, nil, nil, esim.SensitiveActionOnePerson},
		{"always", with(deed("a", 0, ""), func(d *esim.SensitiveAction) { d.Always = true }), limit, nil, nil, esim.SensitiveActionAwaitsApproval},
		{"always, but there is no limit", with(deed("a", 0, ""), func(d *esim.SensitiveAction) { d.Always = true }), esim.Money{}, nil, nil, esim.SensitiveActionOnePerson},
		{"split in two", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{deed("a", 2500, esim.SensitiveActionDone)}, esim.SensitiveActionAwaitsApproval},
		{"split, the first still under way", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{deed("a", 2500, esim.SensitiveActionOnePerson)}, esim.SensitiveActionAwaitsApproval},
		{"an hour apart", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{ago(deed("a", 2500, esim.SensitiveActionDone), time.Hour)}, esim.SensitiveActionOnePerson},
		{"a minute less", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{ago(deed("a", 2500, esim.SensitiveActionDone), 59*time.Minute)}, esim.SensitiveActionAwaitsApproval},
		{"another customer", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(deed("a", 2500, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.Customer = 8 })}, esim.SensitiveActionOnePerson},
		{"somebody else before", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(deed("a", 2500, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.Who = 2 })}, esim.SensitiveActionOnePerson},
		{"the one before was not done", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{deed("a", 2500, esim.SensitiveActionDropped)}, esim.SensitiveActionOnePerson},
		{"the one before was done by two", deed("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(deed("a", 9000, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.ApprovedBy = 2 })}, esim.SensitiveActionOnePerson},
		{"pressed twice", deed("a", 2501, ""), limit, new(deed("a", 2501, esim.SensitiveActionOnePerson)), []esim.SensitiveAction{deed("a", 2501, esim.SensitiveActionOnePerson)}, esim.SensitiveActionOnePerson},
		{"waits already", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.SensitiveActionAwaitsApproval), time.Minute)), nil, esim.SensitiveActionAwaitsApproval},
		{"agreed to already, and not done", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.SensitiveActionApproved), time.Minute)), nil, esim.SensitiveActionApproved},
		{"agreed to long ago", deed("a", 5001, ""), limit, new(ago(deed("a", 5001, esim.SensitiveActionApproved), 2*time.Hour)), nil, esim.SensitiveActionAwaitsApproval},
		{"done by two before, and again", deed("a", 5001, ""), limit, new(with(deed("a", 5001, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.ApprovedBy = 2 })), nil, esim.SensitiveActionAwaitsApproval},
	} {
		if got := esim.DecideSensitiveAction(tt.deed, tt.limit, tt.known, tt.before); got.State != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.State, tt.want)
		}
	}
}

func TestAgree(t *testing.T) {
	t.Parallel()
	agreed := deed("a", 5001, esim.SensitiveActionApproved)
	agreed.ApprovedBy = 2
	for _, tt := range []struct {
		name   string
		deed   esim.SensitiveAction
		second esim.CustomerID
		after  time.Duration
		want   error
	}{
		{"in time", deed("a", 1, esim.SensitiveActionAwaitsApproval), 2, time.Hour - time.Second, nil},
		{"too late", deed("a", 1, esim.SensitiveActionAwaitsApproval), 2, time.Hour, esim.ErrApprovalExpired},
		{"the first one", deed("a", 1, esim.SensitiveActionAwaitsApproval), 1, 0, esim.ErrSamePerson},
		{"a third one, after the second", agreed, 3, 0, esim.ErrConflict},
		{"the second one again, after a restart", agreed, 2, 2 * time.Hour, nil},
		{"done", deed("a", 1, esim.SensitiveActionDone), 2, 0, esim.ErrConflict},
		{"dropped", deed("a", 1, esim.SensitiveActionDropped), 2, 0, esim.ErrConflict},
		{"one was enough", deed("a", 1, esim.SensitiveActionOnePerson), 2, 0, esim.ErrConflict},
	} {
		got, err := tt.deed.Approve(tt.second, deedAt.Add(tt.after))
		if !errors.Is(err, tt.want) || err == nil && (got.State != esim.SensitiveActionApproved || got.ApprovedBy != tt.second) {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}

func TestMayAgree(t *testing.T) {
	t.Parallel()
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
		if got := esim.MayApproveTogether(esim.MayRefund, tt.first, tt.second); got != tt.want {
			t.Errorf("%s and %s: %t", tt.first, tt.second, got)
		}
	}
}
