package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// kindSlugs are the names of kinds in the control API.
var kindSlugs = map[FaultKind]string{
	LoseRequest: "lose-request", LoseAnswer: "lose-answer", Slow: "slow", BadGateway: "bad-gateway",
	CutBody: "cut-body", Refuse: "refuse", RateBurst: "rate-burst",
}

// faultKinds are all kinds of faults, in the order of their constants.
func faultKinds() (out []string) {
	for k := LoseRequest; k <= RateBurst; k++ {
		out = append(out, kindSlugs[k])
	}
	return out
}

// maxDelay is how slow an answer can be made: longer than any client waits.
const maxDelay = time.Hour

func postFault(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q struct {
		Kind     string `json:"kind"`
		Endpoint string `json:"endpoint"`
		Count    int    `json:"count"`
		Skip     int    `json:"skip"`
		Delay    span   `json:"delay"`
		Code     string `json:"code"`
		Text     string `json:"text"`
		Worked   bool   `json:"worked"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	k := slices.Index(faultKinds(), q.Kind)
	f := Fault{
		Kind: FaultKind(k) + LoseRequest, Endpoint: q.Endpoint, Count: q.Count, Skip: q.Skip,
		Delay: time.Duration(q.Delay), Code: q.Code, Text: q.Text, Worked: q.Worked,
	}
	_, known := routes[q.Endpoint]
	switch {
	case k < 0:
		return nil, fmt.Errorf("kind %q: known are %s", q.Kind, strings.Join(faultKinds(), ", "))
	case q.Endpoint != "" && !known:
		return nil, fmt.Errorf(`endpoint %q: it is one of the partner API, such as "esim/order", or left out for all`, q.Endpoint)
	case q.Count < 0 || q.Skip < 0:
		return nil, fmt.Errorf("count and skip must not be negative")
	case f.Kind == Slow && (f.Delay <= 0 || f.Delay > maxDelay):
		return nil, fmt.Errorf(`slow needs a delay, such as "5s", of at most %v`, maxDelay)
	case f.Kind != Slow && f.Delay != 0:
		return nil, fmt.Errorf("delay belongs to slow only")
	case f.Kind == Refuse && !sixDigits(f.Code):
		return nil, fmt.Errorf(`refuse needs a code of six digits, such as "200011"`)
	case f.Kind != Refuse && f.Code+f.Text != "":
		return nil, fmt.Errorf("code and text belong to refuse only")
	case f.Worked && f.Kind != Slow && f.Kind != BadGateway:
		return nil, fmt.Errorf("worked belongs to slow and bad-gateway; the others are always or never like that")
	}
	return struct {
		ID int `json:"id"`
	}{s.faults.add(f)}, nil
}

func sixDigits(code string) bool {
	return len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

// An action is what can be done to an eSIM, by a phone, a network, or in the vendor's console.
type action struct {
	name string
	do   func(s *Sandbox, tran string) error
}

var actions = []action{
	{"download", (*Sandbox).Download},
	{"install", (*Sandbox).Install},
	{"enable", func(s *Sandbox, tran string) error { return s.Switch(tran, true) }},
	{"disable", func(s *Sandbox, tran string) error { return s.Switch(tran, false) }},
	{"use", func(s *Sandbox, tran string) error { return s.Burn(tran, 0) }},
	{"burn", nil}, // takes how much
	{"delete", (*Sandbox).Delete},
	{"expire", (*Sandbox).Expire},
	{"silence", func(s *Sandbox, tran string) error { return s.Silence(tran, true) }},
	{"unsilence", func(s *Sandbox, tran string) error { return s.Silence(tran, false) }},
	{"suspend", (*Sandbox).Suspend},
	{"unsuspend", (*Sandbox).Unsuspend},
	{"cancel", (*Sandbox).Cancel},
	{"revoke", (*Sandbox).Revoke},
	{"twice", func(s *Sandbox, tran string) error { return s.ListTwice(tran, true) }},
	{"once", func(s *Sandbox, tran string) error { return s.ListTwice(tran, false) }},
}

func actionNames() (out []string) {
	for _, a := range actions {
		out = append(out, a.name)
	}
	return out
}

// console does what the vendor's web console can do: the same as the API, without a call of it.
func (s *Sandbox) console(tran string, do func(*Sandbox, time.Time, fields) (any, error)) (err error) {
	s.locked(func(now time.Time) {
		if p := s.book.byTran[tran]; p == nil || !p.there(now) {
			err = ErrNoProfile
			return
		}
		if _, no := do(s, now, fields{"esimTranNo": encode(tran)}); no != nil {
			err = fmt.Errorf("%v: %w", no, ErrCannot)
		}
	})
	return err
}

func postAction(s *Sandbox, r *http.Request, body []byte) (any, error) {
	tran, name := r.PathValue("esimTranNo"), r.PathValue("action")
	i := slices.IndexFunc(actions, func(a action) bool { return a.name == name })
	if i < 0 {
		return nil, fmt.Errorf("%w: action %q; known are %s", errNotThere, name, strings.Join(actionNames(), ", "))
	}
	var err error
	if do := actions[i].do; do != nil {
		if err = decode(body, &struct{}{}); err == nil {
			err = do(s, tran)
		}
	} else {
		err = s.burnAsked(tran, body)
	}
	if err != nil {
		return nil, err
	}
	return getProfile(s, r, nil)
}

func (s *Sandbox) burnAsked(tran string, body []byte) error {
	var q struct {
		Bytes *int64   `json:"bytes"`
		Part  *float64 `json:"part"`
	}
	if err := decode(body, &q); err != nil {
		return err
	}
	switch {
	case (q.Bytes == nil) == (q.Part == nil):
		return fmt.Errorf("burn takes either bytes or part")
	case q.Bytes != nil && *q.Bytes < 0, q.Part != nil && (*q.Part < 0 || *q.Part > 10):
		return fmt.Errorf("bytes must not be negative; part is 0 to 10 times the whole volume")
	case q.Bytes != nil:
		return s.Burn(tran, *q.Bytes)
	}
	v, ok := s.Profile(tran)
	if !ok {
		return ErrNoProfile
	}
	return s.Burn(tran, int64(*q.Part*float64(v.Total)))
}

type profileAnswer struct {
	EsimTranNo    string     `json:"esimTranNo"`
	OrderNo       string     `json:"orderNo"`
	TransactionID string     `json:"transactionId"`
	ICCID         string     `json:"iccid"`
	Slug          string     `json:"slug"`
	Name          string     `json:"name"`
	Place         string     `json:"place"`
	SMDPStatus    string     `json:"smdpStatus"`
	EsimStatus    string     `json:"esimStatus"`
	Used          int64      `json:"used"`     // really
	Reported      int64      `json:"reported"` // as answers say
	Total         int64      `json:"total"`
	Days          int        `json:"days"`
	DayPass       bool       `json:"dayPass"`
	Silent        bool       `json:"silent"`
	Allocated     bool       `json:"allocated"`
	Ordered       time.Time  `json:"ordered"`
	Installed     *time.Time `json:"installed"`
	Activated     *time.Time `json:"activated"`
	Expires       time.Time  `json:"expires"`
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (v ProfileView) answer() profileAnswer {
	return profileAnswer{
		v.EsimTranNo, v.OrderNo, v.TransactionID, v.ICCID, v.Slug, v.Name, v.Place, v.SMDPStatus, v.EsimStatus,
		v.Used, v.Reported, v.Total, v.Days, v.DayPass, v.Silent, v.Allocated, v.Ordered, orNull(v.Installed), orNull(v.Activated), v.Expires,
	}
}

func getProfiles(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	out := []profileAnswer{}
	for _, v := range s.Profiles() {
		out = append(out, v.answer())
	}
	return struct {
		Profiles []profileAnswer `json:"profiles"`
	}{out}, nil
}

func getProfile(s *Sandbox, r *http.Request, _ []byte) (any, error) {
	v, ok := s.Profile(r.PathValue("esimTranNo"))
	if !ok {
		return nil, ErrNoProfile
	}
	return v.answer(), nil
}
