package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// A sensitive action that waits is there after a restart, is agreed to by one other person, and is done once.
func TestSensitiveActionIsAgreedToOnce(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/esimbot.db"
	db := openAt(t, path, Options{})
	limit := esim.USDCents(5000)
	d := esim.SensitiveAction{Key: "s_credit|42|6000|X", Press: "s_credit|42|6000|X", What: "credit", Who: 7, Customer: ann, Worth: esim.USDCents(6000), At: noon, Shown: "Give?\n📝 sorry"}
	begun := get(db.BeginSensitiveAction(t.Context(), d, limit))(t)
	if begun.State != esim.SensitiveActionAwaitsApproval || begun.ID == 0 || begun.Shown != d.Shown {
		t.Fatalf("begun: %+v", begun)
	}
	d.Who, d.At = 8, noon.Add(time.Minute)
	if again := get(db.BeginSensitiveAction(t.Context(), d, limit))(t); again != begun {
		t.Errorf("somebody else begins the same: %+v", again)
	}
	must(t, db.Close())
	db = openAt(t, path, Options{})
	_, err := db.ApproveSensitiveAction(t.Context(), begun.ID, 7, noon)
	wantErr(t, "the first person agrees", err, esim.ErrSamePerson)
	agreed := get(db.ApproveSensitiveAction(t.Context(), begun.ID, 8, noon.Add(59*time.Minute)))(t)
	if agreed.ApprovedBy != 8 || agreed.Who != 7 {
		t.Errorf("agreed: %+v", agreed)
	}
	_, err = db.ApproveSensitiveAction(t.Context(), begun.ID, 9, noon)
	wantErr(t, "a third person agrees", err, esim.ErrConflict)
	get(db.ApproveSensitiveAction(t.Context(), begun.ID, 8, noon.Add(time.Hour)))(t)
	must(t, db.EndSensitiveAction(t.Context(), begun.ID, esim.SensitiveActionDone))
	wantErr(t, "ended twice", db.EndSensitiveAction(t.Context(), begun.ID, esim.SensitiveActionDropped), esim.ErrConflict)
	if got := get(db.SensitiveAction(t.Context(), begun.ID))(t); got.State != esim.SensitiveActionDone || got.ApprovedBy != 8 {
		t.Errorf("done: %+v", got)
	}
	_, err = db.SensitiveAction(t.Context(), 999)
	wantErr(t, "a sensitive action that is none", err, esim.ErrNotFound)
}

// What one person does for one customer within an hour counts together.
func TestSmallSensitiveActionsCountTogether(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	do := func(key string, who, customer esim.CustomerID, cents int64, after time.Duration, end esim.SensitiveActionState) esim.SensitiveActionState {
		d := get(db.BeginSensitiveAction(t.Context(), esim.SensitiveAction{Key: key, Press: key, What: "credit", Who: who, Customer: customer, Worth: esim.USDCents(cents), At: noon.Add(after)}, esim.USDCents(5000)))(t)
		if end != "" {
			must(t, db.EndSensitiveAction(t.Context(), d.ID, end))
		}
		return d.State
	}
	for _, tt := range []struct {
		name, key     string
		who, customer esim.CustomerID
		cents         int64
		after         time.Duration
		end           esim.SensitiveActionState
		want          esim.SensitiveActionState
	}{
		{"the first half", "a", 7, ann, 3000, 0, esim.SensitiveActionDone, esim.SensitiveActionOnePerson},
		{"a try that failed", "b", 7, ann, 2000, time.Minute, esim.SensitiveActionDropped, esim.SensitiveActionOnePerson},
		{"for another customer", "c", 7, bob, 3000, time.Minute, esim.SensitiveActionDone, esim.SensitiveActionOnePerson},
		{"by somebody else", "d", 8, ann, 3000, time.Minute, esim.SensitiveActionDone, esim.SensitiveActionOnePerson},
		{"the second half", "e", 7, ann, 2001, 59 * time.Minute, "", esim.SensitiveActionAwaitsApproval},
		{"after an hour", "f", 7, ann, 2001, time.Hour, esim.SensitiveActionDone, esim.SensitiveActionOnePerson},
	} {
		if got := do(tt.key, tt.who, tt.customer, tt.cents, tt.after, tt.end); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	must(t, db.Prune(t.Context(), noon.Add(31*24*time.Hour)))
	if n := get(one(db.read(t.Context()), value[int], `SELECT count(*) FROM staff_deeds`))(t); n != 0 {
		t.Errorf("%d are left after a month", n)
	}
}

func TestRolesAreNamed(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	must(t, db.NoteStaffName(t.Context(), 7, "Olga"))
	must(t, db.AssignRole(t.Context(), esim.StaffMember{ID: 8, Name: "Igor"}, esim.RoleManager, esim.AuditEntry{At: noon, Who: 7, What: "role"}))
	named := get(db.StaffWithRoles(t.Context()))(t)
	if len(named) != 2 || named[0] != (esim.StaffMember{ID: 7, Name: "Olga", Role: esim.RoleOwner}) || named[1] != (esim.StaffMember{ID: 8, Name: "Igor", Role: esim.RoleManager}) {
		t.Errorf("named: %+v", named)
	}
	wantErr(t, "the last owner goes", db.AssignRole(t.Context(), named[0], esim.RoleSupport, esim.AuditEntry{At: noon, Who: 7, What: "role"}), esim.ErrLastOwner)
	must(t, db.NoteStaffName(t.Context(), 8, "Igor B."))
	if m := get(db.StaffMember(t.Context(), 8))(t); m.Role != esim.RoleManager || m.Name != "Igor B." {
		t.Errorf("renamed: %+v", m)
	}
	if m := get(db.StaffMember(t.Context(), 9))(t); m != (esim.StaffMember{ID: 9}) {
		t.Errorf("nobody: %+v", m)
	}
	log := get(db.AuditEntries(t.Context(), "", 10))(t)
	if len(log) != 2 || log[0].WhoName != "Olga" || log[0].Why != "Igor 8: manager" || log[1].Why != "Olga 7: owner" {
		t.Errorf("audit: %+v", log)
	}
}
