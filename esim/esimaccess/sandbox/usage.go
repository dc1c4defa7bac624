package sandbox

import (
	"slices"
	"strings"
	"time"
)

// maxUsageList is how many eSIMs one esim/usage/query may name.
const maxUsageList = 10

// reported is until when the use of data is known to the vendor at now.
func (s *Sandbox) reported(now time.Time) time.Time { return now.Add(-s.opt.UsageLag) }

type usageRow struct {
	EsimTranNo     string `json:"esimTranNo"`
	DataUsage      int64  `json:"dataUsage"`
	TotalData      int64  `json:"totalData"`
	LastUpdateTime stamp  `json:"lastUpdateTime"`
}

// queryUsage is esim/usage/query. The answer is in an order of its own (newest eSIM first) and
// leaves out eSIMs it does not know.
func (s *Sandbox) queryUsage(now time.Time, req fields) (any, error) {
	list, err := req.strings("esimTranNoList")
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, refuse(codeMissing, "Req Param:[esimTranNoList] is empty")
	case len(list) > maxUsageList:
		return nil, refuse(codeLength, "Req Param:[esimTranNoList] length exceeds %d", maxUsageList)
	}
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(b, a) })
	rows := []usageRow{}
	skip := false
	for _, tran := range slices.Compact(list) {
		p := s.book.byTran[tran]
		if p == nil || !p.there(now) {
			continue
		}
		if skip = !skip; s.opt.Quirks.MissingUsageRows && !skip {
			continue
		}
		rows = append(rows, usageRow{
			p.tranNo, p.known(s.reported(now)), p.totalVolume(), stamp(s.lastUpdate(p, now)),
		})
	}
	return struct {
		EsimUsageList []usageRow `json:"esimUsageList"`
	}{rows}, nil
}

// lastUpdate is the hour up to which the eSIM's usage is complete. Reports stop when it ends, and
// there is none from before it existed. Without a lag they are of this moment.
func (s *Sandbox) lastUpdate(p *profile, now time.Time) time.Time {
	t := s.reported(now)
	if end := p.ended(now); !end.IsZero() && end.Before(t) {
		t = end
	}
	if s.opt.UsageLag > 0 {
		t = t.Truncate(time.Hour)
	}
	if t.Before(p.allocated) {
		return p.allocated
	}
	return t
}

// queryBalance is balance/query. Newer answers are said to carry a time as well; no capture shows
// its name, so it is not made up here.
func (s *Sandbox) queryBalance(time.Time, fields) (any, error) {
	return struct {
		Balance int64 `json:"balance"`
	}{s.book.balance}, nil
}
