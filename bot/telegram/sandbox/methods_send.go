package sandbox

import (
	"slices"
	"strconv"
	"time"
)

// draft collects what all sending methods share, in the order Telegram checks it.
func (s *Server) draft(p *params) (*message, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	return &message{from: s.botID, keyboard: kb.inline, hasReplyKB: kb.reply, protected: p.bool("protect_content")}, nil
}

// replyTarget reads reply_parameters or the older reply_to_message_id.
func (p *params) replyTarget() (id int, optional bool, err *apiError) {
	var r struct {
		MessageID int  `json:"message_id"`
		Optional  bool `json:"allow_sending_without_reply"`
	}
	if p.json("reply_parameters", &r) != nil {
		return 0, false, bad("can't parse reply parameters JSON object")
	}
	if r.MessageID == 0 {
		r.MessageID, r.Optional = int(p.int("reply_to_message_id", 0)), p.bool("allow_sending_without_reply")
	}
	return r.MessageID, r.Optional, nil
}

// send puts m into its chat and returns it as the Bot API does.
func (s *Server) send(p *params, m *message) (any, *apiError) {
	if err := checkPlaces(m.keyboard, m.invoice != nil); err != nil {
		return nil, err
	}
	reply, optional, err := p.replyTarget()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.openChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	if m.thread = int(p.int("message_thread_id", 0)); m.thread != 0 {
		if _, err := s.threadOf(c, m.thread); err != nil {
			return nil, err
		}
	}
	if reply != 0 {
		if c.byID[reply] == nil && !optional {
			return nil, bad("message to be replied not found")
		}
		m.replyTo = reply
		if r := c.byID[reply]; r != nil && m.thread == 0 { // it goes where what it answers is (TDLib, create_message_to_send)
			m.thread = r.thread
		}
	}
	if s.closedToBot(c, m.thread) {
		return nil, bad("TOPIC_CLOSED")
	}
	if err := s.mayWrite(c, m.content()); err != nil {
		return nil, err
	}
	if err := s.admit(c); err != nil {
		return nil, err
	}
	if m.photo != nil {
		m.photo = s.keep(m.photo, "photo")
	}
	if m.document != nil {
		m.document = s.keep(m.document, "document")
	}
	if m.clip != nil {
		m.clip = s.keep(m.clip, m.clip.kind)
	}
	m.chat = c
	s.post(m)
	return s.wireMessage(m), nil
}

// keep stores an upload; a file that has an id already is stored.
func (s *Server) keep(f *file, kind string) *file {
	if f.id != "" {
		return f
	}
	return s.files.add(f, kind)
}

// textOf reads and checks a message text. tooLong differs between sending and editing.
func (p *params) textOf(tooLong string) (string, []Entity, *apiError) {
	if p.str("text") == "" {
		return "", nil, bad("message text is empty")
	}
	text, ents, err := p.formatted("text", "entities")
	switch {
	case err != nil:
		return "", nil, err
	case text == "":
		return "", nil, bad("text must be non-empty")
	case chars(text) > maxText:
		return "", nil, bad("%s", tooLong)
	}
	return text, ents, nil
}

func (p *params) captionOf(tooLong string) (string, []Entity, *apiError) {
	text, ents, err := p.formatted("caption", "caption_entities")
	if err == nil && chars(text) > maxCaption {
		err = bad("%s", tooLong)
	}
	return text, ents, err
}

// previewFor honours link_preview_options and the older disable_web_page_preview.
func (p *params) previewFor(text string, ents []Entity) (string, *apiError) {
	var o struct {
		Disabled bool   `json:"is_disabled"`
		URL      string `json:"url"`
	}
	if p.json("link_preview_options", &o) != nil {
		return "", bad("can't parse link preview options JSON object")
	}
	if o.Disabled || p.bool("disable_web_page_preview") {
		return "", nil
	}
	if o.URL != "" {
		return o.URL, nil
	}
	return previewOf(text, ents), nil
}

func (s *Server) sendMessage(p *params) (any, *apiError) {
	m, err := s.draft(p)
	if err != nil {
		return nil, err
	}
	if m.text, m.ents, err = p.textOf("message is too long"); err != nil {
		return nil, err
	}
	if m.preview, err = p.previewFor(m.text, m.ents); err != nil {
		return nil, err
	}
	return s.send(p, m)
}

func (s *Server) sendPhoto(p *params) (any, *apiError)    { return s.sendMedia(p, "photo") }
func (s *Server) sendDocument(p *params) (any, *apiError) { return s.sendMedia(p, "document") }

func (s *Server) sendMedia(p *params, kind string) (any, *apiError) {
	m, err := s.draft(p)
	if err != nil {
		return nil, err
	}
	m.media = true
	if m.text, m.ents, err = p.captionOf("message caption is too long"); err != nil {
		return nil, err
	}
	f, err := s.inputFile(p, kind, p.str(kind), kind)
	if err != nil {
		return nil, err
	}
	m.attach(f, kind)
	return s.send(p, m)
}

// copyMessage sends a message of any chat of the bot again, without saying whose it was.
func (s *Server) copyMessage(p *params) (any, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	from, err := s.findChat(p.str("from_chat_id"))
	var src *message
	if err == nil {
		src = from.byID[int(p.int("message_id", 0))]
	}
	if err == nil && src == nil {
		err = bad("message to copy not found")
	} else if err == nil && (src.invoice != nil || src.payment != nil || src.service != "") {
		err = bad("message can't be copied")
	}
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	m := &message{
		from: s.botID, text: src.text, ents: src.ents, media: src.media, photo: src.photo, document: src.document,
		clip: src.clip, location: src.location, sticker: src.sticker, preview: src.preview, keyboard: kb.inline, hasReplyKB: kb.reply,
	}
	s.mu.Unlock()
	if p.has("caption") && m.media {
		if m.text, m.ents, err = p.captionOf("message caption is too long"); err != nil {
			return nil, err
		}
	}
	sent, err := s.send(p, m)
	if err != nil {
		return nil, err
	}
	return obj{"message_id": sent.(obj)["message_id"]}, nil
}

var chatActions = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (s *Server) sendChatAction(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.openChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(chatActions, p.str("action")) {
		return nil, bad("wrong parameter action in request")
	}
	s.tell(c, event{Type: "typing", Chat: c.id, Action: p.str("action")})
	return true, nil
}

func (s *Server) deleteMessage(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.findChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	if p.int("message_id", 0) == 0 {
		return nil, bad("message identifier is not specified")
	}
	m := c.byID[int(p.int("message_id", 0))]
	if m == nil {
		return nil, bad("message to delete not found")
	}
	return s.tryDelete(m)
}

// tryDelete knows the 48 hours and whose messages a bot may delete in a group.
func (s *Server) tryDelete(m *message) (any, *apiError) {
	old := s.now().Sub(m.date) > maxDeleteHours*time.Hour
	foreign := m.from != s.botID && !m.chat.private() && !s.opt.Group.Admin
	if old || foreign {
		return nil, bad("message can't be deleted for everyone")
	}
	s.remove(m)
	return true, nil
}

// deleteMessages skips what is not there, as Telegram does.
func (s *Server) deleteMessages(p *params) (any, *apiError) {
	var ids []int
	if err := p.json("message_ids", &ids); err != nil || len(ids) == 0 {
		return nil, bad("message identifiers are not specified")
	}
	if len(ids) > maxMessagesAtOnce {
		return nil, bad("too many message identifiers specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.findChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if m := c.byID[id]; m != nil {
			if _, err := s.tryDelete(m); err != nil {
				return nil, err
			}
		}
	}
	return true, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
