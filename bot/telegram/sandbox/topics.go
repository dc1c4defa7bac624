package sandbox

import "errors"

// A topic of the group when it is a forum. General, the topic with no number, is always there.
type topic struct {
	name   string
	closed bool
}

// ErrTopicClosed: only administrators write in a topic that is closed.
var ErrTopicClosed = errors.New("the topic is closed")

// SetForum gives the group topics, or takes them away; a basic group becomes a supergroup first. The topics
// themselves and what stands in them stay, and with the forum they are there again.
func (s *Server) SetForum(forum bool) {
	if forum {
		s.MigrateGroup()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group.forum = forum
}

// Promote makes the bot an administrator of the group, with or without the right to manage topics, or takes
// that away. The bot is told.
func (s *Server) Promote(admin, topics bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.member(s.botID)
	s.opt.Group.Admin, s.group.noTopics = admin, !topics
	c := s.chats[s.groupID]
	by := s.botID
	if staff := s.staff(); len(staff) > 0 {
		by = staff[0]
	}
	s.give("my_chat_member", obj{
		"chat": s.wireChat(c), "from": s.wireUser(by), "date": s.now().Unix(),
		"old_chat_member": before, "new_chat_member": s.member(s.botID),
	}, "chat "+itoa(c.id))
}

// Topics returns the names of the group's topics by their thread ids.
func (s *Server) Topics() map[int]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[int]string{}
	for id, t := range s.topics {
		out[id] = t.name
	}
	return out
}

// TopicClosed reports whether a topic is closed.
func (s *Server) TopicClosed(thread int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.topics[thread]
	return t != nil && t.closed
}

// DeleteTopic takes a topic away with all that stands in it, as an administrator does by hand. No bot is told.
func (s *Server) DeleteTopic(thread int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, thread)
	c := s.chats[s.groupID]
	for i := len(c.msgs) - 1; i >= 0; i-- {
		if c.msgs[i].thread == thread {
			s.remove(c.msgs[i])
		}
	}
}

// InTopic is the same person writing in a topic of the group; 0 is General.
func (h *UserClient) InTopic(thread int) *UserClient {
	return &UserClient{h.s, h.id, h.chat, thread}
}

// threadOf finds the topic that a call names. Lock held.
// Source: the Bot API server's and TDLib's own words (read 2026-11).
func (s *Server) threadOf(c *chat, thread int) (*topic, *apiError) {
	t := s.topics[thread]
	if t == nil || c.id != s.groupID || !s.group.forum {
		return nil, bad("message thread not found")
	}
	return t, nil
}

// managesTopics reports whether the bot may. Lock held.
func (s *Server) managesTopics() bool { return s.opt.Group.Admin && !s.group.noTopics }

// closedToBot reports whether a topic, or General, is closed and the bot may not manage topics. Lock held.
func (s *Server) closedToBot(c *chat, thread int) bool {
	if c.id != s.groupID || !s.group.forum || s.managesTopics() {
		return false
	}
	if thread == 0 {
		return s.group.generalClosed
	}
	t := s.topics[thread]
	return t != nil && t.closed
}

// CloseGeneral closes or reopens General: only administrators who manage topics write in it then.
func (s *Server) CloseGeneral(closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group.generalClosed = closed
}

// createForumTopic makes a topic, which is known by the message that tells of it.
func (s *Server) createForumTopic(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.groupOf(p)
	if err != nil {
		return nil, err
	}
	name := p.str("name")
	switch {
	case !s.group.forum || c.id != s.groupID:
		return nil, bad("the chat is not a forum")
	case !s.managesTopics():
		return nil, bad("not enough rights to create a topic")
	case chars(name) < 1 || chars(name) > 128:
		return nil, bad("TOPIC_TITLE_EMPTY")
	}
	m := &message{
		chat: c, from: s.botID, service: "Topic created: " + name,
		extra: obj{"forum_topic_created": obj{"name": name, "icon_color": 7322096}},
	}
	s.post(m)
	m.thread = m.id
	s.topics[m.id] = &topic{name: name}
	return obj{"message_thread_id": m.id, "name": name, "icon_color": 7322096}, nil
}

// setTopicClosed closes or reopens a topic.
func setTopicClosed(closed bool) method {
	return func(s *Server, p *params) (any, *apiError) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c, err := s.groupOf(p)
		if err != nil {
			return nil, err
		}
		id := int(p.int("message_thread_id", 0))
		t := s.topics[id]
		switch {
		case !s.group.forum || c.id != s.groupID:
			return nil, bad("the chat is not a forum")
		case !s.managesTopics():
			return nil, bad("not enough rights to close or open the topic")
		case t == nil:
			return nil, bad("TOPIC_ID_INVALID")
		case t.closed == closed:
			return nil, bad("TOPIC_NOT_MODIFIED")
		}
		s.closeTopic(c, s.botID, id, closed)
		return true, nil
	}
}

// closeTopic closes or reopens a topic, and says so in it. Lock held.
func (s *Server) closeTopic(c *chat, by int64, id int, closed bool) *message {
	s.topics[id].closed = closed
	m := &message{chat: c, from: by, thread: id, service: "Topic reopened", extra: obj{"forum_topic_reopened": obj{}}}
	if closed {
		m.service, m.extra = "Topic closed", obj{"forum_topic_closed": obj{}}
	}
	s.post(m)
	return m
}

// CloseTopic closes or reopens a topic by this person's hand; the bot is told.
func (h *UserClient) CloseTopic(thread int, closed bool) {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[s.groupID]
	m := s.closeTopic(c, h.id, thread, closed)
	s.give("message", s.wireMessage(m), "chat "+itoa(c.id))
}
