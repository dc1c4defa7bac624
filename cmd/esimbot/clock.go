//go:build !testclock

package main

import "time"

// clock is what `esimbot serve` goes by. Only the tests that kill the program build it
// with another one (tag testclock).
var clock = time.Now
