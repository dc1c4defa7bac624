package main

import (
	"errors"
	"net"
	"strconv"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/i18n"
)

// LoadConfig reads the environment and reports everything that is wrong with it at once.
// Every variable NAME may be given as NAME_FILE too, the path of a file that holds the value.
func LoadConfig(lookup func(name string) string) (shop.Config, error) {
	e := &environment{lookup: lookup}
	cfg := shop.Config{
		TelegramToken: e.secret("TELEGRAM_TOKEN", "BotFather gives it, https://t.me/BotFather", true),
		TelegramAPI:   e.address("TELEGRAM_API", telegram.DefaultBaseURL),
		AccessCode:    e.credential("ESIM_ACCESS_CODE", "the eSIM Access console shows it under Account", true),
		AccessSecret:  e.credential("ESIM_ACCESS_SECRET", "", false),
		VendorAPI:     e.address("ESIM_ACCESS_API", esimaccess.DefaultBaseURL),
		StaffChat:     e.group("ADMIN_CHAT_ID"),
		Database:      e.database("DATABASE", "esimbot.db"),
		Listen:        e.listen("LISTEN", ":8080"),
		Pricing: esim.Pricing{
			StarValue: esim.USDTenThousandths(e.decimal("STARS_USD", "0.013", 1, 10_000)),
			StarCost:  esim.USDTenThousandths(e.decimal("STAR_COSTS_USD", "0.02", 0, 10_000)),
			MarkupBP:  e.decimal("MARKUP_PERCENT", "40", 0, 10_000_000) / 100,
			MinProfit: esim.USDTenThousandths(e.decimal("MIN_PROFIT_USD", "0.50", 0, 1_000_000)).Cents(),
			MinPrice:  esim.USDTenThousandths(e.decimal("MIN_PRICE_USD", "0", 0, 10_000_000)).Cents(),
			Rounding:  e.rounding("PRICE_ROUNDING", "off"),
			MaxStars:  e.between("MAX_STARS", 10_000, 1, 1_000_000),
		},
		BalanceFloor: esim.USDTenThousandths(e.decimal("BALANCE_FLOOR_USD", "20", 0, 1_000_000_000)),
		UsagePoll:    e.sweep("USAGE_POLL", "@every 30m"),
		Report:       e.reportTime("REPORT_HOUR", "9"),
		Zone:         e.zone("SHOP_ZONE", "UTC"),
		RefundUnused: e.oneOf("REFUND_UNUSED", "on", "on", "off") == "on",
		LogFormat:    e.oneOf("LOG_FORMAT", "json", "json", "text"),

		PublicURL:     e.public("PUBLIC_URL"),
		ProxyHeader:   e.header("TRUST_PROXY_HEADER"),
		VendorFrom:    e.senders("VENDOR_WEBHOOK_FROM"),
		MetricsListen: e.listen("METRICS_LISTEN", ""),
		Pprof:         e.oneOf("PPROF", "off", "on", "off") == "on",
	}
	cfg.BackupDir, cfg.BackupKeep = e.folder("BACKUP_DIR"), int(e.between("BACKUP_KEEP", 14, 1, 1000))
	cfg.ApprovalAbove = esim.USDCents(e.cents("APPROVAL_ABOVE_USD", "50", 1_000_000_000))
	cfg.NoPromos = e.oneOf("PROMO_CODES", "on", "on", "off") == "off"
	cfg.WithdrawalDays = int(e.between("WITHDRAWAL_DAYS", 14, 0, 365))
	cfg.LinkBase = e.linkBase("LINK_BASE", "https://t.me")
	cfg.CountryNotes = e.countryNotes("COUNTRY_NOTES")
	cfg.ManualText = e.operatorText("MANUAL_PAYMENT_TEXT", manualPlaceholders)
	cfg.LegalTexts = i18n.LegalTexts{Terms: e.ownText("TERMS"), Privacy: e.ownText("PRIVACY"), PaySupport: e.ownText("PAYSUPPORT")}
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
	level := e.text("LOG_LEVEL", "info") // slog would take warn+1000 too, which silences all
	if err := cfg.LogLevel.UnmarshalText([]byte(level)); err != nil || strings.ContainsAny(level, "+-") {
		e.fault("LOG_LEVEL", "must be one of debug, info, warn, error")
	}
	if _, port, err := net.SplitHostPort(cfg.MetricsListen); err == nil && port != "0" && strings.HasSuffix(cfg.Listen, ":"+port) {
		e.fault("METRICS_LISTEN", "is %q: LISTEN has that port already", cfg.MetricsListen)
	}
	if cfg.Pprof && cfg.MetricsListen == "" {
		e.fault("PPROF", "needs METRICS_LISTEN: profiles are served there, where nobody but the operator comes")
	}
	if p := cfg.Pricing; p.StarCost.Minor > 0 && p.StarValue.Minor > p.StarCost.Minor {
		e.fault("STARS_USD", "is %s: a Star is worth no more to you than it costs a customer (STAR_COSTS_USD, %s)", plain4(p.StarValue.Minor), plain4(p.StarCost.Minor))
	}
	return cfg, errors.Join(e.errs...)
}

func telegramToken(s string) bool {
	id, key, ok := strings.Cut(s, ":")
	if n, err := strconv.ParseInt(id, 10, 64); !ok || err != nil || n <= 0 || id[0] == '+' || len(key) < 20 {
		return false
	}
	return strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
