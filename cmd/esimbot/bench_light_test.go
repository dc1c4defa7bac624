//go:build bench

package main

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// lightTelegram is a Bot API that keeps nothing and checks nothing, so that what is measured is the bot
// that talks to it. It takes the part of the people too: they wait for the screen that their press leads to.
type lightTelegram struct {
	far func() time.Duration // how long each answer takes besides; nil for none

	mu      sync.Mutex
	queue   []string // updates that no poll fetched yet, in JSON
	next    int64    // id of the next update
	bell    chan struct{}
	waiting map[int64]chan string // by chat: who waits for a screen
	calls   map[string]int
}

func newLightTelegram() *lightTelegram {
	return &lightTelegram{next: 1, bell: make(chan struct{}, 1), waiting: map[int64]chan string{}, calls: map[string]int{}}
}

// lightChat is the sender's and the chat's JSON.
func lightChat(id int64) string {
	return fmt.Sprintf(`"from":{"id":%d,"is_bot":false,"first_name":"P","language_code":"en"},"chat":{"id":%d,"type":"private","first_name":"P"}`, id, id)
}

// push queues an update of one person. Its fields come without the id of the update.
func (l *lightTelegram) push(fields string) {
	l.mu.Lock()
	l.queue = append(l.queue, fmt.Sprintf(`{"update_id":%d,%s}`, l.next, fields))
	l.next++
	l.mu.Unlock()
	select {
	case l.bell <- struct{}{}:
	default:
	}
}

// says sends a text and returns the first thing the bot does in the chat.
func (l *lightTelegram) says(id int64, text string) string {
	return l.answered(id, fmt.Sprintf(`"message":{"message_id":1,"date":1800000000,%s,"text":%q,"entities":[{"type":"bot_command","offset":0,"length":%d}]}`, lightChat(id), text, len(text)))
}

// presses presses a button under message 2 and returns what the message became.
func (l *lightTelegram) presses(id int64, data string) string {
	return l.answered(id, fmt.Sprintf(`"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"P","language_code":"en"},"chat_instance":"1","data":%q,`+
		`"message":{"message_id":2,"date":1800000000,"from":{"id":1,"is_bot":true,"first_name":"S","username":"light_bot"},"chat":{"id":%d,"type":"private","first_name":"P"},"text":"menu"}}`, time.Now().UnixNano(), id, data, id))
}

func (l *lightTelegram) answered(id int64, fields string) string {
	done := make(chan string, 1)
	l.mu.Lock()
	l.waiting[id] = done
	l.mu.Unlock()
	l.push(fields)
	return <-done
}

// ServeHTTP answers what a method of the Bot API would.
func (l *lightTelegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if l.far != nil {
		time.Sleep(l.far())
	}
	w.Header().Set("Content-Type", "application/json")
	method := path.Base(r.URL.Path)
	answer := `true`
	switch method {
	case "getUpdates":
		answer = l.updates(r, fieldOf(body, "timeout"))
	case "getMe":
		answer = `{"id":1,"is_bot":true,"first_name":"S","username":"light_bot","supports_inline_queries":true}`
	case "getChat":
		answer = `{"id":-100200,"type":"supergroup","title":"Staff","is_forum":false}`
	case "getChatMember":
		answer = `{"status":"administrator","user":{"id":1,"is_bot":true,"first_name":"S"},"can_manage_topics":false}`
	case "getMyStarBalance":
		answer = `{"amount":100000}`
	case "getStarTransactions":
		answer = `{"transactions":[]}`
	case "getMyCommands":
		answer = `[]`
	case "sendMessage", "editMessageText", "sendPhoto", "sendInvoice":
		chat, _ := strconv.ParseInt(fieldOf(body, "chat_id"), 10, 64)
		answer = fmt.Sprintf(`{"message_id":2,"date":1800000000,"from":{"id":1,"is_bot":true,"first_name":"S","username":"light_bot"},"chat":{"id":%d,"type":"private"},"text":"x"}`, chat)
		defer l.shown(chat, string(body))
	}
	l.mu.Lock()
	l.calls[method]++
	l.mu.Unlock()
	io.WriteString(w, `{"ok":true,"result":`+answer+`}`)
}

func (l *lightTelegram) shown(chat int64, screen string) {
	l.mu.Lock()
	done := l.waiting[chat]
	delete(l.waiting, chat)
	l.mu.Unlock()
	if done != nil {
		done <- screen
	}
}

func (l *lightTelegram) updates(r *http.Request, timeout string) string {
	seconds, _ := strconv.Atoi(cmp.Or(timeout, "0"))
	deadline := time.NewTimer(time.Duration(seconds) * time.Second)
	defer deadline.Stop()
	for {
		l.mu.Lock()
		n := min(len(l.queue), 100)
		batch := l.queue[:n]
		l.queue = l.queue[n:]
		l.mu.Unlock()
		if n > 0 {
			return "[" + strings.Join(batch, ",") + "]"
		}
		select {
		case <-l.bell:
		case <-deadline.C:
			return "[]"
		case <-r.Context().Done():
			return "[]"
		}
	}
}

// fieldOf is a short field of a form, without reading the others.
func fieldOf(form []byte, name string) string {
	s := "&" + string(form)
	_, after, found := strings.Cut(s, "&"+name+"=")
	if !found { // multipart: of an upload
		if _, after, found = strings.Cut(s, `name="`+name+"\"\r\n\r\n"); !found {
			return ""
		}
		after, _, _ = strings.Cut(after, "\r\n")
		return after
	}
	value, _, _ := strings.Cut(after, "&")
	value, _ = url.QueryUnescape(value)
	return value
}
