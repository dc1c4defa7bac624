package sandbox

import (
	"encoding/json"
	"slices"
)

// editable finds the message an edit names and checks that the bot may edit it. Lock held.
func (s *Server) editable(p *params) (*message, *apiError) {
	if p.str("inline_message_id") != "" {
		return nil, bad("MESSAGE_ID_INVALID") // there are no inline messages here
	}
	c, err := s.findChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	id := p.int("message_id", 0)
	if id == 0 {
		return nil, bad("message identifier is not specified")
	}
	m := c.byID[int(id)]
	switch {
	case m == nil:
		return nil, bad("message to edit not found")
	case m.from != s.botID || m.hasReplyKB || m.payment != nil || m.service != "":
		return nil, bad("message can't be edited")
	}
	if _, err := s.openChat(p.str("chat_id")); err != nil {
		return nil, err
	}
	return m, nil
}

// apply changes m through change and shows it, unless nothing would be different.
// An edit without reply_markup drops the keyboard: the caller passes what it decoded.
func (s *Server) apply(m *message, kb markup, change func(*message)) (any, *apiError) {
	if kb.reply {
		return nil, bad("inline keyboard expected")
	}
	next := *m
	next.keyboard = kb.inline
	if change != nil {
		change(&next)
	}
	if err := checkPlaces(next.keyboard, m.invoice != nil); err != nil {
		return nil, err
	}
	if next.text == m.text && slices.Equal(next.ents, m.ents) && next.photo == m.photo && next.document == m.document && next.clip == m.clip &&
		slices.EqualFunc(next.keyboard, m.keyboard, slices.Equal[[]Button]) && next.preview == m.preview {
		return nil, bad(textNotModified)
	}
	*m = next
	s.showEdit(m)
	return s.wireMessage(m), nil
}

func (s *Server) editMessageText(p *params) (any, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	text, ents, err := p.textOf("MESSAGE_TOO_LONG")
	if err != nil {
		return nil, err
	}
	preview, err := p.previewFor(text, ents)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.editable(p)
	if err != nil {
		return nil, err
	}
	if m.media || m.invoice != nil || m.sticker != "" || m.location != nil {
		return nil, bad("there is no text in the message to edit")
	}
	return s.apply(m, kb, func(n *message) { n.text, n.ents, n.preview = text, ents, preview })
}

func (s *Server) editMessageCaption(p *params) (any, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	text, ents, err := p.captionOf("MEDIA_CAPTION_TOO_LONG")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.editable(p)
	if err != nil {
		return nil, err
	}
	if !m.media {
		return nil, bad("there is no caption in the message to edit")
	}
	return s.apply(m, kb, func(n *message) { n.text, n.ents = text, ents })
}

func (s *Server) editMessageReplyMarkup(p *params) (any, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.editable(p)
	if err != nil {
		return nil, err
	}
	if m.invoice != nil { // not even its buttons (TDLib, can_edit_message_content)
		return nil, bad("message can't be edited")
	}
	return s.apply(m, kb, nil)
}

// editMessageMedia puts another photo or document in the place of one; a text may become
// a photo, a photo never becomes a text again.
func (s *Server) editMessageMedia(p *params) (any, *apiError) {
	kb, err := decodeMarkup(p.str("reply_markup"))
	if err != nil {
		return nil, err
	}
	var in struct {
		Type, Media, Caption string
		ParseMode            string          `json:"parse_mode"`
		Entities             json.RawMessage `json:"caption_entities"`
	}
	if p.str("media") == "" {
		return nil, bad("media is not specified")
	}
	if p.json("media", &in) != nil {
		return nil, bad("can't parse input media JSON object")
	}
	if in.Type != "photo" && in.Type != "document" {
		return nil, bad("can't parse InputMedia: type of the media is not supported by the sandbox")
	}
	sub := &params{ctx: p.ctx, files: p.files, values: map[string]string{
		"caption": in.Caption, "parse_mode": in.ParseMode, "caption_entities": string(in.Entities),
	}}
	text, ents, err := sub.captionOf("MEDIA_CAPTION_TOO_LONG")
	if err != nil {
		return nil, err
	}
	f, err := s.inputFile(sub, in.Type, in.Media, in.Type)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.editable(p)
	if err != nil {
		return nil, err
	}
	if m.invoice != nil {
		return nil, bad("message can't be edited")
	}
	f = s.keep(f, in.Type)
	return s.apply(m, kb, func(n *message) {
		n.text, n.ents, n.media, n.preview, n.photo, n.document, n.clip = text, ents, true, "", nil, nil, nil
		if in.Type == "photo" {
			n.photo = f
		} else {
			n.document = f
		}
	})
}
