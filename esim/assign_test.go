package esim

import (
	"errors"
	"testing"
	"time"
)

func TestUnmatchedOffer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	live := UnmatchedOffer{Profile: Profile{ID: "T1", Status: ProfileGotResource, SMDPStatus: SMDPReleased}}
	gone := UnmatchedOffer{Profile: Profile{ID: "T1", Status: ProfileCancelled, SMDPStatus: SMDPReleased}}
	tests := []struct {
		name           string
		offer          UnmatchedOffer
		orphan, stored bool
		want           error
	}{
		{"it is nobody's", live, true, false, nil},
		{"an order's by now", live, true, true, ErrConflict},
		{"it may be about to become an order's", live, false, false, ErrNotFound},
		{"the vendor has it back", gone, true, false, ErrNoGift},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := DecideUnmatchedOffer(tt.offer, tt.orphan, tt.stored, now); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// What the books of its order have is not given away once more.
func TestTheCostOfAnUnmatchedESIMIsBookedOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	f := UnmatchedOffer{Profile: Profile{ID: "T1", Status: ProfileGotResource}, Plan: Plan{Code: "P", Kind: TotalVolume}, Wholesale: USDTenThousandths(9_000), Of: "ORDER001", Order: "ABCD0001"}
	rec := f.Taken(7, now)
	cost := rec.Books[0]
	if cost.Unless != costKey("ORDER001") || len(cost.Postings) != 1 || cost.Postings[0] != (Posting{AccountVendor, AccountGrants, f.Wholesale}) {
		t.Errorf("booked: %+v", cost)
	}
	if o := rec.Order; o.Retail.Minor != 0 || !o.Gift || o.State != StateDelivered || rec.ESIMs[0].Customer != 7 {
		t.Errorf("made: %+v", rec)
	}
	told := UnmatchedTaken(Gift{ID: 1, ESIM: "T1", Taken: now}, rec.ESIMs[0])
	if len(told) != 2 || told[0].Kind != NotifyQR || told[1].Kind != StaffAssigned {
		t.Errorf("told: %+v", told)
	}
}
