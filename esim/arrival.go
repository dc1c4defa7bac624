package esim

import "time"

// An Arrival is the link by which a customer first came: of a campaign, or of the customer who sent it.
// Of each kind the first one counts, however many follow.
type Arrival struct {
	Customer CustomerID
	Kind     ArrivalKind
	Code     string // the campaign's name, or the referrer's code
	At       time.Time
}

// ArrivalKind is what sort of link it was.
type ArrivalKind string

// The kinds of arrivals.
const (
	ArrivalByCampaign ArrivalKind = "campaign"
	ArrivalByReferral ArrivalKind = "referral"
)
