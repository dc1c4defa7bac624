package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// TestManyAtOnce is for the race detector: people, pages, faults and a bot in parallel.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t, Options{NoFlood: true, OnCall: func(Call) {}})
	const people, presses = 8, 15
	for i := range people {
		w.started(int64(1000 + i))
		w.ok(nil, "sendMessage", "chat_id", itoa(int64(1000+i)), "text", "0", "reply_markup", board)
	}
	next := w.events(1000)
	botDone := make(chan struct{})
	go func() {
		defer close(botDone)
		for offset := int64(0); ; {
			var list []struct {
				ID    int64 `json:"update_id"`
				Query *struct {
					ID      string
					Message sentMessage
				} `json:"callback_query"`
			}
			r := w.call("getUpdates", "timeout", "50", "offset", itoa(offset))
			if json.Unmarshal(r.Result, &list) != nil || len(list) == 0 {
				return
			}
			var wg sync.WaitGroup
			for _, u := range list {
				offset = u.ID + 1
				wg.Go(func() {
					w.call("editMessageText", "chat_id", itoa(u.Query.Message.Chat.ID), "message_id", fmt.Sprint(u.Query.Message.ID),
						"text", u.Query.ID, "reply_markup", board)
					w.call("answerCallbackQuery", "callback_query_id", u.Query.ID)
				})
			}
			wg.Wait()
		}
	}()
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			h := w.User(int64(1000 + i))
			for range presses {
				id, err := h.Press("Buy")
				if err == nil {
					_, err = h.WaitAnswered(soon(t), id)
				}
				if err != nil {
					t.Error(err)
					return
				}
				if got := h.Last().Text; got != id {
					t.Errorf("the chat shows %q after press %q", got, id)
				}
				resp, err := http.Get(w.url + "/api/messages?chat=1000&person=1000")
				if err == nil {
					resp.Body.Close()
				}
				w.Calls(0)
				w.ClockMoved()
			}
		})
	}
	wg.Wait()
	next("toast")
	w.Close()
	<-botDone
	if left := w.Unanswered(); len(left) != 0 {
		t.Errorf("unanswered: %v", left)
	}
}
