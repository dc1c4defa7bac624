package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/robfig/cron/v3"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// This file refuses values that can be read and would be useless or dangerous later.

// inQuotes reports whether a value carries the quotes of the file it came from: docker's
// --env-file and systemd's credentials hand them on as they stand.
func inQuotes(v string) bool {
	return len(v) > 1 && strings.ContainsRune(quotes, rune(v[0])) && v[0] == v[len(v)-1]
}

const quotes = `"'` + "`"

// unseen reports whether a rune leaves no trace on a screen: a break, a mark of byte order, a space without width.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// more reports whether an address has parts that would be cut off or sent on: a lone ? or # is one, too.
func more(v string, u *url.URL) bool {
	return u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(v, "?#")
}

// unreachable says why nothing can ever be reached under an address; "": something may be.
func unreachable(v string, u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	port, number := strconv.ParseUint(u.Port(), 10, 16)
	name := strings.TrimSuffix(host, ".")
	switch {
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || unseen(r) }):
		return "there is a space in it, or a character that cannot be seen"
	case u.Port() == "" && strings.HasSuffix(u.Host, ":"), u.Port() != "" && (number != nil || port == 0):
		return "behind the colon stands a port from 1 to 65535"
	case err == nil && (ip.IsUnspecified() || ip.IsMulticast() || ip.Zone() != ""):
		return "that address is of no machine"
	case err != nil && (strings.Trim(name, "0123456789.") == "" || strings.HasPrefix(name, "0x")):
		return "write a number as four numbers with dots, such as 203.0.113.9" // else 134744072 is a name of one's own network
	case err != nil && (strings.HasPrefix(name, ".") || strings.Contains(name, "..") || strings.ContainsAny(name, "*,;<>\"'()%$")):
		return "that is no name of a machine"
	}
	return ""
}

// carrier is the network behind which providers put many customers: nobody reaches one of them.
var carrier = netip.MustParsePrefix("100.64.0.0/10")

// athome reports whether a host is one that the world does not reach.
func athome(host string) bool {
	ip, err := netip.ParseAddr(host)
	return nearby(host) || err == nil && carrier.Contains(ip)
}

// listen reads the address of a port of this machine.
func (e *environment) listen(name, def string) string {
	v := e.text(name, def)
	if v == "" {
		return ""
	}
	host, port, err := net.SplitHostPort(v)
	if _, number := strconv.ParseUint(port, 10, 16); err != nil || number != nil {
		e.fault(name, "is %q: it must look like :8080 or 127.0.0.1:8080, with a port up to 65535", v)
	} else if _, err := netip.ParseAddr(host); host != "" && host != "localhost" && err != nil {
		e.fault(name, "is %q: before the port stands an address of this machine, or nothing", v)
	}
	return v
}

// nearby reports whether a host is on this machine or in a network of one's own, where
// http harms nobody: an address, a name without a dot (a container), or of a local zone.
func nearby(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	for _, zone := range []string{".internal", ".local", ".lan", ".home.arpa", ".localhost", ".test"} {
		if strings.HasSuffix(host, zone) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}

// inTheOpen reports whether an address would send token and access code over the world in
// the clear.
func inTheOpen(u *url.URL) bool { return u.Scheme == "http" && !nearby(strings.ToLower(u.Hostname())) }

// leastSweep is how often the usage sweep may come at most: the vendor's figures move once
// in hours, and a sweep takes a share of its eight calls a second.
const leastSweep = 10 * time.Second

// sweep reads the schedule of the usage sweep.
func (e *environment) sweep(name, def string) string {
	v := e.text(name, def)
	schedule, err := parseSchedule(v)
	if err != nil {
		e.fault(name, "is %q: it must be a cron expression such as @every 30m", v)
		return v
	}
	at := schedule.Next(time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC))
	if at.IsZero() {
		e.fault(name, "is %q: that never comes", v)
		return v
	}
	for range 100 { // a list such as 0,1 * * * * has its shortest step somewhere in the hour
		next := schedule.Next(at)
		switch {
		case next.IsZero():
			e.fault(name, "is %q: that never comes", v)
			return v
		case next.Sub(at) < leastSweep:
			e.fault(name, "is %q: it may come once in %s at most", v, leastSweep)
			return v
		}
		at = next
	}
	return v
}

// parseSchedule is cron's own parser without its panics ("TZ=UTC" alone is one).
func parseSchedule(spec string) (s cron.Schedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("schedule %q: %v", spec, p)
		}
	}()
	return cron.ParseStandard(spec)
}

// linkBase reads what links to the bot begin with. Apps open only https links, and know Telegram's own hosts;
// another host has to lead on to the bot by itself.
func (e *environment) linkBase(name, def string) string {
	v := strings.TrimRight(e.text(name, def), "/")
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || athome(strings.ToLower(u.Hostname())) || !more(v, u) && unreachable(v, u) != "":
		e.fault(name, "is %q: it must look like https://t.me or https://telegram.me", v)
	case more(v, u):
		e.fault(name, "must be an address without a user, a query and a fragment")
	case len(v) > longestLinkBase:
		e.fault(name, "is longer than %d characters: the links would not fit buttons", longestLinkBase)
	}
	return v
}

// longestLinkBase leaves room for the bot's name and a start parameter in what a button can copy (256).
const longestLinkBase = 100

// group reads the number of the staff group: those of groups are negative.
func (e *environment) group(name string) int64 {
	n := e.integer(name, 0)
	if n > 0 {
		e.fault(name, "is %d: that is a person, and the number of a group begins with a minus; esimbot setup --group finds it", n)
	}
	return n
}

// database reads the path of the database. SQLite would take more than a path: a database in
// memory forgets every sale with the process.
func (e *environment) database(name, def string) string {
	v := e.text(name, def)
	switch info, err := os.Stat(v); {
	case strings.Contains(v, ":memory:") || strings.Contains(v, "mode=memory"):
		e.fault(name, "is %q: that forgets every sale when the program ends, it must be a file", v)
	case strings.HasPrefix(strings.ToLower(v), "file:") || strings.ContainsAny(v, "?#"):
		e.fault(name, "is %q: it must be the plain path of a file, without file: and options", v)
	case v != strings.TrimSpace(v) || strings.ContainsFunc(v, unseen):
		e.fault(name, "is %q: there is a space or a line break at its end, or a character that cannot be seen", v)
	case v != strings.Trim(v, quotes):
		e.fault(name, "is %q: there is a quote at one end", v)
	case strings.HasPrefix(v, "~") || strings.Contains(v, "$"):
		e.fault(name, "is %q: nothing puts in here what a shell would, write the whole path", v)
	case strings.Contains(v, "://"):
		e.fault(name, "is %q: it must be the plain path of a file on this machine", v)
	case strings.HasSuffix(v, "-wal") || strings.HasSuffix(v, "-shm") || strings.HasSuffix(v, "-journal"):
		e.fault(name, "is %q: that is a file which SQLite puts beside a database", v)
	case strings.HasSuffix(v, "/") || err == nil && info.IsDir():
		e.fault(name, "is %q: that is a folder, it must be a file such as %s", v, path.Join(v, def))
	case err == nil && !info.Mode().IsRegular():
		e.fault(name, "is %q: that is no file that keeps what is written", v)
	}
	return v
}

// folder reads the path of a folder that is there.
func (e *environment) folder(name string) string {
	v := e.text(name, "")
	if v == "" {
		return ""
	}
	if info, err := os.Stat(v); err != nil {
		e.fault(name, "is %q: %v; make the folder, or mount it", v, errors.Unwrap(err))
	} else if !info.IsDir() {
		e.fault(name, "is %q: that is no folder", v)
	}
	return v
}

// credential is a secret that travels in a header, where nothing but printable characters can
// stand.
func (e *environment) credential(name, what string, required bool) shop.Secret {
	v := e.secret(name, what, required)
	if strings.ContainsFunc(string(v), func(r rune) bool { return r <= ' ' || r > '~' }) {
		e.fault(name, "has spaces or characters that cannot be sent: copy it again")
	} else if left := strings.Trim(string(v), quotes); left != string(v) || strings.HasPrefix(left, "${") || strings.HasPrefix(left, "<") {
		e.fault(name, "has a quote at one end, or is what stands in its place in an example: copy it again")
	}
	return v
}

// zone reads a time zone by its IANA name.
func (e *environment) zone(name, def string) *time.Location {
	v := e.text(name, def)
	zone, err := time.LoadLocation(v)
	if err != nil || v == "Local" {
		e.fault(name, "is %q: it must be the name of a time zone such as Europe/Berlin", v)
		return time.UTC
	}
	return zone
}

// reportTime reads an hour of the day, or "off".
func (e *environment) reportTime(name, def string) esim.ReportTime {
	v := strings.ToLower(e.text(name, def))
	if v == "off" {
		return esim.ReportTime{}
	}
	hour, err := strconv.Atoi(v)
	if err != nil || hour < 0 || hour > 23 {
		e.fault(name, "is %q: it must be an hour from 0 to 23, or off", v)
	}
	return esim.ReportTime{On: true, Hour: hour}
}
