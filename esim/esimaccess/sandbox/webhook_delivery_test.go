package sandbox

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAnAddressIsSavedOnlyIfItAnswers200(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusNoContent, http.StatusFound, http.StatusInternalServerError} {
		w, r := newWorld(t, Options{}), newReceiver(t)
		t.Cleanup(func() { w.Close() })
		r.answer(status)
		reply := w.call("webhook/save", `{"webhook":%q}`, r.URL)
		var q struct{ Webhook string }
		w.get(&q, "webhook/query", `{}`)
		if ok := status == http.StatusOK; ok != reply.Success || ok != (q.Webhook == r.URL) {
			t.Errorf("%d: answered %s, kept %q", status, reply.Body, q.Webhook)
		}
		if n := len(r.take()); n != 1 {
			t.Errorf("%d: asked %d times", status, n)
		}
	}
	w, r := newWorld(t, Options{}), newReceiver(t)
	r.Close()
	for _, bad := range []string{r.URL, "ftp://x/", "http://%zz/", "/hook", "http://", "", strings.Repeat("x", 2000)} {
		if r := w.call("webhook/save", `{"webhook":%q}`, bad); r.Success {
			t.Errorf("%.40q was saved", bad)
		}
	}
	w.refused(codeMissing, "webhook/save", `{}`)
	w.refused(codeJSON, "webhook/save", `{"webhook":7}`)
}

func TestCheckHealthHasNoHeadersOfItsOwn(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{Secret: "s", Quirks: Quirks{Signed: true, CodeHeader: true}})
	w.get(&struct{}{}, "webhook/save", `{"webhook":%q}`, r.URL)
	for h := range r.take()[0].header {
		if strings.HasPrefix(h, "Rt-") {
			t.Errorf("header %s", h)
		}
	}
}

func TestWaitingWebhooksAreNeverForgotten(t *testing.T) {
	t.Parallel()
	w, r, _ := newListening(t, Options{Quirks: Quirks{Late: time.Hour, Doubled: true}})
	tran := w.own("tx", "ES_1_7", 0)
	must(t, w.Install(tran))
	for i := range maxDeliveries / 2 {
		must(t, w.Switch(tran, i%2 == 1))
	}
	w.Advance(time.Hour)
	must(t, w.Settle(t.Context()))
	if n := len(r.take()); n != 2*(1+3+maxDeliveries/2) {
		t.Errorf("%d came", n)
	}
	must(t, w.Delete(tran))
	if n := len(w.Webhooks()); n > maxDeliveries+10 {
		t.Errorf("%d are kept", n)
	}
}

func TestARestartRepeatsNoWebhookAndForgetsNone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(w *world, tran string)
		want string
	}{
		{"the end comes by itself", func(w *world, _ string) { w.Advance(10 * day) }, "smdp:DISABLED validity:1 esim:USED_EXPIRED"},
		{"something is done", func(w *world, tran string) { must(w.t, w.Switch(tran, true)) }, "smdp:DISABLED smdp:ENABLED"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "vendor.json")
			w, r, came := newListening(t, Options{File: name})
			tran := w.own("tx", "ES_1_7", 0)
			must(t, w.Burn(tran, 600<<20))
			w.Advance(defaultUsageLag)
			came()
			must(t, w.SetQuirks(Quirks{Late: time.Minute}))
			must(t, w.Switch(tran, false))
			must(t, w.Close())

			again := newWorld(t, Options{File: name})
			t.Cleanup(func() { again.Close() })
			again.Advance(time.Minute) // what waited
			must(t, again.Settle(t.Context()))
			tt.do(again, tran)
			must(t, again.Settle(t.Context()))
			var words []string
			seq := 0.0
			for _, e := range r.take() {
				words = append(words, e.short())
				if n, ok := e.Content["seqNumber"].(float64); ok && n <= seq {
					t.Errorf("seqNumber %v after %v", n, seq)
				} else if ok {
					seq = n
				}
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("after the restart came %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOnly200IsAnAnswer(t *testing.T) {
	t.Parallel()
	w, r, came := newListening(t, Options{})
	r.answer(http.StatusNoContent)
	w.own("tx", "ES_1_7", 0)
	came()
	w.Advance(time.Minute)
	if got := came(); got == "" {
		t.Error("204 counts as delivered")
	}
}

func TestAWebhookIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	w, r, came := newListening(t, Options{})
	r.answer(503)
	w.own("tx", "ES_1_7", 0)
	if got := came(); got != "order:GOT_RESOURCE" {
		t.Errorf("the first try: %q", got)
	}
	for i, after := range []time.Duration{10 * time.Second, time.Minute} {
		w.Advance(after - time.Second)
		if got := came(); got != "" {
			t.Errorf("try %d came early: %s", i+2, got)
		}
		w.Advance(time.Second)
		if got := came(); got != "order:GOT_RESOURCE" {
			t.Errorf("try %d: %q", i+2, got)
		}
	}
	w.Advance(day)
	if got := came(); got != "" {
		t.Errorf("a fourth try: %s", got)
	}
	d := w.Webhooks()[1]
	if len(d.Tries) != 3 || d.Waiting || d.Delivered() || d.Tries[2].Status != 503 {
		t.Errorf("the list says %+v", d)
	}
}

func TestSwitchesOfWebhooks(t *testing.T) {
	t.Parallel()
	const secret = "s3cret"
	order := "order:GOT_RESOURCE"
	install := "smdp:DOWNLOAD smdp:INSTALLATION smdp:ENABLED"
	tests := []struct {
		name  string
		on    Quirks
		want  string
		check func(t *testing.T, got []received)
	}{
		{"none", Quirks{}, order + " " + install, func(t *testing.T, got []received) {
			for _, e := range got {
				for h := range e.header {
					if strings.HasPrefix(h, "Rt-") {
						t.Errorf("header %s", h)
					}
				}
				if len(e.NotifyID) != 32 || !strings.HasSuffix(e.EventGenerateTime, "Z") {
					t.Errorf("%s", e.body)
				}
			}
		}},
		{
			"doubled",
			Quirks{Doubled: true},
			order + " " + order + " smdp:DOWNLOAD smdp:DOWNLOAD smdp:INSTALLATION smdp:INSTALLATION smdp:ENABLED smdp:ENABLED",
			func(t *testing.T, got []received) {
				if got[0].body != got[1].body || got[0].NotifyID == got[2].NotifyID {
					t.Error("a double is the same event, another is not")
				}
			},
		},
		{"late", Quirks{Late: time.Hour}, "", nil},
		{"out of order", Quirks{OutOfOrder: true}, order + " smdp:ENABLED smdp:INSTALLATION smdp:DOWNLOAD", nil},
		{"lost", Quirks{LoseWebhooks: true}, "", nil},
		{"without id", Quirks{NoNotifyID: true}, order + " " + install, func(t *testing.T, got []received) {
			if strings.Contains(got[0].body, "notifyId") {
				t.Error(got[0].body)
			}
		}},
		{"old times", Quirks{OldTimes: true}, order + " " + install, func(t *testing.T, got []received) {
			if !strings.HasSuffix(got[1].EventGenerateTime, "+0000") || !strings.HasSuffix(got[1].Content["timestamp"].(string), "+0000") {
				t.Error(got[1].body)
			}
		}},
		{"with the access code", Quirks{CodeHeader: true}, order + " " + install, func(t *testing.T, got []received) {
			if got[0].header.Get("rt-accesscode") != "code" || got[0].header.Get("RT-Signature") != "" {
				t.Errorf("%v", got[0].header)
			}
		}},
		{"signed", Quirks{Signed: true}, order + " " + install, func(t *testing.T, got []received) {
			for _, e := range got {
				h := e.header
				if !requestID.MatchString(h.Get("RT-RequestID")) || h.Get("RT-Signature") != signature(secret, h.Get("RT-Timestamp"), h.Get("RT-RequestID"), "code", []byte(e.body)) {
					t.Errorf("%v", h)
				}
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, r, _ := newListening(t, Options{Secret: secret})
			must(t, w.SetQuirks(tt.on))
			tran := w.own("tx", "ES_1_7", 0)
			must(t, w.Settle(t.Context()))
			must(t, w.Install(tran))
			must(t, w.Settle(t.Context()))
			got := r.take()
			var words []string
			for _, e := range got {
				words = append(words, e.short())
			}
			if s := strings.Join(words, " "); s != tt.want {
				t.Errorf("came %q, want %q", s, tt.want)
			}
			if tt.check != nil && !t.Failed() {
				tt.check(t, got)
			}
			if tt.on.Late > 0 {
				w.Advance(tt.on.Late)
				must(t, w.Settle(t.Context()))
				if n := len(r.take()); n != 4 {
					t.Errorf("%d came late", n)
				}
			}
		})
	}
}
