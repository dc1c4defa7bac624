package esimaccess

import (
	"context"

	"esimbot/esim"
)

var (
	_ esim.Refiller      = (*Client)(nil)
	_ esim.VendorDesk    = (*Client)(nil)
	_ esim.AccountSource = (*Client)(nil)
)

// Refill is TopUp in the words of the business.
func (c *Client) Refill(ctx context.Context, r esim.Refill) (esim.Refilled, error) {
	done, err := c.TopUp(ctx, Refill{TxID: r.TxID, TranNo: r.TranNo, ICCID: r.ICCID, Code: r.Code, Days: r.Days})
	return esim.Refilled{Expires: done.Expires, Total: done.Total, Used: done.Used, Days: done.Days}, err
}
