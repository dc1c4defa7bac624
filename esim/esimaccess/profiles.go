package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"esimbot/esim"
)

const pathQuery = "esim/query"

const (
	// pageSize is the vendor's largest.
	pageSize = 500
	// maxPage is the vendor's largest pageNum.
	maxPage = 10_000
)

// The ways of asking esim/query.
var (
	queryPurchase = operation{path: pathQuery, lane: lanePurchase}
	queryPerson   = operation{path: pathQuery, lane: lanePerson}
	querySweep    = operation{path: pathQuery, lane: laneSweep}
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
	EsimTranNo    text   `json:"esimTranNo"`
	OrderNo       text   `json:"orderNo"`
	TransactionID text   `json:"transactionId"`
	ICCID         text   `json:"iccid"`
	AC            text   `json:"ac"`
	SMDPStatus    text   `json:"smdpStatus"`
	EsimStatus    text   `json:"esimStatus"`
	EID           text   `json:"eid"`
	ActivateTime  moment `json:"activateTime"`
	ExpiredTime   moment `json:"expiredTime"`
	TotalVolume   number `json:"totalVolume"`
	TotalDuration number `json:"totalDuration"`
	DurationUnit  text   `json:"durationUnit"`
	OrderUsage    number `json:"orderUsage"`
	PIN           text   `json:"pin"`
	PUK           text   `json:"puk"`
	APN           text   `json:"apn"`
	PackageList   []struct {
		PackageCode text `json:"packageCode"`
	} `json:"packageList"`
}

func (r profileRow) profile() esim.Profile {
	return esim.Profile{
		TranNo:      string(r.EsimTranNo),
		VendorOrder: string(r.OrderNo),
		TxID:        string(r.TransactionID),
		ICCID:       esim.ICCID(r.ICCID),
		Code:        esim.ActivationCode(r.AC),
		SMDP:        esim.SMDPStatus(r.SMDPStatus),
		Status:      esim.ProfileStatus(r.EsimStatus),
		EID:         string(r.EID),
		Total:       max(0, r.TotalVolume.n),
		Used:        max(0, r.OrderUsage.n),
		Days:        days(r.TotalDuration, r.DurationUnit),
		Activated:   r.ActivateTime.time(),
		Expires:     r.ExpiredTime.time(),
		APN:         string(r.APN),
		PIN:         string(r.PIN),
		PUK:         string(r.PUK),
	}
}

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
	return len(r.PackageList) == 0 || !strings.HasPrefix(string(r.PackageList[0].PackageCode), "TOPUP_")
}

// OrderProfiles lists the eSIMs of an order. While they are being allocated (up to
// 30 s by the documentation, and longer at times) the error's verdict is esim.Wait,
// or the list is empty: neither ever means failure. An ICCID may be missing on an
// eSIM that is ready.
//
// Errors are *esim.ProviderError; esim.Missing for an order nobody knows.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) OrderProfiles(ctx context.Context, vendorOrder string) ([]esim.Profile, error) {
	if vendorOrder == "" { // asked so, the vendor would list the whole account
		return nil, misuse(pathQuery, errors.New("no order number"))
	}
	request := queryRequest{OrderNo: vendorOrder, Pager: pager{1, pageSize}}
	answer, err := call[queryAnswer](ctx, c, queryPurchase, request)
	if err != nil {
		return nil, err
	}
	foreign := func(r profileRow) bool { return string(r.OrderNo) != vendorOrder }
	return eSIMs(slices.DeleteFunc(answer.EsimList, foreign)), nil
}

// Profile asks for one eSIM; esim.ErrNotFound if the vendor does not know it. Other
// errors are *esim.ProviderError. Volumes are bytes; Used is one to three hours late.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Profile(ctx context.Context, tranNo string) (esim.Profile, error) {
	if tranNo == "" {
		return esim.Profile{}, misuse(pathQuery, errors.New("no esimTranNo"))
	}
	request := queryRequest{EsimTranNo: tranNo, Pager: pager{1, pageSize}}
	answer, err := call[queryAnswer](ctx, c, queryPerson, request)
	if esim.VerdictOf(err) == esim.Missing {
		return esim.Profile{}, fmt.Errorf("eSIM %s: %w: %w", tranNo, esim.ErrNotFound, err)
	} else if err != nil {
		return esim.Profile{}, err
	}
	for _, r := range answer.EsimList {
		if r.real() && string(r.EsimTranNo) == tranNo {
			return r.profile(), nil
		}
	}
	return esim.Profile{}, fmt.Errorf("eSIM %s: %w", tranNo, esim.ErrNotFound)
}

// FindPurchase lists the eSIMs that were bought under a key between two times. The
// vendor cannot search for keys, so this reads all that was ordered in between. An
// empty list is no proof: eSIMs still being allocated may be missing from it.
//
// Errors are *esim.ProviderError; never is a part of the answer taken for the whole.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) FindPurchase(ctx context.Context, txID string, from, to time.Time) ([]esim.Profile, error) {
	rows, err := c.findKey(ctx, txID, from, to)
	return eSIMs(rows), err
}

// findKey reads all rows between two times, those of top-ups included, for a key.
func (c *Client) findKey(ctx context.Context, txID string, from, to time.Time) ([]profileRow, error) {
	if txID == "" {
		return nil, misuse(pathQuery, errors.New("no key to search for"))
	}
	request := queryRequest{StartTime: writeTime(from), EndTime: writeTime(to.Add(time.Second - 1))}
	var found []profileRow
	for page, err := range c.walk(ctx, queryPurchase, request) {
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if string(r.TransactionID) == txID {
				found = append(found, r)
			}
		}
	}
	return found, nil
}

// Account walks all eSIMs of our account, newest first, in pages of up to 500. It
// ends after the first error, an *esim.ProviderError. Top-ups are left out, and so
// is an eSIM that appears again because new orders moved the pages meanwhile.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Account(ctx context.Context) iter.Seq2[[]esim.Profile, error] {
	return func(yield func([]esim.Profile, error) bool) {
		for rows, err := range c.walk(ctx, querySweep, queryRequest{}) {
			page := eSIMs(rows)
			if (err != nil || len(page) > 0) && !yield(page, err) {
				return
			}
		}
	}
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

// walk asks for page after page, leaving out rows it has seen, until one brings
// nothing new. It trusts the total only to save the last question: a listing cut
// short would look like "not bought".
func (c *Client) walk(ctx context.Context, op operation, request queryRequest) iter.Seq2[[]profileRow, error] {
	return func(yield func([]profileRow, error) bool) {
		known := map[text]bool{}
		for n := 1; n <= maxPage; n++ {
			request.Pager = pager{n, pageSize}
			answer, err := call[queryAnswer](ctx, c, op, request)
			if err != nil {
				yield(nil, err)
				return
			}
			var fresh []profileRow
			for _, r := range answer.EsimList {
				if !known[r.EsimTranNo] {
					known[r.EsimTranNo] = true
					fresh = append(fresh, r)
				}
			}
			if len(fresh) == 0 || !yield(fresh, nil) || answer.last(len(known)) {
				return
			}
		}
	}
}

// last reports whether the page is short and the rows seen are as many as announced.
func (a queryAnswer) last(seen int) bool {
	full := pageSize
	if n := a.Pager.PageSize.int(); n > 0 {
		full = n
	}
	return len(a.EsimList) < full && int64(seen) >= a.Pager.Total.n
}
