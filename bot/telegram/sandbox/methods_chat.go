package sandbox

import "slices"

func (s *Server) getChat(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.findChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	if c.kicked {
		return nil, forbidden("bot was kicked from the " + c.kind + " chat")
	}
	o := s.wireChat(c)
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	if !c.private() {
		may := c.id != s.groupID || !s.group.muted
		o["permissions"] = obj{"can_send_messages": may, "can_send_photos": may, "can_send_documents": may}
		if c.id == s.groupID && s.group.hiddenMembers {
			o["has_hidden_members"] = true
		}
	}
	return o, nil
}

// member is a ChatMember of the group. Lock held.
func (s *Server) member(id int64) obj {
	o := obj{"user": s.wireUser(id), "status": "left"}
	switch p := s.people[id]; {
	case id == s.botID && s.chats[s.groupID].kicked:
		o["status"], o["until_date"] = "kicked", 0
	case id == s.botID && s.group.restricted:
		o["status"], o["is_member"], o["can_send_messages"], o["until_date"] = "restricted", true, false, 0
	case id == s.botID && s.opt.Group.Admin:
		o["status"], o["can_manage_topics"], o["can_delete_messages"] = "administrator", s.group.forum && s.managesTopics(), true
	case id == s.botID:
		o["status"] = "member"
	case p != nil && p.Staff && s.staff()[0] == id: // somebody has made the group
		o["status"], o["is_anonymous"] = "creator", s.group.anonymous[id]
	case p != nil && p.Staff && (s.group.anonymous[id] || s.group.admins[id]):
		o["status"], o["is_anonymous"] = "administrator", s.group.anonymous[id]
	case p != nil && p.Staff:
		o["status"] = "member"
	}
	return o
}

func (s *Server) groupOf(p *params) (*chat, *apiError) {
	c, err := s.findChat(p.str("chat_id"))
	switch {
	case err != nil:
		return nil, err
	case c.kicked:
		return nil, forbidden("bot was kicked from the " + c.kind + " chat")
	}
	return c, nil
}

func (s *Server) getChatMember(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.groupOf(p)
	if err != nil {
		return nil, err
	}
	id := p.int("user_id", 0)
	if s.people[id] == nil && id != s.botID {
		return nil, bad("invalid user_id specified")
	}
	if c.private() {
		return obj{"user": s.wireUser(id), "status": "member"}, nil
	}
	if c.kind == "channel" {
		if id != s.botID {
			return nil, bad("member list is inaccessible")
		}
		return obj{"user": s.wireUser(id), "status": "administrator", "can_post_messages": true}, nil
	}
	if s.group.hiddenMembers && !s.opt.Group.Admin && id != s.botID {
		return nil, bad("member list is inaccessible")
	}
	return s.member(id), nil
}

func (s *Server) staff() []int64 {
	return slices.DeleteFunc(slices.Clone(s.order), func(id int64) bool { return !s.people[id].Staff })
}

func (s *Server) getChatMemberCount(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.groupOf(p)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return 2, nil
	}
	return len(s.staff()) + 1, nil
}

func (s *Server) getChatAdministrators(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.groupOf(p)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, bad("there are no administrators in the private chat")
	}
	list := []obj{}
	for i, id := range s.staff() {
		if i == 0 || s.group.anonymous[id] || s.group.admins[id] {
			list = append(list, s.member(id))
		}
	}
	if s.opt.Group.Admin {
		list = append(list, s.member(s.botID))
	}
	return list, nil
}

func (s *Server) leaveChat(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.groupOf(p)
	if err != nil {
		return nil, err
	}
	if c.private() {
		return nil, bad("chat not found")
	}
	c.kicked = true
	return true, nil
}
