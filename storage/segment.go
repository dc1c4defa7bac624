package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"esimbot/esim"
)

// reachable are those who are written to.
const reachable = `p.news_off = 0 AND p.unreachable = 0 AND p.blocked = 0`

// What each part of a segment asks of a customer p. They walk over all customers: a broadcast is begun now and then, and a
// read keeps nobody from writing.
const (
	speaks    = `(lower(p.language) = ? OR lower(p.language) LIKE ? || '-%')`
	boughtFor = `EXISTS (SELECT 1 FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL AND o.kind = 'purchase' AND (o.plan ->> '$.location' = ?
		OR EXISTS (SELECT 1 FROM json_each(o.plan, '$.places') l WHERE l.value = ?)))`
	usesOne   = `EXISTS (SELECT 1 FROM esims e WHERE e.person = p.id AND e.status = 'IN_USE' AND (e.expires IS NULL OR e.expires > ?))`
	hadOne    = `EXISTS (SELECT 1 FROM esims e WHERE e.person = p.id AND e.expires > ? AND e.expires <= ?)`
	paidOnce  = `EXISTS (SELECT 1 FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL)`
	spentOver = `(SELECT coalesce(sum(o.retail_minor), 0) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL
		AND o.state NOT IN (SELECT value FROM json_each(?))) > ?`
)

// segmentQuery is the condition on a customer p that is in a segment.
func segmentQuery(a esim.Segment, now time.Time) (where string, args []any) {
	all := []string{`p.id > 0`}
	add := func(is bool, condition string, values ...any) {
		if is {
			all, args = append(all, condition), append(args, values...)
		}
	}
	at := stamp(now)
	add(a.Language != "", speaks, strings.ToLower(a.Language), strings.ToLower(a.Language))
	add(a.Country != "", boughtFor, a.Country, a.Country)
	add(a.Active, usesOne, at)
	add(a.Expired, hadOne+` AND NOT `+usesOne, stamp(now.Add(-esim.RecentlyExpired)), at, at)
	add(a.Never, `NOT `+paidOnce)
	add(a.Spent > 0, spentOver, givenBackStates, a.Spent)
	return strings.Join(all, " AND "), args
}

// SegmentSize counts a segment at a moment.
func (db *DB) SegmentSize(ctx context.Context, a esim.Segment, now time.Time) (esim.SegmentSize, error) {
	where, args := segmentQuery(a, now)
	size, err := one(db.walk(ctx), func(rows *sql.Rows) (s esim.SegmentSize, err error) {
		err = rows.Scan(&s.People, &s.Unreachable, &s.Blocked, &s.Off)
		return s, err
	}, `SELECT count(*) FILTER (WHERE `+reachable+`), count(*) FILTER (WHERE p.unreachable), count(*) FILTER (WHERE p.blocked AND NOT p.unreachable),
		count(*) FILTER (WHERE p.news_off AND NOT p.unreachable AND NOT p.blocked) FROM people p WHERE `+where, args...)
	if err != nil {
		return size, fmt.Errorf("count a segment: %w", err)
	}
	return size, nil
}
