package bot_test

import (
	"testing"
	"time"
)

// TestTalkTrip: the day of the trip is asked after the purchase, by buttons and by typing; it can be
// changed and taken back, warns where the eSIM does not last, and brings the reminder the day before
// with what to know about the country. Without it the reminder comes after a week.
func TestTalkTrip(t *testing.T) {
	t.Parallel()
	talks(t, "trip", func(k *talk) {
		k.says("Turkey")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.taps("trip|o")
		k.note("a restart later the day is typed; what is no day is asked again, what is something else is answered")
		k.Reopen(nil)
		k.says("31.02")
		k.says("japan")
		k.says("10.12")
		k.note("ten days are longer than the plan")
		k.taps("trip|" + k.aboutTrip() + "|2026-12-10|14")
		k.says("/esims")
		k.taps("esim|")
		k.taps("trip|")
		k.says("10–14 dec")
		k.note("the day before")
		k.later(15*24*time.Hour + 21*time.Hour)
		k.Must(k.Watcher.Remind(k.Context()))
		k.works()
		k.note("put off: it is told again then")
		k.taps("trip|")
		k.taps("trip|" + k.bought(0) + "|2026-12-16")
		k.later(6 * 24 * time.Hour)
		k.Must(k.Watcher.Remind(k.Context()))
		k.works()
		k.note("and taken back")
		k.taps("trip|")
		k.taps("trip|" + k.bought(0) + "|-")
		k.note("half a year ahead it does not keep")
		k.taps("trip|")
		k.says("1.7.2027")
		k.note("another one lies there for a week")
		k.says("Turkey")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.arrives()
		k.later(7 * 24 * time.Hour)
		k.Must(k.Watcher.Remind(k.Context()))
		k.works()
		k.note("tomorrow: too late for a reminder, so it is said at once")
		k.taps("trip|")
		k.says("tomorrow")
	})
}

// aboutTrip is what the newest button for a trip is about.
func (k *talk) aboutTrip() string {
	orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
	k.Must(err)
	return "o" + string(orders[0].ID)
}
