package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// An op is one endpoint of the control API. The list of them is what GET /_control/ answers.
type op struct {
	Method  string `json:"method"`
	Path    string `json:"path"`
	What    string `json:"what"`
	Example string `json:"example,omitempty"` // of a body
}

// ops are the endpoints for programs that play people and Telegram's bad days: those of the page, and the control API's own.
var ops = []op{
	{"GET", "/api/state", "The bot, the people, the group, and the time.", ""},
	{"POST", "/api/person", "Adds a person.", `{"first_name":"Ann","language_code":"en"}`},
	{"POST", "/api/send", "A person writes; chat is their own with the bot, if it is left out.", `{"person":101,"text":"/start"}`},
	{"POST", "/api/file", "A person sends a file, in base64.", `{"person":101,"name":"a.png","file":"iVBORw0K…"}`},
	{"GET", "/api/messages?person=101&chat=101", "A chat as the person sees it, oldest first, with buttons and what they carry.", ""},
	{"POST", "/api/press", "A person presses the button with this data on a message.", `{"person":101,"message_id":7,"data":"buy"}`},
	{"POST", "/api/invoice", "Opens the invoice in a message, or behind a link; the answer has its form_id.", `{"person":101,"message_id":8}`},
	{"POST", "/api/pay", "Pays an opened invoice; answers when the bot has. declined: with a card that is declined.", `{"person":101,"form_id":"…"}`},
	{"POST", "/api/stars", "Gives a person Stars.", `{"person":101,"amount":1000}`},
	{"POST", "/api/block", "A person blocks the bot, or unblocks it.", `{"person":101,"blocked":true}`},
	{"POST", "/api/inline", "A person types @bot and a text.", `{"person":101,"text":"japan"}`},
	{"GET", "/api/calls?after=0", "Calls both ways; unknown names parameters that a method does not have.", ""},
	{"GET", "/_control/", "This list.", ""},
	{"GET", "/_control/clock", "The time it is for Telegram.", ""},
	{"POST", "/_control/clock", "Moves it on: what expires expires.", `{"advance":"24h"}`},
	{"POST", "/_control/faults", "The next calls of a method fail; \"*\" is any but getUpdates. Kinds: " + strings.Join(faultNames, ", ") + ".", `{"method":"sendMessage","count":1,"kind":"too-many","retry_after":2}`},
	{"DELETE", "/_control/faults?method=sendMessage", "Takes back what was ordered of a method.", ""},
	{"POST", "/_control/mode", "Breaks everything until it is ok again: ok, 429, 502, cut.", `{"mode":"502"}`},
	{"POST", "/_control/payments", "The next payments reach the bot twice, or never.", `{"repeat":1,"lose":0}`},
}

// faultNames are the kinds of faults by [FaultKind].
var faultNames = []string{
	TooMany: "too-many", BadGateway: "bad-gateway", GatewayTimeout: "gateway-timeout", LoseRequest: "lose-request",
	LoseAnswer: "lose-answer", Slow: "slow", ServerError: "server-error", Refuse: "refuse",
}

type controlRequest struct {
	Advance     string `json:"advance"`
	Method      string `json:"method"`
	Count       int    `json:"count"`
	Kind        string `json:"kind"`
	RetryAfter  int    `json:"retry_after"`
	Delay       string `json:"delay"`
	Code        int    `json:"code"`
	Description string `json:"description"`
	Chat        int64  `json:"chat"`
	Mode        string `json:"mode"`
	Repeat      int    `json:"repeat"`
	Lose        int    `json:"lose"`
}

func (s *Server) controlRoutes() {
	for pattern, do := range map[string]func(*http.Request, controlRequest) (any, error){
		"GET /_control/{$}":       func(*http.Request, controlRequest) (any, error) { return obj{"endpoints": ops}, nil },
		"GET /_control/clock":     func(*http.Request, controlRequest) (any, error) { return obj{"time": stamp(s.now())}, nil },
		"POST /_control/clock":    s.moveClock,
		"POST /_control/faults":   s.orderFault,
		"DELETE /_control/faults": s.mendFault,
		"POST /_control/mode":     func(_ *http.Request, in controlRequest) (any, error) { return obj{"mode": in.Mode}, s.SetMode(in.Mode) },
		"POST /_control/payments": func(_ *http.Request, in controlRequest) (any, error) {
			s.RepeatPayments(in.Repeat)
			s.LosePayments(in.Lose)
			return obj{"ok": true}, nil
		},
	} {
		s.mux.HandleFunc(pattern, s.control(do))
	}
}

// control reads a request strictly: what is not known is an error. Other sites' pages are kept out.
func (s *Server) control(do func(*http.Request, controlRequest) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := http.NewCrossOriginProtection().Check(r)
		var in controlRequest
		if err == nil {
			d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
			d.DisallowUnknownFields()
			if err = d.Decode(&in); errors.Is(err, io.EOF) {
				err = nil
			}
		}
		var out any
		if err == nil {
			out, err = do(r, in)
		}
		if err != nil {
			pageJSON(w, http.StatusBadRequest, obj{"error": err.Error(), "see": "/_control/"})
			return
		}
		pageJSON(w, http.StatusOK, out)
	}
}

// moveClock needs Options.Advance: the clock is not the simulator's own.
func (s *Server) moveClock(_ *http.Request, in controlRequest) (any, error) {
	d, err := time.ParseDuration(in.Advance)
	switch {
	case s.opt.Advance == nil:
		return nil, errors.New("this clock is moved by who runs the sandbox")
	case err != nil || d <= 0:
		return nil, fmt.Errorf(`advance: %q is no time to move on, such as "90s" or "24h"`, in.Advance)
	}
	s.opt.Advance(d)
	s.ClockMoved()
	return obj{"time": stamp(s.now())}, nil
}

func (s *Server) orderFault(_ *http.Request, in controlRequest) (any, error) {
	kind := -1
	for i, name := range faultNames {
		if name == in.Kind {
			kind = i
		}
	}
	delay, err := time.ParseDuration(orDefault(in.Delay, "0s"))
	switch {
	case kind < 0:
		return nil, fmt.Errorf("kind %q: there are %s", in.Kind, strings.Join(faultNames, ", "))
	case err != nil || delay < 0:
		return nil, fmt.Errorf("delay: %q is no duration", in.Delay)
	case in.Method == "" || in.Count < 1 || in.Count > 1000:
		return nil, errors.New(`a fault needs a method ("*": any but getUpdates) and a count of 1 to 1000`)
	}
	s.Break(in.Method, in.Count, Fault{Kind: FaultKind(kind), RetryAfter: in.RetryAfter, Delay: delay, Code: in.Code, Description: in.Description, Chat: in.Chat})
	return obj{"ok": true}, nil
}

func (s *Server) mendFault(r *http.Request, _ controlRequest) (any, error) {
	s.Mend(r.URL.Query().Get("method"))
	return obj{"ok": true}, nil
}
