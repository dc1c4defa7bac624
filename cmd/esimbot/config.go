package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/robfig/cron/v3"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
)

// A Secret never appears in logs or error messages.
type Secret string

// String hides the secret.
func (Secret) String() string { return "[secret]" }

// GoString hides the secret.
func (Secret) GoString() string { return "[secret]" }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// Config is everything the environment says. Every variable NAME may be given as
// NAME_FILE too, the path of a file that holds the value.
type Config struct {
	TelegramToken Secret
	TelegramAPI   string
	AccessCode    Secret
	AccessSecret  Secret
	VendorAPI     string
	StaffChat     int64
	Database      string
	Listen        string
	Pricing       esim.Pricing
	BalanceFloor  esim.Money // USD4
	UsagePoll     string     // cron expression
	LogLevel      slog.Level
	LogFormat     string // "json" or "text"
}

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
	return v
}

func (e *environment) secret(name, what string, required bool) Secret {
	v := e.text(name, "")
	if v == "" && required && e.lookup(name+"_FILE") == "" {
		e.fault(name, "is not set: %s", what)
	}
	return Secret(v)
}

func (e *environment) address(name, def string) string {
	v := e.text(name, def)
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		e.fault(name, "is %q: it must look like https://host", v)
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

// LoadConfig reads the environment and reports everything that is wrong with it at once.
func LoadConfig(lookup func(name string) string) (Config, error) {
	e := &environment{lookup: lookup}
	cfg := Config{
		TelegramToken: e.secret("TELEGRAM_TOKEN", "BotFather gives it, https://t.me/BotFather", true),
		TelegramAPI:   e.address("TELEGRAM_API", telegram.DefaultBaseURL),
		AccessCode:    e.secret("ESIM_ACCESS_CODE", "the eSIM Access console shows it under Account", true),
		AccessSecret:  e.secret("ESIM_ACCESS_SECRET", "", false),
		VendorAPI:     e.address("ESIM_ACCESS_API", esimaccess.DefaultBaseURL),
		StaffChat:     e.integer("ADMIN_CHAT_ID", 0),
		Database:      e.text("DATABASE", "esimbot.db"),
		Listen:        e.text("LISTEN", ":8080"),
		Pricing: esim.Pricing{
			StarValue: esim.Wholesale(e.decimal("STARS_USD", "0.013", 1, 10_000)),
			MarkupBP:  e.decimal("MARKUP_PERCENT", "40", 0, 10_000_000) / 100,
			MinProfit: esim.Wholesale(e.decimal("MIN_PROFIT_USD", "0.50", 0, 1_000_000)).Cents(),
			MaxStars:  e.integer("MAX_STARS", 10_000),
		},
		BalanceFloor: esim.Wholesale(e.decimal("BALANCE_FLOOR_USD", "20", 0, 1_000_000_000)),
		UsagePoll:    e.text("USAGE_POLL", "@every 30m"),
		LogFormat:    e.oneOf("LOG_FORMAT", "json", "json", "text"),
	}
	if cfg.TelegramToken != "" && !telegramToken(string(cfg.TelegramToken)) {
		e.fault("TELEGRAM_TOKEN", "does not look like a token: digits, a colon, letters")
	}
	if _, err := cron.ParseStandard(cfg.UsagePoll); err != nil {
		e.fault("USAGE_POLL", "is %q: it must be a cron expression such as @every 30m", cfg.UsagePoll)
	}
	if err := cfg.LogLevel.UnmarshalText([]byte(e.text("LOG_LEVEL", "info"))); err != nil {
		e.fault("LOG_LEVEL", "must be one of debug, info, warn, error")
	}
	e.notYet()
	return cfg, errors.Join(e.errs...)
}

// notYet refuses settings that this version would silently not obey.
func (e *environment) notYet() {
	if v := e.text("PAYMENTS", "stars"); v != "stars" {
		e.fault("PAYMENTS", "is %q: this version takes Telegram Stars only", v)
	}
	if e.text("PUBLIC_URL", "") != "" {
		e.fault("PUBLIC_URL", "is set: this version polls and has no webhooks")
	}
}

func telegramToken(s string) bool {
	id, key, ok := strings.Cut(s, ":")
	if _, err := strconv.ParseUint(id, 10, 64); !ok || err != nil || len(key) < 20 {
		return false
	}
	return strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// NewLogger returns the program's log, which redacts tokens and activation codes
// wherever they might turn up.
func (c Config) NewLogger() *slog.Logger {
	opts := &slog.HandlerOptions{Level: c.LogLevel, ReplaceAttr: telegram.RedactAttr}
	if c.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(os.Stderr, opts))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, opts))
}
