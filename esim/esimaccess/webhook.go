package esimaccess

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

// An EventKind is the notifyType of a webhook. Unknown ones are kept.
type EventKind string

// The kinds known (https://docs.esimaccess.com, as of 2026-04-22).
const (
	CheckHealth   EventKind = "CHECK_HEALTH"   // sent when a webhook is saved; answer 200 and do nothing
	OrderStatus   EventKind = "ORDER_STATUS"   // an order was allocated; a top-up sends none
	ESIMStatus    EventKind = "ESIM_STATUS"    // the life of an eSIM
	SMDPEvent     EventKind = "SMDP_EVENT"     // progress on the phone; many, and out of order
	DataUsage     EventKind = "DATA_USAGE"     // a threshold of data was passed
	ValidityUsage EventKind = "VALIDITY_USAGE" // the validity ends soon
)

// An Event is what a webhook says. Nothing proves that the vendor sent it, and it may
// come twice, late and out of order: it is a hint to look the eSIM up, no more.
// Fields that a kind does not have are zero.
type Event struct {
	Kind EventKind
	// ID is the notifyId, the same for each copy of an event; older events have none
	// and get "sha256:" and the hash of their body.
	ID string
	At time.Time // when the vendor made it; not when the thing happened

	VendorOrder    string      // orderNo
	IdempotencyKey string      // transactionId
	ESIM           esim.ESIMID // esimTranNo
	ICCID          esim.ICCID
	EID            string

	OrderStatus  string // ORDER_STATUS: "GOT_RESOURCE"
	Status       esim.ProfileStatus
	SMDP         esim.SMDPStatus
	HappenedAt   time.Time // SMDP_EVENT: on the phone
	Sequence     int64     // SMDP_EVENT: seqNumber, 0 when absent
	NotifyStatus string    // SMDP_EVENT: "Executed-Success" or absent

	Total     int64     // bytes
	Used      int64     // bytes
	Left      int64     // bytes, not negative
	Threshold float64   // the part left that was passed, 0.5; reckon with Left and Total
	AsOf      time.Time // DATA_USAGE: what the networks had reported by then

	DaysLeft int // VALIDITY_USAGE
	Days     int // VALIDITY_USAGE: the whole validity
	Expires  time.Time
}

type eventWire struct {
	NotifyType        text            `json:"notifyType"`
	NotifyID          text            `json:"notifyId"`
	EventGenerateTime moment          `json:"eventGenerateTime"`
	Content           json.RawMessage `json:"content"`
}

type eventContent struct {
	OrderNo         text     `json:"orderNo"`
	OrderStatus     text     `json:"orderStatus"`
	TransactionID   text     `json:"transactionId"`
	EsimTranNo      text     `json:"esimTranNo"`
	ICCID           text     `json:"iccid"`
	EID             text     `json:"eid"`
	EsimStatus      text     `json:"esimStatus"`
	SMDPStatus      text     `json:"smdpStatus"`
	Timestamp       moment   `json:"timestamp"`
	SeqNumber       number   `json:"seqNumber"`
	NotifyStatus    text     `json:"notifyStatus"`
	TotalVolume     number   `json:"totalVolume"`
	OrderUsage      number   `json:"orderUsage"`
	Remain          number   `json:"remain"`       // bytes, or days in VALIDITY_USAGE
	RemainVolume    number   `json:"remainVolume"` // its name in ESIM_STATUS
	RemainThreshold fraction `json:"remainThreshold"`
	LastUpdateTime  moment   `json:"lastUpdateTime"`
	TotalDuration   number   `json:"totalDuration"`
	DurationUnit    text     `json:"durationUnit"`
	ExpiredTime     moment   `json:"expiredTime"`
}

// The longest that is taken, in bytes. What is longer was not made by the vendor.
const (
	maxEventKind = 64
	maxEventID   = 128
)

// ErrNoEvent means that a webhook's body is not an event.
var ErrNoEvent = errors.New("not an event")

// ParseEvent reads the body of a webhook. Unknown kinds and fields do not break it;
// what is no JSON object with a notifyType is ErrNoEvent. No error repeats the body.
//
// Source: https://docs.esimaccess.com (webhooks), as of 2026-04-22.
func ParseEvent(body []byte) (Event, error) {
	var w eventWire
	if err := json.Unmarshal(body, &w); err != nil {
		return Event{}, fmt.Errorf("webhook of %d bytes: %w", len(body), ErrNoEvent)
	}
	if w.NotifyType == "" || len(w.NotifyType) > maxEventKind {
		return Event{}, fmt.Errorf("webhook with a notifyType of %d bytes: %w", len(w.NotifyType), ErrNoEvent)
	}
	var c eventContent
	if len(w.Content) > 0 {
		if err := json.Unmarshal(w.Content, &c); err != nil {
			return Event{}, fmt.Errorf("content of a webhook: %w", ErrNoEvent)
		}
	}
	e := c.event()
	e.Kind, e.ID, e.At = EventKind(w.NotifyType), string(w.NotifyID), w.EventGenerateTime.time()
	if e.ID == "" || len(e.ID) > maxEventID {
		sum := sha256.Sum256(body)
		e.ID = "sha256:" + hex.EncodeToString(sum[:])
	}
	if e.Kind == ValidityUsage {
		e.DaysLeft = max(0, c.Remain.int())
	} else {
		e.Left = max(0, c.Remain.n, c.RemainVolume.n)
	}
	return e, nil
}

// VendorEvent is what there is to look up, as of now. It has no more than names: whatever
// else the event says has to be asked for.
func (e Event) VendorEvent(now time.Time) esim.VendorEvent {
	return esim.VendorEvent{
		ID:             e.ID,
		Kind:           string(e.Kind),
		VendorOrder:    name(e.VendorOrder),
		IdempotencyKey: name(e.IdempotencyKey),
		ESIM:           esim.ESIMID(name(string(e.ESIM))),
		Received:       now,
	}
}

// name is s, or nothing if it is longer than any name of the vendor's or ours.
func name(s string) string {
	if len(s) > maxEventID {
		return ""
	}
	return s
}

func (c eventContent) event() Event {
	return Event{
		VendorOrder:    string(c.OrderNo),
		IdempotencyKey: string(c.TransactionID),
		ESIM:           esim.ESIMID(c.EsimTranNo),
		ICCID:          esim.ICCID(c.ICCID),
		EID:            string(c.EID),
		OrderStatus:    string(c.OrderStatus),
		Status:         profileStatus(c.EsimStatus),
		SMDP:           smdpStatus(c.SMDPStatus),
		HappenedAt:     c.Timestamp.time(),
		Sequence:       c.SeqNumber.n,
		NotifyStatus:   string(c.NotifyStatus),
		Total:          max(0, c.TotalVolume.n),
		Used:           max(0, c.OrderUsage.n),
		Threshold:      float64(c.RemainThreshold),
		AsOf:           c.LastUpdateTime.time(),
		Days:           days(c.TotalDuration, c.DurationUnit),
		Expires:        c.ExpiredTime.time(),
	}
}
