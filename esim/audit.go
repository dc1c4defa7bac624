package esim

import "time"

// An AuditEntry is something staff did to an order, an eSIM, a customer or the shop: the audit log, which
// is only ever added to.
type AuditEntry struct {
	At         time.Time
	Who        CustomerID // of the staff
	ApprovedBy CustomerID // who agreed to it; 0: one person was enough
	What       string     // the command or button, "refund"
	Order      OrderID
	ESIM       ESIMID // esimTranNo
	Customer   CustomerID
	Amount     Money
	Why        string
	// Before and After are what it changed of the shop's rules, as RuleValues.String has them; "": nothing.
	Before, After string
	// How they are called now, filled in when it is read; "": nobody knows.
	WhoName, ApprovedByName, CustomerName string
}
