package esimaccess

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"esimbot/esim"
)

// maxAnswer is ten times the largest answer known, the whole catalogue.
const maxAnswer = 32 << 20

// A success is an answer of success: its content, and where that was cut out unread the whole of it.
type success struct {
	content json.RawMessage
	whole   []byte
}

// exchange waits for its turn, sends one request and returns a successful answer.
func (c *Client) exchange(ctx context.Context, op operation, body []byte) (success, *esim.VendorError) {
	place, err := c.limiter.enter(ctx, op.priority)
	if err != nil {
		return success{}, c.notSent(op.path, fmt.Errorf("waiting for a turn: %w", err))
	}
	defer place.done()
	if c.observe == nil {
		return c.transmit(ctx, op, body, place)
	}
	begun := c.now()
	content, failure := c.transmit(ctx, op, body, place)
	if took := c.now().Sub(begun); failure == nil { // a nil *VendorError is not a nil error
		c.observe(op.path, took, nil)
	} else {
		c.observe(op.path, took, failure)
	}
	return content, failure
}

// transmit sends one request whose turn has come.
func (c *Client) transmit(ctx context.Context, op operation, body []byte, place *pass) (success, *esim.VendorError) {
	limit := c.timeouts.of(op.path)
	callCtx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()

	way := journey{place: place}
	status, kind, answer, err := c.post(httptrace.WithClientTrace(callCtx, way.trace()), op.path, body)
	switch {
	case err == nil:
		if content, ok := cutOut(answer); ok && status == http.StatusOK && !op.bare {
			return success{content, answer}, nil
		}
		content, failure := c.read(op.path, status, kind, answer)
		return success{content: content}, failure
	case ctx.Err() == nil && callCtx.Err() != nil:
		err = fmt.Errorf("no answer within %s: %w", limit, context.DeadlineExceeded)
	}
	if way.neverLeft() {
		return success{}, c.notSent(op.path, err)
	}
	return success{}, c.unsettled(op.path, err)
}

// post sends body and reads the whole answer.
func (c *Client) post(ctx context.Context, path string, body []byte) (status int, kind string, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.root+path, bytes.NewReader(body))
	if err != nil {
		return 0, "", nil, fmt.Errorf("build request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	c.signer.sign(req.Header, body)

	resp, err := c.http.Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) { // its text would repeat the address
			err = ue.Err
		}
		return 0, "", nil, fmt.Errorf("send request: %w", err)
	}
	defer resp.Body.Close()
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.ahead.Store(int64(c.now().Sub(at)))
	}
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return 0, "", nil, fmt.Errorf("read answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return 0, "", nil, fmt.Errorf("read answer: more than %d bytes", maxAnswer)
	}
	kind, _, _ = strings.Cut(resp.Header.Get("Content-Type"), ";")
	return resp.StatusCode, kind, answer, nil
}

// Ahead is how far our clock was ahead of the vendor's when it last answered, below zero behind it; 0: it never said what
// time it is.
func (c *Client) Ahead() time.Duration { return time.Duration(c.ahead.Load()) }

// A journey notes how far a request got.
type journey struct {
	place            *pass
	asked, connected atomic.Bool
}

func (j *journey) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { j.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { j.connected.Store(true) },

		WroteRequest:         func(httptrace.WroteRequestInfo) { j.place.written() },
		GotFirstResponseByte: j.place.done,
	}
}

// neverLeft reports whether it is certain that no byte of the request was sent: a
// connection was looked for and not found (refused, no such host, TLS failed). A
// transport that does not look for connections the usual way proves nothing.
func (j *journey) neverLeft() bool { return j.asked.Load() && !j.connected.Load() }

// successHead is how the vendor's answers of success begin, to the byte.
var successHead = []byte(`{"success":true,"errorCode":"0","errorMsg":null,"obj":`)

// cutOut is the content of an answer that looks as the vendor's always do. Taking an envelope apart
// reads all that is in it twice, before its content is read: of megabytes, every hour. Whether
// what was cut out is one JSON value shows when it is read.
func cutOut(answer []byte) (json.RawMessage, bool) {
	answer = bytes.TrimSpace(answer)
	if !bytes.HasPrefix(answer, successHead) || answer[len(answer)-1] != '}' {
		return nil, false
	}
	return bytes.TrimSpace(answer[len(successHead) : len(answer)-1]), true
}

// read takes an answer apart. The envelope counts before the HTTP status, since
// the vendor's refusals come with status 200.
func (c *Client) read(path string, status int, kind string, answer []byte) (json.RawMessage, *esim.VendorError) {
	var env envelope
	if err := json.Unmarshal(answer, &env); err != nil || !env.genuine() {
		if status == http.StatusOK {
			why := errors.New("not an envelope")
			if err != nil {
				why = err
			}
			return nil, c.unsettled(path, fmt.Errorf("answer of %d bytes (%q) cannot be read: %w", len(answer), kind, why))
		}
		return nil, c.refusedByHTTP(path, status, kind)
	}
	if !env.success() {
		return nil, c.refused(path, status, env)
	}
	if status/100 != 2 {
		return nil, c.unsettled(path, fmt.Errorf("HTTP status %d around an envelope of success", status))
	}
	return env.Obj, nil
}
