package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"esimbot/esim"
)

const pathQuery = "esim/query"

// The ways of asking esim/query.
var (
	queryPurchase = operation{path: pathQuery, priority: priorityPurchase}
	queryPerson   = operation{path: pathQuery, priority: priorityCustomer}
	querySweep    = operation{path: pathQuery, priority: prioritySweep}
)

// queryRequest always has the three numbers, empty where they are not meant, as
// captured requests do.
type queryRequest struct {
	OrderNo    string `json:"orderNo"`
	EsimTranNo string `json:"esimTranNo"`
	ICCID      string `json:"iccid"`
	StartTime  string `json:"startTime,omitempty"`
	EndTime    string `json:"endTime,omitempty"`
	Pager      pager  `json:"pager"`
}

type pager struct {
	PageNum  int `json:"pageNum"`
	PageSize int `json:"pageSize"`
}

type queryAnswer struct {
	EsimList []profileRow `json:"esimList"`
	Pager    struct {
		PageSize number `json:"pageSize"`
		Total    number `json:"total"`
	} `json:"pager"`
}

type profileRow struct {
	EsimTranNo       text         `json:"esimTranNo"`
	OrderNo          text         `json:"orderNo"`
	TransactionID    text         `json:"transactionId"`
	ICCID            text         `json:"iccid"`
	AC               text         `json:"ac"`
	SMDPStatus       text         `json:"smdpStatus"`
	EsimStatus       text         `json:"esimStatus"`
	EID              text         `json:"eid"`
	ActivateTime     moment       `json:"activateTime"`
	ExpiredTime      moment       `json:"expiredTime"`
	TotalVolume      number       `json:"totalVolume"`
	TotalDuration    number       `json:"totalDuration"`
	DurationUnit     text         `json:"durationUnit"`
	OrderUsage       number       `json:"orderUsage"`
	PIN              text         `json:"pin"`
	PUK              text         `json:"puk"`
	APN              text         `json:"apn"`
	DataType         number       `json:"dataType"`
	ActiveType       number       `json:"activeType"`
	SMSStatus        number       `json:"smsStatus"`
	SupportTopUpType number       `json:"supportTopUpType"`
	IPExport         text         `json:"ipExport"`
	FUPPolicy        text         `json:"fupPolicy"`
	PackageList      []boughtPart `json:"packageList"`
}

func (r profileRow) profile() esim.Profile {
	return esim.Profile{
		ID:             esim.ESIMID(r.EsimTranNo),
		VendorOrder:    string(r.OrderNo),
		IdempotencyKey: string(r.TransactionID),
		ICCID:          esim.ICCID(r.ICCID),
		ActivationCode: esim.NormalCode(string(r.AC)),
		SMDPStatus:     smdpStatus(r.SMDPStatus),
		Status:         profileStatus(r.EsimStatus),
		EID:            string(r.EID),
		Total:          max(0, r.TotalVolume.n),
		Used:           max(0, r.OrderUsage.n),
		Days:           days(r.TotalDuration, r.DurationUnit),
		Activated:      r.ActivateTime.time(),
		Expires:        r.ExpiredTime.time(),
		APN:            string(r.APN),
		PIN:            string(r.PIN),
		PUK:            string(r.PUK),
	}
}

// profileStatus is a status in the vendor's capitals, and a cancelled eSIM by the one word that the vendor has for it: a
// refund hangs on it.
func profileStatus(t text) esim.ProfileStatus {
	switch s := strings.ToUpper(string(t)); s {
	case "CANCELLED", "CANCELED":
		return esim.ProfileCancelled
	default:
		return esim.ProfileStatus(s)
	}
}

func smdpStatus(t text) esim.SMDPStatus { return esim.SMDPStatus(strings.ToUpper(string(t))) }

// real reports whether the row is an eSIM. Listings hold one more row for each
// top-up: a number of its own, and neither an activation code nor an order. A row
// with an activation code is an eSIM whatever else it says (one that was topped up
// lists a TOPUP_ package first).
func (r profileRow) real() bool {
	switch {
	case r.EsimTranNo == "":
		return false
	case r.AC != "":
		return true
	case r.OrderNo == "":
		return false
	}
	return len(r.PackageList) == 0 || !strings.HasPrefix(string(r.PackageList[0].PackageCode), topUpPrefix)
}

// OrderProfiles lists the eSIMs of an order. While they are being allocated (up to
// 30 s by the documentation, and longer at times) the error's action is esim.ActionWait,
// or the list is empty: neither ever means failure. An ICCID may be missing on an
// eSIM that is ready. Where the call would have to wait for its turn, it goes together with others,
// and an order that is not in their answer is to be asked for again (esim.ActionRetry).
//
// Errors are *esim.VendorError; esim.ActionNotFound for an order nobody knows.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) OrderProfiles(ctx context.Context, vendorOrder string) ([]esim.Profile, error) {
	if vendorOrder == "" { // asked so, the vendor would list the whole account
		return nil, misuse(pathQuery, errors.New("no order number"))
	}
	if c.limiter.crowded() {
		return c.orderTogether(ctx, vendorOrder)
	}
	return c.orderAlone(ctx, vendorOrder)
}

// orderAlone is OrderProfiles by a call of its own.
func (c *Client) orderAlone(ctx context.Context, vendorOrder string) ([]esim.Profile, error) {
	request := queryRequest{OrderNo: vendorOrder, Pager: pager{1, pageSize}}
	answer, err := call[queryAnswer](ctx, c, queryPurchase, request)
	if err != nil {
		return nil, err
	}
	foreign := func(r profileRow) bool { return string(r.OrderNo) != vendorOrder }
	return eSIMs(slices.DeleteFunc(answer.EsimList, foreign)), nil
}

// Profile asks for one eSIM; esim.ErrNotFound if the vendor does not know it. Other
// errors are *esim.VendorError. Volumes are bytes; Used is one to three hours late.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Profile(ctx context.Context, esimID esim.ESIMID) (esim.Profile, error) {
	r, err := c.row(ctx, esimID)
	if err != nil {
		return esim.Profile{}, err
	}
	return r.profile(), nil
}

// Record is Profile, with the plan as far as the row tells it.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Record(ctx context.Context, esimID esim.ESIMID) (esim.VendorRecord, error) {
	r, err := c.row(ctx, esimID)
	if err != nil {
		return esim.VendorRecord{}, err
	}
	return r.record(), nil
}

func (c *Client) row(ctx context.Context, esimID esim.ESIMID) (profileRow, error) {
	if esimID == "" {
		return profileRow{}, misuse(pathQuery, errors.New("no esimTranNo"))
	}
	request := queryRequest{EsimTranNo: string(esimID), Pager: pager{1, pageSize}}
	answer, err := call[queryAnswer](ctx, c, queryPerson, request)
	if esim.ActionFor(err) == esim.ActionNotFound {
		return profileRow{}, fmt.Errorf("eSIM %s: %w: %w", esimID, esim.ErrNotFound, err)
	} else if err != nil {
		return profileRow{}, err
	}
	for _, r := range answer.EsimList {
		if r.real() && esim.ESIMID(r.EsimTranNo) == esimID {
			return r, nil
		}
	}
	return profileRow{}, fmt.Errorf("eSIM %s: %w", esimID, esim.ErrNotFound)
}

// ProfilesByICCID lists the eSIMs that have, or once had, an ICCID: they are used again
// over the years, so there may be several, newest first, and none is an empty list.
// Errors are *esim.VendorError.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) ProfilesByICCID(ctx context.Context, iccid esim.ICCID) ([]esim.Profile, error) {
	if iccid == "" {
		return nil, misuse(pathQuery, errors.New("no ICCID"))
	}
	request := queryRequest{ICCID: iccid.Reveal(), Pager: pager{1, pageSize}}
	answer, err := call[queryAnswer](ctx, c, queryPerson, request)
	if esim.ActionFor(err) == esim.ActionNotFound {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	foreign := func(r profileRow) bool { return string(r.ICCID) != iccid.Reveal() }
	return eSIMs(slices.DeleteFunc(answer.EsimList, foreign)), nil
}

// eSIMs are the rows that are eSIMs.
func eSIMs(rows []profileRow) []esim.Profile {
	var list []esim.Profile
	for _, r := range rows {
		if r.real() {
			list = append(list, r.profile())
		}
	}
	return list
}
