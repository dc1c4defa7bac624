package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// watcher notes, as it happens, what both neighbours see of the shop and what its outbox says.
type watcher struct {
	mu       sync.Mutex
	notices  []notice             // all that the group was told
	outbox   map[time.Time]bool   // when the outbox sent something
	money    map[string]moneyTold // differences with the vendor's account that were told, by key
	limits   limitsSeen
	shown    map[shown]bool       // whose name was shown in which private chat
	pictures map[shown]int        // QR pictures, by the code in their buttons
	unsure   map[shown]int        // those that had no answer: they may have arrived
	vendor   []time.Time          // calls
	texts    map[string]bool      // keys of notifications that were ever sent
	sent     map[string][]sending // key of a notification → when Telegram took it
	faults   []string
	floods   atomic.Int64 // answers of 429
}

// shown is something that names an order, an eSIM or its code, in a private chat.
type shown struct {
	chat int64
	name string
}

type sending struct {
	life *life
	at   time.Time
}

func newWatcher() *watcher {
	return &watcher{
		outbox: map[time.Time]bool{}, money: map[string]moneyTold{}, shown: map[shown]bool{},
		pictures: map[shown]int{}, unsure: map[shown]int{}, texts: map[string]bool{}, sent: map[string][]sending{},
	}
}

// What names an order, an eSIM, an ICCID and an activation code in texts and buttons.
var (
	orderNames = regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`)
	codeNames  = regexp.MustCompile(`LPA:1\$[^$"]+\$([0-9A-Za-z-]+)`)
	allNames   = regexp.MustCompile(orderNames.String() + `|\b\d{14}\b|\b89\d{17,18}\b|\b[0-9A-F]{32}\b`)
)

// telegram sees a call of the bot after it was answered.
func (w *watcher) telegram(c tgsandbox.Call) {
	if c.Dir != "bot→telegram" || c.Name == "getUpdates" {
		return
	}
	if c.Status == 429 {
		w.floods.Add(1)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var to struct {
		Chat string `json:"chat_id"`
		Text string `json:"text"`
	}
	_ = json.Unmarshal([]byte(c.Request), &to) // other calls have no chat
	chat, err := strconv.ParseInt(to.Chat, 10, 64)
	if err == nil && sends(c.Name) {
		w.limits.sent(w, chat)
	}
	code := codeNames.FindStringSubmatch(c.Request)
	switch {
	case err != nil:
	case !c.OK:
		if code != nil && c.Name == "sendPhoto" && c.Status == 0 {
			w.unsure[shown{chat, code[1]}]++
		}
	case chat < 0 && c.Name == "sendMessage":
		w.notices = append(w.notices, notice{time.Now(), to.Text})
	case chat > 0:
		for _, name := range allNames.FindAllString(c.Request, -1) {
			w.shown[shown{chat, name}] = true
		}
		if code != nil && c.Name == "sendPhoto" {
			w.pictures[shown{chat, code[1]}]++
		}
	}
}

// within holds that of the times no more than so many are in any stretch, and forgets old ones.
func (w *watcher) within(what string, times []time.Time, most int, stretch time.Duration) []time.Time {
	last := times[len(times)-1]
	for len(times) > 0 && last.Sub(times[0]) >= stretch {
		times = times[1:]
	}
	if len(times) > most {
		w.faults = append(w.faults, "more than "+what)
		return nil
	}
	return times
}

// begins notes that a new process knows nothing of the last minute.
func (w *watcher) begins() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limits.group = nil
}

// vendorCall sees an exchange just before its answer is sent.
func (w *watcher) vendorCall(vendorsandbox.Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.vendor = w.within("8 calls a second to the vendor", append(w.vendor, time.Now()), vendorASecond, time.Second)
}

// outboxLog is a handler for the program's log that notes what its outbox sent.
type outboxLog struct {
	slog.Handler
	w    *watcher
	life *life
}

// Enabled implements slog.Handler.
func (h outboxLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (h outboxLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == "message sent" {
		r.Attrs(func(a slog.Attr) bool {
			if a.Key == "key" {
				h.w.mu.Lock()
				h.w.outbox[time.Now()] = true
				h.w.tellsMoney(a.Value.String())
				h.w.texts[a.Value.String()] = true
				h.w.sent[a.Value.String()] = append(h.w.sent[a.Value.String()], sending{h.life, time.Now()})
				h.w.mu.Unlock()
			}
			return true
		})
	}
	if h.Handler.Enabled(ctx, r.Level) {
		return h.Handler.Handle(ctx, r)
	}
	return nil
}

// WithAttrs implements slog.Handler.
func (h outboxLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.Handler = h.Handler.WithAttrs(attrs)
	return h
}
