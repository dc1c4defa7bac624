package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// The six kinds of webhooks, their members in the order of the vendor's samples of April 2026
// (https://docs.esimaccess.com, webhooks).
const (
	checkHealth   = "CHECK_HEALTH"
	orderStatus   = "ORDER_STATUS"
	esimStatus    = "ESIM_STATUS"
	smdpEvent     = "SMDP_EVENT"
	dataUsage     = "DATA_USAGE"
	validityUsage = "VALIDITY_USAGE"
)

// A hookTime is a time as webhooks write it.
type hookTime struct {
	time.Time
	old bool // +0000 instead of Z
}

func (h hookTime) MarshalJSON() ([]byte, error) {
	if h.old {
		return stamp(h.Time).MarshalJSON()
	}
	return []byte(h.UTC().Format(`"2006-01-02T15:04:05Z"`)), nil
}

func (s *Sandbox) hookTime(t time.Time) hookTime { return hookTime{t, s.opt.Quirks.OldTimes} }

// about is what all contents about one eSIM begin with.
type about struct {
	ICCID         string `json:"iccid"`
	EID           string `json:"eid,omitempty"` // of SMDP_EVENT
	OrderNo       string `json:"orderNo"`
	EsimTranNo    string `json:"esimTranNo"`
	TransactionID string `json:"transactionId"`
}

func (p *profile) about() about {
	return about{ICCID: p.shownICCID(), OrderNo: p.order.no, EsimTranNo: p.tranNo, TransactionID: p.order.tx}
}

func healthContent() any {
	return struct {
		OrderNo     string `json:"orderNo"`
		OrderStatus string `json:"orderStatus"`
	}{"1234567890", "Test"}
}

func (s *Sandbox) orderStatus(o *order, t time.Time) {
	s.emit(orderStatus, t, nil, o, struct {
		OrderNo       string `json:"orderNo"`
		OrderStatus   string `json:"orderStatus"`
		TransactionID string `json:"transactionId"`
	}{o.no, "GOT_RESOURCE", o.tx})
}

// hookStatus is esimStatus in webhooks, which have a word of their own for the revoked.
func hookStatus(status string) string {
	if status == "REVOKE" {
		return "REVOKED"
	}
	return status
}

func (s *Sandbox) esimStatus(p *profile, t time.Time, status string) {
	type volumes struct { // "sometimes" there; here when data is what it is about
		Total  int64 `json:"totalVolume"`
		Used   int64 `json:"orderUsage"`
		Remain int64 `json:"remainVolume"`
	}
	var v *volumes
	if status == "USED_UP" {
		used := p.known(s.reported(t))
		v = &volumes{p.totalVolume(), used, max(0, p.totalVolume()-used)}
	}
	s.emit(esimStatus, t, p, p.order, struct {
		about
		EsimStatus string `json:"esimStatus"`
		SMDPStatus string `json:"smdpStatus"`
		*volumes
	}{p.about(), hookStatus(status), p.smdpStatus(), v})
}

// smdpEvent tells p.told.SMDP. The download is known from the server and has no seqNumber; the
// rest is what phones report. Which events have none in life is not known.
func (s *Sandbox) smdpEvent(p *profile, t time.Time) {
	a := p.about()
	a.EID = p.eid
	var seq *int
	notify := ""
	if p.told.SMDP != "DOWNLOAD" {
		p.phoneSeq++
		n := p.phoneSeq
		seq, notify = &n, "Executed-Success"
	}
	s.emit(smdpEvent, t, p, p.order, struct {
		about
		EsimStatus   string   `json:"esimStatus"`
		SMDPStatus   string   `json:"smdpStatus"`
		Timestamp    hookTime `json:"timestamp"`
		SeqNumber    *int     `json:"seqNumber"`
		NotifyStatus string   `json:"notifyStatus,omitempty"`
	}{a, hookStatus(p.esimStatus(t, s.reported(t))), p.told.SMDP, s.hookTime(t), seq, notify})
}

func (s *Sandbox) dataUsage(p *profile, t time.Time, total, left int64, part float64) {
	s.emit(dataUsage, t, p, p.order, struct {
		about
		TotalVolume     int64    `json:"totalVolume"`
		OrderUsage      int64    `json:"orderUsage"`
		Remain          int64    `json:"remain"`
		RemainThreshold float64  `json:"remainThreshold"`
		LastUpdateTime  hookTime `json:"lastUpdateTime"`
	}{p.about(), total, p.known(s.reported(t)), left, part, s.hookTime(s.reported(t))})
}

func (s *Sandbox) validityUsage(p *profile, t time.Time) {
	s.emit(validityUsage, t, p, p.order, struct {
		about
		Remain        int      `json:"remain"`
		TotalDuration int      `json:"totalDuration"`
		DurationUnit  string   `json:"durationUnit"`
		ExpiredTime   hookTime `json:"expiredTime"`
	}{p.about(), 1, p.totalDays(), p.plan.DurationUnit, s.hookTime(p.expires())})
}

// emit makes a webhook of t, if anybody listens. It needs s.mu.
func (s *Sandbox) emit(kind string, t time.Time, p *profile, o *order, content any) {
	if s.hook.URL == "" || s.opt.Quirks.LoseWebhooks {
		return
	}
	id := s.nextNotifyID()
	d := &Delivery{Kind: kind, NotifyID: id, URL: s.hook.URL, Made: t, Body: string(s.hookBody(kind, id, t, content))}
	if s.opt.Quirks.NoNotifyID {
		d.NotifyID = ""
	}
	if o != nil {
		d.OrderNo = o.no
	}
	if p != nil {
		d.EsimTranNo = p.tranNo
	}
	s.batch = append(s.batch, d)
}

// hookBody needs s.mu.
func (s *Sandbox) hookBody(kind, id string, t time.Time, content any) []byte {
	var notifyID *string
	if !s.opt.Quirks.NoNotifyID {
		notifyID = &id
	}
	return encode(struct {
		NotifyType        string   `json:"notifyType"`
		NotifyID          *string  `json:"notifyId,omitempty"`
		EventGenerateTime hookTime `json:"eventGenerateTime"`
		Content           any      `json:"content"`
	}{kind, notifyID, s.hookTime(t), content})
}

// nextNotifyID needs s.mu. The same seed gives the same ones.
func (s *Sandbox) nextNotifyID() string {
	s.notified++
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d", s.opt.Seed, s.notified))
	return strings.ToLower(hex.EncodeToString(sum[:16]))
}
