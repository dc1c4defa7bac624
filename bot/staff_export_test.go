package bot_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// table is the newest message's file, read as a spreadsheet reads it: each row by the names of its columns.
func (s *shop) table(h *tgsandbox.UserClient, name string) (rows []map[string]string, raw string) {
	s.Helper()
	m := h.Last()
	if m.Document == nil || m.Document.FileName != name {
		s.Fatalf("no file %s: %+v\n%s", name, m.Document, m.Text)
	}
	b, ok := s.Messenger.Photo(m.Document.FileID)
	if !ok {
		s.Fatalf("the file of %s is gone", name)
	}
	text, marked := strings.CutPrefix(string(b), "\ufeff")
	if !marked {
		s.Error("no mark at its begin: Excel takes it for another encoding")
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	s.Must(err)
	for _, r := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = r[i]
		}
		rows = append(rows, row)
	}
	return rows, string(b)
}

func TestExportsOpenInASpreadsheet(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	e, err := s.DB.ESIMsOfOrder(t.Context(), o.ID)
	s.Must(err)
	_, _, err = s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: annID, Chat: annID, Language: "en", Name: `=HYPERLINK("http://x","Ann")`})
	s.Must(err)
	s.Send(olga, "/credit 101 5 =sorry, \"really\"")
	s.presses(olga, "s_credit|")
	for _, tt := range []struct {
		what, file string
		check      func(rows []map[string]string)
	}{
		{"orders", "orders-all.csv", func(rows []map[string]string) {
			r := rows[0]
			if len(rows) != 1 || r["order"] != o.ID.String() || r["price"] != "106" || r["price_currency"] != "XTR" || r["retail"] == "" ||
				r["name"] != `'=HYPERLINK("http://x","Ann")` || r["customer"] != "101" || r["delivered"] == "" || r["state"] != "delivered" {
				t.Errorf("%v", rows)
			}
			if at, err := time.Parse(time.RFC3339, r["paid"]); err != nil || !at.Equal(o.PaidAt.Truncate(time.Second)) {
				t.Errorf("paid at %s, %v", r["paid"], err)
			}
		}},
		{"ledger today", "ledger-2026-11-23.csv", func(rows []map[string]string) {
			sums := map[string]string{}
			for _, r := range rows {
				sums[r["account"]+" "+r["currency"]] += r["amount"] + " "
			}
			if sums["sales XTR"] != "-106 " || sums["stars XTR"] != "106 " || sums["credit:101 USD"] != "-5.00 " || !strings.HasPrefix(sums["cost USD"], "0.") {
				t.Errorf("%v", sums)
			}
		}},
		{"customers 7", "customers-2026-11-17_2026-11-23.csv", func(rows []map[string]string) {
			r := rows[0]
			if len(rows) != 1 || r["customer"] != "101" || r["store_credit"] != "5.00" || r["orders"] != "1" || r["blocked"] != "no" {
				t.Errorf("%v", rows)
			}
		}},
	} {
		s.Send(olga, "/export "+tt.what)
		rows, raw := s.table(olga, tt.file)
		tt.check(rows)
		for _, secret := range []string{e[0].ActivationCode.Reveal(), string(e[0].ICCID), "LPA:"} {
			if strings.Contains(raw, secret) {
				t.Errorf("%s has a secret in it", tt.what)
			}
		}
		for _, field := range strings.FieldsFunc(raw, func(r rune) bool { return r == ',' || r == '\n' }) {
			if strings.HasPrefix(strings.Trim(field, `"`), "=") {
				t.Errorf("%s: %q is a formula", tt.what, field)
			}
		}
	}
	if s.did("export") != 3 {
		t.Errorf("the audit log has %d exports: %v", s.did("export"), s.audit())
	}
	s.Send(olga, "/export orders 2025")
	s.sees(olga, "nothing", "2025")
	for _, bad := range []string{"/export", "/export secrets", "/export orders soon", "/export orders 7 8"} {
		s.Send(olga, bad)
		s.sees(olga, "/export orders")
	}
	if s.did("export") != 3 {
		t.Error("what was refused stands in the audit log")
	}
}
