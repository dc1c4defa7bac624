package sandbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// emailAddress is Telegram's own expression.
var emailAddress = regexp.MustCompile(`(?i)^([a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}@(([a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}$`)

// findAddresses finds links and e-mail addresses: around each dot the domain, before it what may stand there, behind
// it port and path.
func findAddresses(text string) (out []detected) {
	for i := 0; i < len(text); {
		dot := strings.IndexByte(text[i:], '.')
		own := strings.Index(text[i:], "://")
		if own >= 0 && (dot < 0 || own < dot) { // tg://resolve?domain=x has no dot
			if d, ok := ownLink(text, i+own); ok {
				out = append(out, d)
				i = d.to
				continue
			}
		}
		if dot < 0 {
			return out
		}
		d, next := addressAround(text, i, i+dot)
		if d.to > 0 {
			out = append(out, d)
		}
		i = next
	}
	return out
}

// ownLink is a link with one of Telegram's own schemes.
func ownLink(text string, colon int) (detected, bool) {
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		from := colon - len(scheme)
		if from < 0 || !strings.EqualFold(text[from:colon], scheme) || isWord(before(text, from)) {
			continue
		}
		end := colon + len("://")
		to := names(text, end)
		for scheme == "tonsite" && to < len(text) {
			r, n := utf8.DecodeRuneInString(text[to:])
			if !isDomain(r) {
				break
			}
			to += n
		}
		if to > end {
			return detected{"url", from, pathEnd(text, to)}, true
		}
	}
	return detected{}, false
}

func isDomain(r rune) bool {
	if r < 0x80 {
		return r == '.' || r == '-' || r == '_' || r != 0 && isAlnum(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.IsSymbol(r)
}

// isUser says what may stand before the @ of a link or an address.
func isUser(r rune) bool {
	return isDomain(r) || r == '+' || r == ':' || r == '%' || r == '~' || r == '!' || r == '$' || r == '&' || r == '='
}

// addressAround returns the address to which the dot belongs, or none, and where to look on.
func addressAround(text string, least, dot int) (detected, int) {
	from, to := dot, dot
	for from > least {
		r, n := utf8.DecodeLastRuneInString(text[least:from])
		if !isDomain(r) {
			break
		}
		from -= n
	}
	for to < len(text) {
		r, n := utf8.DecodeRuneInString(text[to:])
		if !isDomain(r) {
			break
		}
		to += n
	}
	next := max(to, dot+1)
	if to < len(text) && text[to] == '@' { // the dot stands in a user's part
		return addressAfter(text, from, to, next)
	}
	user := from
	if from > least && text[from-1] == '@' {
		user = from - 1
		for user > least {
			r, n := utf8.DecodeLastRuneInString(text[least:user])
			if !isUser(r) {
				break
			}
			user -= n
		}
	}
	return addressIn(text, user, from, to, next)
}

func addressAfter(text string, user, at, next int) (detected, int) {
	to := at + 1
	for to < len(text) {
		r, n := utf8.DecodeRuneInString(text[to:])
		if !isDomain(r) {
			break
		}
		to += n
	}
	if to == at+1 {
		return detected{}, next
	}
	return addressIn(text, user, at+1, to, to)
}

// addressIn checks an address whose user's part begins at user (from if there is none) and whose domain is from…to.
func addressIn(text string, user, from, to, next int) (detected, int) {
	for to > from && strings.IndexByte(".-_", text[to-1]) >= 0 {
		to--
	}
	bare := user == from
	for bare && from < to && strings.IndexByte(".-", text[from]) >= 0 {
		from++
		user = from
	}
	domain, schemed := text[from:to], false
	begin := user
	if at := strings.TrimSuffix(text[:user], "://"); len(at) < user {
		scheme := len(at)
		for scheme > 0 && (isAlnum(text[scheme-1]) || text[scheme-1] == '+' || text[scheme-1] == '-') {
			scheme--
		}
		known := ""
		for _, s := range []string{"http", "https", "ftp"} {
			if name := strings.ToLower(at[scheme:]); strings.HasSuffix(name, s) && !slices.Contains([]string{"shttp", "sftp", "tftp"}, name) {
				known = s
			}
		}
		if known == "" {
			return detected{}, next
		}
		begin, schemed = len(at)-len(known), true
	} else if r := before(text, begin); r == '@' || r == '/' || isWord(r) || r == '#' && bare {
		return detected{}, next
	}
	if mail := user + strings.LastIndexByte(text[user:from], ':') + 1; !bare && !schemed && emailAddress.MatchString(text[mail:to]) {
		return detected{"email", mail, to}, next
	}
	if !linked(domain, schemed) || !bare && !schemed && strings.Contains(text[user:from], ":") {
		return detected{}, next
	}
	if end, ok := portEnd(text, to); ok {
		to = end
	}
	to = pathEnd(text, to)
	return detected{"url", begin, to}, max(next, to)
}

func portEnd(text string, i int) (end int, ok bool) {
	if i >= len(text) || text[i] != ':' {
		return i, false
	}
	end = i + 1
	for end < len(text) && isDigit(text[end]) {
		end++
	}
	n, err := strconv.Atoi(text[i+1 : end])
	return end, err == nil && n > 0 && n <= 65535
}

// pathEnd is where a path, query or fragment that begins at i ends: brackets in pairs, no full stop at the end.
func pathEnd(text string, i int) int {
	if i >= len(text) || strings.IndexByte("/?#", text[i]) < 0 {
		return i
	}
	end := i
	var open [3]int
scan:
	for end < len(text) {
		r, n := utf8.DecodeRuneInString(text[end:])
		if r <= ' ' || strings.ContainsRune("<>\"«»\u00a0", r) || r >= 0x2000 && r <= 0x206f && r != 0x200c && r != 0x200d || r == 0x3000 {
			break
		}
		if k := strings.IndexRune("([{", r); k >= 0 {
			open[k]++
		}
		if k := strings.IndexRune(")]}", r); k >= 0 {
			if open[k]--; open[k] < 0 {
				break scan
			}
		}
		end += n
	}
	for end > i+1 && strings.IndexByte(".:;,('?!`", text[end-1]) >= 0 {
		end--
	}
	if end == i+1 && text[i] != '/' {
		return i // a lone question mark belongs to the sentence
	}
	return end
}

// linked reports whether Telegram takes a domain for one.
func linked(domain string, schemed bool) bool {
	parts := strings.Split(domain, ".")
	if len(parts) < 2 || strings.EqualFold(domain, "teiegram.org") {
		return false
	}
	four, digits := len(parts) == 4, true
	for _, p := range parts {
		if p == "" || len(p) >= 64 || p[len(p)-1] == '-' {
			return false
		}
		n, err := strconv.Atoi(p)
		digits = digits && err == nil
		four = four && err == nil && len(p) <= 3 && n <= 255
	}
	top, second := parts[len(parts)-1], parts[len(parts)-2]
	switch {
	case four:
		return true
	case digits, utf8.RuneCountInString(top) < 2:
		return false
	case strings.HasPrefix(strings.ToLower(top), "xn--"):
		return len(top) > 5
	case strings.Contains(top, "_") || strings.Contains(second, "_"):
		return false
	}
	return schemed || commonTop(top)
}

// commonTop reports whether a word is a top-level domain people write without a scheme. "End.Now" is two sentences.
func commonTop(top string) bool {
	small := strings.ToLower(top)
	if small != top && strings.HasPrefix(small[1:], top[1:]) {
		return false
	}
	return strings.Contains(commonTops, " "+small+" ")
}
