package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// settings are the settings as the control API reads and writes them. In a request, what is left out stays as it is.
type settings struct {
	Allocation    *span   `json:"allocation"`
	UsageLag      *span   `json:"usageLag"`
	TopUpTime     *span   `json:"topupTime"`
	Latency       *span   `json:"latency"`
	RateLimit     *int    `json:"rateLimit"` // 0: none
	RepeatedOrder *string `json:"repeatedOrder"`

	Doubled      *bool `json:"doubled"`
	Late         *span `json:"late"`
	OutOfOrder   *bool `json:"outOfOrder"`
	Signed       *bool `json:"signed"`
	CodeHeader   *bool `json:"codeHeader"`
	NoNotifyID   *bool `json:"noNotifyId"`
	OldTimes     *bool `json:"oldTimes"`
	Early        *bool `json:"early"`
	LoseWebhooks *bool `json:"loseWebhooks"`

	NeverReported    *[]string `json:"neverReported"`
	MissingUsageRows *bool     `json:"missingUsageRows"`
	EmptyAtFirst     *bool     `json:"emptyAtFirst"`
	TopUpWantsICCID  *bool     `json:"topUpWantsIccid"`
	ReuseICCID       *bool     `json:"reuseIccid"`
	OldRows          *bool     `json:"oldRows"`
	CodeForm         *string   `json:"codeForm"`
	PartialRows      *bool     `json:"partialRows"`
	NumberCodes      *bool     `json:"numberCodes"`
	NewFields        *bool     `json:"newFields"`
	PagerOptional    *bool     `json:"pagerOptional"`
	ActivatedOnly    *bool     `json:"activatedOnly"`
	DayPassSteps     *bool     `json:"dayPassSteps"`
}

var repeatedNames = []string{AnswerFirst: "first", Refuse310402: codeRepeated}

// settingsOf shows settings; read through the pointers, they can be written as well. It needs s.mu
// for as long as the pointers are used.
func settingsOf(o *Options, late *span, rate *int, repeated *string) settings {
	sw := &o.Quirks
	if sw.NeverReported == nil {
		sw.NeverReported = []string{}
	}
	return settings{
		Allocation: (*span)(&o.AllocationTime), UsageLag: (*span)(&o.UsageLag), TopUpTime: (*span)(&o.TopUpTime), Latency: (*span)(&o.Latency),
		RateLimit: rate, RepeatedOrder: repeated,
		Doubled: &sw.Doubled, Late: late, OutOfOrder: &sw.OutOfOrder, Signed: &sw.Signed, CodeHeader: &sw.CodeHeader,
		NoNotifyID: &sw.NoNotifyID, OldTimes: &sw.OldTimes, Early: &sw.Early, LoseWebhooks: &sw.LoseWebhooks,
		NeverReported: &sw.NeverReported, MissingUsageRows: &sw.MissingUsageRows, EmptyAtFirst: &sw.EmptyAtFirst,
		TopUpWantsICCID: &sw.TopUpWantsICCID, ReuseICCID: &sw.ReuseICCID, OldRows: &sw.OldRows, CodeForm: &sw.CodeForm, PartialRows: &sw.PartialRows,
		NumberCodes: &sw.NumberCodes, NewFields: &sw.NewFields,
		PagerOptional: &sw.PagerOptional, ActivatedOnly: &sw.ActivatedOnly, DayPassSteps: &sw.DayPassSteps,
	}
}

// settings is a copy that stays what it is.
func (s *Sandbox) settings() settings {
	s.mu.Lock()
	o := s.opt
	s.mu.Unlock()
	o.Quirks.NeverReported = slices.Clone(o.Quirks.NeverReported)
	rate, repeated := s.limit.limit(), repeatedNames[o.RepeatedOrder]
	return settingsOf(&o, (*span)(&o.Quirks.Late), &rate, &repeated)
}

func getSettings(s *Sandbox, _ *http.Request, _ []byte) (any, error) { return s.settings(), nil }

func postSettings(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	s.setting.Lock()
	defer s.setting.Unlock()
	// Decoding into pointers that are set already changes what they point at, and only what is given.
	s.mu.Lock()
	o := s.opt
	s.mu.Unlock()
	o.Quirks.NeverReported = slices.Clone(o.Quirks.NeverReported)
	rate, repeated := s.limit.limit(), repeatedNames[o.RepeatedOrder]
	q := settingsOf(&o, (*span)(&o.Quirks.Late), &rate, &repeated)
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	kind := slices.Index(repeatedNames, repeated)
	switch {
	case kind < 0:
		return nil, fmt.Errorf(`repeatedOrder is "first" or "310402"`)
	case o.AllocationTime < 0 || o.UsageLag < 0 || o.TopUpTime < 0 || o.Latency < 0 || rate < 0:
		return nil, fmt.Errorf("times and rateLimit must not be negative")
	case o.TopUpTime > maxDelay || o.Latency > maxDelay:
		return nil, fmt.Errorf("topupTime and latency are real time: at most %v", maxDelay)
	}
	if err := s.checkQuirks(o.Quirks); err != nil {
		return nil, err
	}
	s.limit.set(rate)
	s.locked(func(now time.Time) {
		s.opt.AllocationTime, s.opt.UsageLag, s.opt.TopUpTime = o.AllocationTime, o.UsageLag, o.TopUpTime
		s.opt.Latency = o.Latency
		s.opt.RepeatedOrder = RepeatedOrder(kind)
		s.setQuirks(now, o.Quirks)
		for _, p := range s.book.profiles {
			s.tell(p, now) // another lag shows other usage at once
		}
	})
	return s.settings(), nil
}

func getState(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	list, down := s.listFaults()
	set := s.settings()
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := 0
	for _, d := range s.deliveries {
		if d.Waiting {
			waiting++
		}
	}
	fileErr := ""
	if s.fileErr != nil {
		fileErr = s.fileErr.Error()
	}
	return struct {
		Time      time.Time     `json:"time"`
		Balance   int64         `json:"balance"`
		Catalogue int           `json:"catalogue"` // plans
		TopUps    int           `json:"topUps"`    // plans for top-ups
		Orders    int           `json:"orders"`
		Profiles  int           `json:"profiles"`
		Charged   int           `json:"charged"` // how many times money was taken
		Exchanges int           `json:"exchanges"`
		Webhook   string        `json:"webhook"`
		Waiting   int           `json:"waiting"` // webhooks
		Seed      uint64        `json:"seed"`
		Signature bool          `json:"signature"` // whether it is checked
		File      string        `json:"file"`
		FileError string        `json:"fileError"`
		Down      bool          `json:"down"`
		Faults    []faultAnswer `json:"faults"`
		Switches  settings      `json:"switches"`
	}{
		s.Time(), s.book.balance, len(s.catalog.base), len(s.catalog.topUps), len(s.book.orders), len(s.book.profiles),
		s.book.charged(""), s.Exchanges(), s.hook.URL, waiting, s.opt.Seed, s.opt.Secret != "", s.opt.File, fileErr, down, list, set,
	}, nil
}
