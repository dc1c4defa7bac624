package esimaccess

import (
	"context"
	"errors"
	"time"

	"esimbot/esim"
)

const (
	pathBalance      = "balance/query"
	pathSaveWebhook  = "webhook/save"
	pathQueryWebhook = "webhook/query"
)

// balanceAnswer: newer answers are said to carry a time as well; no capture shows how
// it is called, so the names that the API uses for such times elsewhere are taken.
type balanceAnswer struct {
	Balance         number `json:"balance"`
	LastUpdateTime  moment `json:"lastUpdateTime"`
	LastUpdatedTime moment `json:"lastUpdatedTime"`
	UpdateTime      moment `json:"updateTime"`
}

func (a balanceAnswer) asOf() time.Time {
	for _, m := range []moment{a.LastUpdateTime, a.LastUpdatedTime, a.UpdateTime} {
		if !m.time().IsZero() {
			return m.time()
		}
	}
	return time.Time{}
}

// Balance is the money left in our account, in USD4. A read; errors are
// *esim.VendorError. An answer without a balance is an error, not zero.
//
// Source: POST /api/v1/open/balance/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Balance(ctx context.Context) (esim.Money, error) {
	balance, _, err := c.BalanceAsOf(ctx)
	return balance, err
}

// BalanceAsOf is Balance with the time the vendor last reckoned it; zero where the
// answer does not say.
//
// Source: POST /api/v1/open/balance/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) BalanceAsOf(ctx context.Context) (balance esim.Money, asOf time.Time, err error) {
	op := operation{path: pathBalance, priority: priorityCustomer}
	answer, err := call[balanceAnswer](ctx, c, op, struct{}{})
	if err != nil {
		return esim.Money{}, time.Time{}, err
	}
	if !answer.Balance.known {
		return esim.Money{}, time.Time{}, c.unsettled(pathBalance, errors.New("the answer has no balance"))
	}
	return esim.USDTenThousandths(answer.Balance.n), answer.asOf(), nil
}

type webhookField struct {
	Webhook text `json:"webhook"`
}

// SetWebhook has the vendor send its events to an address. The vendor tries it at
// once with a CheckHealth event and saves it only if the answer is 200, so whoever
// serves it must be up. Errors are *esim.VendorError; the call is never repeated in here.
//
// Source: POST /api/v1/open/webhook/save, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) SetWebhook(ctx context.Context, address string) error {
	if address == "" {
		return misuse(pathSaveWebhook, errors.New("no address"))
	}
	op := operation{path: pathSaveWebhook, priority: priorityCustomer, writes: true, bare: true}
	_, err := call[struct{}](ctx, c, op, webhookField{text(address)})
	return err
}

// Webhook is the address the vendor sends its events to, "" if there is none. It is
// as secret as its path. Errors are *esim.VendorError.
//
// Source: POST /api/v1/open/webhook/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Webhook(ctx context.Context) (string, error) {
	op := operation{path: pathQueryWebhook, priority: priorityCustomer}
	answer, err := call[webhookField](ctx, c, op, struct{}{})
	return string(answer.Webhook), err
}
