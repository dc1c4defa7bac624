package staff

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// maxGrant (US cents) is the most that one /credit gives or takes: beyond it is a slip of
// the hand.
const maxGrant = 100_000

// parseDollars reads "5", "5.00", "$5.5" and "-2" as US cents. It accepts nothing finer
// than a cent, no zero, and no more than maxGrant.
func parseDollars(s string) (esim.Money, bool) {
	s, negative := strings.CutPrefix(s, "-")
	s = strings.TrimSuffix(strings.TrimPrefix(s, "$"), "$")
	whole, cents, point := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if whole == "" || len(whole) > 7 || point && (cents == "" || len(cents) > 2) || strings.Trim(whole+cents, "0123456789") != "" {
		return esim.Money{}, false
	}
	minor, err := strconv.ParseInt(whole+(cents + "00")[:2], 10, 64)
	if err != nil || minor == 0 || minor > maxGrant {
		return esim.Money{}, false
	}
	if negative {
		minor = -minor
	}
	return esim.USDCents(minor), true
}

// CustomerStore is what staff see and change of a customer.
type CustomerStore interface {
	CustomerMoney
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	// CustomerUsage says whether a customer is blocked, and what they bought since a time.
	CustomerUsage(ctx context.Context, customer esim.CustomerID, since time.Time) (esim.CustomerUsage, error)
	// SetBlocked blocks a customer or lets them buy again, and writes the audit entry down.
	SetBlocked(ctx context.Context, customer esim.CustomerID, blocked bool, entry esim.AuditEntry) error
}

// CustomerMoney is what a customer has with us.
type CustomerMoney interface {
	// Credit is a customer's store credit (USD).
	Credit(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
	// Reserved is what of it is set aside (USD), and not in Credit.
	Reserved(ctx context.Context, customer esim.CustomerID) (esim.Money, error)
}

// people gives customers store credit, and blocks them.
type people struct {
	store CustomerStore
	admin *esim.OrderAdmin
	now   func() time.Time
}

// credit asks about giving store credit, or taking it.
func (f *people) credit(ctx context.Context, r *request) (ui.Screen, error) {
	p, amount := r.given.customer, r.given.amount
	has, err := f.store.Credit(ctx, p.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	key := "staff.ask_credit"
	if amount.Minor < 0 {
		key = "staff.ask_take_credit"
	}
	text := r.T(key, i18n.Args{"amount": r.ExactAmount(magnitude(amount)), "name": ui.CustomerName(p), "customer": int64(p.ID), "has": r.ExactAmount(has)})
	reserved, err := f.store.Reserved(ctx, p.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	if reserved.Minor > 0 {
		text += "\n" + r.T("staff.credit_reserved", i18n.Args{"reserved": r.ExactAmount(reserved)})
	}
	yes := creditRef{p.ID, amount.Minor, esim.NewOrderID()}
	return ui.Screen{Text: reasoned(r, text, r.given.reason), Rows: yesNo(r, yes, "")}, nil
}

// yesCredit grants what was asked, once.
func (f *people) yesCredit(ctx context.Context, r *request, ref creditRef) (ui.Screen, error) {
	p, err := f.store.Customer(ctx, ref.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	entry := r.auditEntry("credit", f.now())
	entry.Customer, entry.Amount, entry.Why = p.ID, esim.USDCents(ref.Cents), r.reason()
	if entry.Why == "" { // the question is too old to be read: nothing is given without a reason
		return ui.Screen{}, ui.ErrBadData
	}
	switch err := f.admin.Grant(ctx, string(ref.Nonce), entry); {
	case errors.Is(err, esim.ErrConflict):
		return ui.Screen{Toast: r.Plain("staff.toast_granted_before", nil), Alert: true}, nil
	case err != nil:
		return ui.Screen{}, err
	}
	r.done = true
	has, err := f.store.Credit(ctx, p.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	key := "staff.done_credit"
	if ref.Cents < 0 {
		key = "staff.done_take_credit"
	}
	text := r.T(key, i18n.Args{
		"amount": r.ExactAmount(magnitude(entry.Amount)), "name": ui.CustomerName(p), "customer": int64(p.ID), "has": r.ExactAmount(has), "who": r.name,
	})
	return ui.Screen{Text: reasoned(r, text, entry.Why)}, nil
}

// magnitude is an amount without its sign.
func magnitude(m esim.Money) esim.Money {
	return esim.Money{Minor: max(m.Minor, -m.Minor), Currency: m.Currency}
}

func (f *people) block(ctx context.Context, r *request) (ui.Screen, error) {
	return f.askBlock(ctx, r, true)
}

func (f *people) unblock(ctx context.Context, r *request) (ui.Screen, error) {
	return f.askBlock(ctx, r, false)
}

// blockName is what blocking is called in sentences and in the audit log.
func blockName(block bool) string {
	if block {
		return "block"
	}
	return "unblock"
}

func (f *people) askBlock(ctx context.Context, r *request, block bool) (ui.Screen, error) {
	p := r.given.customer
	usage, err := f.store.CustomerUsage(ctx, p.ID, f.now())
	if err != nil {
		return ui.Screen{}, err
	}
	args := i18n.Args{"name": ui.CustomerName(p), "customer": int64(p.ID)}
	if usage.Blocked == block {
		return ui.Screen{Text: r.T("staff.already_"+blockName(block), args)}, nil
	}
	text := reasoned(r, r.T("staff.ask_"+blockName(block), args), r.given.reason)
	yes := blockRef{p.ID, block}
	return ui.Screen{Text: text, Rows: yesNo(r, yes, "")}, nil
}

// yesBlock blocks a customer or lets them buy again.
func (f *people) yesBlock(ctx context.Context, r *request, ref blockRef) (ui.Screen, error) {
	block := ref.Block
	p, err := f.store.Customer(ctx, ref.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	usage, err := f.store.CustomerUsage(ctx, p.ID, f.now())
	if err != nil {
		return ui.Screen{}, err
	}
	args := i18n.Args{"name": ui.CustomerName(p), "customer": int64(p.ID), "who": r.name}
	if usage.Blocked == block {
		return ui.Screen{Text: r.T("staff.already_"+blockName(block), args)}, nil
	}
	entry := r.auditEntry(blockName(block), f.now())
	entry.Customer, entry.Why = p.ID, r.reason()
	if err := f.store.SetBlocked(ctx, p.ID, block, entry); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: reasoned(r, r.T("staff.done_"+blockName(block), args), entry.Why)}, nil
}
