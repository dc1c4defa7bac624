package storage

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"esimbot/esim"
)

// What older releases kept in the books and in the table of promo codes alone is added to the audit log, once.
func TestTheLogOfAnOlderReleaseIsCompleted(t *testing.T) {
	t.Parallel()
	db := openAt(t, old(t, 39), Options{Now: (&clock{at: noon.Add(24 * time.Hour)}).now})
	must(t, db.CompleteAudit(t.Context()))
	must(t, db.CompleteAudit(t.Context()))
	log := get(db.AuditLog(t.Context()))(t)
	customers := get(list(db.read(t.Context()), value[esim.CustomerID], `SELECT DISTINCT CAST(substr(account, 8) AS INTEGER) FROM ledger WHERE account LIKE 'credit:%'`))(t)
	for _, c := range customers {
		want := get(db.Credit(t.Context(), c))(t)
		if got := esim.CreditAt(log, c, db.now()); got != want {
			t.Errorf("%d has %s, by the log %s", c, want, got)
		}
	}
	promos := get(list(db.read(t.Context()), func(rows *sql.Rows) (esim.Promo, error) { return scanPromo(rows) }, `SELECT `+promoColumns+` FROM promos`))(t)
	told := get(esim.PromosAt(log, db.now()))(t)
	for _, p := range promos {
		if got := told[p.Code]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", p) {
			t.Errorf("the code is %+v, by the log %+v", p, got)
		}
	}
	if len(customers) == 0 || len(promos) == 0 || len(told) != len(promos) {
		t.Errorf("%d customers with store credit, %d codes, %d by the log", len(customers), len(promos), len(told))
	}
	entries := get(db.AuditEntries(t.Context(), "", 100))(t)
	for _, a := range entries {
		if a.What == esim.AuditStoreCredit || a.What == esim.AuditPromoTerms {
			t.Errorf("staff are shown %+v as something they did", a)
		}
	}
}
