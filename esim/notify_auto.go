package esim

import "fmt"

// What is told of automatic top-ups.

func (a AutoTopUp) notification(kind NotificationKind, what string) Notification {
	return Notification{
		Kind: kind, Key: fmt.Sprintf("auto:%s:%d:%d:%s", string(a.ESIM), a.Set.UnixMilli(), a.Epoch, what),
		Customer: a.Customer, ESIM: a.ESIM, Amount: a.Agreed,
	}
}

// NewAutoTopUpAnnounced announces an automatic top-up: anew where it was short of store credit meanwhile.
func NewAutoTopUpAnnounced(a AutoTopUp) Notification {
	return a.notification(NotifyAutoTopUpAnnounced, fmt.Sprint("soon:", a.NextAt.UnixMilli()))
}

// NewAutoTopUpLacksCredit says that it waits for store credit.
func NewAutoTopUpLacksCredit(a AutoTopUp) Notification {
	return a.notification(NotifyAutoTopUpLacksCredit, "short")
}

// NewAutoTopUpPriceRose asks about a price (USD) that is more than was agreed.
func NewAutoTopUpPriceRose(a AutoTopUp, price Money) Notification {
	n := a.notification(NotifyAutoTopUpPriceRose, "dearer")
	n.Amount = price
	return n
}

// NewAutoTopUpOff says that it was switched off by itself, and why.
func NewAutoTopUpOff(a AutoTopUp, why AutoTopUpEndReason) Notification {
	n := a.notification(NotifyAutoTopUpOff, "off")
	n.Note = string(why)
	return n
}
