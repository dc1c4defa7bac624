package esim

import "fmt"

// NewGiftTaken tells who gave an eSIM away that somebody took it.
func NewGiftTaken(g Gift, e ESIM) Notification {
	return Notification{Kind: NotifyGiftTaken, Key: fmt.Sprintf("gift-taken:%d", g.ID), Customer: g.Giver, Order: e.Order, ESIM: e.ID}
}

// NewGiftQR brings an eSIM to who took it.
func NewGiftQR(g Gift, e ESIM) Notification {
	n := NewQR(e)
	n.Key += fmt.Sprintf(":gift:%d", g.ID)
	return n
}

// NewGiftGone tells who holds an eSIM that it was cancelled, and that the money went to who bought it.
func NewGiftGone(e ESIM) Notification {
	return Notification{Kind: NotifyGiftGone, Key: "gift-gone:" + string(e.ID), Customer: e.Customer, Order: e.Order, ESIM: e.ID}
}

// NewReferralCredit tells a customer of store credit for a friend they brought.
func NewReferralCredit(r Referral, amount Money) Notification {
	return Notification{Kind: NotifyReferralCredit, Key: referralKey(r.Friend), Customer: r.Referrer, Amount: amount}
}
