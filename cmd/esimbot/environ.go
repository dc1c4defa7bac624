package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	"esimbot/cmd/esimbot/shop"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// environment reads variables and collects everything that is wrong with them.
type environment struct {
	lookup func(name string) string
	errs   []error
}

func (e *environment) fault(name, format string, args ...any) {
	e.errs = append(e.errs, fmt.Errorf("%s %s", name, fmt.Sprintf(format, args...)))
}

// text returns a variable, the content of the file it names, or its default.
func (e *environment) text(name, def string) string {
	v, path := e.lookup(name), e.lookup(name+"_FILE")
	switch {
	case v != "" && path != "":
		e.fault(name, "and %s_FILE are both set: only one may be", name)
	case path != "":
		b, err := os.ReadFile(path)
		if err != nil {
			e.fault(name+"_FILE", "cannot be read: %v", err)
			return def
		}
		v = strings.TrimSpace(string(b))
		if v == "" {
			e.fault(name+"_FILE", "names an empty file")
		}
	}
	if v == "" {
		return def
	}
	if inQuotes(v) {
		e.fault(name, "is in quotes: write the value without them")
		return def
	}
	if strings.HasPrefix(v, name+"=") {
		e.fault(name, "begins with its own name: write the value alone")
		return def
	}
	return v
}

func (e *environment) secret(name, what string, required bool) shop.Secret {
	v := e.text(name, "")
	if v == "" && required && e.lookup(name+"_FILE") == "" {
		e.fault(name, "is not set: %s", what)
	}
	return shop.Secret(v)
}

func (e *environment) address(name, def string) string {
	v := e.text(name, def)
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		e.fault(name, "is %q: it must look like https://host", v)
	} else if more(v, u) {
		e.fault(name, "must be an address without a user, a query and a fragment")
	} else if why := unreachable(v, u); why != "" {
		e.fault(name, "is %q: %s", v, why)
	} else if inTheOpen(u) {
		e.fault(name, "is %q: over http everybody on the way reads the token, it must begin with https://", v)
	}
	return strings.TrimRight(v, "/")
}

func (e *environment) integer(name string, def int64) int64 {
	v := e.text(name, strconv.FormatInt(def, 10))
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		e.fault(name, "is %q: it must be a whole number", v)
	}
	return n
}

// between reads a whole number within bounds.
func (e *environment) between(name string, def, low, high int64) int64 {
	before := len(e.errs)
	n := e.integer(name, def)
	if len(e.errs) == before && (n < low || n > high) {
		e.fault(name, "is %d: it must be between %d and %d", n, low, high)
	}
	return n
}

// decimal reads a number with at most four decimals as ten-thousandths.
func (e *environment) decimal(name, def string, low, high int64) int64 {
	v := e.text(name, def)
	n, err := parseDecimal4(v)
	if err != nil {
		e.fault(name, "is %q: it must be a number such as %s", v, def)
		return low
	}
	if n < low || n > high {
		e.fault(name, "is %s: it must be between %s and %s", v, plain4(low), plain4(high))
		return low
	}
	return n
}

// cents reads an amount of dollars as whole cents.
func (e *environment) cents(name, def string, high int64) int64 {
	n := e.decimal(name, def, 0, high)
	if n%100 != 0 {
		e.fault(name, "is %s: it must be whole cents", plain4(n))
	}
	return n / 100
}

func plain4(n int64) string { return strconv.FormatFloat(float64(n)/10_000, 'f', -1, 64) }

// parseDecimal4 reads "0.013" as 130. It never goes through a float.
func parseDecimal4(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) > 4 || strings.ContainsAny(frac, "+-") {
		return 0, fmt.Errorf("%q has more than four decimals", s)
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 4-len(frac)), 10, 64)
	if err != nil || whole == "" {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return n, nil
}

func (e *environment) oneOf(name, def string, allowed ...string) string {
	v := strings.ToLower(e.text(name, def))
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	e.fault(name, "is %q: it must be one of %s", v, strings.Join(allowed, ", "))
	return def
}

// public reads the address under which the world reaches the shop. Telegram and the
// vendor send to https only; http is for simulators on this machine.
func (e *environment) public(name string) string {
	v := e.text(name, "")
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		e.fault(name, "is not an address: it must look like https://shop.example.com")
	case more(v, u):
		e.fault(name, "must be an address without a user, a query and a fragment")
	case unreachable(v, u) != "":
		e.fault(name, "is %q: %s", v, unreachable(v, u))
	case u.Scheme == "http" && !loopback(u.Hostname()):
		e.fault(name, "is %q: Telegram and eSIM Access send to https only", v)
	case u.Scheme == "https" && athome(strings.ToLower(u.Hostname())):
		e.fault(name, "is %q: neither Telegram nor eSIM Access reaches an address of your own network", v)
	case u.Scheme == "https" && !strings.Contains(" 443 80 88 8443 ", " "+orElse(u.Port(), "443")+" "):
		e.fault(name, "is %q: Telegram sends to the ports 443, 80, 88 and 8443 only", v)
	}
	return strings.TrimRight(v, "/")
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func orElse(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// header reads the name of an HTTP header.
func (e *environment) header(name string) string {
	v := e.text(name, "")
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	// Host is the shop's own name in every request, whoever sent it.
	if strings.Trim(v, letters+"0123456789-_") != "" || v != "" && !strings.ContainsAny(v, letters) || strings.EqualFold(v, "Host") {
		e.fault(name, "is %q: it must be the name of a header such as Fly-Client-IP", v)
	}
	return v
}

// senders reads a comma list of addresses.
func (e *environment) senders(name string) []netip.Addr {
	var out []netip.Addr
	list := e.text(name, "")
	if list != "" && strings.Trim(list, ", ") == "" {
		e.fault(name, "is %q: there is no address in it", list)
	}
	for v := range strings.SplitSeq(list, ",") {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		ip, err := netip.ParseAddr(v)
		if err != nil || ip.Zone() != "" || ip.IsUnspecified() {
			e.fault(name, "has %q: it must be a comma list of addresses such as 3.1.131.226", v)
			continue
		}
		out = append(out, ip.Unmap())
	}
	return out
}

// countryNotes are the program's, and the operator's over them.
func (e *environment) countryNotes(name string) countrynotes.Notes {
	notes := countrynotes.BuiltIn()
	v := e.text(name, "")
	if v == "" {
		return notes
	}
	notes, err := notes.With([]byte(v), i18n.Fallback)
	if err != nil {
		e.fault(name, "cannot be taken: %v", err)
	}
	return notes
}
