package esimaccess

import (
	"context"
	"errors"
	"slices"
	"sync"

	"esimbot/esim"
)

// In a rush of sales each order would take a call to buy and one or two to ask for its eSIMs, and
// those who paid later would wait for the sum of them. So where a question about an order could not go
// at once, all that wait with it are answered by one listing: the newest eSIMs of the account are
// theirs.

// A sharedListing is a listing of the newest eSIMs under way, for all who joined it.
type sharedListing struct {
	done chan struct{} // closed when the rest is set
	rows []profileRow
	err  error
	left bool // whoever asked stopped waiting: err says nothing about the vendor
}

// listings holds the listing under way that others may join.
type listings struct {
	mu    sync.Mutex
	under *sharedListing
}

// errNotListed: an order is not among the newest eSIMs, or is still being allocated.
var errNotListed = errors.New("not among the newest eSIMs yet")

// orderTogether is OrderProfiles by a listing that is shared with all who ask at this moment. What is
// not in it may still be there: the error is to try again, never that it does not come.
func (c *Client) orderTogether(ctx context.Context, vendorOrder string) ([]esim.Profile, error) {
	for {
		l := c.joinListing(ctx)
		select {
		case <-l.done:
		case <-ctx.Done():
			return nil, c.notSent(pathQuery, context.Cause(ctx))
		}
		switch {
		case l.left && ctx.Err() == nil:
			continue
		case l.err != nil:
			return nil, l.err
		}
		if n := len(l.rows); n >= pageSize && string(l.rows[n-1].OrderNo) == vendorOrder { // the page ends within it
			return c.orderAlone(ctx, vendorOrder)
		}
		foreign := func(r profileRow) bool { return string(r.OrderNo) != vendorOrder }
		if mine := eSIMs(slices.DeleteFunc(slices.Clone(l.rows), foreign)); len(mine) > 0 {
			return mine, nil
		}
		return nil, c.unsettled(pathQuery, errNotListed)
	}
}

// joinListing is the listing under way, or one that the caller makes.
func (c *Client) joinListing(ctx context.Context) *sharedListing {
	c.listings.mu.Lock()
	if l := c.listings.under; l != nil {
		c.listings.mu.Unlock()
		return l
	}
	l := &sharedListing{done: make(chan struct{})}
	c.listings.under = l
	c.listings.mu.Unlock()
	l.left = true // unless the call returns
	defer func() {
		c.listings.mu.Lock()
		c.listings.under = nil
		c.listings.mu.Unlock()
		close(l.done)
	}()
	answer, err := call[queryAnswer](ctx, c, queryPurchase, queryRequest{Pager: pager{1, pageSize}})
	l.rows, l.err, l.left = answer.EsimList, err, err != nil && ctx.Err() != nil
	return l
}
