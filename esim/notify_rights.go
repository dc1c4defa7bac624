package esim

import "strconv"

// NewStaffForgotten tells staff that somebody was forgotten: old backups have them still.
func NewStaffForgotten(nobody CustomerID) Notification {
	return Notification{Kind: StaffForgotten, Key: "forgotten:" + strconv.FormatInt(int64(-nobody), 10)}
}
