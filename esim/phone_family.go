package esim

import "slices"

// A PhoneFamily is a make of phones on which an eSIM is installed the same way.
type PhoneFamily string

// The families. Their values are stored and stand in buttons.
const (
	FamilyIPhone  PhoneFamily = "iphone"
	FamilyPixel   PhoneFamily = "pixel"
	FamilySamsung PhoneFamily = "samsung"
	FamilyXiaomi  PhoneFamily = "xiaomi" // Redmi and Poco too
	FamilyOppo    PhoneFamily = "oppo"   // OnePlus and Realme too
	FamilyHuawei  PhoneFamily = "huawei" // Honor too
	FamilyOther   PhoneFamily = "other"
)

// PhoneFamilies lists all families, the most usual first.
func PhoneFamilies() []PhoneFamily {
	return []PhoneFamily{FamilyIPhone, FamilyPixel, FamilySamsung, FamilyXiaomi, FamilyOppo, FamilyHuawei, FamilyOther}
}

// Known reports whether f is one of the families.
func (f PhoneFamily) Known() bool { return slices.Contains(PhoneFamilies(), f) }

// An InstallWay is a way to put an eSIM on a phone.
type InstallWay string

// The ways. Their values stand in buttons.
const (
	InstallByLink   InstallWay = "link"   // a link that opens the phone's own installer
	InstallByPhoto  InstallWay = "photo"  // the QR picture, saved on the same phone
	InstallByScreen InstallWay = "screen" // the QR picture on another screen
	InstallByCodes  InstallWay = "codes"  // typed or pasted
)

// InstallWays are the ways that exist on phones of this family, the quickest first. Links open
// Apple's installer, or Google's where a phone has it; Pixels have no way to read a saved picture
// while they add an eSIM, and Huawei's and Honor's installers know no links.
func (f PhoneFamily) InstallWays() []InstallWay {
	switch f {
	case FamilyIPhone, FamilySamsung:
		return []InstallWay{InstallByLink, InstallByPhoto, InstallByScreen, InstallByCodes}
	case FamilyPixel, FamilyOther:
		return []InstallWay{InstallByLink, InstallByScreen, InstallByCodes}
	}
	return []InstallWay{InstallByPhoto, InstallByScreen, InstallByCodes}
}
