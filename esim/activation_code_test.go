package esim

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

const plain = "LPA:1$rsp-eu.simlessly.com$9D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10"

// harmless are the forms in which a code was seen, or may well come.
var harmless = map[string]string{
	"as it should be":          plain,
	"no prefix":                "1$rsp-eu.simlessly.com$9D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"lower case":               "lpa:1$rsp-eu.simlessly.com$9D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"mixed case":               "Lpa:1$rsp-eu.simlessly.com$9D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"spaces around":            " \t" + plain + "\r\n",
	"spaces inside":            "LPA: 1$ rsp-eu.simlessly.com $9D5E4C8F 7A6B4E2D 8C1F0A3B 5D7E9F10",
	"a no-break space":         plain + "\u00a0",
	"a zero-width space":       "\u200b" + plain,
	"a byte order mark":        "\ufeff" + plain,
	"an empty field":           plain + "$",
	"two empty fields":         plain + "$$",
	"escaped dollars":          strings.ReplaceAll(plain, "$", `\$`),
	"percent signs":            strings.ReplaceAll(plain, "$", "%24"),
	"all percent-encoded":      "LPA%3A1%24rsp-eu.simlessly.com%249D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"percent-encoded twice":    "LPA%253A1%2524rsp-eu.simlessly.com%25249D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"in quotes":                `"` + plain + `"`,
	"Apple's link":             "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + plain,
	"Apple's link, encoded":    "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + strings.NewReplacer("$", "%24", ":", "%3A").Replace(plain),
	"Android's link":           "https://esimsetup.android.com/esim_qrcode_provisioning?carddata=" + plain,
	"a link with more":         "https://shop.example/install?lang=en&lpa=" + plain + "&utm_source=mail#top",
	"a link, no prefix in it":  "https://shop.example/install?code=1%24rsp-eu.simlessly.com%249D5E4C8F7A6B4E2D8C1F0A3B5D7E9F10",
	"behind a hash":            "https://shop.example/#" + plain,
	"escaped for HTML":         strings.ReplaceAll(plain, "$", "&#36;"),
	"escaped for JSON":         strings.ReplaceAll(plain, "$", `\u0024`),
	"as wide as an ideograph":  strings.NewReplacer("$", "\uff04", ":", "\uff1a").Replace(plain),
	"its prefix twice":         "LPA:" + plain,
	"a lone scheme":            "https://" + plain,
	"a lone scheme, no prefix": "HTTP://" + strings.TrimPrefix(plain, "LPA:"),
	"the prefix as a scheme":   "lpa://" + strings.TrimPrefix(plain, "LPA:"),
	"the end of a path":        "https://shop.example/qr/" + strings.ReplaceAll(plain, "$", "%24"),
	"a scheme in the address":  strings.Replace(plain, "$rsp", "$https://rsp", 1),
	"a slash at the address":   strings.Replace(plain, ".com$", ".com/$", 1),
	"a dot at the address":     strings.Replace(plain, ".com$", ".com.$", 1),
	"no confirmation asked":    plain + "$$0",
	"in brackets":              "(" + plain + "),",
	"in printers' quotes":      "\u201c" + plain + "\u201d",
	"behind a label":           "Activation code: " + plain,
	"escaped for HTML twice":   strings.ReplaceAll(plain, "$", "&amp;#036;"),
	"wide letters":             "\uff2c\uff30\uff21" + strings.TrimPrefix(plain, "LPA"),
	"hyphens of a printer":     strings.ReplaceAll(plain, "-", "\u2011"),
}

func TestHarmlessFormsOfACodeBecomeTheOneThatPhonesRead(t *testing.T) {
	t.Parallel()
	for name, raw := range harmless {
		if got := NormalCode(raw); got.Reveal() != plain || !got.Drawable() {
			t.Errorf("%s: %q, drawable %v", name, got.Reveal(), got.Drawable())
		}
		if host, id := NormalCode(raw).Split(); host != "rsp-eu.simlessly.com" || id == "" {
			t.Errorf("%s: splits into %q and %q", name, host, id)
		}
	}
	for _, same := range []string{ // what says something stays
		plain + "$1.3.6.1.4.1.31746",
		plain + "$1.3.6.1.4.1.31746$1",
		plain + "$$1",
		"LPA:1$smdp.example:8443$A-B_C.d",
	} {
		if got := NormalCode(same); got.Reveal() != same || !got.Drawable() {
			t.Errorf("%q became %q, drawable %v", same, got.Reveal(), got.Drawable())
		}
	}
}

func TestAnyOtherCodeIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", " ", "$", "$$$", "LPA:", "LPA:1", "LPA:1$", "LPA:1$$", "LPA:1$host", "LPA:1$host$", "1$host$$",
		"LPA:2$host$id",                                     // another version of the format
		"LPA:1$ho st!$id", "LPA:1$höst$id", "LPA:1$host$иd", // not what a phone reads
		"https://p.qrsim.net/0123456789abcdef", "https://p.qrsim.net/0123456789abcdef.png",
		plain + " valid 180 days", plain + "\nsee the mail", // its last words would be taken for its end
		plain + "\n" + plain, "eSIM 1: " + plain + " eSIM 2: " + plain,
		"SM-DP+ rsp-eu.simlessly.com, code 9D5E4C8F", "8943108170000000000", "\xff\xfe", "%zz", "LPA:1$host$%zz",
	} {
		if got := NormalCode(raw); got.Reveal() != raw || got.Drawable() {
			t.Errorf("%q became %q, drawable %v", raw, got.Reveal(), got.Drawable())
		}
	}
}

// drawableForm is the form of SGP.22 that Drawable reads by hand.
var drawableForm = regexp.MustCompile(`^LPA:1\$[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:[0-9]{1,5})?\$[A-Za-z0-9._~+/=-]{1,255}(\$[0-9.]*(\$1?)?)?$`)

func TestDrawableIsTheForm(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{
		"LPA:1$", "LPA:1", "$", "$", "h", "rsp.host-a.com", ".", "-", ":", ":1", ":65535", ":123456", "$1", "$2", "1.3.6", "é", "\xff",
		"\n", " ", "/", "_~+=", strings.Repeat("a", 250), strings.Repeat("b", 251),
	}
	seen := map[bool]int{}
	for range 200_000 {
		code := pieces[0] + "h" // mostly, so that some are drawable
		for range rng.IntN(7) {
			code += pieces[rng.IntN(len(pieces))]
		}
		if rng.IntN(8) == 0 {
			code = code[rng.IntN(8):]
		}
		want := drawableForm.MatchString(code)
		if got := ActivationCode(code).Drawable(); got != want {
			t.Fatalf("%q: drawable %v, want %v", code, got, want)
		}
		seen[want]++
	}
	if seen[true] < 1000 || seen[false] < 1000 {
		t.Errorf("only %v of each", seen)
	}
}

func FuzzNormalCode(f *testing.F) {
	for _, raw := range harmless {
		f.Add(raw)
	}
	f.Add("https://a?b=&c=LPA:1$h$i$%24%24")
	f.Add("https://h/LPA:1$https://h/$A/B$$0")
	f.Add(`\%5c24`)
	f.Fuzz(func(t *testing.T, raw string) {
		got := NormalCode(raw)
		if again := NormalCode(got.Reveal()); again != got {
			t.Errorf("%q became %q and then %q", raw, got.Reveal(), again.Reveal())
		}
		if !got.Drawable() && got.Reveal() != raw {
			t.Errorf("%q became %q, which cannot be drawn", raw, got.Reveal())
		}
		if got.Drawable() {
			if host, id := got.Split(); host == "" || id == "" {
				t.Errorf("%q has no address or id", got.Reveal())
			}
		}
	})
}
