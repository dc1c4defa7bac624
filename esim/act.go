package esim

import "time"

// An Act is something staff did to an order, an eSIM or a person: the audit log, which
// is only ever added to.
type Act struct {
	At     time.Time
	Who    PersonID // of the staff
	What   string   // the command or button, "refund"
	Order  OrderID
	ESIM   string // esimTranNo
	Person PersonID
	Amount Money
	Why    string
}
