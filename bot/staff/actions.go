package staff

import (
	"context"
	"slices"
	"sync"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
)

// actions changes orders and eSIMs: it asks first, and does it after a second press.
type actions struct {
	cards    *cards
	checkout *esim.Checkout
	admin    *esim.OrderAdmin
	topUps   *esim.TopUps
	claims   claims
	now      func() time.Time
	texting  *sync.Mutex // held while an SMS is sent
}

// An orderAction is something staff can do to an order with a button.
type orderAction struct {
	name string // in buttons, sentences and the audit log: never renamed
	may  esim.Permission
	fits func(d orderDetails) bool
	do   func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error
	slow bool // it asks the vendor
	// moves: the customer's money goes back by it.
	moves bool
	// weighs: money is said to have come, which beyond the limit two have to see.
	weighs bool
	// note: it is done with the words of a reply, at once.
	note bool
	// inside: its button stands on the question of another, and it is not done by routeYes.
	inside bool
}

// orderActions is every button of an order's card, in their order.
var orderActions = []orderAction{
	{
		name: "received", may: esim.MayRefund, weighs: true, fits: awaitsHandMoney,
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			_, err := f.checkout.PaidByHand(ctx, id, entry)
			return err
		},
	},
	{
		name: "retry", may: esim.MayRepair, slow: true, fits: func(d orderDetails) bool { return esim.WorthRetrying(d.Order, d.esims, d.paidBack()) },
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.Retry(ctx, id, entry)
		},
	},
	{
		name: "resend", may: esim.MayAnswer, fits: func(d orderDetails) bool {
			return d.Kind != esim.TopUp && givesQR(d.State) && len(d.esims) > 0
		},
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.Resend(ctx, id, entry)
		},
	},
	{
		name: "refund", may: esim.MayRefund, moves: true, fits: func(d orderDetails) bool {
			return esim.CanMove(d.State, esim.StateRefunding) && !d.PaidAt.IsZero() && !d.paidBack() && !d.Customer.Forgotten() && !d.Gift && (d.AmountBack.Minor == 0 || d.RefundableAsCredit().Minor > 0 || d.State != esim.StateDelivered)
		},
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.Refund(ctx, id, entry)
		},
	},
	{name: amountAction, may: esim.MayRefund, moves: true, inside: true, fits: func(d orderDetails) bool { return d.RefundableAsCredit().Minor > 0 }},
	{
		name: "cancel", may: esim.MayRefund, moves: true, slow: true, fits: unused,
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.Cancel(ctx, id, entry)
		},
	},
	{
		name: "leave", may: esim.MayRepair, fits: func(d orderDetails) bool { return esim.CaseCanClose(d.Order, d.paidBack()) },
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.CloseCase(ctx, id, entry)
		},
	},
	{
		name: "settled", may: esim.MayRefund, fits: func(d orderDetails) bool { return esim.WithdrawnCase(d.Order, d.esims, d.paidBack()) },
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.CloseSettledCase(ctx, id, entry)
		},
	},
	{
		name: "note", may: esim.MayAnswer, note: true, fits: func(d orderDetails) bool { return !d.Customer.Forgotten() },
		do: func(ctx context.Context, f *actions, _ esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.Store.AddAuditEntry(ctx, entry)
		},
	},
	{
		name: esim.AuditProcessorChecked, may: esim.MayRepair, fits: func(d orderDetails) bool { return d.unpaid },
		do: func(ctx context.Context, f *actions, id esim.OrderID, entry esim.AuditEntry) error {
			return f.admin.CloseUnpaidApproval(ctx, id, entry)
		},
	},
}

// An esimAction is something staff can have done to one eSIM at the vendor.
type esimAction struct {
	name string // in buttons, sentences and the audit log: never renamed
	may  esim.Permission
	fits func(e esim.ESIM) bool
	do   func(d *esim.OrderAdmin, ctx context.Context, esimID esim.ESIMID, entry esim.AuditEntry) error // a method of the order admin
	// words: it is done with the words of a reply, after they were shown.
	words bool
	// inside: its button stands on the question of another, and it is not done by routeYesESIM.
	inside bool
}

// revokeAction takes an eSIM away.
const revokeAction = "revoke"

// esimActions is every button of the eSIMs on an order's card, in their order.
var esimActions = []esimAction{
	{"suspend", esim.MayManageESIMs, func(e esim.ESIM) bool { return !e.Status.Final() && e.Status != esim.ProfileSuspended }, (*esim.OrderAdmin).Suspend, false, false},
	{"resume", esim.MayManageESIMs, func(e esim.ESIM) bool { return e.Status == esim.ProfileSuspended }, (*esim.OrderAdmin).Resume, false, false},
	{revokeAction, esim.MayManageESIMs, func(e esim.ESIM) bool { return !e.Status.Final() }, (*esim.OrderAdmin).Revoke, false, false},
	{"sms", esim.MayManageESIMs, esim.ESIM.TakesSMS, (*esim.OrderAdmin).SendSMS, true, false},
	{giftAction, esim.MayCredit, giftFits, nil, false, false},
	{assignAction, esim.MayCredit, assignFits, nil, false, false},
	{partAction, esim.MayRefund, func(e esim.ESIM) bool { return !e.Returned && !e.Status.Withdrawn() }, nil, false, true},
}

func awaitsHandMoney(d orderDetails) bool {
	spec, err := d.Method.Spec()
	return err == nil && spec.ConfirmedBy == esim.ConfirmedByStaff && esim.CanMove(d.State, esim.StatePaid)
}

// givesQR reports whether the customer of an order in this state has, or is about to
// have, its QR pictures.
func givesQR(st esim.State) bool { return st == esim.StateAllocating || st == esim.StateDelivered }

// unused is what we know of an order's eSIMs; the vendor is asked before anything happens.
func unused(d orderDetails) bool {
	return d.Kind != esim.TopUp && !d.Customer.Forgotten() && esim.CanMove(d.State, esim.StateCancelling) && len(d.esims) > 0 && (d.State != esim.StateAllocating || d.Allocated) &&
		!slices.ContainsFunc(d.esims, func(e esim.ESIM) bool { return !e.Cancellable() || e.Epoch > 0 })
}

func orderActionNamed(name string) (orderAction, bool) {
	i := slices.IndexFunc(orderActions, func(a orderAction) bool { return a.name == name })
	if i < 0 {
		return orderAction{}, false
	}
	return orderActions[i], true
}

func esimActionNamed(name string) (esimAction, bool) {
	i := slices.IndexFunc(esimActions, func(a esimAction) bool { return a.name == name })
	if i < 0 {
		return esimAction{}, false
	}
	return esimActions[i], true
}

// actRows are the buttons of an order: what can be done to it as it is now.
func actRows(r *ui.Request, d orderDetails) [][]ui.Button {
	var orders, profiles []ui.Button
	for _, a := range orderActions {
		if !a.inside && a.fits(d) {
			orders = append(orders, ui.NewButton(r.Plain("staff.btn_"+a.name, nil), actionRef{routeAsk, a.name, d.ID}))
		}
	}
	for _, a := range esimActions {
		if a.inside {
			continue
		}
		fitting := slices.DeleteFunc(slices.Clone(d.esims), func(e esim.ESIM) bool { return !a.fits(e) })
		switch text := r.Plain("staff.btn_"+a.name, nil); {
		case len(fitting) == 1:
			profiles = append(profiles, ui.NewButton(text, askESIMRef{a.name, fitting[0].ID, d.ID}))
		case len(fitting) > 1:
			profiles = append(profiles, ui.NewButton(text, actionRef{routePick, a.name, d.ID}))
		}
	}
	var rows [][]ui.Button
	for chunk := range slices.Chunk(orders, 2) {
		rows = append(rows, chunk)
	}
	for chunk := range slices.Chunk(profiles, 2) {
		rows = append(rows, chunk)
	}
	return rows
}
