package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The page's API: what the chat page under / talks to. All JSON, one origin, and every
// request says which person it is: there is nothing to protect here.

func (s *Server) pageRoutes() {
	s.mux.HandleFunc("GET /api/state", s.apiState)
	s.mux.HandleFunc("GET /api/chats", s.apiChats)
	s.mux.HandleFunc("GET /api/messages", s.apiMessages)
	s.mux.HandleFunc("GET /api/commands", s.apiCommands)
	s.mux.HandleFunc("GET /api/events", s.apiEvents)
	s.mux.HandleFunc("GET /api/calls", s.apiCalls)
	s.mux.HandleFunc("GET /api/file/{id}", s.apiFile)
	for path, do := range map[string]func(*UserClient, pageRequest) (any, error){
		"send": doSend, "sticker": doSticker, "file": doFile, "press": doPress, "invoice": doInvoice,
		"pay": doPay, "block": doBlock, "stars": doStars, "inline_send": doInlineSend,
	} {
		s.mux.HandleFunc("POST /api/"+path, s.action(do))
	}
	s.mux.HandleFunc("POST /api/inline", s.apiInline)
	s.mux.HandleFunc("POST /api/person", s.apiPerson)
}

// pageRequest is the union of all bodies.
type pageRequest struct {
	Person, Chat int64
	Text         string
	MessageID    int `json:"message_id"`
	ReplyTo      int `json:"reply_to"`
	Data         string
	Force        bool
	FormID       string `json:"form_id"`
	Declined     bool   // pay with the card that is declined
	Link         string
	Blocked      bool
	FirstName    string `json:"first_name"`
	LanguageCode string `json:"language_code"`
	Amount       int64
	Offset       string
	QueryID      string `json:"query_id"`
	ResultID     string `json:"result_id"`
	Name         string // of a file
	File         []byte // base64
}

// notFound marks errors that are 404 instead of 400.
type notFound struct{ error }

func pageError(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if errors.As(err, &notFound{}) || errors.Is(err, ErrNoMessage) || errors.Is(err, ErrNoForm) || errors.Is(err, ErrOutside) {
		status = http.StatusNotFound
	}
	pageJSON(w, status, obj{"error": err.Error()})
}

func pageJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(mustJSON(v))
}

func (s *Server) who(person string) (int64, error) {
	id, err := strconv.ParseInt(person, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.people[id] == nil {
		return 0, notFound{errors.New("no such person: " + person)}
	}
	return id, nil
}

// maxPageBody has room for a photo as large as Telegram takes them, in base64.
const maxPageBody = 14 << 20

func readPage(w http.ResponseWriter, r *http.Request) (pageRequest, error) {
	var in pageRequest
	// Another site's page can send forms here, but not this content type without asking.
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return in, errors.New("Content-Type must be application/json")
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPageBody)).Decode(&in)
	if err != nil {
		return in, errors.New("the body is not the JSON that was expected")
	}
	return in, nil
}

func (s *Server) action(do func(*UserClient, pageRequest) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := readPage(w, r)
		if err == nil {
			_, err = s.who(itoa(in.Person))
		}
		var out any
		if err == nil {
			out, err = do(&UserClient{s, in.Person, orDefault(in.Chat, in.Person), 0}, in)
		}
		if err != nil {
			pageError(w, err)
			return
		}
		pageJSON(w, http.StatusOK, out)
	}
}

func doSend(h *UserClient, in pageRequest) (any, error) {
	m, err := h.Reply(in.ReplyTo, in.Text)
	return obj{"message": m}, err
}

func doSticker(h *UserClient, _ pageRequest) (any, error) {
	m, err := h.SendSticker()
	return obj{"message": m}, err
}

// doFile sends what is a picture as a photo, and anything else as a document, as Telegram's clients do.
func doFile(h *UserClient, in pageRequest) (any, error) {
	up := Upload{Kind: "document", Name: in.Name, Data: in.File, Caption: in.Text}
	switch http.DetectContentType(in.File) {
	case "image/png", "image/jpeg":
		up.Kind = "photo"
	}
	m, err := h.SendFile(in.ReplyTo, up)
	return obj{"message": m}, err
}

func doPress(h *UserClient, in pageRequest) (any, error) {
	if !in.Force && !h.hasButton(in.MessageID, in.Data) {
		return obj{"ok": false, "error": "The message has no such button any more."}, nil
	}
	if _, err := h.PressData(in.MessageID, in.Data); err != nil {
		return obj{"ok": false, "error": err.Error()}, nil
	}
	return obj{"ok": true}, nil
}

func (h *UserClient) hasButton(message int, data string) bool {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	c := h.s.chats[h.chat]
	return c != nil && c.byID[message] != nil && c.byID[message].button("", data) != nil
}

func doInvoice(h *UserClient, in pageRequest) (any, error) {
	if in.Link != "" {
		return h.OpenInvoiceLink(in.Link)
	}
	return h.OpenInvoice(in.MessageID)
}

func doPay(h *UserClient, in pageRequest) (any, error) {
	err := h.payForm(in.FormID, in.Declined)
	if err != nil && !errors.Is(err, ErrNoForm) {
		return obj{"ok": false, "error": err.Error()}, nil
	}
	return obj{"ok": true}, err
}

func doBlock(h *UserClient, in pageRequest) (any, error) {
	h.setBlocked(in.Blocked)
	return obj{"ok": true}, nil
}

func doInlineSend(h *UserClient, in pageRequest) (any, error) {
	m, err := h.SendInline(in.QueryID, in.ResultID)
	return obj{"message": m}, err
}

// apiInline answers once the bot has, or with an error when an app would show nothing any more.
func (s *Server) apiInline(w http.ResponseWriter, r *http.Request) {
	in, err := readPage(w, r)
	if err == nil {
		_, err = s.who(itoa(in.Person))
	}
	if err != nil {
		pageError(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), keepInline)
	defer cancel()
	a, err := (&UserClient{s, in.Person, orDefault(in.Chat, in.Person), 0}).AskInline(ctx, in.Text, in.Offset)
	if err != nil {
		pageError(w, err)
		return
	}
	pageJSON(w, http.StatusOK, a)
}

func doStars(h *UserClient, in pageRequest) (any, error) {
	if in.Amount < -1_000_000 || in.Amount > 1_000_000 {
		return nil, errors.New("at most 1,000,000 Stars at once")
	}
	return obj{"balance": h.AddStars(in.Amount)}, nil
}

func (s *Server) apiPerson(w http.ResponseWriter, r *http.Request) {
	in, err := readPage(w, r)
	if err == nil && (strings.TrimSpace(in.FirstName) == "" || chars(in.FirstName) > 64) {
		err = errors.New("first_name must have 1 to 64 characters")
	}
	if err != nil {
		pageError(w, err)
		return
	}
	h := s.AddUser(User{FirstName: strings.TrimSpace(in.FirstName), LanguageCode: in.LanguageCode})
	s.mu.Lock()
	p := s.people[h.id].User
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, obj{"person": p})
}

// pagePerson is a person with what only the page shows of them.
type pagePerson struct {
	User
	Blocked bool  `json:"blocked"` // has blocked the bot
	Balance int64 `json:"balance"` // Stars
}

func (s *Server) apiState(w http.ResponseWriter, _ *http.Request) {
	commands, group := s.Commands(), s.Group()
	s.mu.Lock()
	people := make([]pagePerson, len(s.order))
	for i, id := range s.order {
		p := s.people[id]
		people[i] = pagePerson{p.User, s.chats[id].blocked, p.balance}
	}
	bot := obj{
		"id": s.botID, "username": s.Username(), "first_name": s.profile.name(""), "commands": commands,
		"description": s.profile.text("description", ""), "inline": !s.opt.NoInline,
	}
	now := stamp(s.now())
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, obj{"bot": bot, "now": now, "people": people, "group": group, "panel": s.opt.Panel != nil})
}

// inChat reads person and chat of a GET and returns with the lock held when err is nil.
func (s *Server) inChat(r *http.Request) (*UserClient, *chat, error) {
	id, err := s.who(r.URL.Query().Get("person"))
	if err != nil {
		return nil, nil, err
	}
	chatID, err := strconv.ParseInt(r.URL.Query().Get("chat"), 10, 64)
	if err != nil {
		return nil, nil, errors.New("chat must be a number")
	}
	s.mu.Lock()
	c := s.chats[chatID]
	if c == nil || !s.sees(id, c) {
		s.mu.Unlock()
		return nil, nil, ErrOutside
	}
	return &UserClient{s, id, chatID, 0}, c, nil
}

func (s *Server) apiChats(w http.ResponseWriter, r *http.Request) {
	id, err := s.who(r.URL.Query().Get("person"))
	if err != nil {
		pageError(w, err)
		return
	}
	s.mu.Lock()
	list := []obj{s.chatLine(id, s.chats[id], s.profile.name(""))}
	if s.people[id].Staff {
		list = append(list, s.chatLine(id, s.chats[s.groupID], s.chats[s.groupID].title))
	}
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, obj{"chats": list})
}

// chatLine is one row of the list of chats.
func (s *Server) chatLine(person int64, c *chat, title string) obj {
	unread, date := 0, int64(0)
	for _, m := range slices.Backward(c.msgs) {
		if m.id <= c.read[person] {
			break
		}
		if m.from != person {
			unread++
		}
	}
	last := ""
	if n := len(c.msgs); n > 0 {
		m := c.msgs[n-1]
		date = m.date.Unix()
		switch {
		case m.text != "":
			last = m.text
		case m.photo != nil:
			last = "🖼"
		case m.document != nil:
			last = "📎 " + m.document.name
		case m.invoice != nil:
			last = m.invoice.title
		case m.payment != nil:
			last = sum(m.payment.currency, m.payment.total)
		default:
			last = cmp.Or(m.sticker, m.service)
		}
	}
	if r := []rune(last); len(r) > 120 {
		last = string(r[:120]) + "…"
	}
	kind := "group" // a supergroup looks no different
	if c.private() {
		kind = c.kind
	}
	return obj{"id": c.id, "type": kind, "title": title, "last": last, "date": date, "unread": unread}
}

func (s *Server) apiMessages(w http.ResponseWriter, r *http.Request) {
	h, c, err := s.inChat(r)
	if err != nil {
		pageError(w, err)
		return
	}
	list := s.views(c)
	if n := len(list); n > 0 {
		c.read[h.id] = list[n-1].ID
	}
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, obj{"messages": list})
}

func (s *Server) apiCommands(w http.ResponseWriter, r *http.Request) {
	h, c, err := s.inChat(r)
	if err != nil {
		pageError(w, err)
		return
	}
	list := s.menu(h.id, c)
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, obj{"commands": list})
}

func (s *Server) apiCalls(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // a bad number means all
	list, last := s.Calls(after)
	pageJSON(w, http.StatusOK, obj{"calls": list, "last": last})
}

func (s *Server) apiFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var data []byte // taken under the lock: the budget may drop it
	f := s.files.find(r.PathValue("id"))
	if f != nil {
		data = f.data
	}
	s.mu.Unlock()
	if data == nil {
		pageError(w, notFound{errors.New("no such file")})
		return
	}
	if f.width > 0 {
		w.Header().Set("Content-Type", f.mime)
	} else {
		// A document is never shown in the page's origin.
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=86400, immutable")
	_, _ = w.Write(data)
}
