package esim

// A Campaign is what came of a link "c_NAME", from who pressed Start to what stayed after refunds.
type Campaign struct {
	Name   string
	Starts int // customers who came by it first
	Buyers int // of them, to whom something was delivered
	// Sales are their orders since they came.
	Sales SalesSummary
}
