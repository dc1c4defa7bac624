package main

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"strconv"
	"strings"

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

	Payments         []esim.PaymentMethod // in the order of the buttons; at least one
	ProviderToken    Secret
	ProviderCurrency esim.Currency
	ProviderRate     int64      // ten-thousandths of ProviderCurrency for one US dollar
	ProviderFeeBP    int64      // what the provider keeps, in hundredths of a percent
	MaxLoss          esim.Money // USD: the most an order may lose when the wholesale price moved after payment
	// What one customer may order within 24 hours, against stolen cards and slips.
	PersonDailyOrders int
	PersonDailyUSD    esim.Money // USD

	// PublicURL is where the world reaches LISTEN, without a slash at its end; with it
	// Telegram and the vendor send by themselves. "": the shop polls.
	PublicURL string
	// PollTelegram polls Telegram in spite of PublicURL: the sandbox's address is none
	// that the real Telegram could reach.
	PollTelegram bool
	// ProxyHeader is the header in which a proxy in front of us, and only it, names the
	// sender, as Fly-Client-IP. With it only VendorFrom may post as the vendor.
	ProxyHeader string
	VendorFrom  []netip.Addr // default: the addresses the vendor has published
	// MetricsListen serves /metrics and the whole of /healthz where LISTEN is public:
	// behind a proxy every sender looks private. "": none.
	MetricsListen string
}

// hooked reports whether Telegram sends updates by itself.
func (c Config) hooked() bool { return c.PublicURL != "" && !c.PollTelegram }

// LoadConfig reads the environment and reports everything that is wrong with it at once.
func LoadConfig(lookup func(name string) string) (Config, error) {
	e := &environment{lookup: lookup}
	cfg := Config{
		TelegramToken: e.secret("TELEGRAM_TOKEN", "BotFather gives it, https://t.me/BotFather", true),
		TelegramAPI:   e.address("TELEGRAM_API", telegram.DefaultBaseURL),
		AccessCode:    e.secret("ESIM_ACCESS_CODE", "the eSIM Access console shows it under Account", true),
		AccessSecret:  e.secret("ESIM_ACCESS_SECRET", "", false),
		VendorAPI:     e.address("ESIM_ACCESS_API", esimaccess.DefaultBaseURL),
		StaffChat:     e.group("ADMIN_CHAT_ID"),
		Database:      e.text("DATABASE", "esimbot.db"),
		Listen:        e.listen("LISTEN", ":8080"),
		Pricing: esim.Pricing{
			StarValue: esim.Wholesale(e.decimal("STARS_USD", "0.013", 1, 10_000)),
			MarkupBP:  e.decimal("MARKUP_PERCENT", "40", 0, 10_000_000) / 100,
			MinProfit: esim.Wholesale(e.decimal("MIN_PROFIT_USD", "0.50", 0, 1_000_000)).Cents(),
			MaxStars:  e.between("MAX_STARS", 10_000, 1, 1_000_000),
		},
		BalanceFloor: esim.Wholesale(e.decimal("BALANCE_FLOOR_USD", "20", 0, 1_000_000_000)),
		UsagePoll:    e.sweep("USAGE_POLL", "@every 30m"),
		LogFormat:    e.oneOf("LOG_FORMAT", "json", "json", "text"),

		PublicURL:     e.public("PUBLIC_URL"),
		ProxyHeader:   e.header("TRUST_PROXY_HEADER"),
		VendorFrom:    e.senders("VENDOR_WEBHOOK_FROM"),
		MetricsListen: e.listen("METRICS_LISTEN", ""),
	}
	e.payments(&cfg)
	if len(cfg.VendorFrom) > 0 && cfg.ProxyHeader == "" {
		e.fault("VENDOR_WEBHOOK_FROM", "needs TRUST_PROXY_HEADER: without it senders are not looked at")
	}
	if len(cfg.VendorFrom) == 0 {
		cfg.VendorFrom = esimaccess.VendorAddresses
	}
	if cfg.TelegramToken != "" && !telegramToken(string(cfg.TelegramToken)) {
		e.fault("TELEGRAM_TOKEN", "does not look like a token: digits, a colon, letters")
	}
	if err := cfg.LogLevel.UnmarshalText([]byte(e.text("LOG_LEVEL", "info"))); err != nil {
		e.fault("LOG_LEVEL", "must be one of debug, info, warn, error")
	}
	return cfg, errors.Join(e.errs...)
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
