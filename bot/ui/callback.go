package ui

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// CallbackData is what a button sends back when it is pressed: a route and its arguments.
//
// Buttons outlive releases, so a route is never renamed and its arguments never
// change meaning; a new meaning gets a new route. And any client can send any
// data, so a handler loads what the arguments name by id and customer.
type CallbackData struct {
	Route string
	Args  []string
}

// A Route is the first part of CallbackData: which handler a button leads to.
type Route string

// RouteMenu is the route of the first screen, which every other leads back to.
const RouteMenu Route = "menu"

// A CallbackRef is where a button leads: a Route alone, or a struct with the arguments of one.
// Such a struct has a parse function beside it, which reads back what Data writes.
type CallbackRef interface{ Data() CallbackData }

// Data is the route without arguments.
func (r Route) Data() CallbackData { return CallbackData{Route: string(r)} }

// Data is d itself, so that CallbackData is a CallbackRef too.
func (d CallbackData) Data() CallbackData { return d }

// maxData is Telegram's limit for callback_data in bytes.
// Source: https://core.telegram.org/bots/api#inlinekeyboardbutton.
const maxData = 64

// ErrBadData is a button that no release of this bot has made.
var ErrBadData = errors.New("callback data of no known form")

// NewCallbackData is CallbackData with arguments of any kind. Zero values at the end are left out: every
// ArgReader has them as its default.
func NewCallbackData(route Route, args ...any) CallbackData {
	for n := len(args); n > 0 && reflect.ValueOf(args[n-1]).IsZero(); n-- {
		args = args[:n-1]
	}
	d := CallbackData{Route: string(route)}
	for _, a := range args {
		d.Args = append(d.Args, fmt.Sprint(a))
	}
	return d
}

// Encode returns d in the form "route|arg|arg". It fails if that is longer than
// 64 bytes or a part holds what would not come back.
func (d CallbackData) Encode() (string, error) {
	parts := append([]string{d.Route}, d.Args...)
	if d.Route == "" || slices.ContainsFunc(parts, func(p string) bool {
		return strings.ContainsFunc(p, func(r rune) bool { return r == '|' || r < ' ' || r > '~' })
	}) {
		return "", fmt.Errorf("encode %q: %w", parts, ErrBadData)
	}
	s := strings.Join(parts, "|")
	if len(s) > maxData {
		return "", fmt.Errorf("encode %q, %d bytes: %w", parts, len(s), ErrBadData)
	}
	return s, nil
}

// ParseCallbackData is the inverse of Encode. It accepts nothing that Encode cannot produce.
func ParseCallbackData(s string) (CallbackData, error) {
	parts := strings.Split(s, "|")
	d := CallbackData{Route: parts[0]}
	if len(parts) > 1 {
		d.Args = parts[1:]
	}
	if again, err := d.Encode(); err != nil || again != s {
		return CallbackData{}, ErrBadData
	}
	return d, nil
}

// An ArgReader takes the arguments of CallbackData one after another. One that is not of its kind
// spoils the whole.
type ArgReader struct {
	args []string
	err  error
}

// Read begins to read the arguments of d, which must be of this route.
func (d CallbackData) Read(route Route) *ArgReader {
	if d.Route != string(route) {
		return &ArgReader{err: fmt.Errorf("%q is not of route %s: %w", d.Route, route, ErrBadData)}
	}
	return &ArgReader{args: d.Args}
}

// Text is the next argument; "" if there is none.
func (a *ArgReader) Text() string {
	if len(a.args) == 0 {
		return ""
	}
	next := a.args[0]
	a.args = a.args[1:]
	return next
}

// Int64 is the next argument as a number; absent if there is none.
func (a *ArgReader) Int64(absent int64) int64 {
	text := a.Text()
	if text == "" {
		return absent
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		a.err = fmt.Errorf("%q is no number: %w", text, ErrBadData)
	}
	return n
}

// Int is Int64 for a small number.
func (a *ArgReader) Int(absent int) int { return int(a.Int64(int64(absent))) }

// Err says whether anything read was not of its kind.
func (a *ArgReader) Err() error { return a.err }

// HandleWith is the handler of a route whose arguments are read first. Arguments that cannot be
// read are ErrBadData, and h is not called.
func HandleWith[R any](parse func(CallbackData) (R, error), h func(ctx context.Context, r *Request, ref R) (Screen, error)) Handler {
	return func(ctx context.Context, r *Request) (Screen, error) {
		ref, err := parse(r.Data)
		if err != nil {
			return Screen{}, err
		}
		return h(ctx, r, ref)
	}
}
