//go:build testclock

package main

import (
	"os"
	"time"
)

// clock is one that a test can move from outside: the shop waits ten minutes before it
// gives up an order that it is not sure of, and no test can. How far it is ahead stands in
// the file CRASH_CLOCK. Never part of what is shipped.
func clock() time.Time {
	b, err := os.ReadFile(os.Getenv("CRASH_CLOCK"))
	if err != nil {
		panic(err)
	}
	ahead, err := time.ParseDuration(string(b))
	if err != nil {
		panic(err)
	}
	return time.Now().Add(ahead)
}
