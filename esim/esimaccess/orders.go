package esimaccess

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"esimbot/esim"
)

const pathOrder = "esim/order"

// The vendor's limits of an order.
const (
	MaxQuantity  = 30  // eSIMs in one order
	MaxDays      = 365 // periodNum of a day pass
	MaxKeyLength = 50  // characters of a transactionId
)

type orderRequest struct {
	TransactionID   string      `json:"transactionId"`
	PackageInfoList []orderLine `json:"packageInfoList"`
}

type orderLine struct {
	PackageCode string `json:"packageCode"` // takes a slug too; the vendor prefers it
	Count       int    `json:"count"`
	Price       int64  `json:"price,omitempty"` // unit price to verify, USD × 10,000
	PeriodNum   int    `json:"periodNum,omitempty"`
}

type orderAnswer struct {
	OrderNo text `json:"orderNo"`
}

// Order buys b.Quantity eSIMs and returns the vendor's number of the order; the
// eSIMs themselves are allocated within seconds, see OrderProfiles. b.IdempotencyKey is at
// most 50 characters long; a second call with the same one is charged once, and is
// answered with the first order or with the action esim.ActionLookUp.
//
// For fixed plans b.ExpectedUnitPrice (USD4) is the unit price the vendor verifies. For day
// passes the number of days is sent and no price, as integrators disagree on which.
//
// Errors are *esim.VendorError. The call is sent once and never repeated in here.
//
// Source: POST /api/v1/open/esim/order, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Order(ctx context.Context, b esim.VendorPurchase) (vendorOrder string, err error) {
	request, err := newOrder(b)
	if err != nil {
		return "", misuse(pathOrder, err)
	}
	op := operation{path: pathOrder, priority: priorityPurchase, writes: true}
	answer, err := call[orderAnswer](ctx, c, op, request)
	if err != nil {
		return "", err
	}
	if answer.OrderNo == "" {
		return "", c.unsettled(pathOrder, errors.New("the answer has no orderNo"))
	}
	return string(answer.OrderNo), nil
}

func newOrder(b esim.VendorPurchase) (orderRequest, error) {
	line := orderLine{PackageCode: b.Plan.Slug, Count: b.Quantity}
	if line.PackageCode == "" {
		line.PackageCode = b.Plan.Code
	}
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if line.PackageCode == "" {
		bad("the plan has no code")
	}
	if err := checkKey(b.IdempotencyKey); err != nil {
		errs = append(errs, err)
	}
	if b.Quantity < 1 || b.Quantity > MaxQuantity {
		bad("quantity %d is not within 1 to %d", b.Quantity, MaxQuantity)
	}
	switch {
	case b.Plan.DayPass():
		line.PeriodNum = b.Days
		if b.Days < 1 || b.Days > MaxDays {
			bad("%d days are not within 1 to %d", b.Days, MaxDays)
		}
	case b.ExpectedUnitPrice != esim.Money{}:
		line.Price = b.ExpectedUnitPrice.Minor
		if b.ExpectedUnitPrice.Currency != esim.USD4 || b.ExpectedUnitPrice.Minor <= 0 {
			bad("guard %s is not a wholesale price", b.ExpectedUnitPrice)
		}
	}
	return orderRequest{b.IdempotencyKey, []orderLine{line}}, errors.Join(errs...)
}

func checkKey(txID string) error {
	if n := utf8.RuneCountInString(txID); n < 1 || n > MaxKeyLength {
		return fmt.Errorf("the key has %d characters, not 1 to %d", n, MaxKeyLength)
	}
	return nil
}
