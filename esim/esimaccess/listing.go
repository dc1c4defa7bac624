package esimaccess

import (
	"context"
	"errors"
	"iter"
	"time"

	"esimbot/esim"
)

const (
	// pageSize and minPageSize are the vendor's largest and smallest.
	pageSize    = 500
	minPageSize = 5
	// maxPage is the vendor's largest pageNum.
	maxPage = 10_000
)

// FindPurchase lists the eSIMs that were bought under a key between two times. The
// vendor cannot search for keys, so this reads all that was ordered in between. An
// empty list is no proof: eSIMs still being allocated may be missing from it.
//
// Errors are *esim.VendorError; never is a part of the answer taken for the whole.
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
	var found []profileRow
	for page, err := range c.walk(ctx, queryPurchase, between(from, to)) {
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

// between is the request for what was ordered between two times, in whole seconds.
func between(from, to time.Time) queryRequest {
	return queryRequest{StartTime: writeTime(from), EndTime: writeTime(to.Add(time.Second - 1))}
}

// AllProfiles walks all eSIMs of our account, newest first, in pages of up to 500. It
// ends after the first error, an *esim.VendorError. Top-ups are left out, and so
// is an eSIM that appears again because new orders moved the pages meanwhile.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) AllProfiles(ctx context.Context) iter.Seq2[[]esim.Profile, error] {
	return c.listing(ctx, queryRequest{})
}

// ProfilesOrdered walks the eSIMs ordered between two times as AllProfiles walks all.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) ProfilesOrdered(ctx context.Context, from, to time.Time) iter.Seq2[[]esim.Profile, error] {
	return c.listing(ctx, between(from, to))
}

// CountProfiles is how many rows the walk of AllProfiles goes through: all eSIMs ever bought,
// those that ended included, and one more for each top-up. A read that costs little;
// errors are *esim.VendorError, also where the answer does not say.
//
// Source: POST /api/v1/open/esim/query, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) CountProfiles(ctx context.Context) (int, error) {
	request := queryRequest{Pager: pager{1, minPageSize}}
	answer, err := call[queryAnswer](ctx, c, querySweep, request)
	if err != nil {
		return 0, err
	}
	if n := answer.Pager.Total; n.known && n.n >= 0 {
		return n.int(), nil
	}
	return 0, c.unsettled(pathQuery, errors.New("the answer has no total"))
}

func (c *Client) listing(ctx context.Context, request queryRequest) iter.Seq2[[]esim.Profile, error] {
	return func(yield func([]esim.Profile, error) bool) {
		for rows, err := range c.walk(ctx, querySweep, request) {
			page := eSIMs(rows)
			if (err != nil || len(page) > 0) && !yield(page, err) {
				return
			}
		}
	}
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
