package main

import (
	"runtime/debug"
	"time"

	"esimbot/esim"
)

// Nearly all that a simulated shop makes is garbage at once, beside little that stays.
func init() { debug.SetGCPercent(400) }

// quietRound is how often a simulated shop looks by the clock alone while nothing is going on, and
// how long a poll lasts that no update ends. Most of an episode is such days, and rounds that find
// nothing are most of what a day costs.
const quietRound = 6 * time.Hour

// remindRound is how often a quiet shop looks whether staff are to be reminded, some 20 hours after
// they were told, and whether an order that waits for its money has expired, which they are told no more of.
const remindRound = 2 * time.Hour

// refundRound is how often a simulated shop tries to refund what it could not.
const refundRound = 5 * time.Minute

// rarely is the shop's shortest time between two looks by the clock alone. That staff are
// reminded of open orders is promised by the day, so it does not wait for quiet rounds.
func (s *simulated) rarely(name string) time.Duration {
	switch {
	case s.asInLife.Load():
		return 0
	case s.quiet.Load() && (name == "human" || name == "expire"):
		return remindRound
	case s.quiet.Load():
		return quietRound
	case name == "refund": // goes by the clock alone after a refund that failed, and tells of it after a few
		return refundRound
	}
	return simulatedRound
}

// movingStates are those of orders with which something happens by itself: what waits for staff waits.
var movingStates = []esim.State{esim.StatePaid, esim.StateOrdering, esim.StateAllocating, esim.StateCancelling, esim.StateRefunding}

// pass lets virtual time go by. Long stretches are quiet in their middle, if no order is moving once
// the acts before them have had their effects; at their end all goes at its usual pace again.
func (s *simulated) pass(d time.Duration) {
	const settled = 4 * time.Hour
	if d < settled+2*quietRound {
		s.wait(d)
		return
	}
	s.wait(settled)
	moving, err := s.app.DB.RecentOrders(s.t.Context(), movingStates, 1)
	if err != nil || len(moving) > 0 { // an error: it has just died
		s.wait(d - settled)
		return
	}
	s.quiet.Store(true)
	s.wait(d - settled - quietRound)
	s.quiet.Store(false)
	s.wait(quietRound)
}
