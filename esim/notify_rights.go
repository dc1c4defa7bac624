package esim

import "strconv"

// NewStaffForgotten tells staff that somebody was forgotten: old backups have them still.
func NewStaffForgotten(nobody CustomerID) Notification {
	return Notification{Kind: StaffForgotten, Key: "forgotten:" + strconv.FormatInt(int64(-nobody), 10)}
}

// NewContractWithdrawal acknowledges a customer's withdrawal: a message that stays as it is, with date and time.
func NewContractWithdrawal(w ContractWithdrawal) Notification {
	return contractNotification(NotifyContractWithdrawal, "contract-withdrawal", w)
}

// NewContractToPerson tells a customer that a person looks at their withdrawal.
func NewContractToPerson(w ContractWithdrawal) Notification {
	return contractNotification(NotifyContractToPerson, "contract-person", w)
}

// NewStaffContractWithdrawal tells staff of a withdrawal that they have to decide about.
func NewStaffContractWithdrawal(w ContractWithdrawal) Notification {
	n := contractNotification(StaffContractWithdrawal, "contract-staff", w)
	n.Customer, n.Note = 0, w.At.UTC().Format("2006-01-02 15:04 UTC")
	return n
}

func contractNotification(kind NotificationKind, key string, w ContractWithdrawal) Notification {
	return Notification{Kind: kind, Key: key + ":" + strconv.FormatInt(w.ID, 10), Customer: w.Customer, Order: w.Order, ESIM: w.ESIM}
}
