package esim

import "slices"

// A Role is what somebody of the staff may do; each may what those after it may.
type Role string

// The roles, the mightiest first. Whoever is in the staff's group and was named nothing is support.
const (
	RoleOwner   Role = "owner"
	RoleManager Role = "manager"
	RoleSupport Role = "support"
)

// Roles lists all roles, the mightiest first.
func Roles() []Role { return []Role{RoleOwner, RoleManager, RoleSupport} }

// A Permission is one kind of what staff do: in sentences, never renamed.
type Permission string

// What staff do.
const (
	MayView        Permission = "look"      // at orders, books and the log
	MayAnswer      Permission = "answer"    // customers: threads, a QR again, a note
	MayRepair      Permission = "mend"      // retry, close a case, compare the books
	MayRefund      Permission = "refund"    // an order's money back, and say that money came
	MayCredit      Permission = "credit"    // store credit
	MayManageESIMs Permission = "esims"     // suspend, resume, revoke, write an SMS, top up
	MayDiscount    Permission = "promo"     // promo codes
	MayCurate      Permission = "plans"     // hide, show, feature
	MayMessage     Permission = "message"   // write to a customer who did not ask
	MayBlock       Permission = "block"     // keep a customer from buying
	MayBroadcast   Permission = "broadcast" // write to many
	MayPrice       Permission = "price"     // what plans cost
	MayRunShop     Permission = "shop"      // pause, settings, the group's language
	MayExport      Permission = "export"    // files with everybody's data
	MayAssignRoles Permission = "roles"     // who is what
)

// permitted is who may what, on one page: the least of the roles that may.
var permitted = []struct {
	what  Permission
	least Role
}{
	{MayView, RoleSupport},
	{MayAnswer, RoleSupport},
	{MayRepair, RoleManager},
	{MayRefund, RoleManager},
	{MayCredit, RoleManager},
	{MayManageESIMs, RoleManager},
	{MayDiscount, RoleManager},
	{MayCurate, RoleManager},
	{MayMessage, RoleManager},
	{MayBlock, RoleManager},
	{MayBroadcast, RoleOwner},
	{MayPrice, RoleOwner},
	{MayRunShop, RoleOwner},
	{MayExport, RoleOwner},
	{MayAssignRoles, RoleOwner},
}

// Permissions lists all permissions, what everybody may first.
func Permissions() []Permission {
	all := make([]Permission, len(permitted))
	for i, p := range permitted {
		all[i] = p.what
	}
	return all
}

// LowestRole is the least of the roles that have a permission; RoleOwner of one that is not in the table.
func (p Permission) LowestRole() Role {
	for _, row := range permitted {
		if row.what == p {
			return row.least
		}
	}
	return RoleOwner
}

// May reports whether a role has a permission. No role, and one that nobody knows, have none; nobody has a permission
// that is not in the table.
func (r Role) May(p Permission) bool {
	rank := slices.Index(Roles(), r)
	return rank >= 0 && slices.Contains(Permissions(), p) && rank <= slices.Index(Roles(), p.LowestRole())
}
