package staff

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// How much of a customer's card is about the past, and how many customers of a name are listed.
const (
	userOrders = 6
	userActs   = 6
	usersNamed = 12
)

// UserStore is what a customer's card tells.
type UserStore interface {
	// CustomerSummary is a customer with what they bought, or ErrNotFound.
	CustomerSummary(ctx context.Context, id esim.CustomerID) (esim.ExportedCustomer, error)
	// CustomersNamed lists customers whose name begins so, or has it within.
	CustomersNamed(ctx context.Context, begin string, limit int) ([]esim.Customer, error)
	// CustomersCalled lists customers of a username, who was here last first.
	CustomersCalled(ctx context.Context, username string, limit int) ([]esim.Customer, error)
	// AuditOfCustomer lists what staff did about a customer, their notes among it, newest first.
	AuditOfCustomer(ctx context.Context, id esim.CustomerID, limit int) ([]esim.AuditEntry, error)
	// ESIMsOf lists the eSIMs that a customer holds.
	ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error)
}

// users shows who somebody is, and keeps notes on them. A note is an entry of the audit log about a customer: it says who wrote
// it, nobody changes it, and its words go when the customer is forgotten.
type users struct {
	search *search
	store  UserStore
	audit  ExportStore
	now    func() time.Time
}

// noteAct is what a note is called in the audit log.
const noteAct = "note"

// command finds a customer by their number, by an order, by the end of an eSIM's ICCID, by their username, or by their name.
func (f *users) command(ctx context.Context, r *request) (ui.Screen, error) {
	wanted := strings.TrimPrefix(strings.Join(strings.Fields(r.given.text), " "), "@")
	if id, err := strconv.ParseInt(wanted, 10, 64); err == nil {
		screen, err := f.card(ctx, r, esim.CustomerID(id))
		if !errors.Is(err, esim.ErrNotFound) {
			return screen, err
		}
	}
	if id, err := esim.ParseOrderID(wanted); err == nil {
		o, err := f.search.cards.orders.Order(ctx, id)
		if err == nil {
			return f.card(ctx, r, o.Customer)
		}
		if !errors.Is(err, esim.ErrNotFound) {
			return ui.Screen{}, err
		}
	}
	found, err := f.holders(ctx, wanted)
	if err == nil && len(found) == 0 {
		found, err = f.store.CustomersCalled(ctx, wanted, usersNamed)
	}
	if err == nil && len(found) == 0 {
		found, err = f.store.CustomersNamed(ctx, wanted, usersNamed)
	}
	switch {
	case err != nil:
		return ui.Screen{}, err
	case len(found) == 0:
		return ui.Screen{Text: r.T("staff.user_none", i18n.Args{"words": ui.Truncate(wanted, 64)})}, nil
	case len(found) == 1:
		return f.card(ctx, r, found[0].ID)
	}
	lines := []string{r.T("staff.user_several", nil)}
	var buttons []ui.Button
	for _, c := range found {
		lines = append(lines, r.T("staff.card_customer", i18n.Args{"name": ui.CustomerName(c), "customer": int64(c.ID)}))
		buttons = append(buttons, ui.NewButton(ui.Truncate(ui.CustomerName(c), 24), userRef{c.ID}))
	}
	s := ui.Screen{Text: ui.Clip(lines)}
	for chunk := range slices.Chunk(buttons, 2) {
		s.Rows = append(s.Rows, chunk)
	}
	return s, nil
}

// holders are those whose eSIM has an ICCID, or one that ends so.
func (f *users) holders(ctx context.Context, wanted string) ([]esim.Customer, error) {
	if strings.Trim(wanted, "0123456789") != "" {
		return nil, nil
	}
	esims, err := f.search.store.ESIMsByICCID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var found []esim.Customer
	for _, e := range esims {
		if len(found) == usersNamed || slices.ContainsFunc(found, func(c esim.Customer) bool { return c.ID == e.Customer }) {
			continue
		}
		c, err := f.search.cards.orders.Customer(ctx, e.Customer)
		if errors.Is(err, esim.ErrNotFound) { // they were forgotten
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// pressed shows a customer's card below what led there.
func (f *users) pressed(ctx context.Context, r *request, ref userRef) (ui.Screen, error) {
	screen, err := f.card(ctx, r, ref.Customer)
	screen.Fresh = true
	return screen, err
}

// card is who somebody is, what they have and what was done about them.
func (f *users) card(ctx context.Context, r *request, id esim.CustomerID) (ui.Screen, error) {
	c, err := f.store.CustomerSummary(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	esims, err := f.store.ESIMsOf(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	orders, err := f.search.store.OrdersOf(ctx, id, userOrders)
	if err != nil {
		return ui.Screen{}, err
	}
	entries, err := f.store.AuditOfCustomer(ctx, id, userActs)
	if err != nil {
		return ui.Screen{}, err
	}
	live := 0
	for _, e := range esims {
		if !e.Status.Final() {
			live++
		}
	}
	number := func(n int) string { return r.Number(int64(n)) }
	lines := []string{
		r.T("staff.card_customer", i18n.Args{"name": ui.CustomerName(c.Customer), "customer": int64(id)}),
		r.T("staff.user_since", i18n.Args{"language": c.Language, "time": when(r.Request, c.Created)}),
		seenLine(r, c.Customer),
		r.T("staff.user_money", i18n.Args{"orders": number(c.Orders), "spent": r.ExactAmount(c.Spent), "credit": r.ExactAmount(c.Credit), "time": when(r.Request, c.LastPaid)}),
		r.T("staff.user_esims", i18n.Args{"live": number(live), "all": number(len(esims))}),
	}
	if c.Blocked {
		lines = append(lines, r.T("staff.card_blocked", nil))
	}
	if c.Unreachable {
		lines = append(lines, r.T("staff.card_unreachable", nil))
	}
	var buttons []ui.Button
	for _, o := range orders {
		lines = append(lines, orderLine(r, o, nameOf(r.Request, c.Customer.Name, id)))
		buttons = append(buttons, ui.NewButton(o.ID.String(), cardRef{o.ID}))
	}
	if len(entries) > 0 {
		lines = append(lines, "", r.T("staff.card_acts", nil))
		for _, a := range entries {
			a.Customer = 0 // the card says so
			lines = append(lines, actLine(r, a))
		}
	}
	lines = append(lines, "", r.T("staff.user_todo", i18n.Args{"customer": int64(id)}))
	s := ui.Screen{Text: ui.Clip(lines)}
	for chunk := range slices.Chunk(buttons, 3) {
		s.Rows = append(s.Rows, chunk)
	}
	s.Rows = append(s.Rows, userRows(r, c)...)
	return s, nil
}

// seenLine is when a customer was last here, and as what they are found in the messenger.
func seenLine(r *request, c esim.Customer) string {
	line := r.T("staff.user_seen", i18n.Args{"time": when(r.Request, c.Seen)})
	if c.Username != "" {
		line += " · " + string(r.HTML("@%s", c.Username))
	}
	return line
}

// note keeps words about a customer for staff alone.
func (f *users) note(ctx context.Context, r *request) (ui.Screen, error) {
	entry := r.auditEntry(noteAct, f.now())
	entry.Customer, entry.Why = r.given.customer.ID, r.given.reason
	if err := f.audit.AddAuditEntry(ctx, entry); err != nil {
		return ui.Screen{}, err
	}
	text := r.T("staff.done_customer_note", i18n.Args{"name": ui.CustomerName(r.given.customer), "customer": int64(entry.Customer), "who": r.name})
	return ui.Screen{Text: reasoned(r, text, entry.Why), Rows: [][]ui.Button{{ui.NewButton(ui.Truncate(ui.CustomerName(r.given.customer), 24), userRef{entry.Customer})}}}, nil
}
