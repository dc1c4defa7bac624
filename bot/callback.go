package bot

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Data is what a button sends back when it is pressed: a route and its arguments.
//
// Buttons outlive releases, so a route is never renamed and its arguments never
// change meaning; a new meaning gets a new route. And any client can send any
// data, so a handler loads what the arguments name by id and customer.
type Data struct {
	Route string
	Args  []string
}

// maxData is Telegram's limit for callback_data in bytes.
// Source: https://core.telegram.org/bots/api#inlinekeyboardbutton.
const maxData = 64

var errBadData = errors.New("callback data of no known form")

// to is short for a Data with arguments of any kind.
func to(route string, args ...any) Data {
	d := Data{Route: route}
	for _, a := range args {
		d.Args = append(d.Args, fmt.Sprint(a))
	}
	return d
}

// Encode returns d in the form "route|arg|arg". It fails if that is longer than
// 64 bytes or a part holds what would not come back.
func (d Data) Encode() (string, error) {
	parts := append([]string{d.Route}, d.Args...)
	if d.Route == "" || slices.ContainsFunc(parts, func(p string) bool {
		return strings.ContainsFunc(p, func(r rune) bool { return r == '|' || r < ' ' || r > '~' })
	}) {
		return "", fmt.Errorf("encode %q: %w", parts, errBadData)
	}
	s := strings.Join(parts, "|")
	if len(s) > maxData {
		return "", fmt.Errorf("encode %q, %d bytes: %w", parts, len(s), errBadData)
	}
	return s, nil
}

// ParseData is the inverse of Encode. It accepts nothing that Encode cannot produce.
func ParseData(s string) (Data, error) {
	parts := strings.Split(s, "|")
	d := Data{Route: parts[0]}
	if len(parts) > 1 {
		d.Args = parts[1:]
	}
	if again, err := d.Encode(); err != nil || again != s {
		return Data{}, errBadData
	}
	return d, nil
}

// Arg returns the i-th argument, "" if there are fewer.
func (d Data) Arg(i int) string {
	if i >= len(d.Args) {
		return ""
	}
	return d.Args[i]
}

// Int returns the i-th argument as a number, def if it is not one.
func (d Data) Int(i, def int) int {
	n, err := strconv.Atoi(d.Arg(i))
	if err != nil {
		return def
	}
	return n
}
