package sandbox

// Group returns the staff's group with its present id.
func (s *Server) Group() Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.opt.Group
	g.ID = s.groupID
	return g
}

// MigrateGroup makes a supergroup of the group, as Telegram does on its own one day, and
// returns the new id. The old id is refused from now on, with parameters.migrate_to_chat_id.
// A group that is a supergroup already stays as it is.
func (s *Server) MigrateGroup() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[s.groupID]
	if old.kind == "supergroup" {
		return old.id
	}
	fresh := newChat(-1_000_000_000_000+old.id%1_000_000_000_000, "supergroup", old.title)
	s.chats[fresh.id] = fresh
	s.groupID = fresh.id
	by := s.botID
	if staff := s.staff(); len(staff) > 0 {
		by = staff[0]
	}
	out := &message{chat: old, from: by, service: "The group was upgraded to a supergroup", extra: obj{"migrate_to_chat_id": fresh.id}}
	s.post(out)
	s.give("message", s.wireMessage(out), "chat "+itoa(old.id))
	in := &message{chat: fresh, from: by, service: "The group was upgraded to a supergroup", extra: obj{"migrate_from_chat_id": old.id}}
	s.post(in)
	s.give("message", s.wireMessage(in), "chat "+itoa(fresh.id))
	old.migratedTo = fresh.id
	old.touch()
	return fresh.id
}

// KickBot removes the bot from the group; AddBot brings it back. The bot is told.
func (s *Server) KickBot() { s.setKicked(true) }

// AddBot undoes KickBot.
func (s *Server) AddBot() { s.setKicked(false) }

func (s *Server) setKicked(kicked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[s.groupID]
	by := s.botID
	if staff := s.staff(); len(staff) > 0 {
		by = staff[0]
	}
	c.kicked, c.left = kicked, false
	status := map[bool]string{true: "kicked", false: "member"}
	s.give("my_chat_member", s.membership(by, c, status[!kicked], status[kicked]), "chat "+itoa(c.id))
}
