package notify

import (
	"slices"
	"testing"
	"time"

	"esimbot/esim"
)

// What customers say to staff and what staff must hear of orders take turns, each in its own order.
func TestInFairOrder(t *testing.T) {
	said, other := esim.StaffThread, esim.StaffNeedsHuman
	message := func(id int64, kind esim.NotificationKind) esim.OutboxMessage {
		return esim.OutboxMessage{ID: id, Notification: esim.Notification{Kind: kind}}
	}
	tests := []struct {
		name string
		came []esim.OutboxMessage
		want []int64
	}{
		{"nothing", nil, nil},
		{"of one sort by age", []esim.OutboxMessage{message(3, other), message(1, other), message(2, other)}, []int64{1, 2, 3}},
		{"by turns, orders first", []esim.OutboxMessage{message(1, said), message(2, said), message(3, said), message(4, other), message(5, other)}, []int64{4, 1, 5, 2, 3}},
		{"a crowd of orders", []esim.OutboxMessage{message(1, other), message(2, other), message(3, other), message(4, said)}, []int64{1, 4, 2, 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []int64
			for _, m := range inFairOrder(tt.came) {
				got = append(got, m.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// A chat that is to be left alone is left alone that long, and no other; a clock that was set back ends it.
func TestAChatRests(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	o := New(Config{Now: func() time.Time { return now }, Wake: func() {}})
	const ann, bob = 101, 102
	tests := []struct {
		name  string
		who   esim.CustomerID
		after time.Duration
		rests bool
	}{
		{"at once", ann, 0, true},
		{"another chat", bob, 0, false},
		{"just before its end", ann, time.Minute - 1, true},
		{"at its end", ann, time.Minute, false},
		{"with a clock set back", ann, -time.Hour, false},
	}
	for _, tt := range tests {
		o.rest(ann, time.Minute)
		if until := o.restsUntil(tt.who, now.Add(tt.after)); until.IsZero() == tt.rests || tt.rests && !until.Equal(now.Add(time.Minute)) {
			t.Errorf("%s: rests until %v, want a rest: %v", tt.name, until, tt.rests)
		}
	}
}

// A chat is written to by one sender at a time, and who ends wakes the next.
func TestOneSenderOfAChat(t *testing.T) {
	woken := 0
	o := New(Config{Now: time.Now, Wake: func() { woken++ }})
	if !o.begin(101) || o.begin(101) || !o.begin(102) {
		t.Error("not one sender of each chat")
	}
	o.end(101)
	if woken != 1 || !o.begin(101) {
		t.Errorf("woken %d times after the end", woken)
	}
}
