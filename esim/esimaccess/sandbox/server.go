package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Off, as a value in [Options], turns off what zero would set to its default.
const Off = -1

const (
	root    = "/api/v1/open/"
	maxBody = 1 << 20

	defaultBalance    = 10_000_000 // $1,000.00
	defaultAllocation = 3 * time.Second
	defaultUsageLag   = 2*time.Hour + 30*time.Minute
	defaultRate       = 8
)

// RepeatedOrder says what a transactionId that was used before is answered with.
// Both have been reported of the real API; money is taken once either way.
type RepeatedOrder int

const (
	// AnswerFirst repeats the answer of the first order.
	AnswerFirst RepeatedOrder = iota
	// Refuse310402 answers with error 310402.
	Refuse310402
)

// Options are the settings of a [Sandbox]. The zero value is a sensible vendor.
type Options struct {
	// Now is the real time under the simulated clock. Default: time.Now.
	Now func() time.Time
	// Catalog is a package/list answer to sell from. Default: CatalogFile, else a generated catalogue.
	Catalog io.Reader
	// CatalogFile is the path of such an answer.
	CatalogFile string
	// Seed varies the generated catalogue and the identities of eSIMs. The same seed gives the same
	// ones. An account that was kept in File keeps its seed.
	Seed uint64
	// Balance is the account's money at the start, USD × 10,000. Default 10000000 ($1,000.00); Off is none.
	Balance int64
	// AllocationTime is how long an order takes until all its eSIMs are there. Default 3 s; Off is at once.
	AllocationTime time.Duration
	// UsageLag is how long after its use data appears in answers. Default 2 h 30 min; Off is at once.
	UsageLag time.Duration
	// AccessCode is the code to let in. Default: any that is not empty.
	AccessCode string
	// TopUpTime is how long esim/topup takes (real time) until it answers what it has done; about
	// 16 s in life. Default 0.
	TopUpTime time.Duration
	// Latency is how long (real time) every answer of the partner API takes; 0.3 to 1.2 s in life.
	// Default 0: a client that was written against the real pace runs into 101013 then.
	Latency time.Duration
	// Secret makes the sandbox check RT-Signature. Default: not checked, as reported of the real API.
	Secret string
	// RateLimit is how many calls any second may hold; the next one gets 101013. Default 8; Off is no limit.
	RateLimit int
	// WebhookClient sends webhooks. Default: one of its own, over the network. Its time-out is
	// that of one try, 5 s where it has none, and redirects are not followed.
	WebhookClient *http.Client
	// Quirks turn on what the vendor does on bad days.
	Quirks Quirks
	// File keeps the account: it is read at the start, if it is there, and written (whole, next to
	// it, then renamed) after each change, before the answer that tells of the change is sent. It
	// holds orders, eSIMs, the balance, changed prices, the clock, and webhooks; not faults, switches
	// and calls. Default: nothing is kept.
	File string
	// RepeatedOrder is the answer to a transactionId used before.
	RepeatedOrder RepeatedOrder
	// OnCall is told of each exchange just before its answer is sent. It may be called from many
	// goroutines at once and must not call the sandbox over HTTP.
	OnCall func(Call)
}

// A Call is one exchange with a client, for a list of calls. It holds no headers, so no access code.
type Call struct {
	At       time.Time // on the simulated clock
	Endpoint string    // "esim/order"
	Request  string    // body
	Answer   string    // body as sent; of a lost answer the one that was meant
	Status   int       // HTTP status, 0 if the connection was closed without an answer
	Took     time.Duration
	Fault    string // the fault that struck, "" if none
}

// A Sandbox is a simulated eSIM Access account: an [http.Handler] for the partner API on one side,
// methods for what happens in the world outside (time, phones, breakdowns) on the other.
// All methods may be called from many goroutines at once.
type Sandbox struct {
	opt    Options
	clock  *clock
	limit  *window
	faults faults

	calls callLog
	// setting is held from reading the settings to writing them.
	setting sync.Mutex
	first   Options // to go back to

	mu         sync.Mutex // guards what follows, and the settings of opt that can be changed
	catalog    *catalog
	prices     map[string]int64 // that were moved
	book       book
	hook       hook
	notified   int         // notifyIds made
	sent       int         // webhooks queued
	deliveries []*Delivery // oldest first
	batch      []*Delivery // made, and not queued yet
	walked     time.Time   // until when everything was told
	next       time.Time   // when the next thing falls due, zero if nothing does
	sender     sender
	dirty      bool  // something changed since the last saving
	fileErr    error // of the last saving
}

// New returns a sandbox. It fails if the given catalogue or state cannot be read, or if the
// quirks cannot be as they are. Close it if webhooks or Options.File are used.
func New(o Options) (*Sandbox, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Balance = orDefault(o.Balance, defaultBalance)
	o.AllocationTime = orDefault(o.AllocationTime, defaultAllocation)
	o.UsageLag = orDefault(o.UsageLag, defaultUsageLag)
	o.RateLimit = orDefault(o.RateLimit, defaultRate)

	st, err := readState(o.File)
	if err != nil {
		return nil, err
	}
	if st != nil {
		o.Seed = st.Seed // the account's eSIMs are of this catalogue
	}
	c, err := openCatalog(o)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{
		opt:     o,
		first:   o,
		clock:   newClock(o.Now),
		limit:   newWindow(o.RateLimit, time.Second),
		catalog: c,
		prices:  map[string]int64{},
		book:    newBook(o.Seed, o.Balance),
		sender:  newSender(o.WebhookClient),
	}
	if err := s.checkQuirks(o.Quirks); err != nil {
		return nil, err
	}
	if err := s.begin(st); err != nil {
		return nil, err
	}
	return s, nil
}

// orDefault reads a setting: 0 is def, anything negative is 0.
func orDefault[T int | int64 | time.Duration](v, def T) T {
	switch {
	case v == 0:
		return def
	case v < 0:
		return 0
	default:
		return v
	}
}

func openCatalog(o Options) (*catalog, error) {
	if o.Catalog != nil {
		raw, err := io.ReadAll(o.Catalog)
		if err != nil {
			return nil, fmt.Errorf("reading the catalogue: %w", err)
		}
		return parsed(raw)
	}
	if o.CatalogFile == "" {
		return generated(o.Seed), nil
	}
	raw, err := os.ReadFile(o.CatalogFile)
	if err != nil {
		return nil, fmt.Errorf("opening the catalogue: %w", err)
	}
	c, err := parsed(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.CatalogFile, err)
	}
	return c, nil
}

// A route is one endpoint: its work, and how its success envelope is written.
type route struct {
	// do works on the request at now, with s.mu held, and returns obj.
	do func(s *Sandbox, now time.Time, req fields) (any, error)
	// style is how the endpoint says that there is no error.
	style style
	// whole takes the place of do where the work has to be done without s.mu.
	whole func(s *Sandbox, r *http.Request, req fields) (any, error)
	// after is what is waited for between the work and its answer.
	after func(s *Sandbox, ctx context.Context)
}

// routes are the endpoints by path below /api/v1/open/.
var routes = map[string]route{
	"package/list":               {do: (*Sandbox).listPackages},
	"location/list":              {do: (*Sandbox).listLocations},
	"esim/order":                 {do: (*Sandbox).placeOrder, after: (*Sandbox).tellEarly},
	"esim/query":                 {do: (*Sandbox).queryProfiles},
	"esim/usage/query":           {do: (*Sandbox).queryUsage},
	"balance/query":              {do: (*Sandbox).queryBalance},
	"esim/realtimeBalance/query": {do: (*Sandbox).queryLiveData},
	"esim/cancel":                {do: (*Sandbox).cancelProfile},
	"esim/suspend":               {do: (*Sandbox).suspendProfile},
	"esim/unsuspend":             {do: (*Sandbox).unsuspendProfile},
	"esim/revoke":                {do: (*Sandbox).revokeProfile},
	"esim/sendSms":               {do: (*Sandbox).sendSMS},
	"esim/topup":                 {do: (*Sandbox).addTopUp, style: codeNull, after: (*Sandbox).waitForTopUp},
	"webhook/save":               {whole: (*Sandbox).saveWebhook},
	"webhook/query":              {do: (*Sandbox).queryWebhook},
}

// tellEarly lets ORDER_STATUS arrive before the order's own answer, if that is switched on.
func (s *Sandbox) tellEarly(ctx context.Context) {
	if s.Quirks().Early {
		_ = s.Settle(ctx) // a client that left is not waited for
	}
}

func (s *Sandbox) waitForTopUp(ctx context.Context) {
	s.mu.Lock()
	d := s.opt.TopUpTime
	s.mu.Unlock()
	wait(ctx, d)
}

func (s *Sandbox) waitLatency(ctx context.Context) {
	s.mu.Lock()
	d := s.opt.Latency
	s.mu.Unlock()
	wait(ctx, d)
}

// An answer is what would be sent if nothing broke.
type answer struct {
	status int
	kind   string
	body   []byte
}

// ServeHTTP answers a call of the partner API, of the control API, or for the page.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.servesPage(w, r):
	case s.control(w, r):
	case s.servesShare(w, r):
	default:
		s.partner(w, r)
	}
}

// partner answers one call of the partner API, or breaks as it was told to.
func (s *Sandbox) partner(w http.ResponseWriter, r *http.Request) {
	started := s.opt.Now()
	name := endpoint(r.URL.Path)
	w.Header().Set("Date", s.Time().UTC().Format(http.TimeFormat)) // its own clock, which may be moved
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLong) {
		panic(http.ErrAbortHandler) // the request did not arrive whole: no server would act on it
	}
	hit := s.faults.take(name)
	hit.beforeWork(r.Context())

	var a answer
	switch {
	case hit.prevents():
		a = hit.answerInstead()
	case err != nil:
		a = refusal(refuse(codeLength, "request body too long"))
	default:
		a = s.handle(r, name, body)
	}
	s.waitLatency(r.Context())
	hit.afterWork(r.Context())
	if hit.Kind == BadGateway {
		a = badGateway()
	}
	call := Call{
		At: s.Time(), Endpoint: name, Request: string(body),
		Status: hit.status(a.status), Took: s.opt.Now().Sub(started), Fault: hit.name(),
	}
	s.calls.add(call, a.body)
	if s.opt.OnCall != nil {
		call.Answer = string(a.body)
		s.opt.OnCall(call)
	}
	hit.send(w, a)
}

// endpoint is the path below the API's root, or the whole path if it is not below it.
func endpoint(path string) string {
	if name, ok := strings.CutPrefix(path, root); ok {
		return name
	}
	return path
}

// handle does what the vendor's gateway does before an endpoint sees a request, then the work.
func (s *Sandbox) handle(r *http.Request, name string, body []byte) answer {
	rt, ok := routes[name]
	if name == r.URL.Path {
		return notFound(r.URL.Path)
	}
	if r.Method != http.MethodPost {
		return refusal(refuse(codeMethod, "request method invalid"))
	}
	// Headers come before the path: captured of esim/list, which is none.
	if err := s.admit(r.Header, body); err != nil {
		return refusal(err)
	}
	if !ok {
		return notFound(r.URL.Path)
	}
	if !s.limit.allow(s.Time()) {
		return refusal(refuse(codeTooFast, "The system is busy, please try again later"))
	}
	req, err := readFields(body)
	if err != nil {
		return refusal(err)
	}
	a, ok := s.work(r, rt, req)
	if ok && rt.after != nil {
		rt.after(s, r.Context())
	}
	return a
}

// work does what an endpoint is for; ok is false if it refused.
func (s *Sandbox) work(r *http.Request, rt route, req fields) (a answer, ok bool) {
	var obj any
	var err error
	if rt.whole != nil {
		obj, err = rt.whole(s, r, req)
	}
	s.locked(func(now time.Time) {
		if rt.do != nil {
			obj, err = rt.do(s, now, req)
		}
		if err == nil {
			a = success(rt.style, obj, s.opt.Quirks) // encoded here: obj may point into the account
		}
	})
	if err != nil {
		return refusal(err), false
	}
	return a, true
}

// write sends a whole answer.
func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = io.Copy(w, bytes.NewReader(a.body)) // a client that left is the client's affair
}
