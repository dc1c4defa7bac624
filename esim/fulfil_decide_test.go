package esim

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// The rules of fulfilment, without a database and without a vendor.

var (
	decideRules = fulfilRules{maxLoss: USDCents(100)}
	decideNow   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

// decideOrder is an order in StateOrdering that was paid a while ago. It may cost 7 USD, a
// dollar more than was charged.
func decideOrder(kind OrderKind, paidAgo time.Duration) Order {
	o := Order{
		ID: "ORDER001", Customer: 7, Kind: kind, Quantity: 1, IdempotencyKey: "key", State: StateOrdering,
		Wholesale: USDTenThousandths(30_000), Retail: USDCents(600), PaidAt: decideNow.Add(-paidAgo), Changed: decideNow.Add(-paidAgo),
	}
	if kind == TopUp {
		o.ESIM = "T1"
	}
	return o
}

func vendorSays(v VendorErrorAction, outcome Outcome) error {
	return &VendorError{Op: "esim/order", Code: "1", Message: v.String(), Action: v, Outcome: outcome}
}

// checkDecision holds what is true of every decision.
func checkDecision(t *testing.T, o Order, d decision) {
	t.Helper()
	switch d.do {
	case doBegin, doAccept, doFinish, doGiveUp, doEscalate:
		if d.move.Order != o.ID || d.move.From != o.State || !CanMove(d.move.From, d.move.To) {
			t.Errorf("%s by the move %+v", d.do, d.move)
		}
	default:
		if !reflect.DeepEqual(d.move, Transition{}) {
			t.Errorf("%s with the move %+v", d.do, d.move)
		}
	}
	if d.do == doReschedule && (d.order.Reason == "" || !d.order.NextAt.After(decideNow)) {
		t.Errorf("rescheduled to %s for %q", d.order.NextAt, d.order.Reason)
	}
	if (d.do == doSearch || d.do == doReprice) && d.cause == nil {
		t.Errorf("%s for no cause", d.do)
	}
	if d.do == doGiveUp && d.order.OutcomeUnknown {
		t.Error("given up while something may have been bought")
	}
	for _, n := range append(d.notifications, d.move.Notifications...) {
		if n.Key == "" || n.Kind.Audience() == AudienceUnknown {
			t.Errorf("notification %+v", n)
		}
	}
}

// TestDecideRefused is what follows when the call to buy failed: for each verdict, whether
// this call may have bought, whether an earlier one may have, and early or after half an
// hour. Purchases and top-ups follow the same rules.
func TestDecideRefused(t *testing.T) {
	t.Parallel()
	type wants struct{ early, late action }
	const no, maybe = OutcomeNotDone, OutcomeUnknown
	again, back, find := wants{doReschedule, doReschedule}, wants{doGiveUp, doGiveUp}, wants{doSearch, doSearch}
	fetch, hold, holdThenFind := wants{doReprice, doReprice}, wants{doReschedule, doGiveUp}, wants{doReschedule, doSearch}
	for _, c := range []struct {
		rule    string
		verdict VendorErrorAction
		outcome Outcome
		first   wants // nothing was unknown before
		unsure  wants // an earlier call may have bought
	}{
		{"a temporary no is asked again", ActionRetry, no, again, again},
		{"no answer is asked again", ActionRetry, maybe, again, again},
		{"still at work is asked again", ActionWait, no, again, again},
		{"still at work, perhaps, is asked again", ActionWait, maybe, again, again},
		{"a refusal gives up what cannot have been bought", ActionRefund, no, back, find},
		{"a refusal that may have bought is searched for", ActionRefund, maybe, find, find},
		{"sold out gives up", ActionSoldOut, no, back, find},
		{"sold out that may have bought is searched for", ActionSoldOut, maybe, find, find},
		{"a price that moved is fetched", ActionReprice, no, fetch, fetch},
		{"a price that moved, perhaps, is fetched", ActionReprice, maybe, fetch, fetch},
		{"our empty account is held for half an hour", ActionLowBalance, no, hold, holdThenFind},
		{"our empty account that may have bought is never given up unseen", ActionLowBalance, maybe, holdThenFind, holdThenFind},
		{"a used key is searched for", ActionLookUp, no, find, find},
		{"a used key that may be of this call is searched for", ActionLookUp, maybe, find, find},
		{"our configuration is held for half an hour", ActionTellOperator, no, hold, holdThenFind},
		{"our configuration that may have bought is never given up unseen", ActionTellOperator, maybe, holdThenFind, holdThenFind},
		{"a bug is not repeated", ActionReportBug, no, back, find},
		{"a bug that may have bought is searched for", ActionReportBug, maybe, find, find},
		{"an unknown plan gives up", ActionNotFound, no, back, find},
		{"an unknown plan that may have bought is searched for", ActionNotFound, maybe, find, find},
		{"what is not allowed gives up", ActionNotAllowed, no, back, find},
		{"what is not allowed and may have bought is searched for", ActionNotAllowed, maybe, find, find},
	} {
		for _, kind := range []OrderKind{Purchase, TopUp} {
			for _, earlier := range []bool{false, true} {
				for _, late := range []bool{false, true} {
					want, paidAgo := c.first, time.Minute
					if earlier {
						want = c.unsure
					}
					wanted := want.early
					if late {
						wanted, paidAgo = want.late, holdFor
					}
					t.Run(fmt.Sprintf("%s/%s/earlier=%t/late=%t", c.rule, kind, earlier, late), func(t *testing.T) {
						o := decideOrder(kind, paidAgo)
						o.Attempts, o.OutcomeUnknown, o.OutcomeUnknownAt = 1, true, decideNow // as the call was noted
						a := refused{err: vendorSays(c.verdict, c.outcome), earlier: earlier}
						if earlier {
							a.since = decideNow.Add(-time.Second)
						}
						d := decideRules.decide(o, a, decideNow)
						checkDecision(t, o, d)
						if d.do != wanted {
							t.Errorf("%s, want %s", d.do, wanted)
						}
						unknown := earlier || c.outcome == maybe || c.verdict == ActionLookUp
						since := a.since
						if c.outcome == maybe && !(c.verdict == ActionLookUp && earlier) {
							since = decideNow
						}
						if d.order.OutcomeUnknown != unknown || !d.order.OutcomeUnknownAt.Equal(since) {
							t.Errorf("unknown %t since %s, want %t since %s", d.order.OutcomeUnknown, d.order.OutcomeUnknownAt, unknown, since)
						}
						if hidden := !d.hideUntil.IsZero(); hidden != (c.verdict == ActionSoldOut) {
							t.Errorf("hidden %t", hidden)
						}
					})
				}
			}
		}
	}
}

// TestDecideNotListed is what follows when the vendor's list shows nothing under the key.
func TestDecideNotListed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule    string
		verdict VendorErrorAction
		since   time.Duration // the last call whose outcome is unknown
		paidAgo time.Duration
		want    action
		tells   bool // somebody
	}{
		{"it may be on its way into the list", ActionRefund, settleAfter - 1, time.Minute, doReschedule, false},
		{"it may be on its way into the list, however late", ActionRefund, settleAfter - 1, holdFor, doReschedule, true},
		{"a refused order of which nothing shows was not bought", ActionRefund, settleAfter, settleAfter, doGiveUp, true},
		{"so was one that our account did not cover", ActionLowBalance, settleAfter, holdFor, doGiveUp, true},
		{"a used key may be on its way into the list", ActionLookUp, settleAfter - 1, time.Minute, doReschedule, false},
		{"a used key that bought nothing is held, and staff are told", ActionLookUp, settleAfter, holdFor - 1, doReschedule, true},
		{"a used key that bought nothing needs a human", ActionLookUp, settleAfter, holdFor, doEscalate, true},
	} {
		for _, kind := range []OrderKind{Purchase, TopUp} {
			t.Run(c.rule+"/"+string(kind), func(t *testing.T) {
				o := decideOrder(kind, c.paidAgo)
				o.Attempts, o.OutcomeUnknown, o.OutcomeUnknownAt = 3, true, decideNow.Add(-c.since)
				d := decideRules.decide(o, notListed{vendorSays(c.verdict, OutcomeNotDone)}, decideNow)
				checkDecision(t, o, d)
				if told := len(d.notifications)+len(d.move.Notifications) > 0; d.do != c.want || told != c.tells {
					t.Errorf("%s, told %t; want %s, %t", d.do, told, c.want, c.tells)
				}
			})
		}
	}
}

// TestDecide is all the rest, one rule per line.
func TestDecide(t *testing.T) {
	t.Parallel()
	failed := errors.New("no answer")
	refusal := vendorSays(ActionReprice, OutcomeNotDone)
	ready := Profile{ID: "T1", ICCID: "8944", IdempotencyKey: "key", ActivationCode: "LPA:1$h$m", Status: ProfileGotResource, SMDPStatus: SMDPReleased}
	foreign := ready
	foreign.IdempotencyKey = "another"
	order := func(kind OrderKind, change func(*Order)) Order {
		o := decideOrder(kind, time.Minute)
		if change != nil {
			change(&o)
		}
		return o
	}
	pass := func(o *Order) { o.Plan.Kind = DailyCutOff }
	unsure := func(o *Order) { o.OutcomeUnknown, o.OutcomeUnknownAt = true, decideNow }
	longPass := func(o *Order) { pass(o); o.PaidAt = decideNow.Add(-holdFor) }
	unsurePass := func(o *Order) { pass(o); unsure(o) }
	slow := func(o *Order) { o.PaidAt = decideNow.Add(-tellStaffAfter) }
	told := func(o *Order) { slow(o); o.StaffTold = true }
	tired := func(o *Order) { o.Attempts = repriceTries + 1 }
	in := func(s State) func(*Order) { return func(o *Order) { o.State = s } }
	pair := func(o *Order) { o.State, o.Quantity = StateAllocating, 2 }
	latePair := func(o *Order) { pair(o); o.StaffTold, o.Changed = true, decideNow.Add(-allocationPatience) }
	waitingPair := func(o *Order) { latePair(o); o.Changed = o.Changed.Add(time.Second) }
	crowdedPair := func(longer time.Duration) func(*Order) {
		return func(o *Order) { latePair(o); o.Changed = o.Changed.Add(-longer) }
	}
	first := []ESIM{{Profile: ready, Index: 1}}
	taken, taken2 := Profile{ID: "T2", IdempotencyKey: "key", Status: ProfileCancelled}, Profile{ID: "T3", IdempotencyKey: "key", Status: ProfileRevoked}
	for _, c := range []struct {
		rule  string
		order Order
		a     answer
		want  action
		tells int
	}{
		{"a paid order begins", order(Purchase, in(StatePaid)), due{}, doBegin, 0},
		{"a fixed plan is bought at its guarded price", order(Purchase, nil), due{}, doBuy, 0},
		{"a day pass is priced first, for the vendor guards nothing", order(Purchase, pass), due{}, doPrice, 0},
		{"a day pass that may have been bought is not priced again", order(Purchase, unsurePass), due{}, doBuy, 0},
		{"a top-up is priced first", order(TopUp, nil), due{}, doPrice, 0},
		{"a top-up that may have been bought is not priced again", order(TopUp, unsure), due{}, doBuy, 0},
		{"an accepted order is collected", order(Purchase, in(StateAllocating)), due{}, doCollect, 0},

		{"a price with a loss we bear is bought", order(Purchase, pass), priced{price: USDTenThousandths(70_000)}, doBuy, 0},
		{"a price with a loss we do not bear is given up", order(Purchase, pass), priced{price: USDTenThousandths(70_001)}, doGiveUp, 2},
		{"a day pass that is not offered is given up", order(Purchase, pass), priced{gone: true}, doGiveUp, 2},
		{"a day pass that cannot be priced is asked again", order(Purchase, pass), unpriced{failed}, doReschedule, 0},
		{"and not for ever: nothing was bought", order(Purchase, longPass), unpriced{failed}, doGiveUp, 2},
		{"nor while the vendor says that it is busy", order(Purchase, longPass), unpriced{vendorSays(ActionWait, OutcomeNotDone)}, doGiveUp, 2},
		{"a top-up with a loss we bear is bought", order(TopUp, nil), priced{price: USDTenThousandths(70_000)}, doBuy, 0},
		{"a top-up with a loss we do not bear is given up", order(TopUp, nil), priced{price: USDTenThousandths(70_001)}, doGiveUp, 2},
		{"a top-up that is not offered is given up", order(TopUp, nil), priced{gone: true}, doGiveUp, 2},
		{"a top-up that cannot be priced is asked again", order(TopUp, nil), unpriced{failed}, doReschedule, 0},
		{"a top-up that is refused when priced is given up", order(TopUp, nil), unpriced{vendorSays(ActionRefund, OutcomeNotDone)}, doGiveUp, 2},

		{"an accepted purchase moves on", order(Purchase, unsure), accepted{"B1"}, doAccept, 0},
		{"an applied top-up is finished", order(TopUp, unsure), applied{ESIM{}}, doFinish, 3},
		{"an applied top-up that does not show is looked at again", order(TopUp, unsure), unseen{vendorSays(ActionRefund, OutcomeNotDone)}, doReschedule, 0},
		{"a list that cannot be searched is searched again", order(Purchase, unsure), listFailed{refusal, failed}, doReschedule, 0},
		{"the same for a top-up", order(TopUp, unsure), listFailed{refusal, failed}, doReschedule, 0},

		{"a new price with a loss we bear is tried", order(Purchase, nil), repriced{cause: refusal, price: USDTenThousandths(70_000)}, doReschedule, 0},
		{"a new price with a loss we do not bear is given up", order(Purchase, nil), repriced{cause: refusal, price: USDTenThousandths(70_001)}, doGiveUp, 2},
		{"a new price beyond our loss is searched for if it may be bought", order(Purchase, unsure), repriced{cause: refusal, price: USDTenThousandths(70_001)}, doSearch, 0},
		{"a plan that left the list is given up", order(Purchase, nil), repriced{cause: refusal, gone: true}, doGiveUp, 2},
		{"a price that is refused and listed is tried some times", order(Purchase, nil), repriced{cause: refusal, price: USDTenThousandths(30_000)}, doReschedule, 0},
		{"and not for ever", order(Purchase, tired), repriced{cause: refusal, price: USDTenThousandths(30_000)}, doGiveUp, 2},
		{"a list that cannot be fetched is fetched again", order(Purchase, nil), repriceFailed{refusal, failed}, doReschedule, 0},

		{"eSIMs that are ready are stored", order(Purchase, in(StateAllocating)), collected{profiles: []Profile{ready}}, doAllocate, 3},
		{"one of two is delivered when it is ready", order(Purchase, pair), collected{profiles: []Profile{ready}}, doAllocate, 2},
		{"and not twice", order(Purchase, pair), collected{profiles: []Profile{ready}, known: first}, doReschedule, 0},
		{"what comes too late is refunded for its part", order(Purchase, latePair), collected{profiles: []Profile{ready}, known: first}, doAllocate, 3},
		{"but not while the vendor does not answer", order(Purchase, latePair), collected{err: vendorSays(ActionRetry, OutcomeUnknown), known: first}, doReschedule, 0},
		{"nor half an hour longer", order(Purchase, crowdedPair(lookUpPatience-time.Second)), collected{err: vendorSays(ActionRetry, OutcomeUnknown), known: first}, doReschedule, 0},
		{"a crowd that lasts longer brings it before staff, who know what is here", order(Purchase, crowdedPair(lookUpPatience)), collected{err: vendorSays(ActionRetry, OutcomeUnknown), known: first}, doEscalate, 2},
		{"also if nothing is here: what may be live is not refunded unseen", order(Purchase, crowdedPair(lookUpPatience)), collected{err: vendorSays(ActionRetry, OutcomeNotDone)}, doEscalate, 2},
		{"or if the vendor refuses the question", order(Purchase, crowdedPair(lookUpPatience)), collected{err: vendorSays(ActionNotFound, OutcomeNotDone)}, doEscalate, 2},
		{"once it answers, what did not come goes back, however late", order(Purchase, crowdedPair(24*time.Hour)), collected{err: vendorSays(ActionWait, OutcomeNotDone)}, doGiveUp, 2},
		{"if nothing came, the whole goes back", order(Purchase, latePair), collected{}, doGiveUp, 2},
		{"what the vendor took back is refunded for its part", order(Purchase, pair), collected{profiles: []Profile{ready, taken}}, doAllocate, 4},
		{"if it took all, the whole goes back", order(Purchase, pair), collected{profiles: []Profile{taken, taken2}}, doGiveUp, 2},
		{"nor is it too late before two days have passed", order(Purchase, waitingPair), collected{profiles: []Profile{ready}, known: first}, doReschedule, 0},
		{"an eSIM of another order is not ours", order(Purchase, in(StateAllocating)), collected{profiles: []Profile{foreign}}, doReschedule, 0},
		{"a refusal of an accepted order is no end", order(Purchase, in(StateAllocating)), collected{err: vendorSays(ActionRefund, OutcomeNotDone)}, doReschedule, 0},

		{"who waits five minutes is told, and staff", order(Purchase, slow), listFailed{refusal, failed}, doReschedule, 2},
		{"once", order(Purchase, told), listFailed{refusal, failed}, doReschedule, 0},
		{"staff are told at once of what only they can help", order(Purchase, nil), refused{err: vendorSays(ActionLowBalance, OutcomeNotDone)}, doReschedule, 2},
	} {
		t.Run(c.rule, func(t *testing.T) {
			d := decideRules.decide(c.order, c.a, decideNow)
			checkDecision(t, c.order, d)
			if told := len(d.notifications) + len(d.move.Notifications); d.do != c.want || told != c.tells {
				t.Errorf("%s, %d told; want %s, %d", d.do, told, c.want, c.tells)
			}
		})
	}
}
