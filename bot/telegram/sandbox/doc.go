// Package sandbox is Telegram on your own port: a strict simulator of the Bot API,
// a chat page for your browser, and a Go API for tests.
//
// Your bot talks to it as it talks to api.telegram.org; only the base URL differs.
// It needs no account, no internet and no patience: it says no in Telegram's own
// words to whatever Telegram would refuse (an unclosed tag, 65 bytes of callback
// data, an edit that changes nothing, a press that was answered twice), takes play
// money for Stars, counts 429s as Telegram does, and breaks on demand.
//
//	tg := sandbox.New(sandbox.Options{})
//	srv := httptest.NewServer(tg)
//	go runYourBot(srv.URL, tg.Token())
//
//	ann := tg.User(101)
//	ann.Send("/start")
//	ann.WaitText(ctx, "Welcome")
//	ann.Press("Buy")            // a real callback_query, in a real long poll
//	ann.Wait(ctx, func(m []sandbox.Message) bool { return m[len(m)-1].Invoice != nil })
//	err := ann.Pay()            // pre_checkout_query, your answer, successful_payment
//
//	tg.Break("sendPhoto", 1, sandbox.Fault{Kind: sandbox.LoseAnswer})
//	tg.RepeatPayments(1)        // the same successful_payment twice
//	stop := tg.BreakpointAtExchange(7, sandbox.AfterWork) // hold the seventh call from now on: kill the bot here
//	tg.RefundElsewhere(charge)  // money that went back without the bot
//	answer, _ := ann.AskInline(ctx, "japan", "")   // "@bot japan": the list above the text field
//	ann.SendInline(answer.QueryID, answer.Results[0].ID)
//	tg.QuietWeek()              // update ids start lower, as after a week without any
//	tg.RestrictBot(true)        // also SetGroupPublic, HideMembers, MuteGroup, KickBot, SetAnonymous
//	if v := tg.Violations(); len(v) > 0 { t.Error(v) } // calls within the wait that a 429 asked for
//	if n := len(tg.Unanswered()); n > 0 { t.Errorf("%d presses never answered", n) }
//
// Nothing sleeps: Wait blocks until the chat changes, and every date comes from
// Options.Now, so a test moves 24 hours in no time.
//
// Not simulated: inline results other than articles, stickers beyond one emoji, business accounts.
package sandbox
