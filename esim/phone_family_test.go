package esim

import (
	"slices"
	"testing"
)

// TestEveryFamilyHasAWay by another screen, and on the same phone by the saved picture and by codes, and never
// one twice.
func TestEveryFamilyHasAWay(t *testing.T) {
	t.Parallel()
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

func TestPhoneModelIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]PhoneFamily{
		"does it run on an iphone 12?": FamilyIPhone, "funktioniert das mit Samsung S21?": FamilySamsung, "يشتغل على ايفون ١٣؟": FamilyIPhone,
		"苹果12能用吗": FamilyIPhone, "सैमसंग s22 पर चलेगा": FamilySamsung, "sirve para xiaomi redmi note": FamilyXiaomi,
		"my iphone is broken": "", "is it for my apple": "", "12 apples": "", "": "",
	} {
		if got, named := PhoneModelIn(text); got != want || named != (want != "") {
			t.Errorf("%q: %q, %t; want %q", text, got, named, want)
		}
	}
}

func TestPhoneFamilyNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]PhoneFamily{
		"iPhone 13 mini": FamilyIPhone, "my iphone15": FamilyIPhone, "Айфон 14": FamilyIPhone, "Google Pixel 3a": FamilyPixel,
		"Samsung Galaxy Z Fold 6": FamilySamsung, "Redmi Note 8": FamilyXiaomi, "OnePlus 12": FamilyOppo, "honor 200": FamilyHuawei,
		"my iphone is broken": "", "iphone does not connect": "", "Japan": "", "13 mini": "", "galaxy of Japan": "", "": "",
	} {
		if got, named := PhoneFamilyNamed(text); got != want || named != (want != "") {
			t.Errorf("%q: %q, %t; want %q", text, got, named, want)
		}
	}
}
