package esim

import "context"

// A NoticeKind says which message is owed to somebody.
type NoticeKind string

// Messages to the customer.
const (
	// NoticeProgress shows where the order is; one message that moves.
	NoticeProgress NoticeKind = "progress"
	// NoticeQR brings one eSIM. The order is delivered when all of them were accepted.
	NoticeQR NoticeKind = "qr"
	// NoticeAlert is one Alert of an eSIM.
	NoticeAlert NoticeKind = "alert"
	// NoticeRefunded says that money came back: of an order, or of a payment too many.
	NoticeRefunded NoticeKind = "refunded"
	// NoticeCredited says that money came back as store credit.
	NoticeCredited NoticeKind = "credited"
	// NoticeToppedUp shows the new totals of an eSIM.
	NoticeToppedUp NoticeKind = "topped_up"
	// NoticeNotCancelled says that an eSIM could not be cancelled, since it was installed.
	NoticeNotCancelled NoticeKind = "not_cancelled"
)

// Messages to the staff group.
const (
	StaffSale         NoticeKind = "staff_sale"         // an order was delivered by the supplier
	StaffFailure      NoticeKind = "staff_failure"      // an order failed and is refunded, or needs a human
	StaffLate         NoticeKind = "staff_late"         // a paid order takes long or is held
	StaffRefunded     NoticeKind = "staff_refunded"     // money went back
	StaffRefundStuck  NoticeKind = "staff_refund_stuck" // money cannot be sent back
	StaffUnreachable  NoticeKind = "staff_unreachable"  // the customer blocked the bot before the QR arrived
	StaffBalanceLow   NoticeKind = "staff_balance_low"  // our account at the supplier
	StaffSupplierDown NoticeKind = "staff_supplier_down"
	StaffSupplierBack NoticeKind = "staff_supplier_back"
	StaffManual       NoticeKind = "staff_manual"       // an order waits for money by hand
	StaffTopUp        NoticeKind = "staff_topup"        // an eSIM was topped up
	StaffHuman        NoticeKind = "staff_human"        // an order still needs a human
	StaffToReturn     NoticeKind = "staff_to_return"    // money of a provider or by hand became credit; it may be returned there
	StaffFoundPaid    NoticeKind = "staff_found_paid"   // a payment that nobody told us of was found and booked
	StaffRefundedOut  NoticeKind = "staff_refunded_out" // a payment was refunded by somebody else
	StaffLateESIM     NoticeKind = "staff_late_esim"    // an eSIM came after its order was refunded; Note: cancelled, or why not
	StaffOrphan       NoticeKind = "staff_orphan"       // the vendor has an eSIM that belongs to no order
	StaffLedger       NoticeKind = "staff_ledger"       // the books do not agree with themselves
)

// ForStaff reports whether the notice goes to the staff group.
func (k NoticeKind) ForStaff() bool { return len(k) > 6 && k[:6] == "staff_" }

// A Notice is a message that is owed. It names facts, never sentences: those are
// written when it is sent, in the language the person has then.
type Notice struct {
	Kind   NoticeKind
	Key    string   // two notices with one key are the same notice
	Person PersonID // 0 for staff
	Order  OrderID
	ESIM   string // esimTranNo
	Alert  AlertKind
	Amount Money
	Note   string // for staff: the reason, free of secrets
}

// NoticeStore adds notices that are not part of another transaction.
type NoticeStore interface {
	// AddNotices stores notices; one whose Key exists already is left out.
	AddNotices(ctx context.Context, notices []Notice) error
}
