package sandbox

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// formatted reads a text parameter with its parse mode or entities and returns it as
// Telegram stores it: trimmed, overlaps resolved, links and commands found.
func (p *params) formatted(textKey, entitiesKey string) (string, []Entity, *apiError) {
	text := cleanInput.Replace(p.str(textKey))
	var ents []Entity
	mode := strings.ToLower(p.str("parse_mode"))
	parse := parseModes[mode]
	switch {
	case parse != nil:
		var err error
		if text, ents, err = parse(text); err != nil {
			return "", nil, bad("%s", err)
		}
	case mode == "" || mode == "none":
		if list := p.str(entitiesKey); list != "" {
			var apiErr *apiError
			if ents, apiErr = decodeEntities(list, text); apiErr != nil {
				return "", nil, apiErr
			}
		}
	default:
		return "", nil, bad("unsupported parse_mode")
	}
	text, ents = fixText(text, ents)
	return text, ents, nil
}

// cleanInput does to control characters what Telegram does before it parses.
var cleanInput = func() *strings.Replacer {
	pairs := []string{"\r", ""}
	for c := range 32 {
		if c != '\n' && c != '\r' {
			pairs = append(pairs, string(rune(c)), " ")
		}
	}
	return strings.NewReplacer(pairs...)
}()

func decodeEntities(list, text string) ([]Entity, *apiError) {
	var in []struct {
		Entity
		User *struct {
			ID int64 `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal([]byte(list), &in); err != nil {
		return nil, bad("can't parse entities JSON object")
	}
	size := utf16Size(text)
	var out []Entity
	for _, e := range in {
		_, known := typeOrder[e.Type]
		if !known {
			continue // mentions, commands and the like are found in the text
		}
		if e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > size {
			return nil, bad("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, size)
		}
		if e.Length == 0 {
			continue
		}
		if e.Type == "text_link" {
			link, err := checkLink(e.URL)
			if err != nil {
				return nil, bad("entity URL '%s' is invalid: %s", e.URL, err)
			}
			e.URL = link
		}
		if e.User != nil {
			e.UserID = e.User.ID
		}
		out = append(out, e.Entity)
	}
	return out, nil
}

// fixText does what Telegram does to every text before it is stored.
func fixText(text string, ents []Entity) (string, []Entity) {
	units := units16(text)
	from, to := 0, len(units)
	for from < to && isBlank(units[from]) {
		from++
	}
	for to > from && isBlank(units[to-1]) {
		to--
	}
	units = units[from:to]
	var kept []Entity
	for _, e := range ents {
		end := min(e.Offset+e.Length-from, len(units))
		e.Offset = max(e.Offset-from, 0)
		if e.Length = end - e.Offset; e.Length > 0 {
			kept = append(kept, e)
		}
	}
	sortEntities(kept)
	kept = findEntities(units, resolve(kept))
	return string(utf16.Decode(units)), kept
}

func isBlank(u uint16) bool { return u == ' ' || u == '\n' || u == '\t' || u == '\r' || u == '\v' }

// resolve drops what cannot stand inside code or another link and joins nested equals.
func resolve(ents []Entity) []Entity {
	var solid, rest []Entity
	for _, e := range ents {
		switch e.Type {
		case "pre", "code", "text_link", "text_mention":
			if !touches(solid, e.Offset, e.Offset+e.Length) {
				solid = append(solid, e)
			}
		}
	}
	ends := map[string]int{} // per type: where the last one kept ends
	index := map[string]int{}
	for _, e := range ents {
		switch e.Type {
		case "pre", "code", "text_link", "text_mention":
			continue
		case "blockquote", "expandable_blockquote":
		default:
			if inCode(solid, e) {
				continue
			}
		}
		end := e.Offset + e.Length
		if last, ok := ends[e.Type]; ok && e.Offset <= last && (e.Offset < last || joins(e.Type)) {
			if end > last {
				rest[index[e.Type]].Length += end - last
				ends[e.Type] = end
			}
			continue
		}
		index[e.Type], ends[e.Type] = len(rest), end
		rest = append(rest, e)
	}
	out := append(solid, rest...)
	sortEntities(out)
	return out
}

// joins says which neighbours of one type become one: styles do, quotes and emoji do not.
func joins(kind string) bool { return typeOrder[kind] >= 90 && typeOrder[kind] <= 94 }

func touches(list []Entity, from, to int) bool {
	for _, e := range list {
		if from < e.Offset+e.Length && e.Offset < to {
			return true
		}
	}
	return false
}

func inCode(solid []Entity, e Entity) bool {
	for _, s := range solid {
		if (s.Type == "pre" || s.Type == "code") && e.Offset >= s.Offset && e.Offset+e.Length <= s.Offset+s.Length {
			return true
		}
	}
	return false
}

// findEntities adds the things Telegram turns into links by itself.
func findEntities(units []uint16, ents []Entity) []Entity {
	text := string(utf16.Decode(units))
	if !strings.ContainsAny(text, "/@#.$") {
		return ents
	}
	solid := make([]Entity, 0, len(ents))
	for _, e := range ents {
		switch e.Type {
		case "pre", "code", "text_link", "text_mention":
			solid = append(solid, e)
		}
	}
	for _, f := range detect(text) {
		e := Entity{Type: f.kind, Offset: utf16Size(text[:f.from]), Length: utf16Size(text[f.from:f.to])}
		if !touches(solid, e.Offset, e.Offset+e.Length) {
			ents, solid = append(ents, e), append(solid, e)
		}
	}
	sortEntities(ents)
	return ents
}

func units16(text string) []uint16 { return utf16.Encode([]rune(text)) }

// utf16Size is the length of s as entities count it.
func utf16Size(s string) int {
	n := 0
	for _, r := range s {
		n += utf16Len(r)
	}
	return n
}

// cut16 returns the part of s an entity covers.
func cut16(s string, offset, length int) string {
	units := utf16.Encode([]rune(s))
	if offset < 0 || offset+length > len(units) {
		return ""
	}
	return string(utf16.Decode(units[offset : offset+length]))
}

// previewOf returns the link Telegram would show a preview of.
func previewOf(text string, ents []Entity) string {
	for _, e := range ents {
		switch e.Type {
		case "text_link":
			return e.URL
		case "url":
			link, err := checkLink(cut16(text, e.Offset, e.Length))
			if err == nil && utf8.ValidString(link) {
				return link
			}
		}
	}
	return ""
}
