package sandbox

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// A linkError says what is wrong with a link, in Telegram's words.
type linkError string

func (e linkError) Error() string { return string(e) }

const (
	errWrongURL  linkError = "Wrong HTTP URL"
	errWrongTg   linkError = "Wrong tg URL"
	errProtocol  linkError = "Unsupported URL protocol"
	errPort      linkError = "Wrong port number specified in the URL"
	errEmptyHost linkError = "URL host is empty"
	errTgHost    linkError = "Unallowed characters in URL host"
	errIPv6      linkError = "Wrong IPv6 address specified in the URL"
	errHost      linkError = "Disallowed character in URL host"
)

// checkLink accepts what Telegram accepts as the target of a link or a button and
// returns it as Telegram would store it: with a scheme, a lower-case host and a path.
//
// Source: https://github.com/tdlib/td (LinkManager::check_link, parse_url; read 2026-11).
func checkLink(link string) (string, error) {
	link = strings.TrimSpace(link)
	own, rest := "", link
	for _, scheme := range []string{"tg", "ton", "tonsite"} {
		if after, ok := cutFold(link, scheme+":"); ok {
			own, rest = scheme, strings.TrimPrefix(after, "//")
		}
	}
	u, err := parseLink(rest)
	switch {
	case err != nil:
		return "", err
	case own != "":
		if u.https || u.schemed || u.user || u.port != "" {
			return "", errWrongTg
		}
		if strings.Trim(u.host, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" && own != "tonsite" {
			return "", errTgHost
		}
		if strings.HasPrefix(u.query, "/?") {
			u.query = u.query[1:]
		}
		return own + "://" + u.host + u.query, nil
	case !validHost(u.name) && u.name[0] != '[':
		return "", errWrongURL
	}
	scheme := "http"
	if u.https {
		scheme = "https"
	}
	return scheme + "://" + u.host + u.port + u.query, nil
}

type parsedLink struct {
	https, schemed, user bool
	host, name, port     string // host with the user's part, name without; port with its colon
	query                string // from the path on, never empty
}

func parseLink(text string) (u parsedLink, err error) {
	if scheme, rest, ok := strings.Cut(text, "://"); ok && !strings.Contains(scheme, ":") && !strings.ContainsAny(scheme, "/?#") {
		switch strings.ToLower(scheme) {
		case "http":
		case "https":
			u.https = true
		default:
			return u, errProtocol
		}
		u.schemed, text = true, rest
	}
	end := strings.IndexAny(text, "/?#")
	if end < 0 {
		end = len(text)
	}
	u.host, u.query = text[:end], strings.TrimRight(text[end:], " \t\r\n\v")
	if i := strings.LastIndexAny(u.host, ":]@"); i > 0 && u.host[i] == ':' {
		n, err := strconv.ParseUint(u.host[i+1:], 10, 32)
		if err != nil || n == 0 || n > 65535 {
			return u, errPort
		}
		u.host, u.port = u.host[:i], ":"+strconv.FormatUint(n, 10)
	}
	at := strings.LastIndexByte(u.host, '@')
	u.user = at >= 0
	u.name = strings.ToLower(u.host[at+1:])
	u.host = u.host[:at+1] + u.name
	switch {
	case u.name == "":
		return u, errEmptyHost
	case strings.HasPrefix(u.name, "["):
		if ip := strings.Trim(u.name, "[]"); len(ip) != len(u.name)-2 || net.ParseIP(ip) == nil {
			return u, errIPv6
		}
	case strings.ContainsAny(u.name, " \t\r\n\"<>\\^`{|}#/?@[]"):
		return u, errHost
	}
	if u.query == "" || u.query[0] != '/' {
		u.query = "/" + u.query
	}
	u.query = escapeBlanks(u.query)
	return u, nil
}

// escapeBlanks writes spaces and control characters of a path as %20 and the like.
func escapeBlanks(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c <= ' ' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// cutFold is strings.CutPrefix without a difference between capitals and small letters.
func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// validHost wants a dot: Telegram does not link to localhost or to plain words.
func validHost(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && dot < len(host)-1 && !strings.Contains(host, "..")
}

// appLink returns X of tg://resolve?domain=<username>&start=X, which only an app opens.
func appLink(link, username string) (start string, ok bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "tg" || u.Host != "resolve" || !strings.EqualFold(u.Query().Get("domain"), username) {
		return "", false
	}
	return u.Query().Get("start"), true
}

// deepLink returns X of https://t.me/<username>?start=X.
func deepLink(link, username string) (start string, ok bool) {
	u, err := url.Parse(link)
	if err != nil || u.Host != "t.me" && u.Host != "telegram.me" {
		return "", false
	}
	if !strings.EqualFold(strings.Trim(u.Path, "/"), username) || !u.Query().Has("start") {
		return "", false
	}
	return u.Query().Get("start"), true
}
