package sandbox

import "time"

// maxTopUps is how often one eSIM can be topped up.
const maxTopUps = 10

// A topUp is one payment for more data or days. Listings show it as a row of its own.
type topUp struct {
	seq    int
	tranNo string
	tx     string
	part   part
	of     *profile
	answer topUpAnswer // given again when the transactionId comes again
}

type topUpAnswer struct {
	TransactionID   string `json:"transactionId"`
	ICCID           string `json:"iccid"`
	ExpiredTime     stamp  `json:"expiredTime"`
	TotalVolume     int64  `json:"totalVolume"`
	TotalDuration   int    `json:"totalDuration"`
	OrderUsage      int64  `json:"orderUsage"`
	TopUpEsimTranNo string `json:"topUpEsimTranNo"`
}

// addTopUp is esim/topup: volumes and days add up at once. The answer comes after Options.TopUpTime.
func (s *Sandbox) addTopUp(now time.Time, req fields) (any, error) {
	code, err := req.required("packageCode", maxTransaction)
	if err != nil {
		return nil, err
	}
	tx, err := req.required("transactionId", maxTransaction)
	if err != nil {
		return nil, err
	}
	if first := s.book.topUpByTx[tx]; first != nil && s.opt.RepeatedOrder == AnswerFirst {
		return first.answer, nil
	}
	if s.book.topUpByTx[tx] != nil || s.book.byTx[tx] != nil {
		return nil, refuse(codeRepeated, "the transactionId has been used")
	}
	p, err := s.named(now, req)
	if err != nil {
		return nil, err
	}
	if s.opt.Quirks.TopUpWantsICCID && req.given("esimTranNo") && p.shownICCID() != "" {
		return nil, errUnknown
	}
	plan := s.catalog.forTopUp(p.plan, code)
	if plan == nil {
		return nil, refuse(codeNoTopUp, "top up data plan code doesn't exist")
	}
	days, err := readPeriod(req, plan)
	if err != nil {
		return nil, err
	}
	if !p.ended(now).IsZero() || p.suspended || len(p.parts) > maxTopUps {
		return nil, errStatus
	}
	total := s.cost(plan, days)
	amount, guarded, err := req.number("amount") // as a string it was met with 000104
	if err != nil {
		return nil, err
	}
	if err := s.book.canPay(total, amount, guarded); err != nil {
		return nil, err
	}
	t := s.book.topUp(now, p, part{plan, plan.days(days), now, total}, tx, s.reported(now))
	s.dirty = true
	s.tell(p, now)
	return t.answer, nil
}

// dayPassSteps are what a day pass for at least so many days costs of the sum of its days, in
// hundredths, with the switch dayPassSteps: that it falls is one author's word, and the steps are made up.
var dayPassSteps = []struct {
	days     int
	hundreds int64
}{{30, 80}, {15, 90}, {7, 95}}

// cost is what a plan for days of its own costs, in whole cents where the steps apply.
func (s *Sandbox) cost(p *plan, days int) int64 {
	sum := p.Price * int64(days)
	if !p.daily() || !s.opt.Quirks.DayPassSteps {
		return sum
	}
	for _, step := range dayPassSteps {
		if days >= step.days {
			return sum * step.hundreds / 10_000 * 100
		}
	}
	return sum
}

// canPay checks amount, if it guards the price, and the balance.
func (b *book) canPay(total, amount int64, guarded bool) error {
	switch {
	case guarded && amount != total:
		return refuse(codeAmount, "the order amount is incorrect")
	case total > b.balance:
		return refuse(codeBalance, "the balance is insufficient")
	}
	return nil
}

func (b *book) topUp(now time.Time, p *profile, add part, tx string, reported time.Time) *topUp {
	p.parts = append(p.parts, add)
	b.take(tx, add.paid)
	t := &topUp{seq: b.nextSeq(), tranNo: b.numbers.next(now), tx: tx, part: add, of: p}
	t.answer = topUpAnswer{tx, p.shownICCID(), stamp(p.expires()), p.totalVolume(), p.totalDays(), p.known(reported), t.tranNo}
	b.topUps = append(b.topUps, t)
	b.topUpByTx[tx] = t
	return t
}

// row is the top-up as listings of the account and of spans of time show it: nearly empty, in the
// state of the eSIM it went to.
func (t *topUp) row(now, reported time.Time) esimRow {
	p := t.of
	r := esimRow{
		EsimTranNo: t.tranNo, TransactionID: t.tx, SMSStatus: p.plan.SMSStatus, SMDPStatus: "RELEASED",
		ActiveType: p.plan.ActiveType, DataType: p.plan.DataType,
		TotalVolume: t.part.volume(), TotalDuration: t.part.days, DurationUnit: p.plan.DurationUnit,
		EsimStatus: p.esimStatus(now, reported), IPExport: p.plan.IPExport,
		SupportTopUpType: t.part.plan.SupportTopUp, FUPPolicy: p.plan.FUPPolicy,
		PackageList: []packageRow{t.part.row(t.tranNo, t.tx)},
	}
	if end := p.ended(now); !end.IsZero() {
		r.ExpiredTime = stamp(p.expires())
	}
	return r
}
