package esimaccess

import (
	"context"
	"slices"

	"esimbot/esim"
)

const pathUsage = "esim/usage/query"

type usageRequest struct {
	EsimTranNoList []esim.ESIMID `json:"esimTranNoList"`
}

type usageAnswer struct {
	EsimUsageList []struct {
		EsimTranNo     text   `json:"esimTranNo"`
		DataUsage      number `json:"dataUsage"`
		TotalData      number `json:"totalData"`
		LastUpdateTime moment `json:"lastUpdateTime"`
	} `json:"esimUsageList"`
}

// Usage reads the data use of eSIMs in bytes, in the order the vendor likes; rows
// may be missing. It is 1 to 3 hours behind the truth (AsOf says how far) and may
// exceed the total. More than esim.UsageBatch eSIMs are asked for in several calls.
// A read; errors are *esim.VendorError, and then there are no rows at all.
//
// Source: POST /api/v1/open/esim/usage/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Usage(ctx context.Context, esimIDs []esim.ESIMID) ([]esim.Usage, error) {
	var found []esim.Usage
	for batch := range slices.Chunk(esimIDs, esim.UsageBatch) {
		op := operation{path: pathUsage, priority: prioritySweep}
		answer, err := call[usageAnswer](ctx, c, op, usageRequest{batch})
		if err != nil {
			return nil, err
		}
		for _, r := range answer.EsimUsageList {
			if !r.DataUsage.known || !slices.Contains(batch, esim.ESIMID(r.EsimTranNo)) {
				continue
			}
			found = append(found, esim.Usage{
				ID:    esim.ESIMID(r.EsimTranNo),
				Used:  max(0, r.DataUsage.n),
				Total: max(0, r.TotalData.n),
				AsOf:  r.LastUpdateTime.time(),
			})
		}
	}
	return found, nil
}
