package sandbox

import (
	"fmt"
	"strings"
)

// sees reports whether a person is in a chat. Lock held.
func (s *Server) sees(person int64, c *chat) bool {
	if c.private() {
		return c.id == person
	}
	p := s.people[person]
	return p != nil && p.Staff
}

// place returns the chat h is in, ready to be written to. Lock held.
func (h *UserClient) place() (*chat, error) {
	c := h.s.chats[h.chat]
	switch {
	case c == nil || !h.s.sees(h.id, c):
		return nil, ErrOutside
	case c.blocked:
		return nil, ErrBlocked
	}
	return c, nil
}

// Send writes a text. In a private chat the first one starts the bot.
func (h *UserClient) Send(text string) (Message, error) { return h.write(text, 0, "") }

// Reply writes a text that answers a message.
func (h *UserClient) Reply(to int, text string) (Message, error) { return h.write(text, to, "") }

// SendSticker sends what no bot expects.
func (h *UserClient) SendSticker() (Message, error) { return h.write("", 0, "👍") }

func (h *UserClient) write(text string, replyTo int, sticker string) (Message, error) {
	text, ents := fixText(text, nil)
	if text == "" && sticker == "" {
		return Message{}, fmt.Errorf("an empty message cannot be sent")
	}
	if chars(text) > maxText {
		return Message{}, fmt.Errorf("a message has at most %d characters", maxText)
	}
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.say(&message{text: text, ents: ents, replyTo: replyTo, sticker: sticker})
}

// say posts what this person writes or sends, and tells the bot if it hears it. Lock held.
func (h *UserClient) say(m *message) (Message, error) {
	s := h.s
	c, err := h.place()
	if err != nil {
		return Message{}, err
	}
	m.chat, m.from = c, h.id
	m.thread = h.thread
	if r := c.byID[m.replyTo]; r != nil && r.thread != 0 {
		m.thread = r.thread
	}
	if t := s.topics[m.thread]; m.thread != 0 && t == nil {
		return Message{}, ErrNoMessage
	} else if t != nil && t.closed && s.member(h.id)["status"] == "member" {
		return Message{}, ErrTopicClosed
	}
	hears := s.botHears(m)
	s.chats[h.id].known = s.chats[h.id].known || hears
	if c.private() {
		c.started = true
	}
	s.post(m)
	c.read[h.id] = m.id
	if hears {
		s.give("message", s.wireMessage(m), "chat "+itoa(c.id))
	}
	return s.view(m), nil
}

// Edit changes a text, or the caption of a file, that this person has sent.
func (h *UserClient) Edit(id int, text string) error {
	s := h.s
	text, ents := fixText(text, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := h.place()
	if err != nil {
		return err
	}
	m := c.byID[id]
	if m == nil || m.from != h.id {
		return ErrNoMessage
	}
	m.text, m.ents = text, ents
	s.showEdit(m)
	if s.botHears(m) {
		s.give("edited_message", s.wireMessage(m), "chat "+itoa(c.id))
	}
	return nil
}

// botHears is privacy mode: in groups a bot that is not an administrator gets commands,
// replies to its messages and mentions of itself, and nothing else. Lock held.
func (s *Server) botHears(m *message) bool {
	c := m.chat
	if c.kicked {
		return false
	}
	if c.private() || s.opt.Group.Admin {
		return true
	}
	if r := c.byID[m.replyTo]; r != nil && r.from == s.botID {
		return true
	}
	for _, e := range m.ents {
		word := cut16(m.text, e.Offset, e.Length)
		_, at, addressed := strings.Cut(word, "@")
		switch {
		case e.Type == "mention" && strings.EqualFold(at, s.Username()):
			return true
		case e.Type == "bot_command" && e.Offset == 0 && (!addressed || strings.EqualFold(at, s.Username())):
			return true
		}
	}
	return false
}

// Press presses the newest button with this label and returns the id of the callback query,
// for WaitAnswered. A button that leads to the bot with a start parameter sends "/start X"
// and has no query; other links only open and return no query either.
func (h *UserClient) Press(label string) (queryID string, err error) {
	h.s.mu.Lock()
	c, err := h.place()
	if err != nil {
		h.s.mu.Unlock()
		return "", err
	}
	var m *message
	var b *Button
	for i := len(c.msgs) - 1; i >= 0 && b == nil; i-- {
		m, b = c.msgs[i], c.msgs[i].button(label, "")
	}
	if b == nil {
		err = fmt.Errorf("press %q: %w; the chat ends with %q", label, ErrNoButton, tail(h.s.views(c)))
		h.s.mu.Unlock()
		return "", err
	}
	if b.Kind == "callback" {
		q := h.s.press(h.id, c, m.id, b.Data, b.Text)
		h.s.mu.Unlock()
		return q.id, nil
	}
	kind, link, id := b.Kind, b.URL, m.id
	h.s.mu.Unlock()
	switch start, ok := deepLink(link, h.s.Username()); {
	case kind == "pay":
		return "", h.PayMessage(id)
	case kind == "url" && ok:
		_, err = h.In(h.id).Send(strings.TrimSpace("/start " + start))
	}
	return "", err
}

// PressData sends any callback data from any message, as a changed client can: the message may
// have no such button, or not exist at all. Then the bot gets an inaccessible message (date 0).
func (h *UserClient) PressData(message int, data string) (queryID string, err error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	c, err := h.place()
	if err != nil {
		return "", err
	}
	label := data
	if m := c.byID[message]; m != nil {
		if b := m.button("", data); b != nil {
			label = b.Text
		}
	}
	return h.s.press(h.id, c, message, data, label).id, nil
}

// OpenLink follows a t.me or tg:// link to the bot: "/start X" is sent, or an invoice link is paid.
func (h *UserClient) OpenLink(link string) error {
	start, ok := deepLink(link, h.s.Username())
	if !ok {
		start, ok = appLink(link, h.s.Username())
	}
	if ok {
		_, err := h.In(h.id).Send(strings.TrimSpace("/start " + start))
		return err
	}
	f, err := h.OpenInvoiceLink(link)
	if err != nil {
		return err
	}
	return h.PayForm(f.ID)
}

// Block stops the bot from writing to this person, and tells the bot.
func (h *UserClient) Block() { h.setBlocked(true) }

// Unblock undoes Block, and tells the bot.
func (h *UserClient) Unblock() { h.setBlocked(false) }

func (h *UserClient) setBlocked(blocked bool) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[h.id]
	if c.blocked == blocked {
		return
	}
	c.blocked = blocked
	status := map[bool]string{true: "kicked", false: "member"}
	c.touch()
	s.give("my_chat_member", s.membership(h.id, c, status[!blocked], status[blocked]), "chat "+itoa(c.id))
}

func (s *Server) membership(by int64, c *chat, was, now string) obj {
	member := func(status string) obj {
		o := obj{"user": s.wireUser(s.botID), "status": status}
		if status == "kicked" {
			o["until_date"] = 0
		}
		return o
	}
	return obj{"chat": s.wireChat(c), "from": s.wireUser(by), "date": s.now().Unix(), "old_chat_member": member(was), "new_chat_member": member(now)}
}

// Deactivate deletes the person's account: the bot gets "user is deactivated" from now on.
func (h *UserClient) Deactivate() {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.s.chats[h.id].dead = true
}

// SetLanguage changes language_code; "" hides it.
func (h *UserClient) SetLanguage(code string) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.s.people[h.id].LanguageCode = code
}
