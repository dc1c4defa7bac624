package telegram

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A countingConn counts how often something is written to it.
type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

// dialCounting returns a client with its usual transport, whose connections and writes are counted.
func dialCounting(t *testing.T, s *server) (c *Client, conns, writes *atomic.Int64) {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	conns, writes = &atomic.Int64{}, &atomic.Int64{}
	tr := transport()
	dial := tr.DialContext
	tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conns.Add(1)
		conn, err := dial(ctx, network, address)
		return countingConn{conn, writes}, err
	}
	c, err := New(Config{Token: testToken, BaseURL: web.URL + oddBase, HTTPClient: &http.Client{Transport: tr}, Limits: noLimits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, conns, writes
}

func TestAnUploadLeavesInOnePieceOverAKeptConnection(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, conns, writes := dialCounting(t, s)
	qr := bytes.Repeat([]byte("png"), 5<<10)
	for range 20 {
		before := writes.Load()
		_, err := c.SendPhoto(t.Context(), Photo{Chat: 42, PNG: qr, Caption: "<b>Japan</b>", Protect: true})
		if err != nil {
			t.Fatal(err)
		}
		if n := writes.Load() - before; n != 1 {
			t.Errorf("the picture left in %d pieces", n)
		}
	}
	if conns.Load() != 1 {
		t.Errorf("%d connections for calls one after the other", conns.Load())
	}
	for _, got := range s.took("sendPhoto") {
		if got.files["photo"] != "picture.png|"+string(qr) || got.params["chat_id"] != "42" {
			t.Fatalf("arrived: %v, %d bytes", got.params, len(got.files["photo"]))
		}
	}
}
