package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"

	"esimbot/bot/telegram/sandbox"
)

// A bot is whatever speaks the Bot API to the simulator's address; here it is one call.
func Example() {
	tg := sandbox.New(sandbox.Options{Seed: 1})
	srv := httptest.NewServer(tg)
	defer srv.Close()
	defer tg.Close()

	ann := tg.User(101)
	_, _ = ann.Send("/start")

	resp, err := http.PostForm(srv.URL+"/bot"+tg.Token()+"/sendMessage", url.Values{
		"chat_id": {"101"}, "text": {"<b>Welcome</b>"}, "parse_mode": {"HTML"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Buy","callback_data":"buy"}]]}`},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()

	m, err := ann.WaitText(context.Background(), "Welcome")
	fmt.Println(m.HTML(), m.Labels(), err)
	_, err = ann.Press("Buy")
	fmt.Println(err, len(tg.Unanswered()))
	// Output:
	// <b>Welcome</b> [Buy] <nil>
	// <nil> 1
}
