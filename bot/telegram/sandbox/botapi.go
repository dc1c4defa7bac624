package sandbox

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type method func(s *Server, p *params) (any, *apiError)

// methods is the whole Bot API of the simulator, by lower-case name: Telegram ignores case.
var methods = byLowerName(map[string]method{
	"getMe": (*Server).getMe, "getUpdates": (*Server).getUpdates,
	"setWebhook": (*Server).setWebhook, "deleteWebhook": (*Server).deleteWebhook, "getWebhookInfo": (*Server).getWebhookInfo,
	"sendMessage": (*Server).sendMessage, "sendPhoto": (*Server).sendPhoto, "sendDocument": (*Server).sendDocument,
	"sendVideo": sendClip("video"), "sendVoice": sendClip("voice"), "sendAudio": sendClip("audio"),
	"sendAnimation": sendClip("animation"), "sendVideoNote": sendClip("video_note"),
	"sendMediaGroup": (*Server).sendMediaGroup, "setMessageReaction": (*Server).setMessageReaction,
	"sendChatAction": (*Server).sendChatAction, "copyMessage": (*Server).copyMessage,
	"editMessageText": (*Server).editMessageText, "editMessageCaption": (*Server).editMessageCaption,
	"editMessageReplyMarkup": (*Server).editMessageReplyMarkup, "editMessageMedia": (*Server).editMessageMedia,
	"deleteMessage": (*Server).deleteMessage, "deleteMessages": (*Server).deleteMessages,
	"answerCallbackQuery": (*Server).answerCallbackQuery, "answerInlineQuery": (*Server).answerInlineQuery,
	"sendInvoice": (*Server).sendInvoice, "createInvoiceLink": (*Server).createInvoiceLink,
	"answerPreCheckoutQuery": (*Server).answerPreCheckoutQuery, "refundStarPayment": (*Server).refundStarPayment,
	"getStarTransactions": (*Server).getStarTransactions, "getMyStarBalance": (*Server).getMyStarBalance,
	"setMyCommands": (*Server).setMyCommands, "getMyCommands": (*Server).getMyCommands, "deleteMyCommands": (*Server).deleteMyCommands,
	"setMyName": setText("name"), "getMyName": getText("name"),
	"setMyDescription": setText("description"), "getMyDescription": getText("description"),
	"setMyShortDescription": setText("short_description"), "getMyShortDescription": getText("short_description"),
	"getFile": (*Server).getFile, "getChat": (*Server).getChat, "getChatMember": (*Server).getChatMember,
	"getChatMemberCount": (*Server).getChatMemberCount, "getChatMembersCount": (*Server).getChatMemberCount, "getChatAdministrators": (*Server).getChatAdministrators,
	"leaveChat": (*Server).leaveChat, "createForumTopic": (*Server).createForumTopic,
	"closeForumTopic": setTopicClosed(true), "reopenForumTopic": setTopicClosed(false),
})

// aliases are names of methods that Telegram's server still understands, though its documentation has dropped them.
var aliases = map[string]string{"getChatMembersCount": "getChatMemberCount"}

// named is a method with its usual spelling, for the list of calls.
type named struct {
	name string
	do   method
}

func byLowerName(list map[string]method) map[string]named {
	out := make(map[string]named, len(list))
	for name, m := range list {
		out[strings.ToLower(name)] = named{name, m}
	}
	return out
}

func (s *Server) serveBot(w http.ResponseWriter, r *http.Request) {
	token, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	name = strings.TrimPrefix(name, "test/") // Telegram's test environment has the same API
	if token != s.opt.Token {
		writeError(w, &apiError{code: 401, desc: "Unauthorized"})
		return
	}
	start := s.real()
	rec := callRec{name: name}
	key := strings.ToLower(name)
	m, known := methods[key]
	if known {
		rec.name = m.name
	}
	v := visit{name: rec.name, do: m.do}
	v.params, v.unread = readParams(w, r) // before any answer, so that uploads end cleanly
	p := v.params
	v.fault = s.takeFault(key, p.values["chat_id"])
	rec.params = p
	s.listened(rec.name, p)
	if known && v.unread == nil {
		v.stops = s.takeStops(key)
	}
	status, answer := s.serve(w, v)
	s.asks(rec.name, p, status, w.Header())
	rec.status, rec.answer, rec.took = status, answer, s.real().Sub(start)
	s.finish(rec, p, key == "getupdates" && string(answer) == emptyPoll)
	if status == 0 {
		panic(http.ErrAbortHandler) // cuts the connection without a word
	}
}

const emptyPoll = `{"ok":true,"result":[]}`

// A visit is one call on its way through the simulator.
type visit struct {
	name   string
	do     method // nil: unknown
	params *params
	unread *apiError // why the parameters could not be read
	fault  *Fault
	stops  [2]*Breakpoint // by Stage
}

// serve does the work and writes the answer, unless a fault says otherwise or nobody is left to
// read it. The status 0 means that there was no answer.
func (s *Server) serve(w http.ResponseWriter, v visit) (int, []byte) {
	if !v.stops[BeforeWork].hold(s, v.name, v.params) {
		return 0, nil
	}
	var result any
	err, prevented := v.unread, v.fault.prevents()
	switch {
	case prevented:
	case v.do == nil:
		err = &apiError{code: 404, desc: "Not Found"}
	case err == nil:
		result, err = v.do(s, v.params)
	}
	if !v.stops[AfterWork].hold(s, v.name, v.params) {
		return 0, nil
	}
	switch f := v.fault; {
	case prevented:
		return f.instead(w)
	case f != nil && f.Kind == LoseAnswer:
		return 0, nil
	case f != nil && f.Kind == Slow:
		s.dawdle(v.params, f.Delay)
	}
	if err != nil {
		return err.code, writeError(w, err)
	}
	body := mustJSON(struct {
		OK     bool `json:"ok"`
		Result any  `json:"result"`
	}{true, result})
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
	return 200, body
}

// dawdle waits for d, or until nobody waits any more.
func (s *Server) dawdle(p *params, d time.Duration) {
	wait := time.NewTimer(d)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-p.ctx.Done():
	case <-s.closed:
	}
}

// finish writes the call down. Empty polls would only bury the rest.
func (s *Server) finish(rec callRec, p *params, skip bool) {
	noted := p.noted
	if !skip {
		s.mu.Lock()
		noted = append(noted, s.note(rec))
		s.mu.Unlock()
	}
	s.report(noted...)
}

func writeError(w http.ResponseWriter, e *apiError) []byte {
	answer := obj{"ok": false, "error_code": e.code, "description": e.desc}
	if e.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retry))
		answer["parameters"] = obj{"retry_after": e.retry}
	}
	if e.migrate != 0 {
		answer["parameters"] = obj{"migrate_to_chat_id": e.migrate}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		panic(err) // a map of plain values
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.code)
	_, _ = w.Write(body)
	return body
}
