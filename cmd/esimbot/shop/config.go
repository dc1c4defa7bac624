package shop

import (
	"log/slog"
	"net/netip"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// A Secret never appears in logs or error messages.
type Secret string

// String hides the secret.
func (Secret) String() string { return "[secret]" }

// GoString hides the secret.
func (Secret) GoString() string { return "[secret]" }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue("[secret]") }

// Config is what the operator decides about a shop. It is read by package main, from the
// environment; a test fills in what it needs.
type Config struct {
	TelegramToken Secret
	TelegramAPI   string
	AccessCode    Secret
	AccessSecret  Secret
	VendorAPI     string
	StaffChat     int64
	Database      string
	Listen        string
	BackupDir     string // where a copy is put each day; "": none is made
	BackupKeep    int    // how many of them stay; at least one
	Pricing       esim.Pricing
	BalanceFloor  esim.Money // USD4
	UsagePoll     string     // cron expression
	// Zone is where the shop is: its days begin and end there in reports and exports. nil: UTC.
	Zone *time.Location
	// Report is when staff hear how the day before went.
	Report    esim.ReportTime
	LogLevel  slog.Level
	LogFormat string // "json" or "text"

	Payments          []esim.PaymentMethod // in the order of the buttons; at least one
	ProviderToken     Secret
	ProviderCurrency  esim.Currency
	ProviderRate      int64      // ten-thousandths of ProviderCurrency for one US dollar
	ProviderFeeBP     int64      // what the provider keeps, in hundredths of a percent
	ReferralCredit    esim.Money // USD: store credit for whoever brings a friend; zero: none
	MaxEmergencyTopUp esim.Money // USD: the dearest top-up that somebody who runs out of data gets on credit; zero: none
	MaxLoss           esim.Money // USD: the most an order may lose when the wholesale price moved after payment
	// CountryNotes are what customers are told about countries, and which are not sold to.
	CountryNotes countrynotes.Notes
	// LinkBase begins the links that open the bot: "https://t.me".
	LinkBase string
	// ManualText is how to pay by hand, with {amount} and {reference}; empty: staff are asked.
	ManualText i18n.OperatorText
	// LegalTexts take the place of the texts that the law asks for.
	LegalTexts i18n.LegalTexts
	// RefundUnused: eSIMs that were never used are cancelled before they lapse, and the money goes back.
	RefundUnused bool
	// NoPromos: promo codes lower no price.
	NoPromos bool
	// WithdrawalDays is how long customers may withdraw from a contract; 0: no period is given.
	WithdrawalDays int
	// ApprovalAbove (USD) is what one of the staff may move alone: beyond it a second person has to agree. Zero: nobody has to.
	ApprovalAbove esim.Money
	// What one customer may order within 24 hours, against stolen cards and slips.
	CustomerDailyOrders int
	CustomerDailyUSD    esim.Money // USD

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
	// Pprof serves net/http/pprof there too.
	Pprof bool
}

// ShopZone is where the shop's days begin and end.
func (c Config) ShopZone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// UsesWebhooks reports whether Telegram sends updates by itself.
func (c Config) UsesWebhooks() bool { return c.PublicURL != "" && !c.PollTelegram }

// Defaults are the settings as the environment has them: staff may set others while the shop sells.
func (c Config) Defaults() esim.RuleValues {
	values := esim.RuleValues{esim.RuleRounding: c.Pricing.Rounding.String()}
	for key, n := range map[esim.RuleKey]int64{
		esim.RuleMarkup: c.Pricing.MarkupBP, esim.RuleMinProfit: c.Pricing.MinProfit.Minor, esim.RuleMinPrice: c.Pricing.MinPrice.Minor,
		esim.RuleMaxLoss: c.MaxLoss.Minor, esim.RuleBalanceFloor: c.BalanceFloor.Cents().Minor,
		esim.RuleDailyOrders: int64(c.CustomerDailyOrders), esim.RuleDailySpent: c.CustomerDailyUSD.Minor,
		esim.RuleApproval: c.ApprovalAbove.Minor, esim.RuleReportHour: c.Report.Setting(), esim.RuleEmergencyTopUp: c.MaxEmergencyTopUp.Minor,
		esim.RuleReferralCredit: c.ReferralCredit.Minor, esim.RulePromoCodes: oneIf(!c.NoPromos), esim.RuleRefundUnused: oneIf(c.RefundUnused),
	} {
		if s, ok := esim.SettingOf(key); ok {
			values[key] = s.Text(n)
		}
	}
	return values
}

func oneIf(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
