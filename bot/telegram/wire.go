package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	// ceiling bounds every request. A long poll lasts up to 50 s, and a send that is
	// given up early may have been delivered all the same.
	ceiling = 70 * time.Second
	// maxAnswer bounds an answer in bytes: a hundred of the longest updates fit.
	maxAnswer = 32 << 20
	// keptConnections is how many idle connections stay open. The default of two
	// makes 1,500 connects per 1,000 presses (measured).
	keptConnections = 128
)

// httpClient returns what all requests go through. A redirect is never followed:
// it would carry the token, which is part of the path, to somebody else.
func httpClient(given *http.Client) *http.Client {
	hc := http.Client{Transport: transport()}
	if given != nil {
		hc = *given
	}
	if hc.Timeout == 0 {
		hc.Timeout = ceiling
	}
	if hc.CheckRedirect == nil {
		hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return &hc
}

func transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2 * keptConnections,
		MaxIdleConnsPerHost:   keptConnections,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		WriteBufferSize:       32 << 10, // a QR picture leaves in one piece, headers and all
		// A connection that died without a word is found by pings, not by 70 s of silence.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 20 * time.Second, PingTimeout: 10 * time.Second},
	}
}

// An exchange is one request and its answer. It is the HTTP client that the library
// sees during one call, and so adds what the library has no place for: the context,
// a limit on the answer, and the status code.
type exchange struct {
	api  tgbotapi.BotAPI
	http *http.Client
	ctx  context.Context
	size int // about how many bytes an upload has

	status     int // 0 until Telegram, or somebody in between, answered
	retryAfter time.Duration
}

// Do implements tgbotapi.HTTPClient. The body it returns is complete and in memory,
// so that the connection is free again and a cut answer is seen here.
func (x *exchange) Do(r *http.Request) (*http.Response, error) {
	r = r.WithContext(x.ctx)
	if err := x.gather(r); err != nil {
		return nil, err
	}
	resp, err := x.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	x.status = resp.StatusCode
	body := answers.Get().(*answer)
	if err := body.fill(resp.Body); err != nil {
		body.Close()
		return nil, err
	}
	if x.status == http.StatusTooManyRequests {
		x.retryAfter = cmp.Or(pauseIn(body.Bytes()), seconds(resp.Header.Get("Retry-After")))
	}
	if !body.isObject() {
		body.Close()
		return nil, errNotJSON
	}
	resp.Body = body
	return resp, nil
}

// mostPause is the most that is believed of a pause: what is longer is asked about again each day.
const mostPause = 24 * time.Hour

// pauseIn is the pause that a refusal asks for, in whatever form: the library knows whole numbers only, and fails of any other
// with all of the answer. 0: it does not say.
func pauseIn(body []byte) time.Duration {
	var answer struct {
		Description json.RawMessage `json:"description"`
		Parameters  struct {
			RetryAfter json.RawMessage `json:"retry_after"`
		} `json:"parameters"`
	}
	_ = json.Unmarshal(body, &answer) // as far as it can be read
	if d := seconds(strings.Trim(string(answer.Parameters.RetryAfter), `"`)); d > 0 {
		return d
	}
	_, words, _ := strings.Cut(strings.ToLower(string(answer.Description)), "retry after ")
	return seconds(strings.TrimRight(words, `" s.`))
}

// seconds reads a number of seconds, which may have a fraction; 0 if it is none.
func seconds(s string) time.Duration {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || !(n > 0) {
		return 0
	}
	return time.Duration(math.Ceil(min(n, mostPause.Seconds()))) * time.Second
}

// gather reads a body that comes out of a pipe, as the library's uploads do, into memory.
// It then leaves in one piece and not in a dozen, and net/http can send it over another
// connection when the kept one is given up before anything of it was read.
func (x *exchange) gather(r *http.Request) error {
	if r.Body == nil || r.GetBody != nil {
		return nil
	}
	b := bytes.NewBuffer(make([]byte, 0, x.size))
	_, err := b.ReadFrom(r.Body)
	_ = r.Body.Close() // the pipe's reading end: cannot fail
	if err != nil {
		return err
	}
	whole := b.Bytes()
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(whole)), nil }
	r.Body, _ = r.GetBody()
	r.ContentLength = int64(len(whole))
	return nil
}

var (
	errNotJSON  = errors.New("the answer is not JSON")
	errTooLarge = errors.New("the answer is too large")
)

// An answer is a body in memory; Close gives its memory to the next one.
type answer struct{ bytes.Buffer }

var answers = sync.Pool{New: func() any { return new(answer) }}

func (a *answer) fill(from io.Reader) error {
	n, err := a.ReadFrom(io.LimitReader(from, maxAnswer+1))
	if err == nil && n > maxAnswer {
		return errTooLarge
	}
	return err
}

// isObject tells the API's JSON from the HTML of a server in between.
func (a *answer) isObject() bool {
	b := bytes.TrimLeft(a.Bytes(), " \t\r\n")
	return len(b) > 0 && b[0] == '{'
}

// Close implements io.Closer.
func (a *answer) Close() error {
	if a.Cap() <= 1<<16 {
		a.Reset()
		answers.Put(a)
	}
	return nil
}

// failure turns whatever the library returned into an *Error without the token.
func (c *Client) failure(method string, resp *tgbotapi.APIResponse, err error, x *exchange) *Error {
	var refused *tgbotapi.Error
	switch {
	case errors.As(err, &refused):
		// The library leaves its own code at 0 after uploads; resp has it always.
		return c.refusal(method, resp, x)
	case x.status != 0:
		e := &Error{Method: method, Code: x.status, RetryAfter: x.retryAfter, foreign: true, cause: safeCause(err)}
		e.Description = c.redact(bare(err).Error())
		return e.settle()
	}
	return &Error{
		Method:      method,
		Description: c.redact("no answer: " + bare(err).Error()),
		unsent:      neverSent(err),
		cause:       safeCause(err),
	}
}

// refusal is Telegram's own "no".
func (c *Client) refusal(method string, resp *tgbotapi.APIResponse, x *exchange) *Error {
	e := &Error{Method: method, Code: resp.ErrorCode, Description: c.redact(resp.Description), RetryAfter: x.retryAfter}
	if e.Code == 0 {
		e.Code = x.status
	}
	if p := resp.Parameters; p != nil {
		e.MigrateTo = p.MigrateToChatID
		if p.RetryAfter > 0 && e.RetryAfter == 0 {
			e.RetryAfter = time.Duration(min(p.RetryAfter, int(mostPause.Seconds()))) * time.Second
		}
	}
	return e.settle()
}

// bare removes the layer of net/http's errors that repeats the URL, which holds the token.
func bare(err error) error {
	var u *url.Error
	for errors.As(err, &u) && u.Err != nil {
		err = u.Err
	}
	return err
}

// sleep waits for d, or not at all when ctx is known to end before that.
func sleep(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return context.DeadlineExceeded
	}
	return pause(ctx, d)
}

// pause waits for d or for the end of ctx, whichever comes first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
