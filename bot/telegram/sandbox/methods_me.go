package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// A Command is one line of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot says about itself, per language; "" is for all others.
type profile struct {
	commands map[string][]Command         // by scope key and language, see scopeKey
	texts    map[string]map[string]string // name, description, short_description
}

func (pr *profile) init(name string) {
	pr.commands = map[string][]Command{}
	pr.texts = map[string]map[string]string{"name": {"": name}, "description": {}, "short_description": {}}
}

func (pr *profile) text(which, lang string) string {
	if t := pr.texts[which][lang]; t != "" {
		return t
	}
	return pr.texts[which][""]
}

func (pr *profile) name(lang string) string { return pr.text("name", lang) }

func (s *Server) getMe(*params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.wireUser(s.botID)
	for _, k := range []string{
		"can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics", "can_manage_bots",
		"supports_guest_queries", "supports_join_request_queries",
	} {
		o[k] = false
	}
	o["supports_inline_queries"] = !s.opt.NoInline
	o["can_join_groups"], o["can_read_all_group_messages"] = true, false
	return o, nil
}

// language reads language_code: empty or exactly two letters, though people carry "pt-br".
func (p *params) language() (string, *apiError) {
	lang := p.str("language_code")
	if lang == "" || len(lang) == 2 && strings.Trim(lang, "abcdefghijklmnopqrstuvwxyz") == "" {
		return lang, nil
	}
	return "", bad("invalid language code specified")
}

// scopeKey names a scope: "default", "all_private_chats", "chat:101", "chat_member:-1:101", with ":de" for a language.
func (s *Server) scopeKey(p *params) (string, *apiError) {
	scope := struct {
		Type   string          `json:"type"`
		ChatID json.RawMessage `json:"chat_id"`
		UserID int64           `json:"user_id"`
	}{Type: "default"}
	if p.json("scope", &scope) != nil {
		return "", bad("can't parse BotCommandScope JSON object")
	}
	lang, err := p.language()
	if err != nil {
		return "", err
	}
	key := scope.Type
	switch scope.Type {
	case "default", "all_private_chats", "all_group_chats", "all_chat_administrators":
	case "chat", "chat_administrators", "chat_member":
		c, err := s.findChat(text(scope.ChatID))
		if err != nil {
			return "", err
		}
		key += ":" + itoa(c.id)
		if scope.Type == "chat_member" {
			key += ":" + itoa(scope.UserID)
		}
	default:
		return "", bad("can't parse BotCommandScope: unsupported type specified")
	}
	if lang != "" {
		key += ":" + lang
	}
	return key, nil
}

func decodeCommands(v string) ([]Command, *apiError) {
	if v == "" {
		return nil, nil
	}
	if !json.Valid([]byte(v)) {
		return nil, bad("can't parse commands JSON object")
	}
	list, ok := array(json.RawMessage(v))
	if !ok {
		return nil, bad("expected an Array of BotCommand")
	}
	if len(list) > maxCommands {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	var out []Command
	for _, raw := range list {
		f, ok := object(raw)
		if !ok {
			return nil, bad("can't parse BotCommand: expected an Object")
		}
		c := Command{strings.TrimPrefix(text(f["command"]), "/"), strings.TrimSpace(text(f["description"]))}
		switch {
		case c.Command == "":
			return nil, bad("command must be non-empty")
		case c.Description == "":
			return nil, bad("command description must be non-empty")
		case !validCommand(c.Command):
			return nil, bad("BOT_COMMAND_INVALID")
		case chars(c.Description) > maxCommandText:
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
		out = append(out, c)
	}
	return out, nil
}

func (s *Server) setMyCommands(p *params) (any, *apiError) {
	list, err := decodeCommands(p.str("commands"))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.scopeKey(p)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		delete(s.profile.commands, key)
	} else {
		s.profile.commands[key] = list
	}
	return true, nil
}

func (s *Server) getMyCommands(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.scopeKey(p)
	if err != nil {
		return nil, err
	}
	return append([]Command{}, s.profile.commands[key]...), nil
}

func (s *Server) deleteMyCommands(p *params) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, err := s.scopeKey(p)
	if err != nil {
		return nil, err
	}
	delete(s.profile.commands, key)
	return true, nil
}

// menu returns the commands a person sees in a chat: the narrowest scope that has any,
// and in it the person's language before none. Lock held.
// Source: https://core.telegram.org/bots/api#determining-list-of-commands (read 2026-11).
func (s *Server) menu(person int64, c *chat) []Command {
	lang := ""
	if p := s.people[person]; p != nil && len(p.LanguageCode) >= 2 {
		lang = strings.ToLower(p.LanguageCode[:2])
	}
	scopes := []string{"chat:" + itoa(c.id), "all_private_chats", "default"}
	if !c.private() {
		id := itoa(c.id)
		scopes = []string{
			"chat_member:" + id + ":" + itoa(person), "chat_administrators:" + id, "chat:" + id,
			"all_chat_administrators", "all_group_chats", "default",
		}
	}
	for _, scope := range scopes {
		for _, key := range []string{scope + ":" + lang, scope} {
			if list := s.profile.commands[key]; len(list) > 0 {
				return list
			}
		}
	}
	return []Command{}
}

// textLimits are in characters. Telegram documents the limits; the words of these
// refusals are the simulator's guess in Telegram's manner.
var textLimits = map[string]struct {
	most int
	desc string
}{
	"name":              {maxBotName, "BOT_TITLE_INVALID"},
	"description":       {maxBotDescription, "DESCRIPTION_TOO_LONG"},
	"short_description": {maxBotShort, "ABOUT_TOO_LONG"},
}

func setText(which string) method {
	return func(s *Server, p *params) (any, *apiError) {
		lang, err := p.language()
		if err != nil {
			return nil, err
		}
		v, limit := strings.TrimSpace(p.str(which)), textLimits[which]
		if chars(v) > limit.most || which == "name" && v == "" && lang == "" {
			return nil, bad("%s", limit.desc)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.profile.texts[which][lang] = v
		return true, nil
	}
}

func getText(which string) method {
	return func(s *Server, p *params) (any, *apiError) {
		lang, err := p.language()
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return obj{which: s.profile.text(which, lang)}, nil
	}
}

// Commands returns all command lists the bot has set, by scope: "default", "default:de",
// "all_private_chats", "chat:<id>".
func (s *Server) Commands() map[string][]Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := maps.Clone(s.profile.commands)
	for k, v := range out {
		out[k] = slices.Clone(v)
	}
	return out
}
