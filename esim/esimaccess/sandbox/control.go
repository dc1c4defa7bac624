package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const controlRoot = "/_control/"

// An op is one endpoint of the control API. The table of them is all there is: it routes, it says
// which methods a path has, and it is what GET /_control/ answers.
type op struct {
	Method  string `json:"method"`
	Path    string `json:"path"` // with {name} for a part that varies
	What    string `json:"what"`
	Example string `json:"example,omitempty"` // of a body
	do      func(s *Sandbox, r *http.Request, body []byte) (any, error)
}

// operations are all endpoints, in the order of the list.
func operations() []op {
	return []op{
		{"GET", "", "This list.", "", listOps},
		{"GET", "state", "Everything at a glance: clock, money, settings, faults, webhook address, counts.", "", getState},
		{"GET", "clock", "The time it is for the vendor.", "", getClock},
		{"POST", "clock", "Moves the clock on. It never goes back.", `{"advance":"3h"}`, postClock},
		{"GET", "balance", "The account's money, USD × 10,000.", "", getBalance},
		{"POST", "balance", "Sets it.", `{"balance":50000}`, postBalance},
		{"POST", "price", "Moves a plan's wholesale price, USD × 10,000.", `{"code":"ES_1_7","price":9900}`, postPrice},
		{"GET", "faults", "Faults that wait for their exchanges.", "", getFaults},
		{
			"POST", "faults", "Orders one. Kinds: " + strings.Join(faultKinds(), ", ") + ". count 0 is until cleared.",
			`{"kind":"lose-answer","endpoint":"esim/order","count":1,"skip":0}`, postFault,
		},
		{"DELETE", "faults", "Clears all faults and ends being down.", "", deleteFaults},
		{"DELETE", "faults/{id}", "Clears one.", "", deleteFault},
		{"GET", "down", "Whether every connection is closed unanswered.", "", getDown},
		{"POST", "down", "Begins that, or ends it.", `{"down":true}`, postDown},
		{"GET", "switches", "Settings and switches as they stand.", "", getSettings},
		{"POST", "switches", "Sets those that are given, and leaves the rest.", `{"doubled":true,"late":"10m","allocation":"30s"}`, postSettings},
		{"GET", "oddities", "What the real vendor does, and what shows it here.", "", getOddities},
		{"GET", "profiles", "All eSIMs, newest first, as they really are.", "", getProfiles},
		{"GET", "profiles/{esimTranNo}", "One of them.", "", getProfile},
		{"POST", "profiles/{esimTranNo}/{action}", "Moves it on: " + strings.Join(actionNames(), ", ") +
			`. burn takes {"bytes":N} or {"part":0.1} of the whole volume.`, `{"part":0.5}`, postAction},
		{"GET", "orders", "All orders, oldest first.", "", getOrders},
		{"POST", "orders/{orderNo}/withhold", "Keeps its n-th eSIM from being allocated; n 0 delivers what was withheld.", `{"n":1}`, postWithhold},
		{"GET", "webhooks", "Where webhooks go, and each one sent or waiting. ?after=N: only newer ones.", "", getWebhooks},
		{"POST", "webhooks", "Sets the address without asking it first; an empty one ends webhooks.", `{"url":"http://127.0.0.1:8080/hook"}`, postWebhooks},
		{"POST", "settle", "Waits until every webhook that is due was sent (at most 30 s).", "", postSettle},
		{"GET", "calls", "The last calls of the partner API. ?last=N (20), ?after=N: only newer ones.", "", getCalls},
		{"POST", "reset", "A new account: no orders, first balance, first settings, no faults, the clock at real time.", "", postReset},
	}
}

// control answers a call of the control API; false if r is none. Faults do not strike here.
func (s *Sandbox) control(w http.ResponseWriter, r *http.Request) bool {
	path, ok := strings.CutPrefix(r.URL.Path, controlRoot)
	if !ok && r.URL.Path != strings.TrimSuffix(controlRoot, "/") {
		return false
	}
	// Pages of other sites in the same browser must not move this one's money, play money or not.
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		writeControl(w, http.StatusForbidden, errorAnswer{Error: err.Error()})
		return true
	}
	status, answer := s.operate(r, path)
	if allow, ok := answer.(methods); ok {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		answer = errorAnswer{Error: "this path has the methods " + strings.Join(allow, ", "), See: controlRoot}
	}
	writeControl(w, status, answer)
	return true
}

type methods []string

type errorAnswer struct {
	Error string `json:"error"`
	See   string `json:"see,omitempty"`
}

func writeControl(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	answer{status, "application/json", append(encode(v), '\n')}.write(w)
}

// Statuses of errors, besides 400 for whatever is wrong with a request.
var errNotThere = errors.New("no such thing")

func (s *Sandbox) operate(r *http.Request, path string) (int, any) {
	var allow methods
	for _, o := range operations() {
		if !match(r, o.Path, path) {
			continue
		}
		if o.Method != r.Method {
			allow = append(allow, o.Method)
			continue
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err == nil && len(body) > maxBody {
			err = errors.New("the body is too long")
		}
		var v any
		if err == nil {
			v, err = o.do(s, r, body)
		}
		switch {
		case err == nil:
			return http.StatusOK, v
		case errors.Is(err, errNotThere), errors.Is(err, ErrNoProfile):
			return http.StatusNotFound, errorAnswer{Error: err.Error()}
		case errors.Is(err, ErrCannot):
			return http.StatusConflict, errorAnswer{Error: err.Error()}
		default:
			return http.StatusBadRequest, errorAnswer{Error: err.Error()}
		}
	}
	if allow != nil {
		return http.StatusMethodNotAllowed, allow
	}
	return http.StatusNotFound, errorAnswer{Error: "no such endpoint", See: controlRoot}
}

// match compares a path with a pattern and keeps its variable parts as r's path values.
func match(r *http.Request, pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, w := range want {
		name, varies := strings.CutPrefix(w, "{")
		switch {
		case varies && got[i] == "", !varies && w != got[i]:
			return false
		case varies:
			r.SetPathValue(strings.TrimSuffix(name, "}"), got[i])
		}
	}
	return true
}

func listOps(*Sandbox, *http.Request, []byte) (any, error) {
	list := operations()
	for i := range list {
		list[i].Path = controlRoot + list[i].Path
	}
	return struct {
		About     string `json:"about"`
		Endpoints []op   `json:"endpoints"`
	}{"The control API of the eSIM Access sandbox. JSON both ways; unknown fields are errors. The partner API is under " + root + ".", list}, nil
}

// number reads a whole number from the query; def if it is not given.
func number(r *http.Request, name string, def int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return def, nil
	}
	var n int
	if _, err := fmt.Sscanf(text+"\n", "%d\n", &n); err != nil || n < 0 {
		return 0, fmt.Errorf("?%s=%s is not a number of 0 or more", name, text)
	}
	return n, nil
}
