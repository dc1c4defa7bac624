// Package memnet is a network in memory, for tests: real net/http on both sides and no
// sockets. A goroutine that waits on one of its connections counts as blocked in a bubble
// of testing/synctest, so both simulators, both clients and months of virtual time fit
// into one bubble. Nothing but tests imports it.
package memnet

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
)

// A Network holds hosts known by name and port, and the connections between them and
// whoever dials. Make it, and all that uses it, inside the bubble. The zero value is not
// useful; see New.
type Network struct {
	mu    sync.Mutex
	hosts map[string]*listener
	open  map[*conn]bool // the dialling ends
}

// New returns a network without hosts.
func New() *Network {
	return &Network{hosts: map[string]*listener{}, open: map[*conn]bool{}}
}

// Listen makes address ("telegram:80") a host until the listener is closed. The error means
// that somebody listens there already.
func (n *Network) Listen(address string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts[address] != nil {
		return nil, &net.OpError{Op: "listen", Net: "memory", Err: fmt.Errorf("%s is taken", address)}
	}
	l := &listener{network: n, address: address, conns: make(chan net.Conn), done: make(chan struct{})}
	n.hosts[address] = l
	return l, nil
}

// DialContext connects to a host, as in http.Transport. Its error is a *net.OpError of the
// kind that a refused connection gives: not a byte was sent.
func (n *Network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	n.mu.Lock()
	l := n.hosts[address]
	n.mu.Unlock()
	if l == nil {
		return fail(fmt.Errorf("nobody listens at %s", address))
	}
	here, there := net.Pipe()
	select {
	case l.conns <- there:
	case <-l.done:
		return fail(fmt.Errorf("nobody listens at %s any more", address))
	case <-ctx.Done():
		return fail(ctx.Err())
	}
	c := &conn{Conn: here, network: n}
	n.mu.Lock()
	n.open[c] = true
	n.mu.Unlock()
	return c, nil
}

// Serve runs h at address until the returned function is called, which closes its
// connections and waits for the server to end. It panics where Listen fails: a test that
// takes an address twice is wrong.
func (n *Network) Serve(address string, h http.Handler) (stop func()) {
	l, err := n.Listen(address)
	if err != nil {
		panic(err)
	}
	web := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = web.Serve(l) }()
	return func() { _ = web.Close(); <-ended }
}

// Client returns an HTTP client whose connections all go through the network. A URL names
// a host with its port, or means port 80: "http://telegram".
func (n *Network) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: n.DialContext, MaxIdleConnsPerHost: 16}}
}

// Cut breaks every open connection, as when a process dies or a cable is pulled. Hosts go
// on listening.
func (n *Network) Cut() {
	n.mu.Lock()
	all := slices.Collect(maps.Keys(n.open))
	n.mu.Unlock()
	for _, c := range all {
		_ = c.Close()
	}
}

// A conn is the dialling end of a connection.
type conn struct {
	net.Conn
	network *Network
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.network.mu.Lock()
	delete(c.network.open, c)
	c.network.mu.Unlock()
	return c.Conn.Close()
}

type listener struct {
	network *Network
	address string
	conns   chan net.Conn
	done    chan struct{}
	once    sync.Once
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() {
		l.network.mu.Lock()
		delete(l.network.hosts, l.address)
		l.network.mu.Unlock()
		close(l.done)
	})
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return addr(l.address) }

type addr string

// Network implements net.Addr.
func (addr) Network() string { return "memory" }

// String implements net.Addr. It is host and port, which is what net/http parses.
func (a addr) String() string { return string(a) }
