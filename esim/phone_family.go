package esim

import (
	"slices"
	"strings"
	"unicode"
)

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

// familyNames are what the makes and models of phones begin with, in lower case, as people type them.
var familyNames = map[string]PhoneFamily{
	"iphone": FamilyIPhone, "айфон": FamilyIPhone, "pixel": FamilyPixel, "пиксель": FamilyPixel,
	"samsung": FamilySamsung, "galaxy": FamilySamsung, "самсунг": FamilySamsung,
	"xiaomi": FamilyXiaomi, "redmi": FamilyXiaomi, "poco": FamilyXiaomi, "сяоми": FamilyXiaomi, "ксиаоми": FamilyXiaomi, "редми": FamilyXiaomi,
	"oppo": FamilyOppo, "oneplus": FamilyOppo, "realme": FamilyOppo, "huawei": FamilyHuawei, "honor": FamilyHuawei, "хуавей": FamilyHuawei, "хонор": FamilyHuawei,
	"motorola": FamilyOther, "xperia": FamilyOther, "nokia": FamilyOther,
	"ايفون": FamilyIPhone, "آيفون": FamilyIPhone, "الايفون": FamilyIPhone, "سامسونج": FamilySamsung, "سامسونغ": FamilySamsung, "شاومي": FamilyXiaomi, "هواوي": FamilyHuawei,
	"आईफोन": FamilyIPhone, "आईफ़ोन": FamilyIPhone, "सैमसंग": FamilySamsung, "शाओमी": FamilyXiaomi,
	"айфона": FamilyIPhone, "айфону": FamilyIPhone, "айфоне": FamilyIPhone, "айфоні": FamilyIPhone, "самсунга": FamilySamsung, "самсунге": FamilySamsung,
}

// unspacedNames are those of scripts that do without spaces.
var unspacedNames = map[string]PhoneFamily{
	"苹果": FamilyIPhone, "蘋果": FamilyIPhone, "アイフォン": FamilyIPhone, "아이폰": FamilyIPhone, "三星": FamilySamsung, "갤럭시": FamilySamsung,
	"小米": FamilyXiaomi, "红米": FamilyXiaomi, "华为": FamilyHuawei, "華為": FamilyHuawei, "荣耀": FamilyHuawei,
}

// modelWords stand in the names of models beside the make and numbers ("iPhone 13 Pro Max", "Galaxy Z Fold 6").
var modelWords = []string{
	"my", "мой", "apple", "google", // what follows names a model by itself
	"air", "edge", "fe", "flip", "fold", "lite", "max", "mini", "note", "plus", "pro", "se", "turbo", "ultra", "xr", "xs", "z",
}

// shortModelWords are the first of modelWords, that name no model by themselves.
const shortModelWords = 4

// PhoneFamilyNamed is the family of a text that is the name of a phone ("Pixel 3a", "iPhone 13 mini") and
// nothing else; false: it is something else.
func PhoneFamilyNamed(text string) (family PhoneFamily, named bool) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if f, ok := familyNames[strings.TrimRight(w, "0123456789")]; ok {
			if !named {
				family, named = f, true
			}
		} else if !slices.Contains(modelWords, w) && !strings.ContainsAny(w, "0123456789") {
			return "", false
		}
	}
	return family, named
}

// PhoneModelIn is the family of a model that is named somewhere in a text ("does it run on an iPhone 12?"): its make,
// and a number or a word of its name; false: there is none.
func PhoneModelIn(text string) (family PhoneFamily, named bool) {
	model := strings.ContainsFunc(text, unicode.IsDigit)
	text = strings.ToLower(text)
	for w := range strings.FieldsFuncSeq(text, func(c rune) bool { return !unicode.In(c, unicode.Letter, unicode.Mark, unicode.Digit) }) {
		if f, ok := familyNames[strings.TrimRightFunc(w, unicode.IsDigit)]; ok && !named {
			family, named = f, true
		}
		model = model || slices.Contains(modelWords[shortModelWords:], w)
	}
	for name, f := range unspacedNames {
		if !named && strings.Contains(text, name) {
			family, named = f, true
		}
	}
	if !named || !model {
		return "", false
	}
	return family, true
}

// An InstallWay is a way to put an eSIM on a phone.
type InstallWay string

// The ways. Their values stand in buttons.
const (
	InstallByLink   InstallWay = "link"   // a link that opens the phone's own installer
	InstallByPhoto  InstallWay = "photo"  // the QR picture, saved on the same phone
	InstallByScreen InstallWay = "screen" // the QR picture on another screen
	InstallByCodes  InstallWay = "codes"  // typed or pasted
)

// InstallWays are the ways that exist on phones of this family, the quickest first. What we know, from
// public sources as they stood on 2026-11-29:
//
//   - By link. Apple's is its own. Of Google's there is no page by Google; those who use it say: Android 10
//     or newer with current Google services, opened by Chrome (pub.dev, esim_universal_installer 1.0.0); sure on
//     Pixel, Samsung and Oppo, less so on Xiaomi (a comment in an eSIM shop's published source), so that
//     Xiaomi has it after the picture. Huawei's phones of today have no Google services; of Honor, which
//     has them, nothing was found, so that both have no such card.
//   - By a saved picture. Huawei: "Select from Gallery" in the scanner (consumer.huawei.com, support page
//     15769080). Pixel: "Use photo instead" in the scanner (sim-finder.com, guide "Manual code"; nothing by
//     Google was found). Of Samsung, Xiaomi and Oppo no page of the maker was found, nor one that holds for
//     all other makes: the card says what to look for, and where to go on if it is not there.
//   - By another screen and by codes: every installer has both.
func (f PhoneFamily) InstallWays() []InstallWay {
	switch f {
	case FamilyXiaomi:
		return []InstallWay{InstallByPhoto, InstallByLink, InstallByScreen, InstallByCodes}
	case FamilyHuawei:
		return []InstallWay{InstallByPhoto, InstallByScreen, InstallByCodes}
	}
	return []InstallWay{InstallByLink, InstallByPhoto, InstallByScreen, InstallByCodes}
}
