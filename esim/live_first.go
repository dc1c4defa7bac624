package esim

import (
	"slices"
	"time"
)

// Ended reports whether nothing can be done with an eSIM in this condition any more.
func (c Condition) Ended() bool {
	switch c {
	case ConditionOver, ConditionLapsed, ConditionWithdrawn, ConditionRemoved:
		return true
	}
	return false
}

// LiveFirst puts the eSIMs that ended behind the others, each group as it was: who looks for the one that
// does not connect shall not open the one that was cancelled.
func LiveFirst(esims []ESIM, now time.Time) []ESIM {
	return slices.SortedStableFunc(slices.Values(esims), func(a, b ESIM) int {
		switch over, other := a.Condition(now).Ended(), b.Condition(now).Ended(); {
		case over == other:
			return 0
		case over:
			return 1
		}
		return -1
	})
}
