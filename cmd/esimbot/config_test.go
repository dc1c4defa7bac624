package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/i18n"
)

const someToken = "123456:AAEhBOweik6ad9r_-QXy1234567890abcde"

func environ(more map[string]string) func(string) string {
	env := map[string]string{"TELEGRAM_TOKEN": someToken, "ESIM_ACCESS_CODE": "code-1234"}
	for k, v := range more {
		env[k] = v
	}
	return func(name string) string { return env[name] }
}

func TestConfigHasTheDefaultsOfThePage(t *testing.T) {
	cfg, err := LoadConfig(environ(nil))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		name      string
		got, want any
	}
	for _, r := range []row{
		{"TELEGRAM_API", cfg.TelegramAPI, "https://api.telegram.org"},
		{"ESIM_ACCESS_API", cfg.VendorAPI, "https://api.esimaccess.com"},
		{"DATABASE", cfg.Database, "esimbot.db"},
		{"LISTEN", cfg.Listen, ":8080"},
		{"BACKUP_DIR", cfg.BackupDir, ""},
		{"BACKUP_KEEP", cfg.BackupKeep, 14},
		{"STARS_USD", cfg.Pricing.StarValue, esim.USDTenThousandths(130)},
		{"STAR_COSTS_USD", cfg.Pricing.StarCost, esim.USDTenThousandths(200)},
		{"MARKUP_PERCENT", cfg.Pricing.MarkupBP, int64(4000)},
		{"MIN_PROFIT_USD", cfg.Pricing.MinProfit, esim.USDTenThousandths(5000).Cents()},
		{"MIN_PRICE_USD", cfg.Pricing.MinPrice, esim.USDCents(0)},
		{"PRICE_ROUNDING", cfg.Pricing.Rounding, esim.Rounding{}},
		{"PROMO_CODES", cfg.NoPromos, false},
		{"MAX_STARS", cfg.Pricing.MaxStars, int64(10_000)},
		{"BALANCE_FLOOR_USD", cfg.BalanceFloor, esim.USDTenThousandths(200_000)},
		{"USAGE_POLL", cfg.UsagePoll, "@every 30m"},
		{"ADMIN_CHAT_ID", cfg.StaffChat, int64(0)},
		{"REPORT_HOUR", cfg.Report, esim.ReportTime{On: true, Hour: 9}},
		{"SHOP_ZONE", cfg.Zone.String(), "UTC"},
		{"LINK_BASE", cfg.LinkBase, "https://t.me"},
		{"LOG_LEVEL", cfg.LogLevel, slog.LevelInfo},
		{"LOG_FORMAT", cfg.LogFormat, "json"},
		{"REFUND_UNUSED", cfg.RefundUnused, true},
		{"APPROVAL_ABOVE_USD", cfg.ApprovalAbove, esim.USDCents(50_00)},
		{"WITHDRAWAL_DAYS", cfg.WithdrawalDays, 14},
		{"PAYMENTS", fmt.Sprint(cfg.Payments), "[stars]"},
		{"PROVIDER_CURRENCY", cfg.ProviderCurrency, esim.USD},
		{"PROVIDER_RATE", cfg.ProviderRate, int64(10_000)},
		{"PROVIDER_FEE_PERCENT", cfg.ProviderFeeBP, int64(0)},
		{"MAX_LOSS_USD", cfg.MaxLoss, esim.USDCents(0)},
		{"REFERRAL_CREDIT_USD", cfg.ReferralCredit, esim.USDCents(0)},
		{"RESCUE_CREDIT_USD", cfg.MaxEmergencyTopUp, esim.USDCents(0)},
		{"PERSON_DAILY_ORDERS", cfg.CustomerDailyOrders, 20},
		{"PERSON_DAILY_USD", cfg.CustomerDailyUSD, esim.USDCents(500_00)},
		{"PUBLIC_URL", cfg.PublicURL, ""},
		{"TRUST_PROXY_HEADER", cfg.ProxyHeader, ""},
		{"VENDOR_WEBHOOK_FROM", fmt.Sprint(cfg.VendorFrom), fmt.Sprint(esimaccess.VendorAddresses)},
		{"METRICS_LISTEN", cfg.MetricsListen, ""},
		{"PPROF", cfg.Pprof, false},
	} {
		if r.got != r.want {
			t.Errorf("%s defaults to %v, want %v", r.name, r.got, r.want)
		}
	}
}

func TestConfigRefuses(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, variable, value, words string }{
		{"a missing token", "TELEGRAM_TOKEN", "", "is not set"},
		{"a token without a colon", "TELEGRAM_TOKEN", "abcdef", "does not look like a token"},
		{"a token with a space", "TELEGRAM_TOKEN", someToken + " x", "does not look like a token"},
		{"a missing access code", "ESIM_ACCESS_CODE", "", "is not set"},
		{"a link base without a scheme", "LINK_BASE", "t.me", "https://t.me"},
		{"a link base in the open", "LINK_BASE", "http://t.me", "https://t.me"},
		{"a link base with a query", "LINK_BASE", "https://t.me?x=1", "without a user, a query"},
		{"a link base of this machine", "LINK_BASE", "https://localhost", "https://t.me"},
		{"a link base that fills the buttons", "LINK_BASE", "https://t.me/" + strings.Repeat("x", 100), "longer than 100"},
		{"an address without a scheme", "TELEGRAM_API", "api.telegram.org", "https://host"},
		{"an address of another scheme", "ESIM_ACCESS_API", "ftp://x", "https://host"},
		{"an address with a password", "TELEGRAM_API", "https://user:pw@example.com", "without a user"},
		{"an address with a query", "ESIM_ACCESS_API", "https://example.com?x=1", "without a user"},
		{"a code with a space", "ESIM_ACCESS_CODE", "code 1234", "copy it again"},
		{"a secret with a letter of another script", "ESIM_ACCESS_SECRET", "sесret", "copy it again"},
		{"a database in memory", "DATABASE", ":memory:", "forgets every sale"},
		{"a database in memory by its options", "DATABASE", "file:x?mode=memory", "forgets every sale"},
		{"a database with options", "DATABASE", "file:x.db?mode=ro", "plain path"},
		{"a folder for a database", "DATABASE", dir, "that is a folder"},
		{"a database with half its quotes", "DATABASE", `"shop.db`, "a quote at one end"},
		{"a database behind a mark of byte order", "DATABASE", "\ufeffshop.db", "cannot be seen"},
		{"a database before a space without width", "DATABASE", "shop.db\u200b", "cannot be seen"},
		{"a database behind its name", "DATABASE", "DATABASE=shop.db", "its own name"},
		{"a number behind its name", "MAX_STARS", "MAX_STARS=10", "its own name"},
		{"an address before a space without width", "TELEGRAM_API", "https://api.telegram.org\u200b", "cannot be seen"},
		{"a public address before a space without width", "PUBLIC_URL", "https://shop.example.com\u200b", "cannot be seen"},
		{"a link base before a space without width", "LINK_BASE", "https://t.me\u200b", "https://t.me"},
		{"a code with half its quotes", "ESIM_ACCESS_CODE", `code-1234"`, "copy it again"},
		{"a code that nobody put in", "ESIM_ACCESS_CODE", "${CODE}", "copy it again"},
		{"a secret of an example", "ESIM_ACCESS_SECRET", "<your-secret>", "copy it again"},
		{"a provider's token with half its quotes", "PROVIDER_TOKEN", `'284685063:TEST:abc`, "copy it again"},
		{"a folder to be, for a database", "DATABASE", "data/", "that is a folder"},
		{"a device for a database", "DATABASE", os.DevNull, "no file that keeps"},
		{"a public address at home", "PUBLIC_URL", "https://192.168.1.5", "your own network"},
		{"a public address of this machine", "PUBLIC_URL", "https://localhost", "your own network"},
		{"a group that is no number", "ADMIN_CHAT_ID", "@staff", "whole number"},
		{"a Star worth nothing", "STARS_USD", "0", "between"},
		{"five decimals", "STARS_USD", "0.01301", "must be a number"},
		{"a negative markup", "MARKUP_PERCENT", "-1", "between"},
		{"a markup of minus nothing", "MARKUP_PERCENT", "0.-1", "must be a number"},
		{"a rounding that is none", "PRICE_ROUNDING", ".95", "must be off, .99"},
		{"words for a profit", "MIN_PROFIT_USD", "some", "must be a number"},
		{"a schedule that is none", "USAGE_POLL", "half past", "cron expression"},
		{"a level that is none", "LOG_LEVEL", "loud", "debug, info, warn, error"},
		{"neither on nor off", "REFUND_UNUSED", "yes", "must be one of"},
		{"notes on no country", "COUNTRY_NOTES", `{"Japan": {"sold": false}}`, "two capital letters"},
		{"notes that are none", "COUNTRY_NOTES", `sold: false`, "read the country notes"},
		{"how to pay without the amount", "MANUAL_PAYMENT_TEXT", "Transfer it and name {reference}", "has no {amount}"},
		{"how to pay with a word that nobody fills in", "MANUAL_PAYMENT_TEXT", "Pay {amount} to {iban}, {reference}", "has {iban}: only {amount} and {reference}"},
		{"how to pay with an open brace", "MANUAL_PAYMENT_TEXT", "Pay {amount} {reference} {", "not closed"},
		{"how to pay in a book", "MANUAL_PAYMENT_TEXT", strings.Repeat("{amount}{reference}", 200), "at most 2000"},
		{"days to withdraw without end", "WITHDRAWAL_DAYS", "1000", "365"},
		{"terms in no file", "TERMS_FILE", filepath.Join(dir, "terms.txt"), "cannot be read"},
		{"terms in no file of English", "TERMS_FILE", filepath.Join(dir, "terms.{language}.txt"), `no file for "en"`},
		{"terms as long as a book", "TERMS", strings.Repeat("x", 4001), "at most 4000"},
		{"privacy that is not UTF-8", "PRIVACY", "caf\xe9", "UTF-8"},
		{"how to pay in no file", "MANUAL_PAYMENT_TEXT_FILE", filepath.Join(dir, "pay.txt"), "cannot be read"},
		{"how to pay in no file of English", "MANUAL_PAYMENT_TEXT_FILE", filepath.Join(dir, "pay.{language}.txt"), `no file for "en"`},
		{"a format that is none", "LOG_FORMAT", "xml", "must be one of"},
		{"a payment method that does not exist", "PAYMENTS", "stars,gold", commaList(esim.PaymentMethods())},
		{"a payment method twice", "PAYMENTS", "stars, STARS", "twice"},
		{"nothing between commas", "PAYMENTS", "stars,,free", "comma list"},
		{"a provider without its token", "PAYMENTS", "provider", "PROVIDER_TOKEN is not set"},
		{"a currency in words", "PROVIDER_CURRENCY", "euro", "three letters"},
		{"Stars as a currency of a provider", "PROVIDER_CURRENCY", "XTR", "no payments by card in XTR"},
		{"a currency with thousandths that Telegram does not take", "PROVIDER_CURRENCY", "KWD", "no payments by card in KWD"},
		{"a currency without a fraction that Telegram does not take", "PROVIDER_CURRENCY", "xaf", "no payments by card in XAF"},
		{"our own unit of wholesale prices", "PROVIDER_CURRENCY", "USD4", "three letters"},
		{"a currency that does not exist", "PROVIDER_CURRENCY", "ZZZ", "no payments by card in ZZZ"},
		{"a dollar worth more than a dollar", "PROVIDER_RATE", "1.5", "a dollar is one dollar"},
		{"a rate of nothing", "PROVIDER_RATE", "0", "between"},
		{"a fee of more than half", "PROVIDER_FEE_PERCENT", "51", "between 0 and 50"},
		{"a fee of three decimals", "PROVIDER_FEE_PERCENT", "2.905", "two decimals"},
		{"a negative loss", "MAX_LOSS_USD", "-1", "between"},
		{"a loss of half a cent", "MAX_LOSS_USD", "0.005", "whole cents"},
		{"a schedule that never comes", "USAGE_POLL", "0 0 31 2 *", "never comes"},
		{"a schedule that comes each second", "USAGE_POLL", "@every 1s", "once in 10s"},
		{"a schedule that the parser dies of", "USAGE_POLL", "TZ=UTC", "cron expression"},
		{"a schedule of one field", "USAGE_POLL", "CRON_TZ=Asia/Tokyo", "cron expression"},
		{"a port alone", "LISTEN", "8080", ":8080"},
		{"a port that there is not", "LISTEN", ":99999", "65535"},
		{"a name to listen on", "LISTEN", "shop.example.com:80", "of this machine"},
		{"a port of metrics that there is not", "METRICS_LISTEN", "9091", ":8080"},
		{"no Stars at all", "MAX_STARS", "0", "between 1 and"},
		{"less than no Stars", "MAX_STARS", "-5", "between 1 and"},
		{"no dollars a day", "PERSON_DAILY_USD", "0", "nobody could buy"},
		{"a person for a group", "ADMIN_CHAT_ID", "123456789", "a person"},
		{"a value in quotes", "ESIM_ACCESS_API", `"https://api.esimaccess.com"`, "in quotes"},
		{"a secret in quotes", "ESIM_ACCESS_CODE", "'code-1234'", "in quotes"},
		{"a token in the open", "TELEGRAM_API", "http://api.telegram.org", "https://"},
		{"an access code in the open", "ESIM_ACCESS_API", "http://203.0.113.9:80", "https://"},
		{"no orders a day", "PERSON_DAILY_ORDERS", "0", "between 1 and"},
		{"words for orders a day", "PERSON_DAILY_ORDERS", "many", "whole number"},
		{"a public address in the open", "PUBLIC_URL", "http://shop.example.com", "https only"},
		{"a public address without a scheme", "PUBLIC_URL", "shop.example.com", "https://"},
		{"a public address of another scheme", "PUBLIC_URL", "ftp://shop.example.com", "https://"},
		{"a public address with a query", "PUBLIC_URL", "https://shop.example.com/?a=b", "without a user"},
		{"a public address with a password", "PUBLIC_URL", "https://me:code-1234@shop.example.com", "without a user"},
		{"a public address in the open with a password", "PUBLIC_URL", "http://me:code-1234@shop.example.com", ""},
		{"a port that Telegram does not send to", "PUBLIC_URL", "https://shop.example.com:8080", "443, 80, 88 and 8443"},
		{"a header with a space", "TRUST_PROXY_HEADER", "Fly Client", "Fly-Client-IP"},
		{"senders without a header", "VENDOR_WEBHOOK_FROM", "192.0.2.7", "needs TRUST_PROXY_HEADER"},
		{"a sender that is a name", "VENDOR_WEBHOOK_FROM", "vendor.example.com", "comma list of addresses"},
		{"a secret file that is absent", "ESIM_ACCESS_SECRET_FILE", filepath.Join(dir, "none"), "cannot be read"},
		{"a secret file that is empty", "ESIM_ACCESS_SECRET_FILE", empty, "empty file"},
		{"a value and a file", "TELEGRAM_TOKEN_FILE", empty, "both set"},
		{"a port of 0", "TELEGRAM_API", "https://bot-api.example.com:0", "1 to 65535"},
		{"a port past the last", "ESIM_ACCESS_API", "https://api.example.com:99999", "1 to 65535"},
		{"a colon without a port", "PUBLIC_URL", "https://shop.example.com:", "1 to 65535"},
		{"a port past the last in links", "LINK_BASE", "https://shop.example.com:99999", "https://t.me"},
		{"an address of no machine", "TELEGRAM_API", "http://0.0.0.0:8081", "of no machine"},
		{"a public address of no machine", "PUBLIC_URL", "https://0.0.0.0", "of no machine"},
		{"a public address behind a carrier", "PUBLIC_URL", "https://100.64.0.1", "your own network"},
		{"an address in the open, as one number", "ESIM_ACCESS_API", "http://134744072", "203.0.113.9"},
		{"an address in the open, as a hexadecimal number", "TELEGRAM_API", "http://0x8080808", "203.0.113.9"},
		{"an address with a space in its path", "TELEGRAM_API", "https://example.com/ a", "a space"},
		{"an address with a line break", "ESIM_ACCESS_API", "https://example.com\n", "https://host"},
		{"an address with a question and nothing asked", "ESIM_ACCESS_API", "https://example.com?", "without a user"},
		{"an address with a lone number sign", "PUBLIC_URL", "https://shop.example.com#", "without a user"},
		{"a name that begins with a dot", "TELEGRAM_API", "https://.example.com", "no name of a machine"},
		{"a name with a hole", "PUBLIC_URL", "https://shop..example.com", "no name of a machine"},
		{"any name", "ESIM_ACCESS_API", "https://*", "no name of a machine"},
		{"a link base at home", "LINK_BASE", "https://192.168.1.5", "https://t.me"},
		{"a link base of this machine by number", "LINK_BASE", "https://127.0.0.1", "https://t.me"},
		{"profiles where everybody comes", "PPROF", "on", "needs METRICS_LISTEN"},
		{"metrics on the port of the rest", "METRICS_LISTEN", "127.0.0.1:8080", "has that port already"},
		{"digits of another script in a schedule", "USAGE_POLL", "٣٠ * * * *", "cron expression"},
		{"a Star worth more than it costs", "STARS_USD", "0.13", "no more to you than it costs"},
		{"digits of another script", "MAX_STARS", "２０", "whole number"},
		{"digits of another script in an amount", "MAX_LOSS_USD", "٢٠", "must be a number"},
		{"not a number", "MARKUP_PERCENT", "NaN", "must be a number"},
		{"without an end", "BALANCE_FLOOR_USD", "Inf", "must be a number"},
		{"a number with a power", "STARS_USD", "1e-2", "must be a number"},
		{"more than there are numbers", "PERSON_DAILY_USD", "99999999999999999999", "must be a number"},
		{"the largest number", "MIN_PROFIT_USD", "9223372036854775807", "must be a number"},
		{"a comma in an amount", "PERSON_DAILY_USD", "1,000", "must be a number"},
		{"a space behind a number", "PERSON_DAILY_ORDERS", "20 ", "whole number"},
		{"a unit behind a number", "MARKUP_PERCENT", "40%", "must be a number"},
		{"curly quotes", "WITHDRAWAL_DAYS", "“14”", "whole number"},
		{"a token of bot 0", "TELEGRAM_TOKEN", "0:AAEhBOweik6ad9r_-QXy1234567890abcde", "does not look like a token"},
		{"a token of no number that there is", "TELEGRAM_TOKEN", "18446744073709551615:AAEhBOweik6ad9r_-QXy1234567890abcde", "does not look like a token"},
		{"a provider's token with a space", "PROVIDER_TOKEN", "1:TEST: x", "copy it again"},
		{"a provider's token in curly quotes", "PROVIDER_TOKEN", "“1:TEST:x”", "copy it again"},
		{"a level that silences all", "LOG_LEVEL", "error+1000", "debug, info, warn, error"},
		{"a database with a space at its end", "DATABASE", "shop.db ", "a space"},
		{"a database of a space", "DATABASE", " ", "a space"},
		{"a database with a line break", "DATABASE", "shop\n.db", "line break"},
		{"a database of a shell", "DATABASE", "~/shop.db", "whole path"},
		{"a database of a shell's variable", "DATABASE", "$HOME/shop.db", "whole path"},
		{"a database of another kind", "DATABASE", "postgres://shop@example.com/shop", "plain path"},
		{"a file beside a database", "DATABASE", "shop.db-wal", "beside a database"},
		{"terms with a character that is none", "TERMS", "ours\x00", "no message can have"},
		{"how to pay with a character that is none", "MANUAL_PAYMENT_TEXT", "{amount} {reference}\x1b[1m", "no message can have"},
		{"senders that are none", "VENDOR_WEBHOOK_FROM", " , ", "no address in it"},
		{"any sender", "VENDOR_WEBHOOK_FROM", "0.0.0.0", "comma list of addresses"},
		{"the shop's own name for a header", "TRUST_PROXY_HEADER", "host", "Fly-Client-IP"},
		{"a header of dashes", "TRUST_PROXY_HEADER", "--", "Fly-Client-IP"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := LoadConfig(environ(map[string]string{tt.variable: tt.value}))
			if err == nil {
				t.Fatalf("%s=%q is taken", tt.variable, tt.value)
			}
			name := strings.TrimSuffix(tt.variable, "_FILE")
			if !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("%q does not name %s and say %q", err, name, tt.words)
			}
			if strings.Contains(err.Error(), someToken) || strings.Contains(err.Error(), "code-1234") {
				t.Errorf("a secret in the error: %q", err)
			}
		})
	}
}

func TestConfigTakes(t *testing.T) {
	cfg, err := LoadConfig(environ(map[string]string{
		"PAYMENTS": "Provider, stars,credit", "PROVIDER_TOKEN": "1:LIVE:x", "PROVIDER_CURRENCY": "eur", "PROVIDER_RATE": "0.92",
		"PROVIDER_FEE_PERCENT": "2.9", "MAX_LOSS_USD": "1.50", "PUBLIC_URL": "https://shop.example.com:8443/bot/",
		"TRUST_PROXY_HEADER": "Fly-Client-IP", "VENDOR_WEBHOOK_FROM": "192.0.2.7, ::ffff:192.0.2.8", "METRICS_LISTEN": ":9091",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintln(cfg.Payments, cfg.ProviderCurrency, cfg.ProviderRate, cfg.ProviderFeeBP, cfg.MaxLoss, cfg.VendorFrom); got !=
		"[provider stars credit] EUR 9200 290 1.50 USD [192.0.2.7 192.0.2.8]\n" {
		t.Errorf("read as %s", got)
	}
	if cfg.PublicURL != "https://shop.example.com:8443/bot" || !cfg.UsesWebhooks() || cfg.ProxyHeader != "Fly-Client-IP" || cfg.MetricsListen != ":9091" {
		t.Errorf("read as %q, %q, %q", cfg.PublicURL, cfg.ProxyHeader, cfg.MetricsListen)
	}
	for name, values := range map[string][]string{
		"TELEGRAM_API":        {"http://127.0.0.1:8081", "http://telegram-bot-api:8081", "http://bot-api.internal:8081", "http://10.1.2.3", "http://[fd00::1]:8081"},
		"METRICS_LISTEN":      {":0", ":9091"},
		"LISTEN":              {":8080", "127.0.0.1:0", "[::1]:8080", "localhost:8080"},
		"COUNTRY_NOTES":       {`{"KP": {"sold": false}, "TR": {"text": {}}}`},
		"USAGE_POLL":          {"@every 10s", "*/5 * * * *", "TZ=Asia/Tokyo 0 6 * * *", "@daily"},
		"MANUAL_PAYMENT_TEXT": {"Transfer {amount} & name {reference}."},
		"ADMIN_CHAT_ID":       {"0", "-4001", "-1001234567890"},
		"MAX_STARS":           {"1"},
	} {
		for _, v := range values {
			if _, err := LoadConfig(environ(map[string]string{name: v})); err != nil {
				t.Errorf("%s=%s: %v", name, v, err)
			}
		}
	}
	for _, local := range []string{"http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://shop.example.com"} {
		if cfg, err := LoadConfig(environ(map[string]string{"PUBLIC_URL": local})); err != nil || cfg.PublicURL != local {
			t.Errorf("%s: %q, %v", local, cfg.PublicURL, err)
		}
	}
}

// TestHowToPayByHandHasAFileForEachLanguage, and all that is wrong with them is told at once.
func TestHowToPayByHandHasAFileForEachLanguage(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "{language}", "pay.txt")
	write := func(lang, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, lang), 0o755), os.WriteFile(filepath.Join(dir, lang, "pay.txt"), []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("en", "Transfer {amount}, {reference}\n")
	write("ru", "Переведите {amount}, {reference}\n")
	cfg, err := LoadConfig(environ(map[string]string{"MANUAL_PAYMENT_TEXT_FILE": path}))
	if err != nil || len(cfg.ManualText) != 2 {
		t.Fatalf("%v, %v", cfg.ManualText, err)
	}
	for lang, want := range map[string]i18n.HTML{"ru": "Переведите 1 &amp; 2, <b>X</b>", "de": "Transfer 1 &amp; 2, <b>X</b>"} {
		if got := cfg.ManualText.In(lang, map[string]i18n.HTML{"amount": "1 &amp; 2", "reference": "<b>X</b>"}); got != want {
			t.Errorf("in %s: %q", lang, got)
		}
	}
	write("ru", "Переведите {сумма}")
	write("de", " ")
	_, err = LoadConfig(environ(map[string]string{"MANUAL_PAYMENT_TEXT_FILE": path, "LOG_LEVEL": "loud"}))
	for _, fault := range []string{`in "ru"`, "{сумма}", "no {amount}", "no {reference}", `in "de": is empty`, "LOG_LEVEL"} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("nothing is said of %s: %v", fault, err)
		}
	}
}

func TestConfigReportsAllFaultsAtOnce(t *testing.T) {
	bad := map[string]string{
		"TELEGRAM_TOKEN": "x", "ESIM_ACCESS_CODE": "", "TELEGRAM_API": "x", "ESIM_ACCESS_API": "x", "ADMIN_CHAT_ID": "x",
		"STARS_USD": "x", "STAR_COSTS_USD": "x", "MARKUP_PERCENT": "x", "MIN_PROFIT_USD": "x", "BALANCE_FLOOR_USD": "x", "MAX_STARS": "x",
		"USAGE_POLL": "x", "LOG_LEVEL": "x", "LOG_FORMAT": "x", "PAYMENTS": "x",
	}
	_, err := LoadConfig(environ(bad))
	if err == nil {
		t.Fatal("all wrong and taken")
	}
	lines := strings.Split(err.Error(), "\n")
	for name := range bad {
		n := 0
		for _, l := range lines {
			if strings.HasPrefix(l, name+" ") {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s is named in %d lines, want 1:\n%s", name, n, err)
		}
	}
}

func TestSecretsComeFromFilesToo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(someToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(environ(map[string]string{"TELEGRAM_TOKEN": "", "TELEGRAM_TOKEN_FILE": file}))
	if err != nil || string(cfg.TelegramToken) != someToken {
		t.Errorf("token from a file: %v", err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	cfg, err := LoadConfig(environ(nil))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, nil))
	log.Info("x", "token", cfg.TelegramToken, "cfg", cfg)
	fmt.Fprintf(&b, "%v %+v %#v %s %q %x", cfg, cfg, cfg, cfg.TelegramToken, cfg.AccessCode, cfg.TelegramToken)
	for _, s := range []string{someToken, "code-1234", fmt.Sprintf("%x", someToken)} {
		if strings.Contains(b.String(), s) {
			t.Errorf("a secret was printed: %s", b.String())
		}
	}
}

func FuzzParseDecimal4(f *testing.F) {
	for _, s := range []string{"0.013", "40", "0.50", "-1", "1.", ".5", "", "1.23456", "9999999999999999999", "+1", "1.+5", "1e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseDecimal4(s)
		if err != nil || n < 0 {
			return
		}
		again := fmt.Sprintf("%d.%04d", n/10_000, n%10_000)
		if m, err := parseDecimal4(again); err != nil || m != n {
			t.Errorf("%q reads as %d, written as %q reads as %d, %v", s, n, again, m, err)
		}
	})
}
