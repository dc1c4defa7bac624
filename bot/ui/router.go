package ui

import (
	"context"
	"maps"
	"slices"
)

// A Handler says what should be on the screen after a request.
type Handler func(ctx context.Context, r *Request) (Screen, error)

// A Router knows which handler answers a command, a press or a typed text.
type Router struct {
	commands map[string]Handler
	menu     []string // commands in Telegram's menu, in order
	routes   map[Route]Handler
	typed    Handler
}

// NewRouter returns a router that knows nothing yet.
func NewRouter() *Router {
	return &Router{commands: map[string]Handler{}, routes: map[Route]Handler{}}
}

// Command registers something typed with a slash. A listed one stands in Telegram's
// menu of commands; its description there is the sentence command.cmd_<name>.
func (t *Router) Command(name string, listed bool, h Handler) {
	t.commands[name] = t.follow(h)
	if listed {
		t.menu = append(t.menu, name)
	}
}

// Route registers what buttons with this route lead to.
func (t *Router) Route(route Route, h Handler) {
	if t.routes[route] != nil {
		panic("route registered twice: " + route)
	}
	t.routes[route] = t.follow(h)
}

// Typed registers what answers free text.
func (t *Router) Typed(h Handler) { t.typed = t.follow(h) }

// Menu lists the commands of Telegram's menu, in order.
func (t *Router) Menu() []string { return t.menu }

// Commands lists all commands, sorted.
func (t *Router) Commands() []string { return slices.Sorted(maps.Keys(t.commands)) }

// Routes lists all routes, sorted.
func (t *Router) Routes() []Route { return slices.Sorted(maps.Keys(t.routes)) }

// ForText is the handler of r, which holds a message: a command's name and words stand
// in its Data, any other text in its Text.
func (t *Router) ForText(r *Request) Handler {
	switch h := t.commands[r.Data.Route]; {
	case h != nil:
		return h
	case r.Data.Route != "":
		return unknownCommand
	case r.Text == "":
		return notText
	}
	return t.typed
}

// ForPress is the handler of r, which holds the press of a button with this data.
func (t *Router) ForPress(r *Request, data string) Handler {
	d, err := ParseCallbackData(data)
	h := t.routes[Route(d.Route)]
	if err != nil || h == nil {
		return oldButton
	}
	r.Data = d
	return h
}

// follow makes a handler's Follow happen: the screen of that route takes the place of
// its own, under its own toast.
func (t *Router) follow(h Handler) Handler {
	return func(ctx context.Context, r *Request) (Screen, error) {
		s, err := h(ctx, r)
		if err != nil || s.Follow.Route == "" {
			return s, err
		}
		toast, alert, lead, below, sent := s.Toast, s.Alert, s.Lead, s.Below, s.OnSent
		r.Data = s.Follow
		s, err = t.routes[Route(r.Data.Route)](ctx, r)
		if toast != "" {
			s.Toast, s.Alert = toast, alert
		}
		s.OnSent = both(sent, s.OnSent)
		if lead != "" && s.Text != "" && s.Picture == nil {
			s.Text = lead + "\n\n" + s.Text
		}
		if len(below) > 0 && (s.Text != "" || s.Picture != nil) && !hasRoute(s.Rows, below[0].Data.Route) {
			last := max(len(s.Rows)-1, 0)
			s.Rows = slices.Insert(slices.Clone(s.Rows), last, below)
		}
		return s, err
	}
}

// both tells each of two who want to hear which message a screen became.
func both(first, second func(ctx context.Context, message int)) func(ctx context.Context, message int) {
	switch {
	case first == nil:
		return second
	case second == nil:
		return first
	}
	return func(ctx context.Context, message int) {
		first(ctx, message)
		second(ctx, message)
	}
}

// hasRoute reports whether a button leads to a route.
func hasRoute(rows [][]Button, route string) bool {
	return slices.ContainsFunc(rows, func(row []Button) bool {
		return slices.ContainsFunc(row, func(b Button) bool { return b.Data.Route == route })
	})
}

// unknownCommand, notText and oldButton answer what the bot cannot use.
func unknownCommand(_ context.Context, r *Request) (Screen, error) {
	return Screen{Typing: true, Text: r.T("error.unknown_command", nil), Rows: MenuRow(r)}, nil
}

func notText(_ context.Context, r *Request) (Screen, error) {
	return Screen{Typing: true, Text: r.T("error.not_text", nil), Rows: MenuRow(r)}, nil
}

func oldButton(context.Context, *Request) (Screen, error) { return Screen{}, ErrBadData }
