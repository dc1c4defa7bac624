package esim_test

import (
	"slices"
	"testing"

	"esimbot/esim"
)

// TestWhoMayWhat is the table of staff_role.go, written down a second time by role: a right that moves is seen here.
func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	support := []esim.Permission{esim.MayView, esim.MayAnswer}
	manager := append(slices.Clone(support), esim.MayRepair, esim.MayRefund, esim.MayCredit, esim.MayManageESIMs, esim.MayDiscount, esim.MayCurate, esim.MayMessage, esim.MayBlock)
	for role, want := range map[esim.Role][]esim.Permission{
		esim.RoleSupport: support, esim.RoleManager: manager, esim.RoleOwner: esim.Permissions(), "": nil, "admin": nil,
	} {
		for _, p := range append(esim.Permissions(), "", "nosuch") {
			if got := role.May(p); got != slices.Contains(want, p) {
				t.Errorf("%q may %q: %t", role, p, got)
			}
		}
	}
}
