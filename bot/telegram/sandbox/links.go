package sandbox

import (
	"net/url"
	"strings"
)

// A linkError says what is wrong with a link, in Telegram's words.
type linkError string

func (e linkError) Error() string { return string(e) }

const (
	errWrongURL linkError = "Wrong HTTP URL"
	errProtocol linkError = "Unsupported URL protocol"
)

// checkLink accepts what Telegram accepts as the target of a link or a button and
// returns it as Telegram would store it: with a scheme, a lower-case host and a path.
func checkLink(link string) (string, error) {
	link = strings.TrimSpace(link)
	scheme, rest, ok := strings.Cut(link, "://")
	if !ok {
		if s, after, has := strings.Cut(link, ":"); has && isTelegramScheme(s) {
			scheme, rest = s, after
		} else {
			scheme, rest = "http", link
		}
	}
	scheme = strings.ToLower(scheme)
	if isTelegramScheme(scheme) {
		if rest == "" {
			return "", errWrongURL
		}
		return scheme + "://" + rest, nil
	}
	if scheme != "http" && scheme != "https" {
		return "", errProtocol
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || !validHost(u.Hostname()) {
		return "", errWrongURL
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		return scheme + "://" + strings.ToLower(rest) + "/", nil
	}
	host, tail := strings.ToLower(rest[:end]), rest[end:]
	if tail[0] != '/' {
		tail = "/" + tail
	}
	return scheme + "://" + host + tail, nil
}

func isTelegramScheme(s string) bool {
	s = strings.ToLower(s)
	return s == "tg" || s == "ton" || s == "tonsite"
}

// validHost wants a dot: Telegram does not link to localhost or to plain words.
func validHost(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || dot == len(host)-1 || strings.Contains(host, "..") {
		return false
	}
	for _, r := range host {
		if r < 0x80 && !isAlnum(byte(r)) && r != '-' && r != '.' && r != '_' {
			return false
		}
	}
	return true
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
