package esim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrLastOwner: without this owner the shop would have none.
var ErrLastOwner = errors.New("the last owner stays one")

// A StaffMember is somebody who works here, or did: names stand in the audit log beside numbers.
type StaffMember struct {
	ID   CustomerID // their number at the messenger, as a customer's
	Name string     // as they were called last; "": never seen
	Role Role       // that they were named; "": none
}

// RoleAuditText is how the audit log has it that somebody was named a role.
func (m StaffMember) RoleAuditText() string {
	return strings.TrimSpace(fmt.Sprintf("%s %d: %s", m.Name, int64(m.ID), m.Role))
}

// StaffMemberStore knows who works here.
type StaffMemberStore interface {
	// StaffMember returns who has a number; one without a name and a role if nobody knows them.
	StaffMember(ctx context.Context, id CustomerID) (StaffMember, error)
	// StaffWithRoles lists those who were named a role, the mightiest first.
	StaffWithRoles(ctx context.Context) ([]StaffMember, error)
	// NoteStaffName notes how somebody of the staff is called.
	NoteStaffName(ctx context.Context, id CustomerID, name string) error
	// AssignRole gives a role to a member and stores what DecideRole says of it, with the audit entry, of who names it.
	AssignRole(ctx context.Context, whom StaffMember, role Role, entry AuditEntry) error
}

// EffectiveRole is what somebody in the staff's group may do: what they were named. As long as no owner was named, or none who
// was is in the group any more, the administrators of the group are owners. Everybody else there is support.
func EffectiveRole(m StaffMember, admin, ownerThere bool) Role {
	switch {
	case admin && !ownerThere:
		return RoleOwner
	case m.Role != "":
		return m.Role
	}
	return RoleSupport
}

// DecideRole is whose role changes when one of the staff names another's: whoever names the first role becomes owner
// by it, since from then on an administrator is nothing special. ErrLastOwner if there would be no owner left.
func DecideRole(named []StaffMember, by, whom StaffMember, role Role) ([]StaffMember, error) {
	var changes []StaffMember
	owners := func(m StaffMember) bool { return m.Role == RoleOwner }
	if !slices.ContainsFunc(named, owners) && by.ID != whom.ID {
		by.Role = RoleOwner
		changes = append(changes, by)
		named = append(slices.Clone(named), by)
	}
	whom.Role = role
	others := slices.DeleteFunc(slices.Clone(named), func(m StaffMember) bool { return m.ID == whom.ID })
	if role != RoleOwner && !slices.ContainsFunc(others, owners) {
		return nil, ErrLastOwner
	}
	return append(changes, whom), nil
}
