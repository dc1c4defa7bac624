package esim

import (
	"slices"
	"testing"
)

// TestEveryFamilyHasAWay by another screen, and on the same phone by the saved picture and by codes, and never
// one twice.
func TestEveryFamilyHasAWay(t *testing.T) {
	for _, f := range PhoneFamilies() {
		ways := f.InstallWays()
		if !f.Known() || !slices.Contains(ways, InstallByScreen) || !slices.Contains(ways, InstallByPhoto) || !slices.Contains(ways, InstallByCodes) {
			t.Errorf("%s can be installed by %v", f, ways)
		}
		if slices.Sort(ways); len(slices.Compact(slices.Clone(ways))) != len(ways) {
			t.Errorf("%s has a way twice: %v", f, ways)
		}
	}
	if PhoneFamily("").Known() || PhoneFamily("nokia").Known() {
		t.Error("what is no family is known")
	}
}
