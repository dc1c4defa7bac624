//go:build bench

package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
)

// bareVariable tells this test binary to be the bare program instead, with the address of a Bot API.
const bareVariable = "ESIMBOT_BENCH_BARE"

func init() {
	if api := os.Getenv(bareVariable); api != "" {
		if err := bareBot(api, os.Getenv("DATABASE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
}

// bareBot is the yardstick: what an engineer would write who needs only durable updates and a fixed menu.
// It polls, stores a batch in one commit before it asks for the next, answers each person's updates in
// order, edits the screen, answers the press, and marks what is done in shared commits.
func bareBot(api, database string) error {
	db, err := sql.Open("sqlite", "file:"+database+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, raw BLOB, done INTEGER NOT NULL DEFAULT 0)`); err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	call := func(method string, form url.Values) ([]byte, error) {
		resp, err := client.PostForm(api+"/bot1:x/"+method, form)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		return io.ReadAll(resp.Body)
	}
	done := make(chan int64, 4096)
	go bareMarks(db, done)
	var mu sync.Mutex
	last := map[int64]chan struct{}{} // by person: closed when their update before is done
	for offset := int64(0); ; {
		body, err := call("getUpdates", url.Values{"offset": {fmt.Sprint(offset)}, "timeout": {"50"}, "limit": {"100"}})
		if err != nil {
			return err
		}
		var got struct{ Result []json.RawMessage }
		if err := json.Unmarshal(body, &got); err != nil {
			return err
		}
		tx, err := db.BeginTx(context.Background(), nil)
		if err != nil {
			return err
		}
		updates := make([]bareUpdate, len(got.Result))
		for i, raw := range got.Result {
			if err := json.Unmarshal(raw, &updates[i]); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT OR IGNORE INTO inbox (id, raw) VALUES (?, ?)`, updates[i].ID, []byte(raw)); err != nil {
				return err
			}
			offset = updates[i].ID + 1
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		for _, u := range updates {
			mu.Lock()
			before, mine := last[u.chat()], make(chan struct{})
			last[u.chat()] = mine
			mu.Unlock()
			go func() {
				defer close(mine)
				if before != nil {
					<-before
				}
				u.answer(call)
				done <- u.ID
			}()
		}
	}
}

type bareUpdate struct {
	ID      int64 `json:"update_id"`
	Message *struct {
		Chat struct{ ID int64 }
	}
	Callback *struct {
		ID, Data string
		From     struct{ ID int64 }
		Message  struct {
			ID int `json:"message_id"`
		}
	} `json:"callback_query"`
}

func (u bareUpdate) chat() int64 {
	if u.Callback != nil {
		return u.Callback.From.ID
	}
	return u.Message.Chat.ID
}

func (u bareUpdate) answer(call func(string, url.Values) ([]byte, error)) {
	var rows []string
	for i := range 8 {
		rows = append(rows, fmt.Sprintf(`[{"text":"Place %d from $1.20","callback_data":"country|%d"}]`, i, i))
	}
	form := url.Values{
		"chat_id": {fmt.Sprint(u.chat())}, "parse_mode": {"HTML"}, "text": {"<b>Where are you going?</b>\nChoose a place."},
		"reply_markup": {`{"inline_keyboard":[` + strings.Join(rows, ",") + `]}`},
	}
	if u.Callback == nil {
		call("sendMessage", form)
		return
	}
	form.Set("message_id", fmt.Sprint(u.Callback.Message.ID))
	call("editMessageText", form)
	call("answerCallbackQuery", url.Values{"callback_query_id": {u.Callback.ID}})
}

// bareMarks marks what is done, as much as there is in each commit.
func bareMarks(db *sql.DB, done <-chan int64) {
	for id := range done {
		ids := []int64{id}
		for more := true; more && len(ids) < 512; {
			select {
			case id := <-done:
				ids = append(ids, id)
			default:
				more = false
			}
		}
		tx, err := db.Begin()
		if err != nil {
			return
		}
		for _, id := range ids {
			tx.Exec(`UPDATE inbox SET done = 1 WHERE id = ?`, id)
		}
		tx.Commit()
	}
}
