package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

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
	s = strings.TrimPrefix(s, "$")
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
	return esim.Dollars(minor), true
}

// customer reads a customer's number; ErrNotFound if nobody has it.
func (s *staff) customer(ctx context.Context, number string) (esim.Customer, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return esim.Customer{}, esim.ErrNotFound
	}
	return s.bot.cfg.Store.Customer(ctx, esim.CustomerID(id))
}

// credit asks about giving store credit, or taking it.
func (s *staff) credit(ctx context.Context, r *staffRequest) (Screen, error) {
	amount, ok := parseDollars(r.Data.Arg(1))
	if !ok || len(r.Data.Args) < 3 {
		most := r.exact(esim.Dollars(maxGrant))
		return Screen{Text: r.T("staff.credit_usage", i18n.Args{"most": most})}, nil
	}
	p, err := s.customer(ctx, r.Data.Arg(0))
	if errors.Is(err, esim.ErrNotFound) {
		return Screen{Text: r.T("staff.person_none", i18n.Args{"person": cut(r.Data.Arg(0), 32)})}, nil
	} else if err != nil {
		return Screen{}, err
	}
	has, err := s.store.Credit(ctx, p.ID)
	if err != nil {
		return Screen{}, err
	}
	key := "staff.ask_credit"
	if amount.Minor < 0 {
		key = "staff.ask_take_credit"
	}
	text := r.T(key, i18n.Args{"amount": r.exact(magnitude(amount)), "name": customerName(p), "person": int64(p.ID), "has": r.exact(has)})
	// The nonce is the grant's key: however often the button is pressed, it is one grant.
	yes := to(routeStaffCredit, int64(p.ID), amount.Minor, string(esim.NewOrderID()))
	return Screen{Text: reasoned(r, text, oneLine(r.Data.Args[2:])), Rows: yesNo(r, yes, "-")}, nil
}

// yesCredit grants what was asked, once.
func (s *staff) yesCredit(ctx context.Context, r *staffRequest) (Screen, error) {
	customer, err := strconv.ParseInt(r.Data.Arg(0), 10, 64)
	minor, err2 := strconv.ParseInt(r.Data.Arg(1), 10, 64)
	nonce, err3 := esim.ParseOrderID(r.Data.Arg(2))
	if errors.Join(err, err2, err3) != nil || minor == 0 || max(minor, -minor) > maxGrant {
		return Screen{}, errBadData
	}
	p, err := s.bot.cfg.Store.Customer(ctx, esim.CustomerID(customer))
	if err != nil {
		return Screen{}, err
	}
	entry := r.act("credit", s.bot.cfg.Now())
	entry.Customer, entry.Amount, entry.Why = p.ID, esim.Dollars(minor), r.reason()
	if entry.Why == "" { // the question is too old to be read: nothing is given without a reason
		return Screen{}, errBadData
	}
	switch err := s.bot.cfg.Admin.Grant(ctx, string(nonce), entry); {
	case errors.Is(err, esim.ErrConflict):
		return Screen{Toast: r.Plain("staff.toast_granted_before", nil), Alert: true}, nil
	case err != nil:
		return Screen{}, err
	}
	has, err := s.store.Credit(ctx, p.ID)
	if err != nil {
		return Screen{}, err
	}
	key := "staff.done_credit"
	if minor < 0 {
		key = "staff.done_take_credit"
	}
	text := r.T(key, i18n.Args{
		"amount": r.exact(magnitude(entry.Amount)), "name": customerName(p), "person": customer, "has": r.exact(has), "who": r.name,
	})
	return Screen{Text: reasoned(r, text, entry.Why)}, nil
}

// magnitude is an amount without its sign.
func magnitude(m esim.Money) esim.Money {
	return esim.Money{Minor: max(m.Minor, -m.Minor), Currency: m.Currency}
}

func (s *staff) block(ctx context.Context, r *staffRequest) (Screen, error) {
	return s.askBlock(ctx, r, true)
}

func (s *staff) unblock(ctx context.Context, r *staffRequest) (Screen, error) {
	return s.askBlock(ctx, r, false)
}

// blockName is what blocking is called in sentences and in the audit log.
func blockName(block bool) string {
	if block {
		return "block"
	}
	return "unblock"
}

func (s *staff) askBlock(ctx context.Context, r *staffRequest, block bool) (Screen, error) {
	if len(r.Data.Args) == 0 {
		return Screen{Text: r.T("staff.block_usage", nil)}, nil
	}
	p, err := s.customer(ctx, r.Data.Arg(0))
	if errors.Is(err, esim.ErrNotFound) {
		return Screen{Text: r.T("staff.person_none", i18n.Args{"person": cut(r.Data.Arg(0), 32)})}, nil
	} else if err != nil {
		return Screen{}, err
	}
	standing, err := s.store.CustomerUsage(ctx, p.ID, s.bot.cfg.Now())
	if err != nil {
		return Screen{}, err
	}
	args := i18n.Args{"name": customerName(p), "person": int64(p.ID)}
	if standing.Blocked == block {
		return Screen{Text: r.T("staff.already_"+blockName(block), args)}, nil
	}
	text := reasoned(r, r.T("staff.ask_"+blockName(block), args), oneLine(r.Data.Args[1:]))
	yes := to(routeStaffBlock, int64(p.ID), map[bool]int{true: 1}[block])
	return Screen{Text: text, Rows: yesNo(r, yes, "-")}, nil
}

// yesBlock blocks a customer or lets them buy again.
func (s *staff) yesBlock(ctx context.Context, r *staffRequest) (Screen, error) {
	customer, err := strconv.ParseInt(r.Data.Arg(0), 10, 64)
	block := r.Data.Arg(1) == "1"
	if err != nil || !block && r.Data.Arg(1) != "0" {
		return Screen{}, errBadData
	}
	p, err := s.bot.cfg.Store.Customer(ctx, esim.CustomerID(customer))
	if err != nil {
		return Screen{}, err
	}
	standing, err := s.store.CustomerUsage(ctx, p.ID, s.bot.cfg.Now())
	if err != nil {
		return Screen{}, err
	}
	args := i18n.Args{"name": customerName(p), "person": customer, "who": r.name}
	if standing.Blocked == block {
		return Screen{Text: r.T("staff.already_"+blockName(block), args)}, nil
	}
	entry := r.act(blockName(block), s.bot.cfg.Now())
	entry.Customer, entry.Why = p.ID, r.reason()
	if err := s.store.SetBlocked(ctx, p.ID, block, entry); err != nil {
		return Screen{}, err
	}
	return Screen{Text: reasoned(r, r.T("staff.done_"+blockName(block), args), entry.Why)}, nil
}
