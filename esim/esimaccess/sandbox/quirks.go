package sandbox

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Quirks turn on what has been reported of the real vendor but does not happen every day. The
// zero value is the vendor on a good day. [KnownQuirks] says where each was seen.
type Quirks struct {
	// Doubled sends each webhook twice, with the same notifyId.
	Doubled bool `json:"doubled"`
	// Late is how long after its moment a webhook is sent, on the sandbox's clock.
	Late time.Duration `json:"late"`
	// OutOfOrder sends what fell due together (an installation's events, say) last one first.
	OutOfOrder bool `json:"outOfOrder"`
	// Signed adds RT-Signature, RT-Timestamp and RT-RequestID to webhooks. It needs Options.Secret.
	Signed bool `json:"signed"`
	// CodeHeader adds rt-accesscode to webhooks: the code that saved the webhook.
	CodeHeader bool `json:"codeHeader"`
	// NoNotifyID leaves notifyId out of webhooks, as in older years.
	NoNotifyID bool `json:"noNotifyId"`
	// OldTimes writes times in webhooks with +0000 instead of Z.
	OldTimes bool `json:"oldTimes"`
	// Early allocates orders at once and sends ORDER_STATUS before the order's own answer.
	Early bool `json:"early"`
	// LoseWebhooks sends none at all: what does not poll finds out never.
	LoseWebhooks bool `json:"loseWebhooks"`

	// NeverReported are places (locationCode of plans) whose carriers report no usage, ever.
	NeverReported []string `json:"neverReported"`
	// MissingUsageRows leaves every second eSIM out of esim/usage/query.
	MissingUsageRows bool `json:"missingUsageRows"`
	// EmptyAtFirst answers the first esim/query for an allocated order with an empty list.
	EmptyAtFirst bool `json:"emptyAtFirst"`
	// TopUpWantsICCID answers 000001 to top-ups that name the eSIM by esimTranNo.
	TopUpWantsICCID bool `json:"topUpWantsIccid"`
	// ReuseICCID gives new eSIMs the ICCID of one that has ended, where there is one.
	ReuseICCID bool `json:"reuseIccid"`
	// OldRows leaves out of esim/query the keys that answers of 2023 did not have.
	OldRows bool `json:"oldRows"`
	// CodeForm writes activation codes in another form: one of CodeForms, or "each" for one form
	// after another. Those of eSIMs bought before change with it.
	CodeForm string `json:"codeForm"`
	// PartialRows answers esim/query for an order that is not whole with all its rows, without
	// codes where there are none yet, instead of 200010.
	PartialRows bool `json:"partialRows"`
	// NumberCodes writes errorCode of a success as the number 0.
	NumberCodes bool `json:"numberCodes"`
	// PagerOptional takes an esim/query without pager: two clients never send one.
	PagerOptional bool `json:"pagerOptional"`
	// ActivatedOnly refuses to suspend or revoke an eSIM that was never installed.
	ActivatedOnly bool `json:"activatedOnly"`
	// DayPassSteps lets the price of a day pass fall in steps with its days.
	DayPassSteps bool `json:"dayPassSteps"`
	// NewFields adds members that nobody has heard of to every success.
	NewFields bool `json:"newFields"`
}

// Errors of settings.
var (
	errSecret = errors.New("signed webhooks need a secret: Options.Secret or --secret")
	errLate   = errors.New("webhooks cannot be sent before their time: late is negative")
)

func (s *Sandbox) checkQuirks(sw Quirks) error {
	switch {
	case sw.Signed && s.opt.Secret == "":
		return errSecret
	case sw.Late < 0:
		return errLate
	}
	return checkCodeForm(sw.CodeForm)
}

// Quirks are the quirks as they stand.
func (s *Sandbox) Quirks() Quirks {
	s.mu.Lock()
	defer s.mu.Unlock()
	sw := s.opt.Quirks
	sw.NeverReported = slices.Clone(sw.NeverReported)
	return sw
}

// SetQuirks sets them all. It fails on Signed without Options.Secret and on a negative Late, and
// then changes nothing.
func (s *Sandbox) SetQuirks(sw Quirks) error {
	if err := s.checkQuirks(sw); err != nil {
		return err
	}
	sw.NeverReported = slices.Clone(sw.NeverReported)
	s.locked(func(now time.Time) { s.setQuirks(now, sw) })
	return nil
}

// setQuirks needs s.mu. An eSIM that was told to be silent by name stays so.
func (s *Sandbox) setQuirks(now time.Time, sw Quirks) {
	before := s.opt.Quirks
	s.opt.Quirks = sw
	for _, p := range s.book.profiles {
		was, is := before.silences(p.plan), sw.silences(p.plan)
		if was != is {
			p.silent = is
			s.tell(p, now)
		}
	}
}

func (sw Quirks) silences(p *plan) bool { return slices.Contains(sw.NeverReported, p.LocationCode) }

// ParseQuirks reads quirks as a command line gives them, each one its JSON name, alone to turn
// it on or with a value: "doubled", "late=10m", "neverReported=ES,JP".
func ParseQuirks(list []string) (Quirks, error) {
	known := names(reflect.TypeFor[Quirks]())
	given := map[string]any{}
	for _, item := range list {
		name, value, has := strings.Cut(item, "=")
		switch {
		case !slices.Contains(known, name):
			return Quirks{}, fmt.Errorf("no quirk %q; there are %s", name, strings.Join(known, ", "))
		case name == "neverReported":
			given[name] = strings.Split(value, ",")
		case has:
			given[name] = value
		default:
			given[name] = true
		}
	}
	var o Options
	q := settingsOf(&o, (*span)(&o.Quirks.Late), new(int), new(string))
	if err := decode(encode(given), &q); err != nil {
		return Quirks{}, fmt.Errorf("quirks: %w", err)
	}
	if len(o.Quirks.NeverReported) == 0 {
		o.Quirks.NeverReported = nil
	}
	return o.Quirks, nil
}
