package esim

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// activationForm is the form that every phone reads: an address and a matching id and, where
// they say something, the OID of the server and whether a confirmation code is asked for.
//
// Source: GSMA SGP.22 v2.5, section 4.1.
var activationForm = regexp.MustCompile(`^LPA:1\$[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:[0-9]{1,5})?\$[A-Za-z0-9._~+/=-]{1,255}(\$[0-9.]*(\$1?)?)?$`)

// Drawable reports whether the code has the form that phones read, and so can be drawn as a
// QR picture and put into install links. Any other is the vendor's text, to be sent as such.
func (c ActivationCode) Drawable() bool { return activationForm.MatchString(string(c)) }

// NormalCode makes an activation code of what the vendor wrote. Harmless forms become the
// one that phones read: without "LPA:" or with it in another case, with spaces, with empty
// fields at the end, with escaped dollar signs or percent signs, within the address of a page
// or an install link. Anything else is kept as it came, every byte of it, and is not Drawable.
func NormalCode(raw string) ActivationCode {
	if c := ActivationCode(raw); c.Drawable() && !strings.HasSuffix(raw, "$") {
		return c
	}
	s := unescapeCode(raw)
	if inside, ok := codeInURL(s); ok {
		s = unescapeCode(inside)
	}
	if code := plainCode(s); code.Drawable() {
		return code
	}
	return ActivationCode(raw)
}

// unescapeCode removes what no code has: spaces, invisible characters, quotes around it,
// backslashes, and percent-encoding, which may have been done twice.
func unescapeCode(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\\' {
			return -1
		}
		return r
	}, s)
	for range 2 {
		plain, err := url.PathUnescape(s)
		if err != nil || plain == s {
			break
		}
		s = plain
	}
	return strings.Trim(s, `"'<>`)
}

// codeInURL takes the code out of an address: the value of a parameter, as in Apple's and
// Android's install links, or what follows a "#".
func codeInURL(s string) (string, bool) {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		return "", false
	}
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '?' || r == '&' || r == '#' })
	for _, p := range parts[min(1, len(parts)):] {
		if _, value, named := strings.Cut(p, "="); named && plainCode(value).Drawable() {
			return value, true
		}
		if plainCode(p).Drawable() {
			return p, true
		}
	}
	return "", false
}

// plainCode writes the prefix as it should be and drops empty fields at the end. What is
// too far from a code comes back in a form that is not Drawable.
func plainCode(s string) ActivationCode {
	const prefix = "LPA:"
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		s = s[len(prefix):]
	}
	return ActivationCode(prefix + strings.TrimRight(s, "$"))
}
