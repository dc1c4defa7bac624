// Package telegram is our client of Telegram's Bot API. It knows the API's JSON,
// its limits and the bot's token, and keeps all three to itself: what leaves this
// package are plain Go values, and errors that say what may have happened.
//
// It stands on github.com/go-telegram-bot-api/telegram-bot-api/v5, used only
// through MakeRequest and UploadFiles, because everything above them in that
// library models an API of 2021 and loses updates when the process dies.
package telegram

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// DefaultBaseURL is Telegram's own server.
const DefaultBaseURL = "https://api.telegram.org"

// Config says how to reach Telegram. Only Token is required.
type Config struct {
	Token   string // from BotFather; never logged, never part of an error
	BaseURL string // default DefaultBaseURL; may have a path

	// TestEnvironment talks to Telegram's separate test servers.
	// Source: https://core.telegram.org/bots/features#testing-your-bot
	TestEnvironment bool

	HTTPClient *http.Client     // default: many kept connections and a ceiling of 70 s
	Log        *slog.Logger     // default: nothing is logged
	Now        func() time.Time // default: time.Now

	// Observe, if set, is called after every request to Telegram, for metrics.
	// It runs on the caller's path and must not wait.
	Observe func(method string, took time.Duration, err error)

	Limits Limits // how fast to send; the zero value is what Telegram allows

	// LongPoll is how long a poll waits for updates; default MaxPoll, Telegram's own limit. More is
	// for simulations of months, together with that option of the simulator.
	LongPoll time.Duration
}

// String implements fmt.Stringer without the token.
func (Config) String() string { return "telegram.Config" }

// GoString implements fmt.GoStringer without the token.
func (Config) GoString() string { return "telegram.Config" }

// String implements fmt.Stringer without the token.
func (*Client) String() string { return "telegram.Client" }

// GoString implements fmt.GoStringer without the token.
func (*Client) GoString() string { return "telegram.Client" }

// Client calls the Bot API. It is safe for concurrent use.
type Client struct {
	api     tgbotapi.BotAPI // never used directly: each call gets a shallow copy
	token   string
	http    *http.Client
	log     *slog.Logger
	now     func() time.Time
	observe func(string, time.Duration, error)
	pace    *pace
	holds   holds

	longPoll time.Duration
}

var tokenShape = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New returns a client, or an error that names every bad field of cfg. It makes
// no network call; Me does, and so tells whether the token is good.
func New(cfg Config) (*Client, error) {
	base, baseErr := endpoint(cfg.BaseURL, cfg.TestEnvironment)
	var tokenErr error
	if !tokenShape.MatchString(cfg.Token) {
		tokenErr = errors.New("telegram: the token is not of the form 123456:ABC-def")
	}
	if err := errors.Join(tokenErr, baseErr); err != nil {
		return nil, err
	}
	c := &Client{
		api:     tgbotapi.BotAPI{Token: cfg.Token},
		token:   cfg.Token,
		http:    httpClient(cfg.HTTPClient),
		log:     cfg.Log,
		now:     cfg.Now,
		observe: cfg.Observe,
		pace:    newPace(cfg.Limits),
		holds:   holds{now: time.Now}, // the clock of the timers that wait for them

		longPoll: cmp.Or(cfg.LongPoll, MaxPoll),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.api.SetAPIEndpoint(base)
	tameLibrary(c.log)
	return c, nil
}

// endpoint returns the library's endpoint format: the token and the method are its two %s.
func endpoint(base string, test bool) (string, error) {
	if base == "" {
		base = DefaultBaseURL
	}
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", errors.New("telegram: the base URL cannot be parsed") // err would repeat it
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("telegram: the base URL is not an http(s) address")
	case u.User != nil, u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return "", errors.New("telegram: the base URL has more than scheme, host and path")
	}
	format := strings.ReplaceAll(strings.TrimRight(base, "/#"), "%", "%%") + "/bot%s/"
	if test {
		format += "test/"
	}
	return format + "%s", nil
}

// Close gives up the connections that are kept open. Calls may still be made after it.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// patience is how long one call may wait for what Telegram asked with 429, of it or of a
// call before it. See WithMaxWait.
type patience time.Duration

const (
	patient   = patience(30 * time.Second) // sends and edits; longer waits belong to an outbox
	impatient = patience(3 * time.Second)  // answers to presses and checkouts, worthless when late
	none      = patience(0)                // polling, which has its own back-off
)

// again is how often a call is repeated after 429. Only 429 is repeated here: it is
// Telegram's word that nothing was carried out.
const again = 3

// call makes one request and unpacks the answer. All its failures are *Error.
func (c *Client) call(ctx context.Context, method string, p tgbotapi.Params, wait patience) (json.RawMessage, error) {
	wait = patienceOf(ctx, wait)
	var flooded *Error
	for try := 0; ; try++ {
		result, err := c.inTurn(ctx, method, p, nil, wait)
		if err == nil {
			return result, nil
		}
		if err.unsent && err.Code == 0 && flooded != nil {
			return nil, flooded // Telegram's answer says more than "not sent"
		}
		if !worthWaiting(ctx, err, try, wait) {
			return nil, err
		}
		flooded = err
	}
}

// inTurn makes one attempt when Telegram does not want the chat or the method to wait.
func (c *Client) inTurn(ctx context.Context, method string, p tgbotapi.Params, files []tgbotapi.RequestFile, wait patience) (json.RawMessage, *Error) {
	where := place(method, p)
	leave, held := c.holds.enter(ctx, method, where, wait)
	if held != nil {
		return nil, held
	}
	defer leave.done()
	result, err := c.once(ctx, method, p, files)
	if err != nil && err.Code == http.StatusTooManyRequests {
		c.holds.set(where, err.RetryAfter)
	}
	return result, err
}

// worthWaiting reports whether a call is made again after err: the wait that Telegram asks
// for is short enough, and over before ctx is known to end.
func worthWaiting(ctx context.Context, err *Error, try int, wait patience) bool {
	if err.Code != http.StatusTooManyRequests || err.unsent || try >= again || err.RetryAfter > time.Duration(wait) {
		return false
	}
	end, ok := ctx.Deadline()
	return !ok || time.Until(end) >= err.RetryAfter
}

// once makes one attempt through the library.
func (c *Client) once(ctx context.Context, method string, p tgbotapi.Params, files []tgbotapi.RequestFile) (json.RawMessage, *Error) {
	if err := ctx.Err(); err != nil {
		return nil, &Error{Method: method, Description: "not sent: " + err.Error(), unsent: true, cause: safeCause(err)}
	}
	started := c.now()
	x := &exchange{api: c.api, http: c.http, ctx: ctx, size: uploadSize(p, files)}
	x.api.Client = x
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = x.api.UploadFiles(method, p, files)
	} else {
		resp, err = x.api.MakeRequest(method, p)
	}
	var failed *Error
	if err != nil {
		failed = c.failure(method, resp, err, x)
	}
	if c.observe != nil {
		c.observe(method, c.now().Sub(started), asError(failed))
	}
	if failed != nil {
		return nil, failed
	}
	return resp.Result, nil
}

// decode reads the result of a call that Telegram carried out.
func decode(method string, result json.RawMessage, into any) error {
	if err := unmarshal(result, into); err != nil {
		return unreadable(method, err)
	}
	return nil
}

// unreadable is a call that was carried out, with a result that we cannot use.
func unreadable(method string, err error) *Error {
	return &Error{Method: method, Code: http.StatusOK, Description: fmt.Sprintf("the result cannot be read: %v", err)}
}

// Me returns the bot itself. A refused token is an *Error with code 401 or 404.
//
// Source: https://core.telegram.org/bots/api#getme
func (c *Client) Me(ctx context.Context) (User, error) {
	result, err := c.call(ctx, "getMe", nil, patient)
	if err != nil {
		return User{}, err
	}
	var u wireUser
	if err := decode("getMe", result, &u); err != nil {
		return User{}, err
	}
	return u.user(), nil
}
