package sandbox

import (
	"errors"
	"fmt"
	"slices"
)

// An Upload is a file that a person sends.
type Upload struct {
	Kind    string // photo, document, video, voice, audio, animation, video_note
	Name    string
	Data    []byte
	Caption string
}

// SendFile sends a file, as an answer to a message (0: to none).
func (h *UserClient) SendFile(replyTo int, u Upload) (Message, error) {
	sent, err := h.upload(replyTo, "", u)
	if err != nil {
		return Message{}, err
	}
	return sent[0], nil
}

// SendAlbum sends two to ten files as one message, whose parts reach the bot one by one.
func (h *UserClient) SendAlbum(replyTo int, files ...Upload) ([]Message, error) {
	if err := sameKind(len(files), func(i int) string { return files[i].Kind }); err != nil {
		return nil, err
	}
	h.s.mu.Lock()
	album := fmt.Sprintf("%d", h.s.rng.Int64N(1<<52))
	h.s.mu.Unlock()
	return h.upload(replyTo, album, files...)
}

// sameKind is what an album must be.
func sameKind(n int, kind func(int) string) error {
	if n < 2 || n > maxAlbum {
		return errors.New("an album has 2 to 10 files")
	}
	grouped := []string{"photo", "video", "document", "audio"}
	for i := range n {
		k, first := kind(i), kind(0)
		if !slices.Contains(grouped, k) || k != first && (slices.Contains(grouped[2:], k) || slices.Contains(grouped[2:], first)) {
			return errors.New("documents and audio go only with their like, and voice messages with nothing")
		}
	}
	return nil
}

const maxAlbum = 10

func (h *UserClient) upload(replyTo int, album string, files ...Upload) ([]Message, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	var sent []Message
	for _, u := range files {
		f := &file{name: u.Name, data: u.Data}
		switch {
		case u.Kind == "photo":
			photo, refused := newPhoto(u.Data)
			if refused != nil {
				return nil, refused
			}
			f = photo
		case fileTypes[u.Kind] == "" || len(u.Data) == 0:
			return nil, fmt.Errorf("no file of kind %q with %d bytes", u.Kind, len(u.Data))
		}
		text, ents := fixText(u.Caption, nil)
		m := &message{text: text, ents: ents, media: true, replyTo: replyTo, album: album}
		m.attach(h.s.files.add(f, u.Kind), u.Kind)
		v, err := h.say(m)
		if err != nil {
			return sent, err
		}
		sent = append(sent, v)
	}
	return sent, nil
}

// SendLocation sends a place.
func (h *UserClient) SendLocation(latitude, longitude float64) (Message, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.say(&message{location: &Location{latitude, longitude}})
}

// Delete takes back what this person has sent. No bot is told of it.
func (h *UserClient) Delete(id int) error {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	c, err := h.place()
	if err != nil {
		return err
	}
	m := c.byID[id]
	if m == nil || m.from != h.id {
		return ErrNoMessage
	}
	h.s.remove(m)
	return nil
}

// attach makes f the file of m.
func (m *message) attach(f *file, kind string) {
	m.photo, m.document, m.clip = nil, nil, nil
	switch kind {
	case "photo":
		m.photo = f
	case "document":
		m.document = f
	default:
		if f.kind == "" {
			f.kind = kind
		}
		m.clip = f
	}
}

func sendClip(kind string) method {
	return func(s *Server, p *params) (any, *apiError) { return s.sendMedia(p, kind) }
}

// sendMediaGroup sends several files as one message. Its parts have one album between them.
func (s *Server) sendMediaGroup(p *params) (any, *apiError) {
	var in []struct {
		Type, Media, Caption string
		ParseMode            string `json:"parse_mode"`
	}
	if p.str("media") == "" || p.json("media", &in) != nil {
		return nil, bad("can't parse media JSON object")
	}
	switch {
	case len(in) > maxAlbum:
		return nil, bad("too many messages to send as an album")
	case len(in) < 2:
		return nil, bad("album must contain 2-10 items")
	case p.has("reply_markup"):
		return nil, bad("album can't have a keyboard")
	}
	if err := sameKind(len(in), func(i int) string { return in[i].Type }); err != nil {
		return nil, bad("the album contains incompatible media")
	}
	s.mu.Lock()
	album := fmt.Sprintf("%d", s.rng.Int64N(1<<52))
	s.mu.Unlock()
	var parts []*message
	for _, item := range in {
		sub := &params{ctx: p.ctx, files: p.files, values: map[string]string{"caption": item.Caption, "parse_mode": item.ParseMode}}
		m := &message{from: s.botID, media: true, album: album, protected: p.bool("protect_content")}
		var err *apiError
		if m.text, m.ents, err = sub.captionOf("message caption is too long"); err != nil {
			return nil, err
		}
		f, err := s.inputFile(sub, item.Type, item.Media, item.Type)
		if err != nil {
			return nil, err
		}
		m.attach(f, item.Type)
		parts = append(parts, m)
	}
	var sent []any
	for _, m := range parts { // whatever is refused is refused for the first
		one, err := s.send(p, m)
		if err != nil {
			return nil, err
		}
		sent = append(sent, one)
	}
	return sent, nil
}

// setMessageReaction puts one of the bot's own reactions under a message.
func (s *Server) setMessageReaction(p *params) (any, *apiError) {
	var in []struct{ Type, Emoji string }
	if p.json("reaction", &in) != nil {
		return nil, bad("can't parse reaction types JSON object")
	}
	if len(in) > 1 {
		return nil, bad("REACTIONS_TOO_MANY")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.openChat(p.str("chat_id"))
	if err != nil {
		return nil, err
	}
	m := c.byID[int(p.int("message_id", 0))]
	if m == nil {
		return nil, bad("message to react not found")
	}
	m.reaction = ""
	if len(in) == 1 {
		if in[0].Type != "emoji" || !slices.Contains(reactions, in[0].Emoji) {
			return nil, bad("REACTION_INVALID")
		}
		m.reaction = in[0].Emoji
	}
	c.touch()
	s.tell(c, event{Type: "edit", Chat: c.id, msg: m})
	return true, nil
}

// reactions are some of those that Telegram allows.
var reactions = []string{"👍", "👎", "❤", "🔥", "👀", "👌", "🙏", "✍", "🤝"}
