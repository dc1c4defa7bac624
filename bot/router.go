package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// A handler says what should be on the screen after a request.
type Handler func(ctx context.Context, r *Request) (Screen, error)

// A command is something typed with a slash.
type Command struct {
	Name    string
	Listed  bool // in the menu of commands; its description is the sentence cmd_<name>
	Handler Handler
}

// run calls a handler and turns its error into a screen. The error it returns is
// one that goes away by itself: the update is to be tried again.
func (b *Bot) run(ctx context.Context, h Handler, r *Request, update int64) (s Screen, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("panic in a handler", "update", update, "route", r.Data.Route, "err", fmt.Sprint(p), "stack", string(debug.Stack()))
			s, err = ErrorScreen(r, errPanic), nil
		}
	}()
	s, err = h(ctx, r)
	if err == nil && s.Follow.Route != "" {
		toast, alert := s.Toast, s.Alert
		r.Data = s.Follow
		s, err = b.routes[r.Data.Route](ctx, r)
		if toast != "" {
			s.Toast, s.Alert = toast, alert
		}
	}
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return Screen{}, ctx.Err()
	}
	if supplierSaid(err) {
		b.log.Warn("supplier did not do it", "update", update, "route", r.Data.Route, "err", err)
	} else if !Expected(err) {
		b.log.Error("handler failed", "update", update, "route", r.Data.Route, "err", err)
	}
	return ErrorScreen(r, err), nil
}

var errPanic = errors.New("panic")
