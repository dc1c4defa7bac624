package telegram

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// secrets finds bot tokens and activation codes, plain or percent-encoded. There is no
// \b in front: in /bot123:AA… the token follows a letter.
var secrets = regexp.MustCompile(`\d{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{30,}|(?i:LPA(?::|%3A)1(?:\$|%24))[^\s"]+`)

// iccids finds the numbers of SIM cards: 18 to 20 digits of which the first two are 89. No \b here either.
var iccids = regexp.MustCompile(`89\d{16,18}`)

// Redact replaces bot tokens, activation codes (LPA:1$…) and, but for their last four digits, ICCIDs in s.
func Redact(s string) string {
	if strings.ContainsAny(s, ":%") {
		s = redactSecrets(s)
	}
	if strings.Contains(s, "89") {
		s = iccids.ReplaceAllStringFunc(s, func(found string) string { return "[ICCID …" + found[len(found)-4:] + "]" })
	}
	return s
}

func redactSecrets(s string) string {
	return secrets.ReplaceAllStringFunc(s, func(found string) string {
		if found[0] >= '0' && found[0] <= '9' {
			return "[token]"
		}
		return "[activation code]"
	})
}

// RedactAttr is a ReplaceAttr for slog.HandlerOptions. It redacts messages, strings,
// errors and whatever else prints as text, in groups too.
func RedactAttr(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		if s, ok := changed(a.Value.String()); ok {
			a.Value = slog.StringValue(s)
		}
	case slog.KindAny:
		if s, ok := redactAny(a.Value.Any()); ok {
			a.Value = slog.StringValue(s)
		}
	}
	return a
}

// redactAny looks at the forms in which a handler might write v.
func redactAny(v any) (string, bool) {
	switch v := v.(type) {
	case nil, *slog.Source:
		return "", false
	case []byte:
		return changed(string(v))
	case json.RawMessage:
		return changed(string(v))
	case error:
		return changed(fmt.Sprint(v)) // unlike v.Error() it survives a nil pointer
	}
	// Both: %+v does not follow pointers inside v and stops at a String method, and JSON
	// does not show private fields.
	if s, ok := changed(fmt.Sprintf("%+v", v)); ok {
		return s, true
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", false
	}
	return changed(string(b))
}

// changed returns s redacted, and whether there was anything to redact.
func changed(s string) (string, bool) {
	r := Redact(s)
	return r, r != s
}

// redact also knows the client's own token, whatever its length.
func (c *Client) redact(s string) string {
	return Redact(strings.ReplaceAll(s, c.token, "[token]"))
}

var tame sync.Once

// tameLibrary replaces the library's logger, which writes to standard error and, with
// the token in full, whatever goes wrong. The library has one for the whole process.
func tameLibrary(log *slog.Logger) {
	tame.Do(func() { _ = tgbotapi.SetLogger(libraryLog{log}) }) // it fails on nil only
}

type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Println(v ...any) {
	l.log.Debug("telegram library", "text", Redact(strings.TrimSpace(fmt.Sprintln(v...))))
}

func (l libraryLog) Printf(format string, v ...any) {
	l.log.Debug("telegram library", "text", Redact(strings.TrimSpace(fmt.Sprintf(format, v...))))
}
