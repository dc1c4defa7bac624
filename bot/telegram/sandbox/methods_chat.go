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
		return nil, c.outside()
	}
	o := s.wireChat(c)
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	o["accepted_gift_types"] = flags(c.private(), "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
	if !c.private() {
		may := c.id != s.groupID || !s.group.muted
		o["permissions"] = obj{"can_send_messages": may, "can_send_photos": may, "can_send_documents": may}
		if c.id == s.groupID && s.group.hiddenMembers {
			o["has_hidden_members"] = true
		}
	}
	return o, nil
}

func (s *Server) groupOf(p *params) (*chat, *apiError) {
	c, err := s.findChat(p.str("chat_id"))
	switch {
	case err != nil:
		return nil, err
	case c.kicked:
		return nil, c.outside()
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
		return s.administrator(id, "can_post_messages"), nil
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
	c.kicked, c.left = true, true
	return true, nil
}
