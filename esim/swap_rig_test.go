package esim_test

import "esimbot/esim"

// swapWays are the ways in which Ann can pay for a plan that takes the place of an eSIM of an order.
func (r *rig) swapWays(base esim.Order, p esim.Plan, days int) ([]esim.Quote, error) {
	credit, err := r.DB.Credit(r.Context(), ann)
	r.Must(err)
	return r.Checkout.SwapQuotes(base.SwapWorthOfOne(), credit, func(m esim.PaymentMethod) (esim.Quote, error) {
		return r.Checkout.QuoteWith(m, p.Code, 1, days)
	})
}

// swapFor swaps an eSIM at a quote.
func (r *rig) swapFor(e esim.ESIM, q esim.Quote, press string) (esim.Order, error) {
	return r.Checkout.BeginSwap(r.Context(), esim.PurchaseRequest{
		Customer: ann, PlanCode: q.Plan.Code, Days: q.Days, Method: q.Method, Seen: q.Price, Credit: q.Credit, CallbackQueryID: press,
	}, e.ID)
}

// other is a fixed plan for Japan that costs more, or less, than another.
func (r *rig) other(than esim.Plan, dearer bool) esim.Plan {
	r.Helper()
	for _, p := range r.Catalog.Current().Country("JP") {
		if !p.DayPass() && p.Code != than.Code && (p.Wholesale.Minor > than.Wholesale.Minor+20_000) == dearer && (dearer || p.Wholesale.Minor < than.Wholesale.Minor-2_000) {
			return p
		}
	}
	r.Fatalf("no plan dearer (%t) than %s", dearer, than.Wholesale)
	return esim.Plan{}
}

// swaps swaps an eSIM for a plan in the first way that is offered, and pays what is to be paid by Stars.
func (r *rig) swaps(e esim.ESIM, p esim.Plan) esim.Order {
	r.Helper()
	ways, err := r.swapWays(r.order(e.Order), p, 0)
	r.Must(err)
	o, err := r.swapFor(e, ways[0], "swap")
	r.Must(err)
	if o.State == esim.StateAwaitingPayment {
		r.Must(r.Checkout.Approve(r.Context(), o.ID, ann, o.Price))
		if b := r.pay(o, "swap-charge"); b != esim.PaymentBooked {
			r.Fatalf("the difference is booked as %d", b)
		}
	}
	return r.order(o.ID)
}

func (r *rig) wantSoundBooks() {
	r.Helper()
	if faults, err := r.DB.LedgerFaults(r.Context()); err != nil || len(faults) > 0 {
		r.Errorf("the books: %v, %v", faults, err)
	}
}
