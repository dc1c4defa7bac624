package refs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"esimbot/bot/telegram"
	"esimbot/esim"
)

// Links make addresses that open the shop in Telegram at a certain screen.
type Links struct {
	Base string        // LINK_BASE: "https://t.me"
	Bot  func() string // its name at the moment, without @
}

// To is the link for buttons and for whoever has a browser.
func (l Links) To(start string) string {
	return fmt.Sprintf("%s/%s?start=%s", l.Base, l.Bot(), start)
}

// InApp is the same link for the app itself: it needs no web site to be up.
// Source: https://core.telegram.org/api/links#bot-links.
func (l Links) InApp(start string) string {
	return fmt.Sprintf("tg://resolve?domain=%s&start=%s", l.Bot(), start)
}

// What a start parameter begins with. A place has nothing before it: "JP", "EU-42", "europe".
const (
	StartPlan     = "p_"
	StartClaim    = "claim_"
	StartReferral = "ref_"
	StartCampaign = "c_"
	StartPromo    = "promo_"
	StartHelp     = "help"
)

// StartSeparator parts the code of a referral, a campaign or a promo from where its link leads besides: "c_spring__JP".
const StartSeparator = "__"

// startDays parts a plan from the days of a day pass: "p_JP_1_Daily--7".
const startDays = "--"

// PlanStart is the start parameter that leads to a plan, by its slug, which outlives its code; "" if there
// is none that fits.
func PlanStart(p esim.Plan, days int) string {
	suffix := ""
	if days > 0 {
		suffix = startDays + strconv.Itoa(days)
	}
	for _, name := range []string{p.Slug, p.Code} {
		if start := StartPlan + encodeStart(name) + suffix; name != "" && len(start) <= telegram.MaxStart {
			return start
		}
	}
	return ""
}

// encodeStart writes any name in the characters of start parameters, and those it has of them as they are:
// every other byte is a dash and two hexadecimal digits. A dash is written so too where it could be mistaken.
// Source of the characters: https://core.telegram.org/bots/features#deep-linking.
func encodeStart(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		plain := c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if plain || c == '-' && i+1 < len(name) && name[i+1] != '-' && !escaped.MatchString(name[i:]) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "-%02X", c)
		}
	}
	return b.String()
}

var escaped = regexp.MustCompile(`^-[0-9A-F]{2}`)

// DecodeStart is the inverse of encodeStart.
func DecodeStart(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if escaped.MatchString(s[i:]) {
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8) // two digits: cannot fail
			b.WriteByte(byte(n))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// PlanOfStart reads what PlanStart wrote, without its prefix. Older links have the code or slug as it is.
func PlanOfStart(catalog *esim.Catalog, s string) (p esim.Plan, days int, err error) {
	if p, err = catalog.Plan(s); err == nil {
		return p, 0, nil
	}
	name, count, _ := strings.Cut(s, startDays)
	days, _ = strconv.Atoi(count) // of nothing: none are chosen
	p, err = catalog.Plan(DecodeStart(name))
	return p, days, err
}
