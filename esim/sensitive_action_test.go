package esim_test

import (
	"errors"
	"testing"
	"time"

	"esimbot/esim"
)

var actedAt = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// sensitive action is Olga's (1), for the customer 7.
func action(key string, cents int64, state esim.SensitiveActionState) esim.SensitiveAction {
	return esim.SensitiveAction{Key: key, Who: 1, Customer: 7, Worth: esim.USDCents(cents), At: actedAt, State: state}
}

func TestDecideSensitiveAction(t *testing.T) {
	t.Parallel()
	limit := esim.USDCents(5000)
	with := func(d esim.SensitiveAction, change func(*esim.SensitiveAction)) esim.SensitiveAction {
		change(&d)
		return d
	}
	ago := func(d esim.SensitiveAction, by time.Duration) esim.SensitiveAction {
		return with(d, func(d *esim.SensitiveAction) { d.At = actedAt.Add(-by) })
	}
	for _, tt := range []struct {
		name   string
		action esim.SensitiveAction
		limit  esim.Money
		known  *esim.SensitiveAction
		before []esim.SensitiveAction
		want   esim.SensitiveActionState
	}{
		{"below", action("a", 4999, ""), limit, nil, nil, esim.SensitiveActionOnePerson},
		{"at the limit", action("a", 5000, ""), limit, nil, nil, esim.SensitiveActionOnePerson},
		{"above", action("a", 5001, ""), limit, nil, nil, esim.SensitiveActionAwaitsApproval},
		{"above no limit", action("a", 100_000, ""), esim.Money{}, nil, nil, esim.SensitiveActionOnePerson},
		{"always", with(action("a", 0, ""), func(d *esim.SensitiveAction) { d.Always = true }), limit, nil, nil, esim.SensitiveActionAwaitsApproval},
		{"always, but there is no limit", with(action("a", 0, ""), func(d *esim.SensitiveAction) { d.Always = true }), esim.Money{}, nil, nil, esim.SensitiveActionOnePerson},
		{"split in two", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{action("a", 2500, esim.SensitiveActionDone)}, esim.SensitiveActionAwaitsApproval},
		{"split, the first still under way", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{action("a", 2500, esim.SensitiveActionOnePerson)}, esim.SensitiveActionAwaitsApproval},
		{"an hour apart", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{ago(action("a", 2500, esim.SensitiveActionDone), time.Hour)}, esim.SensitiveActionOnePerson},
		{"a minute less", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{ago(action("a", 2500, esim.SensitiveActionDone), 59*time.Minute)}, esim.SensitiveActionAwaitsApproval},
		{"another customer", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(action("a", 2500, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.Customer = 8 })}, esim.SensitiveActionOnePerson},
		{"somebody else before", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(action("a", 2500, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.Who = 2 })}, esim.SensitiveActionOnePerson},
		{"the one before was not done", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{action("a", 2500, esim.SensitiveActionDropped)}, esim.SensitiveActionOnePerson},
		{"the one before was done by two", action("b", 2501, ""), limit, nil, []esim.SensitiveAction{with(action("a", 9000, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.ApprovedBy = 2 })}, esim.SensitiveActionOnePerson},
		{"pressed twice", action("a", 2501, ""), limit, new(action("a", 2501, esim.SensitiveActionOnePerson)), []esim.SensitiveAction{action("a", 2501, esim.SensitiveActionOnePerson)}, esim.SensitiveActionOnePerson},
		{"waits already", action("a", 5001, ""), limit, new(ago(action("a", 5001, esim.SensitiveActionAwaitsApproval), time.Minute)), nil, esim.SensitiveActionAwaitsApproval},
		{"agreed to already, and not done", action("a", 5001, ""), limit, new(ago(action("a", 5001, esim.SensitiveActionApproved), time.Minute)), nil, esim.SensitiveActionApproved},
		{"agreed to long ago", action("a", 5001, ""), limit, new(ago(action("a", 5001, esim.SensitiveActionApproved), 2*time.Hour)), nil, esim.SensitiveActionAwaitsApproval},
		{"done by two before, and again", action("a", 5001, ""), limit, new(with(action("a", 5001, esim.SensitiveActionDone), func(d *esim.SensitiveAction) { d.ApprovedBy = 2 })), nil, esim.SensitiveActionAwaitsApproval},
	} {
		if got := esim.DecideSensitiveAction(tt.action, tt.limit, tt.known, tt.before); got.State != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got.State, tt.want)
		}
	}
}

func TestAgree(t *testing.T) {
	t.Parallel()
	agreed := action("a", 5001, esim.SensitiveActionApproved)
	agreed.ApprovedBy = 2
	for _, tt := range []struct {
		name   string
		action esim.SensitiveAction
		second esim.CustomerID
		after  time.Duration
		want   error
	}{
		{"in time", action("a", 1, esim.SensitiveActionAwaitsApproval), 2, time.Hour - time.Second, nil},
		{"too late", action("a", 1, esim.SensitiveActionAwaitsApproval), 2, time.Hour, esim.ErrApprovalExpired},
		{"the first one", action("a", 1, esim.SensitiveActionAwaitsApproval), 1, 0, esim.ErrSamePerson},
		{"a third one, after the second", agreed, 3, 0, esim.ErrConflict},
		{"the second one again, after a restart", agreed, 2, 2 * time.Hour, nil},
		{"done", action("a", 1, esim.SensitiveActionDone), 2, 0, esim.ErrConflict},
		{"dropped", action("a", 1, esim.SensitiveActionDropped), 2, 0, esim.ErrConflict},
		{"one was enough", action("a", 1, esim.SensitiveActionOnePerson), 2, 0, esim.ErrConflict},
	} {
		got, err := tt.action.Approve(tt.second, actedAt.Add(tt.after))
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
