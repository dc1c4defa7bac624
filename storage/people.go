package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"

	"esimbot/esim"
)

const onePerson = `SELECT p.id, p.chat, p.name, p.language, p.created, p.blocked, p.unreachable, p.username, p.seen,
		(SELECT count(*) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL),
		coalesce((SELECT sum(retail_minor) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL
			AND o.state NOT IN (SELECT value FROM json_each(?2))), 0),
		coalesce((SELECT -sum(minor) FROM ledger l WHERE l.account = 'credit:' || p.id AND l.currency = 'USD'), 0),
		(SELECT max(paid_at) FROM orders o WHERE o.person = p.id AND o.paid_at IS NOT NULL)
	FROM people p WHERE p.id = ?1`

// CustomerSummary is a customer with what they bought; esim.ErrNotFound if nobody has the number.
func (db *DB) CustomerSummary(ctx context.Context, id esim.CustomerID) (esim.ExportedCustomer, error) {
	c, err := one(db.read(ctx), func(rows *sql.Rows) (esim.ExportedCustomer, error) {
		c := esim.ExportedCustomer{Spent: esim.USDCents(0), Credit: esim.USDCents(0)}
		err := rows.Scan(&c.ID, &c.Chat, &c.Name, &c.Language, (*stamp)(&c.Created), &c.Blocked, &c.Unreachable, &c.Username, (*stamp)(&c.Seen), &c.Orders, &c.Spent.Minor, &c.Credit.Minor,
			(*stamp)(&c.LastPaid))
		return c, err
	}, onePerson, id, givenBackStates)
	if err != nil {
		return c, fmt.Errorf("a customer at a glance: %w", err)
	}
	return c, nil
}

// Where a name begins so: what follows the last letter that there may be is left out.
const peopleNamed = `SELECT ` + personColumns + `
	FROM people WHERE name >= ?1 AND name < ?1 || char(1114111) AND id > 0 ORDER BY name LIMIT +?2`

// Of what stands within a name everybody is walked: it is for staff, and after whose name begins so.
const peopleNamedWithin = `SELECT ` + personColumns + ` FROM people WHERE instr(name, ?1) > 0 AND id > 0 ORDER BY name LIMIT +?2`

// CustomersNamed lists customers whose name begins so, then those who have it within their name, whether it is written with
// a capital or not.
func (db *DB) CustomersNamed(ctx context.Context, begin string, limit int) ([]esim.Customer, error) {
	var all []esim.Customer
	seen := map[esim.CustomerID]bool{}
	lower := strings.ToLower(begin)
	letters := []rune(lower)
	title := lower
	if len(letters) > 0 {
		title = string(unicode.ToUpper(letters[0])) + string(letters[1:])
	}
	for _, query := range []string{peopleNamed, peopleNamedWithin} {
		for _, form := range []string{begin, title, lower, strings.ToUpper(begin)} {
			if form == "" || len(all) >= limit {
				continue
			}
			found, err := list(db.read(ctx), scanCustomer, query, form, limit)
			if err != nil {
				return nil, fmt.Errorf("customers of a name: %w", err)
			}
			for _, c := range found {
				if !seen[c.ID] && len(all) < limit {
					seen[c.ID] = true
					all = append(all, c)
				}
			}
		}
	}
	return all, nil
}

// "username <> ”" are the words of its index. A name that moved from one to another is with who was here last.
const peopleCalled = `SELECT ` + personColumns + ` FROM people WHERE username = ?1 AND username <> '' AND id > 0 ORDER BY seen DESC LIMIT +?2`

// CustomersCalled lists customers of a username, who was here last first.
func (db *DB) CustomersCalled(ctx context.Context, username string, limit int) ([]esim.Customer, error) {
	found, err := list(db.read(ctx), scanCustomer, peopleCalled, username, limit)
	if err != nil {
		return nil, fmt.Errorf("customers of a username: %w", err)
	}
	return found, nil
}

const auditOfPerson = selectAudit + ` WHERE a.person = ?1 AND a.person <> 0 AND ` + byStaff + ` ORDER BY a.id DESC LIMIT +?2`

// AuditOfCustomer lists what staff did about a customer, their notes among it, newest first.
func (db *DB) AuditOfCustomer(ctx context.Context, id esim.CustomerID, limit int) ([]esim.AuditEntry, error) {
	entries, err := list(db.read(ctx), scanAudit, auditOfPerson, id, limit)
	if err != nil {
		return nil, fmt.Errorf("what staff did about a customer: %w", err)
	}
	return entries, nil
}
