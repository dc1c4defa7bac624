package esim

import (
	"net/url"
	"strings"
	"unicode"
)

// Drawable reports whether the code has the form that every phone reads, and so can be drawn as a
// QR picture and put into install links: an address and a matching id and, where they say something,
// the OID of the server and whether a confirmation code is asked for. Any other is the vendor's text,
// to be sent as such. Each comparison with the vendor asks it of each eSIM, so it is no regular
// expression; the tests have the one that it stands for.
//
// Source: GSMA SGP.22 v2.5, section 4.1.
func (c ActivationCode) Drawable() bool {
	rest, ok := strings.CutPrefix(string(c), "LPA:1$")
	address, rest, more := strings.Cut(rest, "$")
	host, port, named := strings.Cut(address, ":")
	if !ok || !more || named && (len(port) == 0 || len(port) > 5 || !consistsOf(port, isDigit)) {
		return false
	}
	if len(host) == 0 || len(host) > 254 || !consistsOf(host, isHost) || !isAlphanumeric(host[0]) || !isAlphanumeric(host[len(host)-1]) {
		return false
	}
	id, rest, _ := strings.Cut(rest, "$")
	oid, asks, _ := strings.Cut(rest, "$")
	return len(id) > 0 && len(id) <= 255 && consistsOf(id, isMatchingID) &&
		consistsOf(oid, func(b byte) bool { return isDigit(b) || b == '.' }) && (asks == "" || asks == "1")
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isAlphanumeric(b byte) bool {
	return isDigit(b) || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func isHost(b byte) bool { return isAlphanumeric(b) || b == '.' || b == '-' }

func isMatchingID(b byte) bool { return isAlphanumeric(b) || strings.IndexByte("._~+/=-", b) >= 0 }

func consistsOf(s string, of func(byte) bool) bool {
	for i := range len(s) {
		if !of(s[i]) {
			return false
		}
	}
	return true
}

// NormalCode makes an activation code of what the vendor wrote. Harmless forms become the
// one that phones read: without "LPA:" or with it in another case, with spaces, with empty
// fields at the end, with escaped dollar signs or percent signs, within the address of a page
// or an install link, behind a lone "https://" or a label, in brackets. Anything else is kept as it
// came, every byte of it, and is not Drawable.
func NormalCode(raw string) ActivationCode {
	if c := ActivationCode(raw); c.Drawable() && !strings.HasSuffix(raw, "$") {
		return c
	}
	if wordsBehind(raw) {
		return ActivationCode(raw)
	}
	s := unescapeCode(raw)
	if inside, ok := codeInURL(s); ok {
		s = unescapeCode(inside)
	}
	if code := plainCode(s); code.Drawable() {
		return code
	}
	if i := strings.Index(strings.ToUpper(s), "LPA:1$"); i > 0 && len(s) == len(strings.ToUpper(s)) { // behind a label
		if code := plainCode(s[i:]); code.Drawable() {
			return code
		}
	}
	return ActivationCode(raw)
}

// wordsBehind reports whether words follow a code: without the space between them they would pass for its end.
func wordsBehind(raw string) bool {
	isUpper := func(r rune) bool { return 'A' <= r && r <= 'Z' }
	isLower := func(r rune) bool { return 'a' <= r && r <= 'z' }
	upper, lower := false, false
	for _, piece := range strings.Fields(raw[strings.LastIndexByte(raw, '$')+1:]) {
		u, l := strings.ContainsFunc(piece, isUpper), strings.ContainsFunc(piece, isLower)
		upper, lower = upper || u && !l, lower || l
	}
	return upper && lower
}

// otherSigns are other ways to write the two signs of a code: escaped for HTML or JSON, or as wide as an ideograph.
var otherSigns = strings.NewReplacer(
	"&#36;", "$", "&#036;", "$", "&#x24;", "$", "&#X24;", "$", "&dollar;", "$", `\u0024`, "$", `\x24`, "$", "\ufe69", "$",
	"&#58;", ":", "&#058;", ":", "&#x3a;", ":", "&#x3A;", ":", "&colon;", ":", `\u003a`, ":", `\u003A`, ":",
	"\u2010", "-", "\u2011", "-", "\u2212", "-", "\ufe63", "-",
)

// around is what stands around a code in a sentence, and never at its ends.
const around = `"'<>()[]{},;` + "`\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb"

// unescapeCode removes what no code has: spaces, invisible characters, quotes around it,
// backslashes, and percent-encoding, which may have been done twice.
func unescapeCode(s string) string {
	s = otherSigns.Replace(strings.ReplaceAll(s, "&amp;", "&"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\\' {
			return -1
		}
		if '\uff01' <= r && r <= '\uff5e' { // as wide as an ideograph
			return r - '\uff01' + '!'
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
	return strings.Trim(s, around)
}

// codeInURL takes the code out of an address: the value of a parameter, as in Apple's and
// Android's install links, what follows a "#", the end of its path, or all of it.
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
	for ok = len(parts) > 0; ok; _, rest, ok = strings.Cut(rest, "/") { // a code may have a slash
		if plainCode(rest).Drawable() {
			return rest, true
		}
	}
	return "", false
}

// plainCode writes the prefix as it should be and drops empty fields at the end. What is
// too far from a code comes back in a form that is not Drawable.
func plainCode(s string) ActivationCode {
	const prefix = "LPA:"
	for len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		s = s[len(prefix):]
	}
	fields := strings.Split(strings.TrimRight(s, "$"), "$")
	if len(fields) == 5 && fields[4] == "0" { // no confirmation code is asked for
		fields[4] = ""
	}
	if len(fields) > 1 {
		address := fields[1]
		for _, scheme := range []string{"https://", "http://"} {
			if len(address) > len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
				address = address[len(scheme):]
			}
		}
		fields[1] = strings.TrimRight(address, "/.")
	}
	return ActivationCode(prefix + strings.TrimRight(strings.Join(fields, "$"), "$"))
}
