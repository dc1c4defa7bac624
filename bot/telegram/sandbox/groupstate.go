package sandbox

// The anonymous administrator's messages come from Telegram's own bot of that name.
// Source: https://core.telegram.org/bots/api#message (from, sender_chat)
const (
	groupAnonymousBot = 1087968824
	firstChannel      = -1_002_000_000_001
)

// groupState is what can be wrong with a group that a bot takes for its staff's.
type groupState struct {
	public        string // its username; "" is private
	hiddenMembers bool
	restricted    bool // the bot may read only
	muted         bool // nobody but administrators may write
	anonymous     map[int64]bool
	admins        map[int64]bool // beside who made the group, the first of its members
	channels      int64
	forum         bool // it has topics
	generalClosed bool // the topic with no number
	noTopics      bool // the bot may not manage them, though it is an administrator
}

// SetGroupPublic gives the group a public name, by which everybody can find and join it, or
// takes it away with "". Only supergroups have one: a basic group becomes one first, so ask
// Group for its id afterwards.
func (s *Server) SetGroupPublic(username string) {
	if username != "" {
		s.MigrateGroup()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group.public = username
}

// HideMembers makes the list of members inaccessible to a bot that is no administrator:
// getChatMember of anybody but the bot itself is refused.
func (s *Server) HideMembers(hidden bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group.hiddenMembers = hidden
}

// RestrictBot takes the right to write in the group from the bot, and gives it back. The bot
// is told of it, as of every change of its own membership.
func (s *Server) RestrictBot(restricted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.group.restricted == restricted {
		return
	}
	before := s.member(s.botID)
	s.group.restricted = restricted
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

// MuteGroup lets only administrators write in the group, and undoes it.
func (s *Server) MuteGroup(muted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.group.muted = muted
}

// AddChannel makes a channel that the bot administers and returns its id: a chat that is
// neither a person nor a group.
func (s *Server) AddChannel(title string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := firstChannel - s.group.channels
	s.group.channels++
	s.chats[id] = newChat(id, "channel", title)
	return id
}

// SetAnonymous makes a member of the group an administrator who writes there without a name:
// its messages come from the bot GroupAnonymousBot, with the group as sender_chat. Presses
// on buttons still name the person, as in life.
func (h *UserClient) SetAnonymous(anonymous bool) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.group.anonymous == nil {
		h.s.group.anonymous = map[int64]bool{}
	}
	h.s.group.anonymous[h.id] = anonymous
}

// SetAdmin makes a member of the group one of its administrators, or a member like the others. Whoever of the staff is
// there first has made the group, and is its creator.
func (h *UserClient) SetAdmin(admin bool) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.group.admins == nil {
		h.s.group.admins = map[int64]bool{}
	}
	h.s.group.admins[h.id] = admin
}

// sender is who a message is from, as the bot is told. Lock held.
func (s *Server) sender(m *message) (from, senderChat obj) {
	switch {
	case m.chat.kind == "channel":
		return nil, s.wireChat(m.chat)
	case !m.chat.private() && s.group.anonymous[m.from]:
		return obj{"id": int64(groupAnonymousBot), "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}, s.wireChat(m.chat)
	}
	return s.wireUser(m.from), nil
}

// mayWrite refuses a bot that has no right to write in the group. what is the kind of content, as
// Telegram names it. Lock held.
func (s *Server) mayWrite(c *chat, what string) *apiError {
	if c.id != s.groupID || !s.group.restricted && (!s.group.muted || s.opt.Group.Admin) {
		return nil
	}
	return bad("not enough rights to send %s to the chat", what)
}

// content names what a message is made of, as refusals do.
func (m *message) content() string {
	switch {
	case m.photo != nil:
		return "photos"
	case m.document != nil:
		return "documents"
	case m.invoice != nil:
		return "invoice messages"
	}
	return "text messages"
}
