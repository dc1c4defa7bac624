package esim

import (
	"context"
	"maps"
	"slices"
	"time"
)

// A NotificationKind says what a message tells.
type NotificationKind string

// Messages to the customer.
const (
	// NotifyProgress shows where the order is; one message that moves.
	NotifyProgress NotificationKind = "progress"
	// NotifyQR brings one eSIM. The order is delivered when all of them were accepted.
	NotifyQR NotificationKind = "qr"
	// NotifyQRGone takes the install buttons of an eSIM's pictures away: it was given back.
	NotifyQRGone NotificationKind = "qr_gone"
	// NotifyAlert is one Alert of an eSIM.
	NotifyAlert NotificationKind = "alert"
	// NotifyRefunded says that money came back: of an order, or of a payment too many.
	NotifyRefunded NotificationKind = "refunded"
	// NotifyCredited says that money came back as store credit.
	NotifyCredited NotificationKind = "credited"
	// NotifyPartCredited says that a part of an order became store credit.
	NotifyPartCredited NotificationKind = "part_credited"
	// NotifyRefundedElsewhere says that somebody else refunded the payment of an order, and what that
	// means for what was bought.
	NotifyRefundedElsewhere NotificationKind = "refunded_out"
	// NotifyAmountBack says that staff gave a part of an order's price back as store credit.
	NotifyAmountBack NotificationKind = "amount_back"
	// NotifyGranted says that staff gave store credit.
	NotifyGranted NotificationKind = "granted"
	// NotifyToppedUp shows the new totals of an eSIM.
	NotifyToppedUp NotificationKind = "topped_up"
	// NotifyExpiring says that an order which waits for money by hand expires soon.
	NotifyExpiring NotificationKind = "expiring"
	// NotifyExpired says that it did.
	NotifyExpired NotificationKind = "expired"
	// NotifyNotCancelled says that an eSIM could not be cancelled, since it was installed.
	NotifyNotCancelled NotificationKind = "not_cancelled"
	// NotifyThread brings what staff said in a SupportThread.
	NotifyThread NotificationKind = "thread"
	// NotifyThreadChange changes what was brought: staff edited their words.
	NotifyThreadChange NotificationKind = "thread_change"
	// NotifyThreadUnseen says that something the customer sent could not be shown to staff.
	NotifyThreadUnseen NotificationKind = "thread_unseen"
	// NotifyThreadClosed says that what the customer writes goes to staff no more.
	NotifyThreadClosed NotificationKind = "thread_closed"
	// NotifyGiftTaken says that somebody took an eSIM that the customer gave away, and marks its pictures.
	NotifyGiftTaken NotificationKind = "gift_taken"
	// NotifyGiftGone says that a given eSIM was cancelled, and that its money is not the holder's.
	NotifyGiftGone NotificationKind = "gift_gone"
	// NotifyReferralCredit says that a friend's first eSIM brought store credit.
	NotifyReferralCredit NotificationKind = "referral_credit"
	// NotifyContractWithdrawal acknowledges that the customer withdrew from a contract.
	NotifyContractWithdrawal NotificationKind = "contract_withdrawal"
	// NotifyContractToPerson says that staff decide about that.
	NotifyContractToPerson NotificationKind = "contract_person"
	// NotifySwapFailed says that an eSIM stays which was to be swapped, and what was paid goes back.
	NotifySwapFailed NotificationKind = "swap_off"
	// NotifyAutoTopUpAnnounced announces an automatic top-up.
	NotifyAutoTopUpAnnounced NotificationKind = "auto_soon"
	// NotifyAutoTopUpLacksCredit says that it waits for store credit.
	NotifyAutoTopUpLacksCredit NotificationKind = "auto_short"
	// NotifyAutoTopUpPriceRose asks about its price, which rose.
	NotifyAutoTopUpPriceRose NotificationKind = "auto_dearer"
	// NotifyAutoTopUpOff says that it was switched off by itself; Note: the AutoTopUpEndReason.
	NotifyAutoTopUpOff NotificationKind = "auto_off"
	// NotifySwapCredit says what of a swapped eSIM became store credit.
	NotifySwapCredit NotificationKind = "swap_credit"
)

// Messages to the staff group.
const (
	StaffSale              NotificationKind = "staff_sale"           // an order was delivered by the vendor
	StaffFailure           NotificationKind = "staff_failure"        // an order failed and is refunded, or needs a human
	StaffLate              NotificationKind = "staff_late"           // a paid order takes long or is held
	StaffRefunded          NotificationKind = "staff_refunded"       // money went back
	StaffRefundStuck       NotificationKind = "staff_refund_stuck"   // money cannot be sent back
	StaffUnreachable       NotificationKind = "staff_unreachable"    // the customer blocked the bot before the QR arrived
	StaffConcern           NotificationKind = "staff_concern"        // something about the shop itself is not well; Note: see ConcernOf
	StaffConcernOver       NotificationKind = "staff_concern_over"   // it is over; Note: see ConcernOf
	StaffManual            NotificationKind = "staff_manual"         // an order waits for money by hand
	StaffAbandoned         NotificationKind = "staff_left"           // its customer left it
	StaffTopUp             NotificationKind = "staff_topup"          // an eSIM was topped up
	StaffNeedsHuman        NotificationKind = "staff_human"          // an order still needs a human
	StaffOpenItems         NotificationKind = "staff_open"           // all that is open, once a day
	StaffReport            NotificationKind = "staff_report"         // how a day went; Note: which
	StaffToReturn          NotificationKind = "staff_to_return"      // money of a provider or by hand became credit; it may be returned there
	StaffInterrupted       NotificationKind = "staff_cut_off"        // what staff had done at the vendor was cut off by a stop of the shop
	StaffFoundPaid         NotificationKind = "staff_found_paid"     // a payment that nobody told us of was found and booked
	StaffFoundCredit       NotificationKind = "staff_found_credit"   // what store credit paid since a copy was made was found, and is paid again; Note: of which order
	StaffRefundedTwice     NotificationKind = "staff_refunded_twice" // a payment was refunded by somebody else after it had become store credit
	StaffRefundedElsewhere NotificationKind = "staff_refunded_out"   // a payment was refunded by somebody else
	StaffLateESIM          NotificationKind = "staff_late_esim"      // an eSIM came after its order was refunded; Note: cancelled, or why not
	StaffUnmatchedESIM     NotificationKind = "staff_orphan"         // the vendor has an eSIM that belongs to no order
	StaffUnexplained       NotificationKind = "staff_unexplained"    // payments that no order here explains; Amount: their sum, Note: how many, and the newest
	StaffUnpaidApproval    NotificationKind = "staff_unpaid"         // a payment was approved and did not come
	StaffPromoOver         NotificationKind = "staff_promo_over"     // a code was used up without the order that is paid with it; Note: which, and how often
	StaffWithdrawn         NotificationKind = "staff_withdrawn"      // the vendor took an eSIM back or away; Note: what follows
	// StaffOlderCopy: the vendor or the messenger knows orders that this database does not; Amount: store credit of all, Note: of how many.
	StaffOlderCopy NotificationKind = "staff_older_copy"
	// StaffLapsed: an eSIM lapsed, never used, and nothing goes back by itself.
	StaffLapsed NotificationKind = "staff_lapsed"
	// StaffToppedUpUnused: an eSIM is about to lapse, never used, and was topped up.
	StaffToppedUpUnused NotificationKind = "staff_topped_up_unused"
	StaffLedger         NotificationKind = "staff_ledger"      // the books do not agree with themselves
	StaffDeposit        NotificationKind = "staff_deposit"     // our account at the vendor has more than the books explain; Note: the balance
	StaffStuck          NotificationKind = "staff_stuck"       // something that is worked on by itself keeps failing; Note: what, and why
	StaffGivenUp        NotificationKind = "staff_given_up"    // what somebody did was given up, since handling it kept failing; Note: what, and whose
	StaffBalanceOff     NotificationKind = "staff_balance_off" // it has less; Note: the balance
	StaffOddCode        NotificationKind = "staff_odd_code"    // an activation code has a form that no phone reads; it was sent as text
	// StaffContractWithdrawal: a customer withdrew from a contract, and staff have to decide; Note: when.
	StaffContractWithdrawal NotificationKind = "staff_contract_withdrawal"
	// StaffForgotten: a customer was forgotten. It does not say who.
	StaffForgotten NotificationKind = "staff_forgotten"
	// StaffAssigned: somebody opened the link that staff made for an eSIM of no order.
	StaffAssigned NotificationKind = "staff_assigned"
	// StaffMoved: an order changed its state; the cards that announced something about it show it now.
	StaffMoved NotificationKind = "staff_moved"
	// StaffThread: a customer said something in a SupportThread; Note: which, see ThreadRow.
	StaffThread       NotificationKind = "staff_thread"
	StaffThreadChange NotificationKind = "staff_thread_change" // they edited what they said
	StaffThreadCard   NotificationKind = "staff_thread_card"   // one was closed, or opened again
	StaffAnswered     NotificationKind = "staff_answered"      // an answer of staff is with the customer; Note: which, see ThreadRow
	StaffAnswerWaits  NotificationKind = "staff_answer_waits"  // it waits: the customer cannot be written to
)

// An Audience is who a notification is for.
type Audience int

const (
	// AudienceUnknown is that of a kind which is in no table: nobody can be told.
	AudienceUnknown Audience = iota
	// AudienceCustomer is the one customer that the notification names.
	AudienceCustomer
	// AudienceStaff is the staff group.
	AudienceStaff
)

// audiences is every kind there is, and who it is for.
var audiences = map[NotificationKind]Audience{
	NotifyProgress: AudienceCustomer, NotifyQR: AudienceCustomer, NotifyQRGone: AudienceCustomer, NotifyAlert: AudienceCustomer, NotifyRefunded: AudienceCustomer,
	NotifyCredited: AudienceCustomer, NotifyPartCredited: AudienceCustomer, NotifyAmountBack: AudienceCustomer, NotifyGranted: AudienceCustomer, NotifyToppedUp: AudienceCustomer, NotifyNotCancelled: AudienceCustomer,
	NotifyRefundedElsewhere: AudienceCustomer, NotifyExpiring: AudienceCustomer, NotifyExpired: AudienceCustomer,
	NotifyThread: AudienceCustomer, NotifyThreadChange: AudienceCustomer, NotifyThreadClosed: AudienceCustomer, NotifyThreadUnseen: AudienceCustomer,
	NotifyGiftTaken: AudienceCustomer, NotifyGiftGone: AudienceCustomer, NotifyReferralCredit: AudienceCustomer,
	NotifyContractWithdrawal: AudienceCustomer, NotifyContractToPerson: AudienceCustomer,
	NotifyAutoTopUpAnnounced: AudienceCustomer, NotifyAutoTopUpLacksCredit: AudienceCustomer, NotifyAutoTopUpPriceRose: AudienceCustomer, NotifyAutoTopUpOff: AudienceCustomer,
	NotifySwapFailed: AudienceCustomer, NotifySwapCredit: AudienceCustomer,

	StaffSale: AudienceStaff, StaffFailure: AudienceStaff, StaffLate: AudienceStaff, StaffRefunded: AudienceStaff,
	StaffRefundStuck: AudienceStaff, StaffUnreachable: AudienceStaff, StaffConcern: AudienceStaff, StaffConcernOver: AudienceStaff,
	StaffManual: AudienceStaff, StaffAbandoned: AudienceStaff, StaffTopUp: AudienceStaff, StaffNeedsHuman: AudienceStaff,
	StaffOpenItems: AudienceStaff, StaffReport: AudienceStaff, StaffToReturn: AudienceStaff, StaffFoundPaid: AudienceStaff, StaffFoundCredit: AudienceStaff, StaffInterrupted: AudienceStaff, StaffRefundedElsewhere: AudienceStaff, StaffRefundedTwice: AudienceStaff, StaffLateESIM: AudienceStaff,
	StaffLapsed: AudienceStaff, StaffToppedUpUnused: AudienceStaff,
	StaffWithdrawn: AudienceStaff, StaffUnpaidApproval: AudienceStaff, StaffUnexplained: AudienceStaff,
	StaffUnmatchedESIM: AudienceStaff, StaffLedger: AudienceStaff, StaffDeposit: AudienceStaff, StaffBalanceOff: AudienceStaff, StaffStuck: AudienceStaff, StaffGivenUp: AudienceStaff,
	StaffThread: AudienceStaff, StaffThreadChange: AudienceStaff, StaffThreadCard: AudienceStaff, StaffAnswered: AudienceStaff, StaffAnswerWaits: AudienceStaff,
	StaffMoved: AudienceStaff, StaffForgotten: AudienceStaff, StaffContractWithdrawal: AudienceStaff,
	StaffOddCode: AudienceStaff, StaffPromoOver: AudienceStaff, StaffAssigned: AudienceStaff, StaffOlderCopy: AudienceStaff,
}

// NotificationKinds lists all kinds, in the order of their names.
func NotificationKinds() []NotificationKind { return slices.Sorted(maps.Keys(audiences)) }

// Audience is who a kind is for; AudienceUnknown if there is no such kind.
func (k NotificationKind) Audience() Audience { return audiences[k] }

// Delivers reports whether an order is delivered when all its messages of this kind were
// accepted by the messenger.
func (k NotificationKind) Delivers() bool { return k == NotifyQR }

// ForStaff reports whether the notification goes to the staff group.
func (k NotificationKind) ForStaff() bool { return k.Audience() == AudienceStaff }

// A Notification is a message that somebody must get. It names facts, never sentences: those are
// written when it is sent, in the language the customer has then.
type Notification struct {
	Kind     NotificationKind
	Key      string     // two notifications with one key are the same notification
	Customer CustomerID // 0 for staff
	Order    OrderID
	ESIM     ESIMID // esimTranNo
	Alert    AlertKind
	Amount   Money
	Note     string // for staff: the reason, free of secrets
}

// An OutboxMessage is a notification in the outbox.
type OutboxMessage struct {
	ID int64
	Notification
	Created  time.Time
	Attempts int // failed ones
}

// NotificationStore adds notifications that are not part of another transaction.
type NotificationStore interface {
	// AddNotifications stores notifications; one whose Key exists already is left out.
	AddNotifications(ctx context.Context, notifications []Notification) error
}
