package esim_test

import (
	"errors"
	"reflect"
	"testing"

	"esimbot/esim"
)

func TestRoleNow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		role              esim.Role
		admin, ownerThere bool
		want              esim.Role
	}{
		{"a member", "", false, false, esim.RoleSupport},
		{"an administrator at first", "", true, false, esim.RoleOwner},
		{"an administrator beside an owner", "", true, true, esim.RoleSupport},
		{"an administrator who was named", esim.RoleManager, true, true, esim.RoleManager},
		{"an administrator whose owners have all left", esim.RoleManager, true, false, esim.RoleOwner},
		{"a manager", esim.RoleManager, false, true, esim.RoleManager},
		{"an owner", esim.RoleOwner, false, true, esim.RoleOwner},
	} {
		if got := esim.EffectiveRole(esim.StaffMember{ID: 1, Role: tt.role}, tt.admin, tt.ownerThere); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestDecideRole(t *testing.T) {
	t.Parallel()
	olga, igor, bea := esim.StaffMember{ID: 1, Name: "Olga"}, esim.StaffMember{ID: 2, Name: "Igor"}, esim.StaffMember{ID: 3}
	as := func(m esim.StaffMember, r esim.Role) esim.StaffMember {
		m.Role = r
		return m
	}
	all := func(m ...esim.StaffMember) []esim.StaffMember { return m }
	for _, tt := range []struct {
		name     string
		named    []esim.StaffMember
		by, whom esim.StaffMember
		role     esim.Role
		want     []esim.StaffMember // nil: the last owner
	}{
		{"the first to be named", nil, olga, igor, esim.RoleManager, all(as(olga, esim.RoleOwner), as(igor, esim.RoleManager))},
		{"the first names themselves", nil, olga, olga, esim.RoleOwner, all(as(olga, esim.RoleOwner))},
		{"the first names themselves less", nil, olga, olga, esim.RoleSupport, nil},
		{"an owner names another", all(as(olga, esim.RoleOwner)), olga, igor, esim.RoleOwner, all(as(igor, esim.RoleOwner))},
		{"the last owner goes", all(as(olga, esim.RoleOwner), as(igor, esim.RoleManager)), olga, olga, esim.RoleManager, nil},
		{"one of two goes", all(as(olga, esim.RoleOwner), as(igor, esim.RoleOwner)), olga, olga, esim.RoleSupport, all(as(olga, esim.RoleSupport))},
		{"one of two is made less", all(as(olga, esim.RoleOwner), as(igor, esim.RoleOwner)), olga, igor, esim.RoleSupport, all(as(igor, esim.RoleSupport))},
		{"an administrator, all owners being gone, names one", all(as(bea, esim.RoleOwner)), olga, olga, esim.RoleOwner, all(as(olga, esim.RoleOwner))},
		{"an owner is named so again", all(as(olga, esim.RoleOwner)), olga, olga, esim.RoleOwner, all(as(olga, esim.RoleOwner))},
	} {
		got, err := esim.DecideRole(tt.named, tt.by, tt.whom, tt.role)
		if !reflect.DeepEqual(got, tt.want) || (tt.want == nil) != errors.Is(err, esim.ErrLastOwner) {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}
