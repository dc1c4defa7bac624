package esim

import "fmt"

// What is told of automatic top-ups.

func (a AutoTopUp) notification(kind NotificationKind, what string) Notification {
	return Notification{
		Kind: kind, Key: fmt.Sprintf("auto:%s:%d:%d:%s", string(a.ESIM), a.Set.UnixMilli(), a.Epoch, what),
		Customer: a.Customer, ESIM: a.ESIM, Amount: a.Agreed,
	}
}

// NewAutoSoon announces an automatic top-up: anew where it was short of store credit meanwhile.
func NewAutoSoon(a AutoTopUp) Notification {
	return a.notification(NotifyAutoSoon, fmt.Sprint("soon:", a.NextAt.UnixMilli()))
}

// NewAutoShort says that it waits for store credit.
func NewAutoShort(a AutoTopUp) Notification { return a.notification(NotifyAutoShort, "short") }

// NewAutoDearer asks about a price (USD) that is more than was agreed.
func NewAutoDearer(a AutoTopUp, price Money) Notification {
	n := a.notification(NotifyAutoDearer, "dearer")
	n.Amount = price
	return n
}

// NewAutoOff says that it was switched off by itself, and why.
func NewAutoOff(a AutoTopUp, why AutoEnd) Notification {
	n := a.notification(NotifyAutoOff, "off")
	n.Note = string(why)
	return n
}
