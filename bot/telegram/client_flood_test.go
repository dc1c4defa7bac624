package telegram

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestFloodIsWaitedOut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		seconds []int // of the answers before the good one
		calls   int
		took    time.Duration
		fails   bool
	}{
		{"once", []int{7}, 2, 7 * time.Second, false},
		{"three times", []int{1, 2, 3}, 4, 6 * time.Second, false},
		{"four times is too often", []int{1, 1, 1, 1}, 4, 3 * time.Second, true},
		{"half a minute is the most", []int{30}, 2, 30 * time.Second, false},
		{"longer waits belong to the caller", []int{31}, 1, 0, true},
	}
	for _, tt := range tests {
		for _, method := range []string{"sendMessage", "sendPhoto", "editMessageText"} {
			t.Run(tt.name+", "+method, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newServer(t)
					c, _, end := dialPipe(t, s, noLimits)
					defer end()
					for _, n := range tt.seconds {
						s.next(method, flood(n))
					}
					start := time.Now()
					var err error
					switch method {
					case "sendMessage":
						_, err = c.SendText(t.Context(), Text{Chat: 1, HTML: "x"})
					case "sendPhoto":
						_, err = c.SendPhoto(t.Context(), Photo{Chat: 1, PNG: []byte("x")})
					default:
						err = c.EditText(t.Context(), 7, Text{Chat: 1, HTML: "x"})
					}
					if (err != nil) != tt.fails {
						t.Errorf("err = %v", err)
					}
					if took := time.Since(start); took != tt.took {
						t.Errorf("took %v, want %v", took, tt.took)
					}
					if n := len(s.took(method)); n != tt.calls {
						t.Errorf("called %d times, want %d", n, tt.calls)
					}
					if tt.fails && (!Temporary(err) || MayHaveHappened(err)) {
						t.Errorf("a flood is temporary and a definite no: %v", err)
					}
				})
			})
		}
	}
}

func TestFloodEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("sendMessage", flood(20))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.SendText(ctx, Text{Chat: 1, HTML: "x"})
		var e *Error
		if !errors.As(err, &e) || e.Code != 429 || e.RetryAfter != 20*time.Second {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %v for what cannot be in time", took)
		}
	})
}

func TestFloodWithoutWordsWaitsASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("sendMessage", page(429), func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "9")
			page(429)(w, r)
		})
		start := time.Now()
		if _, err := c.SendText(t.Context(), Text{Chat: 1, HTML: "x"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("took %v, want 1 s for the first and 9 s for the header", took)
		}
	})
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var connects atomic.Int32
	web := httptest.NewUnstartedServer(s)
	web.Config.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			connects.Add(1)
		}
	}
	web.Start()
	t.Cleanup(web.Close)
	c, err := New(Config{Token: testToken, BaseURL: web.URL + oddBase, Limits: noLimits})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	const people, presses = 20, 20
	done := make(chan error)
	for range people {
		go func() {
			var err error
			for range presses {
				err = errors.Join(err, c.AnswerCallback(context.Background(), "1", "", false))
			}
			done <- err
		}()
	}
	for range people {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := connects.Load(); n > 2*people {
		t.Errorf("%d connects for %d presses of %d people", n, people*presses, people)
	}
}

func TestObserveSeesEveryAttempt(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	var got []string
	c.observe = func(method string, took time.Duration, err error) {
		got = append(got, fmt.Sprintf("%s %v %v", method, took >= 0, err == nil))
	}
	s.next("sendMessage", no(403, "Forbidden: bot was blocked by the user", ""))
	_, _ = c.SendText(t.Context(), Text{Chat: 1, HTML: "x"})
	_, _ = c.SendText(t.Context(), Text{Chat: 1, HTML: "x"})
	if fmt.Sprint(got) != "[sendMessage true false sendMessage true true]" {
		t.Errorf("observed %q", got)
	}
}
