package sandbox

import (
	"slices"
	"time"
)

// An esimRow is one member of esimList, its keys as captured in 2025.
type esimRow struct {
	EsimTranNo       string       `json:"esimTranNo"`
	OrderNo          string       `json:"orderNo"`
	TransactionID    string       `json:"transactionId"`
	IMSI             string       `json:"imsi"`
	ICCID            string       `json:"iccid"`
	SMSStatus        int          `json:"smsStatus"`
	MSISDN           string       `json:"msisdn"`
	AC               string       `json:"ac"`
	QRCodeURL        string       `json:"qrCodeUrl"`
	ShortURL         string       `json:"shortUrl"`
	SMDPStatus       string       `json:"smdpStatus"`
	EID              string       `json:"eid"`
	ActiveType       int          `json:"activeType"`
	DataType         int          `json:"dataType"`
	ActivateTime     stamp        `json:"activateTime"`
	ExpiredTime      stamp        `json:"expiredTime"`
	InstallationTime stamp        `json:"installationTime"`
	TotalVolume      int64        `json:"totalVolume"`
	TotalDuration    int          `json:"totalDuration"`
	DurationUnit     string       `json:"durationUnit"`
	OrderUsage       int64        `json:"orderUsage"`
	EsimStatus       string       `json:"esimStatus"`
	PIN              string       `json:"pin"`
	PUK              string       `json:"puk"`
	APN              string       `json:"apn"`
	IPExport         string       `json:"ipExport"`
	SupportTopUpType int          `json:"supportTopUpType"`
	FUPPolicy        string       `json:"fupPolicy"`
	PackageList      []packageRow `json:"packageList"`
}

type packageRow struct {
	PackageName  string `json:"packageName"`
	PackageCode  string `json:"packageCode"`
	Slug         string `json:"slug"`
	Duration     int    `json:"duration"`
	Volume       int64  `json:"volume"`
	LocationCode string `json:"locationCode"` // the countries, in spite of its name
	CreateTime   stamp  `json:"createTime"`
	EsimTranNo   string `json:"esimTranNo"` // the eSIM's; what a top-up's part says is a guess
	Transaction  string `json:"transactionId"`
}

func (p part) row(tranNo, tx string) packageRow {
	return packageRow{
		p.plan.Name, p.plan.PackageCode, p.plan.Slug, p.plan.Duration, p.plan.Volume,
		p.plan.Location, stamp(p.at), tranNo, tx,
	}
}

// row is the eSIM as esim/query shows it.
func (p *profile) row(now, reported time.Time) esimRow {
	r := esimRow{
		EsimTranNo: p.tranNo, OrderNo: p.order.no, TransactionID: p.order.tx,
		IMSI: p.shown(p.imsi), ICCID: p.shownICCID(), SMSStatus: p.plan.SMSStatus, MSISDN: p.shown(p.msisdn),
		AC: p.ac(), QRCodeURL: p.shortURL() + ".png", ShortURL: p.shortURL(),
		SMDPStatus: p.smdpStatus(), ActiveType: p.plan.ActiveType, DataType: p.plan.DataType,
		ActivateTime: stamp(p.activated()), ExpiredTime: stamp(p.expires()), InstallationTime: stamp(p.installed),
		TotalVolume: p.totalVolume(), TotalDuration: p.totalDays(), DurationUnit: p.plan.DurationUnit,
		OrderUsage: p.known(reported), EsimStatus: p.esimStatus(now, reported),
		PIN: p.shown(p.pin), PUK: p.shown(p.puk), APN: p.shown(p.apn),
		IPExport: p.plan.IPExport, SupportTopUpType: p.plan.SupportTopUp, FUPPolicy: p.plan.FUPPolicy,
	}
	if !p.downloaded.IsZero() {
		r.EID = p.eid
	}
	for _, part := range slices.Backward(p.parts) {
		r.PackageList = append(r.PackageList, part.row(p.tranNo, p.order.tx))
	}
	return r
}

// A question is the request of esim/query.
type question struct {
	orderNo, tranNo, iccid string
	from, to               time.Time
	page, size             int
}

// Limits of a pager, from the vendor's page; the code for going beyond them is a guess.
const (
	maxPage     = 10000
	minPageSize = 5
	maxPageSize = 500

	defaultPageSize = 50 // with PagerOptional; a guess
)

// queryProfiles is esim/query: of one order, of one eSIM, of a span of time, or of the account.
func (s *Sandbox) queryProfiles(now time.Time, req fields) (any, error) {
	q, err := s.readQuestion(req)
	if err != nil {
		return nil, err
	}
	if q.orderNo != "" {
		o := s.book.byNo[q.orderNo]
		if o == nil {
			return nil, refuse(codeNoOrder, "the orderNo doesn't exist")
		}
		if !o.whole(now) && !s.opt.Quirks.PartialRows {
			return nil, refuse(codeAllocating, "the batchOrder has been getting resource, total:[%d], success:[%d]",
				len(o.profiles), o.ready(now))
		}
	}
	type pager struct {
		PageSize int `json:"pageSize"`
		PageNum  int `json:"pageNum"`
		Total    int `json:"total"`
	}
	rows := s.rows(now, q)
	if o := s.book.byNo[q.orderNo]; o != nil && s.opt.Quirks.EmptyAtFirst && !o.looked {
		o.looked, s.dirty = true, true
		rows = nil
	}
	return struct {
		EsimList []any `json:"esimList"`
		Pager    pager `json:"pager"`
	}{s.applyQuirks(q.cut(rows)), pager{q.size, q.page, len(rows)}}, nil
}

// An oldRow is a row as of 2023: without the keys that are named here.
type oldRow struct {
	esimRow
	SMSStatus        none `json:"smsStatus,omitempty"`
	MSISDN           none `json:"msisdn,omitempty"`
	DataType         none `json:"dataType,omitempty"`
	InstallationTime none `json:"installationTime,omitempty"`
	PIN              none `json:"pin,omitempty"`
	PUK              none `json:"puk,omitempty"`
	APN              none `json:"apn,omitempty"`
	IPExport         none `json:"ipExport,omitempty"`
	SupportTopUpType none `json:"supportTopUpType,omitempty"`
	FUPPolicy        none `json:"fupPolicy,omitempty"`
}

// A none is a member that is not there.
type none []struct{}

// applyQuirks makes rows look as the quirks say.
func (s *Sandbox) applyQuirks(rows []esimRow) []any {
	out := make([]any, len(rows))
	for i, r := range rows {
		if p := s.book.byTran[r.EsimTranNo]; p != nil {
			r.AC = s.opt.Quirks.written(r.AC, p.seq)
		}
		out[i] = r
		if s.opt.Quirks.OldRows {
			out[i] = oldRow{esimRow: r}
		}
	}
	return out
}

func (s *Sandbox) readQuestion(req fields) (q question, err error) {
	ids, err := req.texts("orderNo", "esimTranNo", "iccid")
	if err != nil {
		return q, err
	}
	q.orderNo, q.tranNo, q.iccid = ids[0], ids[1], ids[2]
	if q.from, err = req.when("startTime"); err != nil {
		return q, err
	}
	if q.to, err = req.when("endTime"); err != nil {
		return q, err
	}
	switch {
	case q.from.IsZero() != q.to.IsZero():
		return q, refuse(codeMissing, "Req Param:[startTime] and [endTime] go together")
	case q.to.Before(q.from):
		return q, refuse(codeValidation, "Req Param:[endTime] is before [startTime]")
	}
	if s.opt.Quirks.PagerOptional && !req.given("pager") {
		q.page, q.size = 1, defaultPageSize
		return q, nil
	}
	return q, q.readPager(req)
}

func (q *question) readPager(req fields) error {
	if err := req.need("pager"); err != nil {
		return err
	}
	p, err := req.object("pager")
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name     string
		min, max int64
		to       *int
	}{{"pageNum", 1, maxPage, &q.page}, {"pageSize", minPageSize, maxPageSize, &q.size}} {
		if err := p.need(f.name); err != nil {
			return err
		}
		n, _, err := p.integer(f.name)
		if err != nil {
			return err
		}
		if n < f.min || n > f.max {
			return refuse(codeValidation, "Req Param:[%s] must be %d to %d", f.name, f.min, f.max)
		}
		*f.to = int(n)
	}
	return nil
}

// rows are all that answer q, newest first.
func (s *Sandbox) rows(now time.Time, q question) []esimRow {
	reported := s.reported(now)
	rows := []esimRow{}
	topUps := s.book.topUps
	if !q.listing() {
		topUps = nil
	}
	for _, p := range slices.Backward(s.book.profiles) {
		for ; len(topUps) > 0 && topUps[len(topUps)-1].seq > p.seq; topUps = topUps[:len(topUps)-1] {
			if t := topUps[len(topUps)-1]; q.spans(t.part.at) {
				rows = append(rows, t.row(now, reported))
			}
		}
		switch {
		case !q.meets(p):
		case p.there(now) || q.orderNo != "" && !now.Before(p.allocated):
			rows = append(rows, p.row(now, reported))
		case q.orderNo != "":
			rows = append(rows, p.row(now, reported).withoutCode())
		}
	}
	if q.listing() {
		rows = s.repeated(rows)
	}
	return rows
}

// listing reports whether q asks for whatever the account has, of a span of time or of all.
func (q question) listing() bool { return q.orderNo == "" && q.tranNo == "" && q.iccid == "" }

// spans reports whether something made at t is within the time asked for.
func (q question) spans(t time.Time) bool {
	return q.from.IsZero() || !t.Before(q.from) && !t.After(q.to)
}

func (q question) meets(p *profile) bool {
	return (q.orderNo == "" || q.orderNo == p.order.no) &&
		(q.tranNo == "" || q.tranNo == p.tranNo) &&
		(q.iccid == "" || q.iccid == p.shownICCID()) &&
		q.spans(p.ordered)
}

// cut is the page of rows that q asks for.
func (q question) cut(rows []esimRow) []esimRow {
	from := min((q.page-1)*q.size, len(rows))
	return rows[from:min(from+q.size, len(rows))]
}
