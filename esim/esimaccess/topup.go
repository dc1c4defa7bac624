package esimaccess

import (
	"context"
	"errors"
	"time"

	"esimbot/esim"
)

const pathTopUp = "esim/topup"

type topUpBody struct {
	TransactionID string `json:"transactionId"`
	EsimTranNo    string `json:"esimTranNo,omitempty"`
	ICCID         string `json:"iccid,omitempty"`
	PackageCode   string `json:"packageCode"`
	PeriodNum     int    `json:"periodNum,omitempty"`
}

type topUpAnswer struct {
	TopUpEsimTranNo text   `json:"topUpEsimTranNo"`
	ExpiredTime     moment `json:"expiredTime"`
	TotalVolume     number `json:"totalVolume"`
	TotalDuration   number `json:"totalDuration"`
	DurationUnit    text   `json:"durationUnit"`
	OrderUsage      number `json:"orderUsage"`
}

// TopUp tops up an eSIM that is new, in use or depleted; never after its expiry. It
// takes about 16 s. Volumes and days add up, and an eSIM takes at most 10. No price
// is sent to be verified, since integrators disagree on which.
//
// Errors are *esim.VendorError; esim.ActionRefund for a code this eSIM cannot take. The
// call is sent once; after a lost answer repeat it with the same key, and see
// FindTopUp. Only where the number is answered with 000001, r.ICCID is known and the
// vendor confirms that it names this eSIM and no other, the same purchase (the same key,
// so charged once) is sent again by ICCID; if that fails as well the outcome is open.
//
// Source: POST /api/v1/open/esim/topup, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) TopUp(ctx context.Context, r esim.TopUpRequest) (esim.TopUpResult, error) {
	request, err := newTopUp(r)
	if err != nil {
		return esim.TopUpResult{}, misuse(pathTopUp, err)
	}
	op := operation{path: pathTopUp, priority: priorityPurchase, writes: true}
	answer, err := call[topUpAnswer](ctx, c, op, request)
	if numberFailed(err) && c.sameESIM(ctx, r) {
		request.EsimTranNo, request.ICCID = "", r.ICCID.Reveal()
		answer, err = call[topUpAnswer](ctx, c, op, request)
		err = stillOpen(err)
	}
	if err != nil {
		return esim.TopUpResult{}, err
	}
	return esim.TopUpResult{
		TopUp:   string(answer.TopUpEsimTranNo),
		Expires: answer.ExpiredTime.time(),
		Total:   max(0, answer.TotalVolume.n),
		Used:    max(0, answer.OrderUsage.n),
		Days:    days(answer.TotalDuration, answer.DurationUnit),
	}, nil
}

// numberFailed reports whether err is the server error that some eSIMs' numbers get.
func numberFailed(err error) bool {
	var pe *esim.VendorError
	return errors.As(err, &pe) && pe.Code == codeServerError
}

// sameESIM reports whether the vendor says that r's ICCID is that of r's eSIM, and of no
// other: ICCIDs are used again, and a top-up of somebody else's eSIM is lost money.
func (c *Client) sameESIM(ctx context.Context, r esim.TopUpRequest) bool {
	if r.ID == "" || r.ICCID == "" {
		return false
	}
	named, err := c.ProfilesByICCID(ctx, r.ICCID)
	return err == nil && len(named) == 1 && named[0].ID == r.ID
}

// stillOpen is err with an open outcome: a refusal of the second call says nothing of
// the first.
func stillOpen(err error) error {
	var pe *esim.VendorError
	if errors.As(err, &pe) {
		pe.Outcome = esim.OutcomeUnknown
	}
	return err
}

func newTopUp(r esim.TopUpRequest) (topUpBody, error) {
	request := topUpBody{TransactionID: r.IdempotencyKey, EsimTranNo: string(r.ID), PackageCode: r.PlanCode, PeriodNum: r.Days}
	var errs []error
	if r.ID == "" { // both at once are refused with 000104
		request.ICCID = r.ICCID.Reveal()
	}
	if r.ID == "" && r.ICCID == "" {
		errs = append(errs, errors.New("no eSIM is named"))
	}
	if r.PlanCode == "" {
		errs = append(errs, errors.New("the top-up has no code"))
	}
	if r.Days < 0 || r.Days > MaxDays {
		errs = append(errs, errors.New("the days are out of range"))
	}
	return request, errors.Join(append(errs, checkKey(r.IdempotencyKey))...)
}

// FindTopUp reports whether a top-up was made under a key between two times, and its
// own esimTranNo, as far as the vendor's listing by date shows it. Errors are
// *esim.VendorError.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of
// 2026-04-01; that top-ups are listed is from captured answers.
func (c *Client) FindTopUp(ctx context.Context, txID string, from, to time.Time) (esimID esim.ESIMID, found bool, err error) {
	rows, err := c.findKey(ctx, txID, from, to)
	for _, r := range rows {
		if !r.real() && r.EsimTranNo != "" {
			return esim.ESIMID(r.EsimTranNo), true, nil
		}
	}
	return "", false, err
}
