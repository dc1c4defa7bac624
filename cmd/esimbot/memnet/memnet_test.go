package memnet

import (
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestAVirtualHourOverRealHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New()
		stop := n.Serve("slow:80", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Hour)
			_, _ = io.WriteString(w, "at last")
		}))
		defer stop()
		c := n.Client()
		defer c.CloseIdleConnections()
		began := time.Now()
		resp, err := c.Get("http://slow/")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || string(b) != "at last" || time.Since(began) != time.Hour {
			t.Errorf("%q after %v: %v", b, time.Since(began), err)
		}
	})
}

func TestNobodyListens(t *testing.T) {
	n := New()
	_, err := n.Client().Get("http://nobody/")
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" {
		t.Errorf("%v, want a failed dial", err)
	}
	n.Serve("somebody:80", http.NotFoundHandler())()
	if _, err := n.Client().Get("http://somebody/"); !errors.As(err, &op) || op.Op != "dial" {
		t.Errorf("after stop: %v, want a failed dial", err)
	}
	if _, err := n.Listen("twice:1"); err != nil {
		t.Error(err)
	}
	if _, err := n.Listen("twice:1"); err == nil {
		t.Error("one address was taken twice")
	}
}

func TestCutBreaksWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New()
		arrived := make(chan struct{})
		defer n.Serve("host:80", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-r.Context().Done()
		}))()
		failed := make(chan error)
		go func() {
			_, err := n.Client().Get("http://host/")
			failed <- err
		}()
		<-arrived
		n.Cut()
		if err := <-failed; err == nil {
			t.Error("the request went on over a cut connection")
		}
	})
}
