package esim

import (
	"reflect"
	"testing"
	"time"
)

func TestCourse(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return begun.Add(time.Duration(hours) * time.Hour) }
	u := func(hours int, used, total int64) Usage { return Usage{"T", used, total, at(hours)} }
	e := ESIM{Profile: Profile{ID: "T", Activated: begun, Used: 50, Total: 100}, UsageAt: at(10)}
	after := func(change func(e *ESIM)) ESIM {
		e := e
		change(&e)
		return e
	}
	tests := []struct {
		name    string
		e       ESIM
		samples []Usage
		want    []Usage
	}{
		{"no reading kept: from nothing to the newest figure", e, nil, []Usage{u(0, 0, 100), u(10, 50, 100)}},
		{"the newest reading is the newest figure", e, []Usage{u(5, 20, 100), u(10, 50, 100)}, []Usage{u(0, 0, 100), u(5, 20, 100), u(10, 50, 100)}},
		{"it begins with what was bought then", e, []Usage{u(5, 20, 60), u(10, 50, 100)}, []Usage{u(0, 0, 60), u(5, 20, 60), u(10, 50, 100)}},
		{"topped up since the last reading", after(func(e *ESIM) { e.Total = 300 }), []Usage{u(10, 50, 100)}, []Usage{u(0, 0, 100), u(10, 50, 300)}},
		{"what was used stays used", e, []Usage{u(4, 30, 100), u(5, 20, 100)}, []Usage{u(0, 0, 100), u(4, 30, 100), u(5, 30, 100), u(10, 50, 100)}},
		{"a reading from before it began", e, []Usage{u(-1, 5, 100)}, []Usage{u(0, 0, 100), u(10, 50, 100)}},
		{"a reading newer than the newest figure", e, []Usage{u(11, 60, 100)}, []Usage{u(0, 0, 100), u(10, 50, 100)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := courseOf(tt.e, tt.samples); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
		})
	}
}

func TestLastDay(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(hours int) time.Time { return begun.Add(time.Duration(hours) * time.Hour) }
	pass := func(hours int, used int64) ESIM {
		return ESIM{Profile: Profile{ID: "T", Activated: begun, Used: used}, UsageAt: at(hours)}
	}
	u := func(hours int, used int64) Usage { return Usage{ID: "T", Used: used, AsOf: at(hours)} }
	tests := []struct {
		name    string
		e       ESIM
		samples []Usage
		want    int64
		ok      bool
	}{
		{"the first day: all of it", pass(8, 30), []Usage{u(4, 10)}, 30, true},
		{"just a day: all of it", pass(24, 30), nil, 30, true},
		{"since a day before the newest figure", pass(50, 90), []Usage{u(20, 40), u(26, 50), u(27, 60)}, 40, true},
		{"the last reading before that", pass(50, 90), []Usage{u(20, 40), u(30, 60)}, 50, true},
		{"no reading is old enough", pass(50, 90), []Usage{u(30, 60)}, 0, false},
		{"none at all", pass(50, 90), nil, 0, false},
		{"never reported", ESIM{Profile: Profile{ID: "T", Activated: begun}}, nil, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := lastDay(tt.e, tt.samples); got != tt.want || ok != tt.ok {
				t.Errorf("%d, %v; want %d, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}
