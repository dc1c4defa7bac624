package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestGetUpdates(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, book := dial(t, s)
	s.next("getUpdates", ok200(`[
		{"update_id":11,"message":{"from":{"id":42},"text":"x"}},
		{"update_id":12,"callback_query":{"from":{"id":43}}},
		{"update_id":13,"pre_checkout_query":{"from":{"id":44}}},
		{"update_id":14,"my_chat_member":{"from":{"id":45}}},
		{"update_id":15,"inline_query":{"from":{"id":46}}},
		{"update_id":16,"edited_message":{"from":{"id":47}}},
		{"update_id":17,"message_reaction":{"user":{"id":48}}},
		{"update_id":18,"channel_post":{"chat":{"id":-1}}},
		{"update_id":19,"message":"of another type"},
		{"update_id":20},
		"not an object",
		{"update_id":22,"message":{"from":{"id":42}}},
		7,
		null
	]`))
	got, err := c.GetUpdates(t.Context(), 11, 3500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, u := range got {
		lines = append(lines, fmt.Sprintf("%d %d %s", u.ID, u.UserID, u.Kind))
	}
	want := []string{
		"11 42 message", "12 43 callback_query", "13 44 pre_checkout_query", "14 45 my_chat_member",
		"15 46 inline_query", "16 47 edited_message", "17 48 message_reaction", "18 0 channel_post",
		"19 0 message", "20 0 unreadable", "21 0 unreadable", "22 42 message", "23 0 unreadable", "24 0 unreadable",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if string(got[10].Raw) != `"not an object"` {
		t.Errorf("the raw update is %s", got[10].Raw)
	}
	p := s.last("getUpdates")
	if p["offset"] != "11" || p["timeout"] != "4" || !strings.Contains(p["allowed_updates"], `"pre_checkout_query"`) {
		t.Errorf("asked with %v", p)
	}
	if book.String() != "" {
		t.Errorf("logged: %s", book)
	}
	// What is said to be asked for is what is asked for.
	var asked []string
	if err := json.Unmarshal([]byte(p["allowed_updates"]), &asked); err != nil || !slices.Equal(asked, AllowedUpdates()) {
		t.Errorf("%s, AllowedUpdates %v", p["allowed_updates"], AllowedUpdates())
	}
}

func TestAnUpdateWithoutAnIDNeverTakesAnothersPlace(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, book := dial(t, s)
	s.next("getUpdates", ok200(`["?",{"update_id":8}]`), ok200(`["?",{"update_id":8}]`))
	for _, offset := range []int64{0, 8} { // with 0 there is nothing it could follow from but 0 itself
		got, err := c.GetUpdates(t.Context(), offset, 0)
		if err != nil || len(got) != 1 || got[0].ID != 8 {
			t.Errorf("from %d: %+v, %v", offset, got, err)
		}
	}
	if strings.Count(book.String(), "without an id") != 2 {
		t.Errorf("logged: %s", book)
	}
}

func TestAnAnswerThatIsNoListIsNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("getUpdates", ok200(`{"update_id":1}`), ok200(`null`))
	if got, err := c.GetUpdates(t.Context(), 0, 0); err == nil {
		t.Errorf("got %v", got)
	}
}

// poll runs a Receiver in the bubble until done is called.
func poll(t *testing.T, r *Receiver) (done func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	end := make(chan error)
	go func() { end <- r.Poll(ctx) }()
	return func() {
		cancel()
		if err := <-end; err != nil {
			t.Errorf("Poll = %v", err)
		}
	}
}

// quiet is a poll that waits as long as it was asked to and brings nothing.
func quiet(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(MaxPoll):
		ok200(`[]`)(w, r)
	case <-r.Context().Done():
	}
}

func TestTheOffsetMovesOnlyAfterStoring(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, book, end := dialPipe(t, s, noLimits)
		defer end()
		batch := ok200(`[{"update_id":7,"message":{}},{"update_id":9,"message":{}}]`)
		s.next("getUpdates", batch, batch, batch, quiet)
		fails := 2
		var stored []int64
		r := &Receiver{Client: c, Store: func(_ context.Context, us []RawUpdate) error {
			if fails > 0 {
				fails--
				return errors.New("disk full")
			}
			for _, u := range us {
				stored = append(stored, u.ID)
			}
			return nil
		}}
		if !r.LastPoll().IsZero() {
			t.Error("LastPoll before the first")
		}
		done := poll(t, r)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		var offsets []string
		for _, call := range s.took("getUpdates") {
			offsets = append(offsets, call.params["offset"])
		}
		if got := fmt.Sprint(offsets); got != "[0 0 0 10]" {
			t.Errorf("asked from %s: an offset before storing loses updates", got)
		}
		if got := fmt.Sprint(stored); got != "[7 9]" {
			t.Errorf("stored %s", got)
		}
		if time.Since(r.LastPoll()) < 5*time.Second || r.LastPoll().IsZero() {
			t.Errorf("LastPoll = %v", r.LastPoll())
		}
		if strings.Count(book.String(), "disk full") != 2 {
			t.Errorf("logged: %s", book)
		}
		done()
	})
}

func TestPollingBacksOff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		answer http.HandlerFunc
		during time.Duration
		atMost int // requests
		least  int
		logged string
		times  int // 0: any
	}{
		{"errors of Telegram", page(502), 10 * time.Minute, 45, 15, "polling Telegram failed", 0},
		{"a dead server", hangUp, 10 * time.Minute, 45, 15, "polling Telegram failed", 0},
		{"an answer that is no list", ok200(`{}`), 10 * time.Minute, 45, 15, "cannot be read", 0},
		{"a flood is obeyed", flood(100), 250 * time.Second, 3, 3, "429", 3},
		{
			"another program is named once", no(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", ""),
			10 * time.Minute, 45, 15, "another program polls", 1,
		},
		{"a refused token does not end it", no(401, "Unauthorized", ""), 10 * time.Minute, 45, 15, "401", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				c, book, end := dialPipe(t, s, noLimits)
				defer end()
				for range 1000 {
					s.next("getUpdates", tt.answer)
				}
				r := &Receiver{Client: c, Store: func(context.Context, []RawUpdate) error { return nil }}
				done := poll(t, r)
				time.Sleep(tt.during)
				done()
				if n := len(s.took("getUpdates")); n > tt.atMost || n < tt.least {
					t.Errorf("%d requests in %v, want %d-%d", n, tt.during, tt.least, tt.atMost)
				}
				if n := strings.Count(book.String(), tt.logged); n == 0 || tt.times > 0 && n != tt.times {
					t.Errorf("%q is logged %d times:\n%.1000s", tt.logged, n, book)
				}
				if !r.LastPoll().IsZero() {
					t.Error("a failed poll counts as one")
				}
			})
		})
	}
}

func TestPollingRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("getUpdates", page(502), cut, hangUp, ok200(`[{"update_id":1,"message":{}}]`), quiet)
		var stored int
		r := &Receiver{Client: c, Store: func(_ context.Context, us []RawUpdate) error { stored += len(us); return nil }}
		done := poll(t, r)
		time.Sleep(time.Minute)
		done()
		if stored != 1 {
			t.Errorf("stored %d", stored)
		}
	})
}

func TestAPollThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("getUpdates", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		_, err := c.GetUpdates(t.Context(), 0, 10*time.Second)
		if took := time.Since(start); took != 30*time.Second || !Temporary(err) {
			t.Errorf("after %v: %v", took, err)
		}
	})
}

func TestADeadlineDoesNotMakePollingSpin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		s.next("getUpdates", flood(100))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r := &Receiver{Client: c, Store: func(context.Context, []RawUpdate) error { return nil }}
		if err := r.Poll(ctx); err != nil {
			t.Error(err)
		}
		if n := len(s.took("getUpdates")); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestAServerThatDoesNotWaitIsNotHammered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t) // its answer is an empty list, at once
		c, _, end := dialPipe(t, s, noLimits)
		defer end()
		r := &Receiver{Client: c, Store: func(context.Context, []RawUpdate) error { return nil }}
		done := poll(t, r)
		time.Sleep(time.Minute)
		done()
		if n := len(s.took("getUpdates")); n > 125 {
			t.Errorf("%d requests a minute", n)
		}
	})
}

func TestPollNeedsItsParts(t *testing.T) {
	t.Parallel()
	if err := (&Receiver{}).Poll(t.Context()); err == nil {
		t.Error("Poll of nothing")
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-S3CRET_"
	s := newServer(t)
	c, book := dial(t, s)
	broken := false
	var stored []RawUpdate
	r := &Receiver{Client: c, Store: func(_ context.Context, us []RawUpdate) error {
		if broken {
			return errors.New("disk full")
		}
		stored = append(stored, us...)
		return nil
	}}
	update := `{"update_id":5,"message":{"from":{"id":42}}}`
	tests := []struct {
		name, method, secret, body string
		configured                 string
		broken                     bool
		status, stored             int
	}{
		{"stored, then accepted", "POST", secret, update, secret, false, 200, 1},
		{"not stored, not accepted", "POST", secret, update, secret, true, 500, 0},
		{"a wrong secret", "POST", "s3cret-S3CRET-", update, secret, false, 403, 0},
		{"no secret", "POST", "", update, secret, false, 403, 0},
		{"an empty configuration lets nobody in", "POST", "", update, "", false, 403, 0},
		{"a browser", "GET", secret, "", secret, false, 405, 0},
		{"an unknown kind", "POST", secret, `{"update_id":6,"teleportation":{"from":{"id":1}}}`, secret, false, 200, 1},
		{"what has no id is not asked for again", "POST", secret, `hello`, secret, false, 200, 0},
		{"too long", "POST", secret, strings.Repeat(" ", maxWebhookBody+1) + update, secret, false, 400, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stored, broken = nil, tt.broken
			web := http.NewServeMux()
			web.Handle("/hook", r.Webhook(tt.configured))
			got := post(t, web, tt.method, tt.secret, tt.body)
			if got != tt.status || len(stored) != tt.stored {
				t.Errorf("answered %d and stored %d, want %d and %d", got, len(stored), tt.status, tt.stored)
			}
		})
	}
	if strings.Contains(book.String(), secret) {
		t.Error("the secret is in the log")
	}
}

func post(t *testing.T, h http.Handler, method, secret, body string) int {
	t.Helper()
	web := newWeb(t, h)
	req, err := http.NewRequestWithContext(t.Context(), method, web+"/hook", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func TestSettingTheWebhook(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	if err := c.SetWebhook(t.Context(), "https://shop.example/hook", "abc", 40); err != nil {
		t.Fatal(err)
	}
	p := s.last("setWebhook")
	if p["secret_token"] != "abc" || p["max_connections"] != "40" || !strings.Contains(p["allowed_updates"], "pre_checkout_query") {
		t.Errorf("asked with %v", p)
	}
	if err := c.SetWebhook(t.Context(), "https://shop.example/hook", "", 40); !errors.Is(err, ErrInvalid) {
		t.Errorf("without a secret: %v", err)
	}
	if err := c.DeleteWebhook(t.Context()); err != nil || s.last("deleteWebhook")["drop_pending_updates"] != "false" {
		t.Errorf("%v, %v", err, s.last("deleteWebhook"))
	}
	s.next("getWebhookInfo", ok200(`{"url":"https://shop.example/hook","pending_update_count":3,"last_error_date":1700000000,"last_error_message":"Connection refused","allowed_updates":["message"]}`))
	info, err := c.WebhookInfo(t.Context())
	if err != nil || info.Pending != 3 || info.FailedAt.Unix() != 1700000000 || info.URL == "" || len(info.Allowed) != 1 {
		t.Errorf("%+v, %v", info, err)
	}
}
