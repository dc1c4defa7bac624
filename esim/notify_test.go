package esim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestNotificationKinds holds the table of kinds to the constants of notification.go.
func TestNotificationKinds(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "notification.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[NotificationKind]bool{}
	for _, k := range NotificationKinds() {
		listed[k] = true
	}
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Type == nil {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "NotificationKind" {
			return true
		}
		declared++
		value, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil || !listed[NotificationKind(value)] {
			t.Errorf("%s is not in the table of kinds, %v", v.Names[0], err)
		}
		return true
	})
	if declared != len(listed) || declared < 20 {
		t.Errorf("%d kinds are declared, %d listed", declared, len(listed))
	}
	if a := NotificationKind("staff_nosuch").Audience(); a != AudienceUnknown {
		t.Errorf("the audience of an unknown kind is %d", a)
	}
}

// TestNotifications is one line per constructor. Keys are in databases: a key that changes
// is a message that is sent again.
func TestNotifications(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	o := Order{ID: "ORDER001", Customer: 7, ESIM: "T1", State: StateCancelling, Changed: at, Price: USDCents(6), Reason: "why"}
	e := ESIM{Profile: Profile{ID: "T1"}, Customer: 7, Order: "ORDER001", Epoch: 2}
	p := Payment{ID: "c1", Order: "ORDER001", Customer: 7, Amount: Stars(48)}
	s := StarTransaction{ID: "c1", Order: "ORDER001", Customer: 7, Amount: Stars(48)}
	thread := SupportThread{ID: 3, Customer: 7, LastSpoken: at}
	auto := AutoTopUp{ESIM: "T1", Customer: 7, Set: at, Epoch: 2}
	seen := map[NotificationKind]bool{}
	for _, c := range []struct {
		n    Notification
		kind NotificationKind
		key  string
	}{
		{o.progress(StateRefunding), NotifyProgress, "progress:ORDE-R001:refunding"},
		{NewProgress(7, o.ID, stepLate), NotifyProgress, "progress:ORDE-R001:late"},
		{NewProgress(7, o.ID, stepReady), NotifyProgress, "progress:ORDE-R001:ready"},
		{NewProgressAgain(7, o.ID, stepKept, at), NotifyProgress, "progress:ORDE-R001:kept:1795435200000"},
		{NewQR(e), NotifyQR, "qr:T1"},
		{NewQRAgain(e, at), NotifyQR, "qr:T1:again:29923920"},
		{NewQRGone(e), NotifyQRGone, "qr-gone:T1"},
		{NewAlert(e, AlertData20), NotifyAlert, "alert:T1:2:data20"},
		{NewRefunded(p), NotifyRefunded, "refunded:c1"},
		{NewCredited(p, USDCents(6)), NotifyCredited, "refunded:c1"},
		{NewPartCredited(o, "part:ORDER001:T1", "T1", USDCents(6)), NotifyPartCredited, "part:ORDER001:T1"},
		{NewAmountBack(o, "amount-back:ORDER001:0", USDCents(6)), NotifyAmountBack, "amount-back:ORDER001:0"},
		{NewStaffPart(o, "part:ORDER001:T1", "T1", USDCents(6), false), StaffRefunded, "staff-part:ORDER001:T1"},
		{NewStaffPart(o, "part:ORDER001:T1", "T1", USDCents(6), true), StaffToReturn, "staff-part:ORDER001:T1"},
		{NewGranted("k1", 7, USDCents(6)), NotifyGranted, "granted:k1"},
		{NewToppedUp(o), NotifyToppedUp, "topped:ORDER001"},
		{NewNotCancelled(o, at), NotifyNotCancelled, "kept:ORDE-R001:1795435200000"},
		{NewSwapCredit(7, o.ID, USDCents(6)), NotifySwapCredit, "swap-credit:ORDER001"},
		{NewSwapFailed(o), NotifySwapFailed, "swap-off:ORDER001"},
		{NewGiftTaken(Gift{ID: 3, Giver: 7}, e), NotifyGiftTaken, "gift-taken:3"},
		{NewGiftQR(Gift{ID: 3, Giver: 8}, e), NotifyQR, "qr:T1:gift:3"},
		{NewGiftGone(e), NotifyGiftGone, "gift-gone:T1"},
		{NewReferralCredit(Referral{Friend: 9, Referrer: 7}, USDCents(6)), NotifyReferralCredit, "referral:9"},
		{NewStaffSale(o), StaffSale, "sale:ORDER001"},
		{NewStaffFailure(o, "why"), StaffFailure, "failure:ORDE-R001"},
		{NewStaffRefused(5, o.ID, "why"), StaffFailure, "refused:5"},
		{NewStaffLate(o), StaffLate, "late:ORDE-R001"},
		{NewStaffLateCancel(o), StaffLate, "late-cancel:ORDE-R001:1795435200000"},
		{NewStaffReport(DayOf(at, time.UTC)), StaffReport, "report:2026-11-23"},
		{NewStaffOpenItems(at), StaffOpenItems, "open:2026-11-23"},
		{NewStaffNeedsHuman(o, "why", at), StaffNeedsHuman, "human:ORDE-R001:1795435200000"},
		{NewStaffManual(o), StaffManual, "manual:ORDER001"},
		{NewStaffAbandoned(o), StaffAbandoned, "left:ORDER001"},
		{NewExpiring(Order{ID: "ORDER001", Customer: 7, NextAt: at}), NotifyExpiring, "expiring:ORDER001:1795435200000"},
		{NewExpired(o), NotifyExpired, "expired:ORDER001"},
		{NewStaffTopUp(o), StaffTopUp, "topup:ORDER001"},
		{NewStaffUnreachable(o.ID), StaffUnreachable, "unreachable:ORDER001"},
		{NewStaffRefunded(p, p.Amount), StaffRefunded, "staff-refunded:c1"},
		{NewStaffToReturn(p, USDCents(6)), StaffToReturn, "staff-refunded:c1"},
		{NewStaffRefundStuck(p, "why"), StaffRefundStuck, "refund-stuck:c1"},
		{NewStaffRefundedElsewhere(s), StaffRefundedElsewhere, "refunded-out:c1"},
		{NewStaffRefundedTwice(OrderPayment{Payment: p}), StaffRefundedTwice, "refunded-twice:c1"},
		{NewRefundedElsewhere(s), NotifyRefundedElsewhere, "refunded-out-customer:c1"},
		{NewStaffInterrupted(VendorAction{Who: 5, What: "revoke", Order: o.ID, ESIM: "T1"}, "revoke", at), StaffInterrupted, "cut-off:revoke:ORDER001:T1:5:1795435200000"},
		{NewStaffFoundPaid(s, o.ID), StaffFoundPaid, "found:c1"},
		{NewStaffFoundCredit(o.ID, o.ID, o.Price), StaffFoundCredit, "found-credit:" + string(o.ID)},
		{NewStaffLateESIM(e.Profile, o.ID), StaffLateESIM, "late-esim:T1"},
		{NewStaffUnmatchedESIM(e.Profile, ""), StaffUnmatchedESIM, "orphan:T1"},
		{NewStaffAssigned(e), StaffAssigned, "assigned:T1"},
		{NewStaffOlderCopy(CreditHeld{Customers: 2, Amount: USDCents(900)}, at), StaffOlderCopy, "older-copy:2026-11-23"},
		{NewStaffUnexplained([]UnexplainedPayment{{Payment: p}}, at), StaffUnexplained, "unexplained:1795435200000"},
		{NewStaffUnpaidApproval(o, time.UnixMilli(7)), StaffUnpaidApproval, "unpaid:ORDER001:7"},
		{NewStaffPromoOver(o, PromoFacts{Uses: 1}), StaffPromoOver, "promo-over:ORDER001"},
		{NewStaffWithdrawn(e, "why"), StaffWithdrawn, "withdrawn:T1"},
		{NewStaffLapsed(e), StaffLapsed, "lapsed:T1"},
		{NewStaffToppedUpUnused(e), StaffToppedUpUnused, "topped-up-unused:T1:2"},
		{NewStaffLedger(LedgerFault{What: "sale", Name: "A"}, 3, at), StaffLedger, "ledger:sale:A:2026-11-23"},
		{NewStaffDeposit(5, USDTenThousandths(1), USDTenThousandths(9)), StaffDeposit, "deposit:5:1"},
		{NewStaffBalanceOff(5, USDTenThousandths(1), USDTenThousandths(9)), StaffBalanceOff, "balance-off:5:1"},
		{NewStaffStuck("payment", "c1", o.ID, "why", at), StaffStuck, "stuck:payment:c1:2026-11-23"},
		{NewStaffStuckMessage(OutboxMessage{ID: 5, Notification: NewQR(e)}, "why"), StaffStuck, "stuck-message:5"},
		{NewStaffGivenUp(Update{ID: 5, Sender: 7, Kind: "message"}), StaffGivenUp, "given-up:5"},
		{NewContractWithdrawal(ContractWithdrawal{ID: 3, Customer: 7, Order: o.ID}), NotifyContractWithdrawal, "contract-withdrawal:3"},
		{NewContractToPerson(ContractWithdrawal{ID: 3, Customer: 7, Order: o.ID}), NotifyContractToPerson, "contract-person:3"},
		{NewStaffContractWithdrawal(ContractWithdrawal{ID: 3, Customer: 7, Order: o.ID}), StaffContractWithdrawal, "contract-staff:3"},
		{NewStaffForgotten(-7), StaffForgotten, "forgotten:7"},
		{NewStaffMoved(o.ID, StateDelivered, at), StaffMoved, "moved:" + string(o.ID) + ":delivered:1795435200000"},
		{NewStaffOddCode(ESIM{Profile: Profile{ID: "T1"}, Order: o.ID}), StaffOddCode, "odd-code:T1"},
		{NewStaffThread(3, 7, 42), StaffThread, "thread:3:7:42"},
		{NewStaffThreadBegun(thread), StaffThread, "thread:3:begun:1795435200000"},
		{NewThreadAnswer(thread, -5, 42), NotifyThread, "answer:3:-5:42"},
		{NewStaffAnswered(ThreadMessage{ID: 9}, true), StaffAnswered, "staff_answered:9"},
		{NewStaffAnswered(ThreadMessage{ID: 9}, false), StaffAnswerWaits, "staff_answer_waits:9"},
		{NewThreadChange(ThreadMessage{ID: 9}, at), StaffThreadChange, "thread-change:9:1795435200000"},
		{NewThreadChange(ThreadMessage{ID: 9, FromStaff: true, Customer: 7}, at), NotifyThreadChange, "thread-change:9:1795435200000"},
		{NewAutoTopUpAnnounced(auto), NotifyAutoTopUpAnnounced, "auto:T1:1795435200000:2:soon:-62135596800000"},
		{NewAutoTopUpLacksCredit(auto), NotifyAutoTopUpLacksCredit, "auto:T1:1795435200000:2:short"},
		{NewAutoTopUpPriceRose(auto, USDCents(6)), NotifyAutoTopUpPriceRose, "auto:T1:1795435200000:2:dearer"},
		{NewAutoTopUpOff(auto, AutoTopUpEndGivenAway), NotifyAutoTopUpOff, "auto:T1:1795435200000:2:off"},
		{NewThreadUnseen(ThreadMessage{ID: 9, Customer: 7}), NotifyThreadUnseen, "thread-unseen:9"},
		{NewThreadClosed(thread, at), NotifyThreadClosed, "thread-closed:3:1795435200000"},
		{NewStaffThreadCard(thread, at), StaffThreadCard, "thread-card:3:1795435200000"},
		{newStaffConcern(ConcernState{Concern: ConcernDisk, Detail: "90 MB"}, at), StaffConcern, "concern:disk:1795435200000"},
		{newStaffConcernOver(ConcernState{Concern: ConcernDisk}, at, at.Add(time.Hour)), StaffConcernOver, "concern-over:disk:1795435200000"},
	} {
		seen[c.kind] = true
		if c.n.Kind != c.kind || c.n.Key != c.key {
			t.Errorf("%s with the key %q, want %s with %q", c.n.Kind, c.n.Key, c.kind, c.key)
		}
		if mine := c.n.Customer == 7; mine != (c.kind.Audience() == AudienceCustomer) || mine == strings.HasPrefix(string(c.kind), "staff_") {
			t.Errorf("%s is for the customer %d", c.kind, c.n.Customer)
		}
	}
	for _, k := range NotificationKinds() {
		if !seen[k] {
			t.Errorf("%s has no constructor", k)
		}
	}
}
