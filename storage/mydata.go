package storage

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"esimbot/esim"
)

// PersonalData is everything that is held about a customer: of each table the rows that are about them, as they are, but for
// the numbers of others.
// Times are UTC milliseconds there, as in the database.
func (db *DB) PersonalData(ctx context.Context, customer esim.CustomerID) ([]esim.PersonalTable, error) {
	var all []esim.PersonalTable
	for _, p := range personal {
		if p.forgetOnly {
			continue
		}
		rows, err := list(db.walk(ctx), anyRow, `SELECT * FROM `+p.table+` WHERE `+p.mine, customer)
		if err != nil {
			return nil, fmt.Errorf("what is held about a customer in %s: %w", p.table, err)
		}
		if len(rows) == 0 {
			continue
		}
		i := slices.IndexFunc(all, func(t esim.PersonalTable) bool { return t.Name == p.table })
		if i < 0 {
			i, all = len(all), append(all, esim.PersonalTable{Name: p.table})
		}
		all[i].Rows = append(all[i].Rows, rows...)
	}
	for i := range all {
		for _, row := range all[i].Rows {
			withoutOthers(row, int64(customer))
		}
		all[i].Rows = withoutCopies(all[i].Rows)
	}
	slices.Reverse(all) // who they are first, and what hangs on it after
	return all, nil
}

// anyRow reads a row of any table.
func anyRow(rows *sql.Rows) (esim.PersonalRow, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	row := make(esim.PersonalRow, len(names))
	for i, v := range values {
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		row[i] = esim.PersonalField{Name: names[i], Value: v}
	}
	return row, nil
}

// numbersOf are the columns with the number of a customer, of staff, or of a chat; numbersIn is how they stand in others.
var (
	numbersOf = []string{"person", "giver", "taker", "friend", "referrer", "who", "second", "chat", "head_chat", "copy_chat"}
	numbersIn = regexp.MustCompile(`\b(credit|referral):\d+`)
)

// withoutOthers takes the numbers of others out of a row: who gave an eSIM, took it or brought a friend, and of the staff.
func withoutOthers(row esim.PersonalRow, customer int64) {
	for i, f := range row {
		switch v := f.Value.(type) {
		case int64:
			if v != customer && v != 0 && slices.Contains(numbersOf, f.Name) {
				row[i].Value = nil
			}
		case string:
			row[i].Value = numbersIn.ReplaceAllStringFunc(v, func(named string) string {
				kind, number, _ := strings.Cut(named, ":")
				if number == strconv.FormatInt(customer, 10) {
					return named
				}
				return kind + ":"
			})
		}
	}
}

// withoutCopies leaves out rows that two entries of the list name.
func withoutCopies(rows []esim.PersonalRow) []esim.PersonalRow {
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r esim.PersonalRow) bool {
		key := fmt.Sprint(r)
		was := seen[key]
		seen[key] = true
		return was
	})
}
