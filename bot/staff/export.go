package staff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"esimbot/bot/sheet"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// largestExport (bytes) is some 100,000 orders. Telegram would take 50 MB; the shop may run in less memory than twice that.
const largestExport = 20 << 20

// ExportStore reads what is exported, row by row, and notes that it was.
type ExportStore interface {
	// ExportOrders lists the orders begun in a period, oldest first.
	ExportOrders(ctx context.Context, p esim.Period) iter.Seq2[esim.ExportedOrder, error]
	// ExportLedger lists the lines of the books of a period, in the order in which they were written.
	ExportLedger(ctx context.Context, p esim.Period) iter.Seq2[esim.LedgerEntry, error]
	// ExportCustomers lists the customers who first came in a period.
	ExportCustomers(ctx context.Context, p esim.Period) iter.Seq2[esim.ExportedCustomer, error]
	// AddAuditEntry writes an audit entry down that changes nothing in the database by itself.
	AddAuditEntry(ctx context.Context, entry esim.AuditEntry) error
}

// exports writes tables for spreadsheets. No table has an activation code, an ICCID or a word of a customer in it, but
// their name.
type exports struct {
	store ExportStore
	zone  *time.Location
	now   func() time.Time
}

// An exportKind is one table that can be asked for. Its columns are names that a bookkeeper's tools hold on to: they are in
// no language, and never renamed.
type exportKind struct {
	name    string
	columns []string
	write   func(ctx context.Context, f *exports, p esim.Period, w *sheet.Writer) error
}

// exportKinds is all that can be exported.
var exportKinds = []exportKind{
	{
		"orders",
		[]string{
			"order", "created", "paid", "delivered", "state", "kind", "customer", "name", "plan", "plan_code", "place", "quantity", "days",
			"method", "price", "price_currency", "store_credit", "store_credit_currency", "retail", "discount", "promo", "cost", "usd_currency",
			"refunded", "refunded_currency", "credited", "credited_currency",
		},
		func(ctx context.Context, f *exports, p esim.Period, w *sheet.Writer) error {
			return rows(f.store.ExportOrders(ctx, p), w, f.orderRow)
		},
	},
	{
		"ledger",
		[]string{"time", "event", "order", "payment", "account", "amount", "currency", "why"},
		func(ctx context.Context, f *exports, p esim.Period, w *sheet.Writer) error {
			return rows(f.store.ExportLedger(ctx, p), w, f.bookRow)
		},
	},
	{
		"customers",
		[]string{
			"customer", "name", "language", "first_came", "blocked", "unreachable", "orders", "spent", "spent_currency",
			"store_credit", "store_credit_currency", "last_paid",
		},
		func(ctx context.Context, f *exports, p esim.Period, w *sheet.Writer) error {
			return rows(f.store.ExportCustomers(ctx, p), w, f.customerRow)
		},
	},
}

// rows writes all there is into a table.
func rows[T any](all iter.Seq2[T, error], w *sheet.Writer, row func(T) []sheet.Cell) error {
	for v, err := range all {
		if err != nil {
			return err
		}
		if err := w.Row(row(v)...); err != nil {
			return err
		}
	}
	return nil
}

// command sends a table as a file. What is large takes a while, so the file comes behind the answer to the update.
func (f *exports) command(_ context.Context, r *request) (ui.Screen, error) {
	kind, ok := exportNamed(strings.ToLower(r.Word(0)))
	word := r.Word(1)
	if word == "" {
		word = "all"
	}
	p, dated := esim.ParsePeriod(word, f.now(), f.zone)
	if !ok || !dated || len(r.Data.Args) > 2 {
		return notUnderstood(r, strings.Join(r.Data.Args, " "), r.T("staff.arg_export", nil)), nil
	}
	return ui.Screen{After: func(ctx context.Context) (ui.Screen, error) {
		screen, err := f.file(ctx, r, kind, p)
		if err != nil && ctx.Err() == nil {
			return ui.Screen{Text: string(words(r, err))}, nil
		}
		return screen, err
	}}, nil
}

func exportNamed(name string) (exportKind, bool) {
	for _, k := range exportKinds {
		if k.name == name {
			return k, true
		}
	}
	return exportKind{}, false
}

// file is the table of a period. That somebody has it is written down before they do.
func (f *exports) file(ctx context.Context, r *request, kind exportKind, p esim.Period) (ui.Screen, error) {
	var out bytes.Buffer
	w := sheet.New(&out, largestExport, kind.columns...)
	err := kind.write(ctx, f, p, w)
	full := errors.Is(err, sheet.ErrFull)
	if err != nil && !full {
		return ui.Screen{}, err
	}
	args := i18n.Args{"kind": kind.name, "period": periodName(r.Request, p), "zone": f.zone.String(), "count": r.Number(int64(w.Rows()))}
	if w.Rows() == 0 {
		return ui.Screen{Text: r.T("staff.export_none", args)}, nil
	}
	entry := r.auditEntry("export", f.now())
	entry.Why = fmt.Sprintf("%s %s: %d rows", kind.name, p, w.Rows())
	if err := f.store.AddAuditEntry(ctx, entry); err != nil {
		return ui.Screen{}, fmt.Errorf("note an export: %w", err)
	}
	text := r.T("staff.export_done", args)
	if full {
		text += "\n" + r.T("staff.export_full", nil)
	}
	return ui.Screen{Text: text, Files: []ui.File{{Name: kind.name + "-" + strings.ReplaceAll(p.String(), "..", "_") + ".csv", Data: out.Bytes()}}}, nil
}

// periodName is a period in the reader's language, in the shop's zone: "1 October 2026 – 15 October 2026".
func periodName(r *ui.Request, p esim.Period) string {
	if p.All() {
		return r.Plain("staff.period_all", nil)
	}
	from, to := r.Date(p.From, p.From.Location()), r.Date(p.Last(), p.From.Location())
	if from == to {
		return from
	}
	return from + " – " + to
}

func (f *exports) orderRow(o esim.ExportedOrder) []sheet.Cell {
	credit := o.Credit
	if credit.Minor == 0 {
		credit = esim.USDCents(0)
	}
	discount := esim.USDCents(o.Discount.Minor)
	return []sheet.Cell{
		sheet.Text(o.ID.String()), sheet.Time(o.Created, f.zone), sheet.Time(o.PaidAt, f.zone), sheet.Time(o.Delivered, f.zone),
		sheet.Text(string(o.State)), sheet.Text(string(o.Kind)), sheet.Number(int64(o.Customer)), sheet.Text(o.Name),
		sheet.Text(o.Plan.Name), sheet.Text(o.Plan.Code), sheet.Text(o.Plan.Location), sheet.Number(int64(o.Quantity)), sheet.Number(int64(o.Days)),
		sheet.Text(string(o.Method)), amount(o.Price), code(o.Price), amount(credit), code(credit), amount(o.Retail), amount(discount),
		sheet.Text(string(o.Promo)), amount(o.Cost), code(o.Cost), amount(o.Refunded), code(o.Refunded), amount(o.Credited), code(o.Credited),
	}
}

func (f *exports) bookRow(l esim.LedgerEntry) []sheet.Cell {
	return []sheet.Cell{
		sheet.Time(l.At, f.zone), sheet.Text(l.Key), sheet.Text(l.Order.String()), sheet.Text(l.Payment), sheet.Text(string(l.Account)),
		amount(l.Amount), code(l.Amount), sheet.Text(l.Why),
	}
}

func (f *exports) customerRow(c esim.ExportedCustomer) []sheet.Cell {
	return []sheet.Cell{
		sheet.Number(int64(c.ID)), sheet.Text(c.Name), sheet.Text(c.Language), sheet.Time(c.Created, f.zone), sheet.YesNo(c.Blocked),
		sheet.YesNo(c.Unreachable), sheet.Number(int64(c.Orders)), amount(c.Spent), code(c.Spent), amount(c.Credit), code(c.Credit), sheet.Time(c.LastPaid, f.zone),
	}
}

// amount is how much money is, in its own currency. One that the shop does not know is counted in its smallest unit.
func amount(m esim.Money) sheet.Cell {
	places, err := m.Currency.Exponent()
	if err != nil {
		places = 0
	}
	return sheet.Decimal(m.Minor, places)
}

func code(m esim.Money) sheet.Cell { return sheet.Text(m.Currency.Code()) }
