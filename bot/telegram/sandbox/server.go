package sandbox

import (
	"embed"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

//go:embed page
var pageFiles embed.FS

// Options say who lives in the simulator and how strict it is. The zero value is useful.
type Options struct {
	Now      func() time.Time      // the clock of dates, expiries and the page; default: the real one
	Advance  func(d time.Duration) // moves Now on, for the control API; nil: it cannot be moved there
	Token    string                // default: a plausible one made from Seed
	Name     string                // the bot's first name; default "eSIM Shop"
	Username string                // without @; default "esim_sandbox_bot"
	Users    []User                // default: Ann, Bob, and one person of the staff
	Group    Group                 // the staff's group, which the bot is in
	Panel    http.Handler          // served under /panel/ as it is; nil: no panel
	Seed     uint64                // fixes ids, charges and the default token
	OnCall   func(Call)            // sees every call after it was answered; must not block

	NoInline           bool             // inline mode is off in BotFather
	NoFlood            bool             // no 429 for sending too fast: for load tests
	RealNow            func() time.Time // clock of flood limits and of measured times; default: the real one
	PreCheckoutTimeout time.Duration    // real time the bot has for answerPreCheckoutQuery; default 10s as in Telegram
	LongPoll           time.Duration    // the longest that getUpdates waits; default 50s as in Telegram
	MaxStars           int64            // largest invoice in Stars; default 10,000
	Balance            int64            // Stars each person starts with; default 10,000
	History            int              // messages kept per chat; default 2,000
	WebhookClient      *http.Client     // default: 30s, redirects not followed
	WebhookPause       time.Duration    // first pause after a failed webhook, doubled up to 60 times; default 2s
}

// A Group is the one group chat of the simulator. People with Staff are its members.
type Group struct {
	ID    int64  `json:"id"` // negative; default -4001001001, a basic group
	Title string `json:"title"`
	Name  string `json:"-"` // public name without @; makes it a public supergroup from the start
	Forum bool   `json:"-"` // has topics; makes it a supergroup from the start
	Admin bool   `json:"-"` // the bot is an administrator and sees everything (no privacy mode)
}

// A Server is one simulated Telegram with one bot. It is an http.Handler and safe for concurrent use.
type Server struct {
	opt    Options
	now    func() time.Time
	real   func() time.Time
	botID  int64
	name   atomic.Pointer[string] // the bot's username
	mux    *http.ServeMux
	closed chan struct{}
	once   sync.Once

	mu      sync.Mutex // guards everything below
	rng     *rand.Rand
	people  map[int64]*person
	order   []int64 // people in the order they were added
	chats   map[int64]*chat
	groupID int64
	lastMsg int // private chats and basic groups share one sequence
	queries map[string]*query
	inline  inlineCache
	asked   []*query // the same, oldest first
	files   fileStore
	profile profile
	updates queue
	hook    webhook
	pay     paymentDesk
	flood   floodLimit
	waits   waits
	group   groupState
	faults  faultPlan
	calls   callLog
	hearers map[*listener]bool
	inMeta  int // strange fields are added while > 0
	topics  map[int]*topic
	hinting bool
}

// New returns a Telegram that is ready to serve.
func New(o Options) *Server {
	o.defaults()
	s := &Server{
		opt: o, now: o.Now, real: o.RealNow, closed: make(chan struct{}),
		rng:    rand.New(rand.NewPCG(o.Seed, 0x7e1e6)),
		people: map[int64]*person{}, chats: map[int64]*chat{}, queries: map[string]*query{},
		hearers: map[*listener]bool{}, topics: map[int]*topic{},
	}
	s.botID, _ = strconv.ParseInt(strings.SplitN(o.Token, ":", 2)[0], 10, 64)
	s.name.Store(&o.Username)
	s.profile.init(o.Name)
	s.updates.init(s.rng)
	s.pay.init()
	s.files.init(s.rng)
	s.faults.init()
	for _, p := range o.Users {
		s.addPerson(p)
	}
	kind := "group"
	s.group.public, s.group.forum = o.Group.Name, o.Group.Forum
	if o.Group.Forum || o.Group.Name != "" || o.Group.ID < -1_000_000_000_000 {
		kind = "supergroup"
	}
	s.groupID = o.Group.ID
	s.chats[o.Group.ID] = newChat(o.Group.ID, kind, o.Group.Title)
	s.routes()
	return s
}

func (o *Options) defaults() {
	set := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RealNow == nil {
		o.RealNow = time.Now
	}
	set(&o.Token, fmt.Sprintf("7000000001:AA%s", randomText(rand.New(rand.NewPCG(o.Seed, 1)), 33)))
	set(&o.Name, "eSIM Shop")
	set(&o.Username, "esim_sandbox_bot")
	set(&o.Group.Title, "eSIM staff")
	if o.Group.ID == 0 {
		o.Group.ID = -4001001001
		if o.Group.Forum || o.Group.Name != "" {
			o.Group.ID = -1004001001001
		}
	}
	if o.Users == nil {
		o.Users = []User{
			{ID: 101, FirstName: "Ann", Username: "ann", LanguageCode: "en"},
			{ID: 102, FirstName: "Bob", LanguageCode: "nl"},
			{ID: 201, FirstName: "Staff", Username: "staff", LanguageCode: "en", Staff: true},
		}
	}
	o.PreCheckoutTimeout = orDefault(o.PreCheckoutTimeout, 10*time.Second)
	o.LongPoll = orDefault(o.LongPoll, longPoll)
	o.MaxStars = orDefault(o.MaxStars, 10_000)
	o.Balance = orDefault(o.Balance, 10_000)
	o.History = orDefault(o.History, 2000)
	o.WebhookPause = orDefault(o.WebhookPause, 2*time.Second)
	if o.WebhookClient == nil {
		o.WebhookClient = &http.Client{
			Timeout:       30 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Token returns the bot's token: the only one the simulator accepts.
func (s *Server) Token() string { return s.opt.Token }

// Username returns the bot's username without @.
func (s *Server) Username() string { return *s.name.Load() }

// Rename gives the bot another username, as its owner does in BotFather: no update tells of it, and
// links and commands with the old one lead to nobody from now on.
func (s *Server) Rename(username string) { s.name.Store(&username) }

// BotID returns the bot's user id.
func (s *Server) BotID() int64 { return s.botID }

// Close ends long polls, event streams, open payments and webhook deliveries.
func (s *Server) Close() { s.once.Do(func() { close(s.closed) }) }

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	page, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	static := http.FileServerFS(page)
	s.mux.Handle("GET /page/", http.StripPrefix("/page/", static))
	s.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, page, "index.html")
	})
	s.pageRoutes()
	s.controlRoutes()
	if s.opt.Panel != nil {
		s.mux.Handle("/panel/", s.opt.Panel)
	}
}

// ServeHTTP serves the Bot API under /bot<token>/, files under /file/bot<token>/,
// the chat page under /, its API under /api/ and the panel under /panel/.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/bot"):
		s.serveBot(w, r)
	case strings.HasPrefix(r.URL.Path, "/file/bot"):
		s.serveFile(w, r)
	default:
		s.mux.ServeHTTP(w, r)
	}
}

const idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

func randomText(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = idAlphabet[r.IntN(len(idAlphabet))]
	}
	return string(b)
}
