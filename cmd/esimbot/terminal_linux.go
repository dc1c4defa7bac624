package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// hideTyping keeps a terminal from showing what is typed, until show is called. What is no terminal
// shows nothing.
func hideTyping(in io.Reader) (show func(), hidden bool) {
	f, ok := in.(*os.File)
	if !ok {
		return func() {}, false
	}
	was, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return func() {}, false
	}
	quiet := *was
	quiet.Lflag &^= unix.ECHO
	if unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, &quiet) != nil {
		return func() {}, false
	}
	return func() { _ = unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, was) }, true
}
