//go:build testclock

package main

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// clock is one that a test can move from outside: the shop waits ten minutes before it
// gives up an order that it is not sure of, and no test can. By how many nanoseconds it is ahead stands in
// the first eight bytes of the file CRASH_CLOCK, which is memory here: a shop asks the time all day. Never part
// of what is shipped.
func clock() time.Time { return time.Now().Add(time.Duration(ahead().Load())) }

var ahead = sync.OnceValue(func() *atomic.Int64 {
	f, err := os.Open(os.Getenv("CRASH_CLOCK"))
	if err != nil {
		panic(err)
	}
	defer f.Close()
	b, err := syscall.Mmap(int(f.Fd()), 0, int(unsafe.Sizeof(atomic.Int64{})), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	return (*atomic.Int64)(unsafe.Pointer(&b[0]))
})
