package sandbox

import (
	"strconv"
	"strings"
	"time"
)

type obj = map[string]any

// A chat is a private chat with the bot or the group.
type chat struct {
	id         int64
	kind       string // private, group, supergroup, channel
	title      string
	msgs       []*message
	byID       map[int]*message
	seq        int // supergroups number their own messages
	started    bool
	known      bool // the bot has seen this person somewhere
	blocked    bool
	dead       bool // the person deleted the account
	kicked     bool
	left       bool // kicked, by itself
	migratedTo int64
	lastIsBot  bool
	bucket     bucket
	read       map[int64]int // per person: the newest message seen on the page
	changed    chan struct{} // closed at every change
}

func newChat(id int64, kind, title string) *chat {
	return &chat{id: id, kind: kind, title: title, byID: map[int]*message{}, read: map[int64]int{}, changed: make(chan struct{})}
}

func (c *chat) touch() {
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *chat) private() bool { return c.kind == "private" }

// A message is everything the simulator knows about one message.
type message struct {
	id         int
	chat       *chat
	date       time.Time
	edited     time.Time
	from       int64 // a person or the bot
	text       string
	ents       []Entity
	media      bool // text is a caption
	photo      *file
	document   *file
	clip       *file // a video, voice message, audio, animation or round video
	location   *Location
	album      string // of several sent as one
	reaction   string // the bot's
	sticker    string
	invoice    *invoice
	paid       bool
	payment    *payment
	refund     bool // payment was given back: the message says so
	service    string
	extra      obj // fields of other service messages, as in the Bot API
	keyboard   [][]Button
	hasReplyKB bool
	preview    string
	replyTo    int
	thread     int
	protected  bool
	viaBot     bool // a chosen inline result
}

// post numbers m and adds it to its chat. Call with the lock held.
func (s *Server) post(m *message) {
	c := m.chat
	if c.kind == "supergroup" || c.kind == "channel" {
		c.seq++
		m.id = c.seq
	} else {
		s.lastMsg++
		m.id = s.lastMsg
	}
	m.date = s.now()
	c.msgs = append(c.msgs, m)
	c.byID[m.id] = m
	c.lastIsBot = m.from == s.botID
	if len(c.msgs) > s.opt.History {
		delete(c.byID, c.msgs[0].id)
		c.msgs = c.msgs[1:]
	}
	c.touch()
	s.tell(c, event{Type: "message", Chat: c.id, msg: m})
}

func (s *Server) showEdit(m *message) {
	m.edited = s.now()
	m.chat.touch()
	s.tell(m.chat, event{Type: "edit", Chat: m.chat.id, msg: m})
}

func (s *Server) remove(m *message) {
	c := m.chat
	delete(c.byID, m.id)
	for i, x := range c.msgs {
		if x == m {
			c.msgs = append(c.msgs[:i:i], c.msgs[i+1:]...)
			break
		}
	}
	c.touch()
	s.tell(c, event{Type: "delete", Chat: c.id, MessageID: m.id})
}

// findChat resolves chat_id as a method gets it, without asking whether the bot may write there.
func (s *Server) findChat(id string) (*chat, *apiError) {
	if id == "" {
		return nil, bad("chat_id is empty")
	}
	if name, ok := strings.CutPrefix(id, "@"); ok {
		for _, p := range s.people {
			if p.Username != "" && strings.EqualFold(p.Username, name) && s.chats[p.ID].known {
				return s.chats[p.ID], nil
			}
		}
		return nil, bad("chat not found")
	}
	n, err := strconv.ParseInt(id, 10, 64)
	c := s.chats[n]
	if err != nil || c == nil || c.private() && !c.started && !c.known {
		return nil, bad("chat not found")
	}
	if c.migratedTo != 0 {
		return nil, &apiError{code: 400, desc: "Bad Request: group chat was upgraded to a supergroup chat", migrate: c.migratedTo}
	}
	return c, nil
}

// openChat is findChat for methods that show something to the people in the chat.
func (s *Server) openChat(id string) (*chat, *apiError) {
	c, err := s.findChat(id)
	switch {
	case err != nil:
		return nil, err
	case c.dead:
		return nil, forbidden("user is deactivated")
	case c.blocked:
		return nil, forbidden("bot was blocked by the user")
	case c.private() && !c.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	case c.kicked:
		return nil, c.outside()
	}
	return c, nil
}

// outside is what a bot is told that is not in a group any more.
func (c *chat) outside() *apiError {
	if c.left {
		return forbidden("bot is not a member of the " + c.kind + " chat")
	}
	return forbidden("bot was kicked from the " + c.kind + " chat")
}

func (s *Server) wireChat(c *chat) obj {
	if !c.private() {
		o := obj{"id": c.id, "type": c.kind, "title": c.title}
		if c.id == s.groupID && s.group.public != "" {
			o["username"] = s.group.public
		}
		if c.kind != "group" && s.group.forum && c.id == s.groupID {
			o["is_forum"] = true
		}
		return o
	}
	p := s.people[c.id]
	o := obj{"id": c.id, "type": "private", "first_name": p.FirstName}
	if p.Username != "" {
		o["username"] = p.Username
	}
	return o
}

func (s *Server) wireUser(id int64) obj {
	if id == s.botID {
		return obj{"id": id, "is_bot": true, "first_name": s.profile.name(""), "username": s.Username()}
	}
	p := s.people[id]
	if p == nil {
		return obj{"id": id, "is_bot": false, "first_name": ""}
	}
	o := obj{"id": id, "is_bot": false, "first_name": p.FirstName}
	if p.Username != "" {
		o["username"] = p.Username
	}
	if p.LanguageCode != "" { // people may hide it
		o["language_code"] = p.LanguageCode
	}
	return o
}

// wireMessage is m as the Bot API writes it. Call with the lock held.
func (s *Server) wireMessage(m *message) obj {
	o := obj{"message_id": m.id, "chat": s.wireChat(m.chat), "date": m.date.Unix()}
	from, senderChat := s.sender(m)
	if from != nil {
		o["from"] = from
	}
	if senderChat != nil {
		o["sender_chat"] = senderChat
	}
	if !m.edited.IsZero() {
		o["edit_date"] = m.edited.Unix()
	}
	s.wireContent(m, o)
	if len(m.keyboard) > 0 {
		o["reply_markup"] = wireKeyboard(m.keyboard)
	}
	if r := m.chat.byID[m.replyTo]; r != nil {
		inner := *r
		inner.replyTo = 0 // one level only, as in the Bot API
		o["reply_to_message"] = s.wireMessage(&inner)
	}
	if m.thread != 0 {
		o["message_thread_id"], o["is_topic_message"] = m.thread, true
		if r := m.chat.byID[m.thread]; r != nil && m.thread != m.id && m.replyTo == 0 { // what answers nothing in a topic answers what made it
			o["reply_to_message"] = s.wireMessage(r)
		}
	}
	if m.protected {
		o["has_protected_content"] = true
	}
	if m.viaBot {
		o["via_bot"] = s.wireUser(s.botID)
	}
	return o
}

// wireContent adds to o what m says or shows.
func (s *Server) wireContent(m *message, o obj) {
	textKey, entsKey := "text", "entities"
	if m.media {
		textKey, entsKey = "caption", "caption_entities"
	}
	if m.text != "" {
		o[textKey] = m.text
		if len(m.ents) > 0 {
			o[entsKey] = s.wireEntities(m.ents)
		}
	}
	if m.photo != nil {
		o["photo"] = m.photo.sizes()
	}
	if m.document != nil {
		o["document"] = m.document.wire()
	}
	if m.clip != nil {
		o[m.clip.kind] = m.clip.wireClip()
	}
	if m.location != nil {
		o["location"] = obj{"latitude": m.location.Latitude, "longitude": m.location.Longitude}
	}
	if m.album != "" {
		o["media_group_id"] = m.album
	}
	if m.sticker != "" {
		o["sticker"] = obj{
			"file_id": "CAACAgIAAxkBAAE" + strconv.Itoa(m.id), "file_unique_id": "AgAD" + strconv.Itoa(m.id), "type": "regular",
			"width": 512, "height": 512, "is_animated": false, "is_video": false, "emoji": m.sticker,
		}
	}
	if m.invoice != nil {
		o["invoice"] = m.invoice.wire()
	}
	if m.payment != nil {
		o[map[bool]string{false: "successful_payment", true: "refunded_payment"}[m.refund]] = m.payment.wire(m.refund)
	}
	for k, v := range m.extra {
		o[k] = v
	}
}

func (s *Server) wireEntities(list []Entity) []obj {
	out := make([]obj, len(list))
	for i, e := range list {
		o := obj{"type": e.Type, "offset": e.Offset, "length": e.Length}
		for k, v := range map[string]string{"url": e.URL, "language": e.Language, "custom_emoji_id": e.CustomEmojiID, "date_time_format": e.Format} {
			if v != "" {
				o[k] = v
			}
		}
		if e.UnixTime != 0 {
			o["unix_time"] = e.UnixTime
		}
		if e.UserID != 0 {
			o["user"] = s.wireUser(e.UserID)
		}
		out[i] = o
	}
	return out
}
