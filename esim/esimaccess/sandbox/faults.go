package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A FaultKind is a way in which an exchange goes wrong.
type FaultKind int

const (
	// LoseRequest closes the connection before anything is done.
	LoseRequest FaultKind = iota + 1
	// LoseAnswer does the work, then closes the connection: the order exists, and nobody was told.
	LoseAnswer
	// Slow waits for Fault.Delay (real time). A client that gives up meanwhile does not stop the
	// work: the server carries on at once and answers into the void.
	Slow
	// BadGateway answers with the HTML page of a proxy and status 502.
	BadGateway
	// CutBody does the work, announces the whole answer and closes the connection in the middle.
	CutBody
	// Refuse answers with Fault.Code in an HTTP 200 envelope and does nothing.
	Refuse
	// RateBurst answers 101013, as if others had used up the account's eight calls a second.
	RateBurst
)

var kindNames = map[FaultKind]string{
	LoseRequest: "request lost", LoseAnswer: "answer lost", Slow: "slow", BadGateway: "502",
	CutBody: "cut body", Refuse: "refused", RateBurst: "rate burst",
}

// String names the kind as lists of calls show it.
func (k FaultKind) String() string { return kindNames[k] }

// A Fault is an order to break some of the coming exchanges.
type Fault struct {
	Kind     FaultKind
	Endpoint string        // "esim/order"; "" is every endpoint
	Count    int           // how many exchanges to break; 0 is all until mended
	Skip     int           // how many matching exchanges to let pass first
	Delay    time.Duration // for Slow
	Code     string        // for Refuse: a code of the vendor's table
	Text     string        // for Refuse: errorMsg, may be empty
	// Worked makes Slow wait, and BadGateway answer, after the work was done and not instead of it
	// or before it. LoseAnswer and CutBody always are like that.
	Worked bool
}

// Break orders a fault and returns what mends it. Of several that match an exchange the oldest
// strikes. Which exchanges are struck depends on their order alone, so a run can be repeated.
func (s *Sandbox) Break(f Fault) (mend func()) {
	id := s.faults.add(f)
	return func() { s.faults.drop(id) }
}

// Mend ends all faults and the state of being down. It does not release a [Breakpoint].
func (s *Sandbox) Mend() { s.faults.clear() }

// Down makes every connection close unanswered, or ends that. Ordered faults stay and wait.
func (s *Sandbox) Down(down bool) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.down = down
}

type faults struct {
	mu     sync.Mutex
	down   bool
	orders []*ordered
	stops  []*Breakpoint
	seen   int // exchanges so far
	id     int // of the last fault
}

type ordered struct {
	Fault
	id   int
	left int
}

// add returns the number of the fault.
func (fs *faults) add(f Fault) int {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.id++
	fs.orders = append(fs.orders, &ordered{Fault: f, id: fs.id, left: f.Count})
	return fs.id
}

// drop ends the fault with this number; false if there is none.
func (fs *faults) drop(id int) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, o := range fs.orders {
		if o.id == id {
			fs.remove(o)
			return true
		}
	}
	return false
}

func (fs *faults) remove(o *ordered) {
	for i, x := range fs.orders {
		if x == o {
			fs.orders = append(fs.orders[:i:i], fs.orders[i+1:]...)
			return
		}
	}
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.down, fs.orders = false, nil
}

// take says what happens to the exchange that has just arrived on endpoint.
func (fs *faults) take(endpoint string) hit {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.seen++
	h := hit{stops: fs.takeStops(endpoint)}
	if fs.down {
		h.Fault = Fault{Kind: LoseRequest}
		return h
	}
	for _, o := range fs.orders {
		if o.Endpoint != "" && o.Endpoint != endpoint {
			continue
		}
		if o.Skip > 0 {
			o.Skip--
			continue
		}
		h.Fault = o.Fault
		if o.Count > 0 {
			if o.left--; o.left == 0 {
				fs.remove(o)
			}
		}
		break
	}
	return h
}

// A hit is what happens to one exchange. The zero value is nothing.
type hit struct {
	Fault
	stops [2][]*Breakpoint
}

func (h hit) name() string { return h.Kind.String() }

func (h hit) beforeWork(ctx context.Context) {
	for _, st := range h.stops[BeforeWork] {
		st.hold(ctx)
	}
	if h.Kind == Slow && !h.Worked {
		wait(ctx, h.Delay)
	}
}

func (h hit) afterWork(ctx context.Context) {
	for _, st := range h.stops[AfterWork] {
		st.hold(ctx)
	}
	if h.Kind == Slow && h.Worked {
		wait(ctx, h.Delay)
	}
}

// prevents reports whether the work is not done at all.
func (h hit) prevents() bool {
	switch h.Kind {
	case LoseRequest, Refuse, RateBurst:
		return true
	case BadGateway:
		return !h.Worked
	default:
		return false
	}
}

// answerInstead is the answer of an exchange whose work was prevented.
func (h hit) answerInstead() answer {
	switch h.Kind {
	case Refuse:
		return refusal(&refused{code: h.Code, text: h.Text})
	case RateBurst:
		return refusal(refuse(codeTooFast, "The system is busy, please try again later"))
	default:
		return answer{}
	}
}

// status is the HTTP status that reaches the client.
func (h hit) status(meant int) int {
	if h.Kind == LoseRequest || h.Kind == LoseAnswer {
		return 0
	}
	return meant
}

// send delivers a, as far as the fault lets it.
func (h hit) send(w http.ResponseWriter, a answer) {
	switch h.Kind {
	case LoseRequest, LoseAnswer:
		panic(http.ErrAbortHandler) // net/http closes the connection and logs nothing
	case CutBody:
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		w.Header().Set("Content-Type", a.kind)
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush() // else the half that was written would stay here
		panic(http.ErrAbortHandler)
	default:
		a.write(w)
	}
}

// badGateway is the page of a proxy whose server is away.
func badGateway() answer {
	const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n" +
		"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	return answer{http.StatusBadGateway, "text/html", []byte(page)}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
