package sandbox

import (
	"bytes"
	"encoding/json"
	"strings"
)

// A Button of an inline keyboard. Kind says which of the other fields counts.
type Button struct {
	Text string `json:"text"`
	Kind string `json:"kind"` // callback, url, copy, pay, inline, webapp
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
	Copy string `json:"copy,omitempty"`

	Style string `json:"style,omitempty"` // danger, success, primary; "" is as the app likes

	field string // which of the switch_inline_* fields an "inline" button came in
}

// markup is a decoded reply_markup.
type markup struct {
	inline [][]Button
	reply  bool // a reply keyboard, its removal, or a forced reply: the message cannot be edited
}

// decodeMarkup reads reply_markup in the order Telegram's server does, so that the
// first thing wrong is the one that is reported.
func decodeMarkup(v string) (markup, *apiError) {
	v = strings.TrimSpace(v)
	if v == "" || v == "null" {
		return markup{}, nil
	}
	if !json.Valid([]byte(v)) {
		return markup{}, bad("can't parse reply keyboard markup JSON object")
	}
	fields, ok := object(json.RawMessage(v))
	if !ok {
		return markup{}, bad("object expected as reply markup")
	}
	for _, key := range []string{"keyboard", "inline_keyboard"} {
		raw, has := fields[key]
		if !has {
			continue
		}
		rows, ok := array(raw)
		if !ok {
			return markup{}, bad("field %q must be of type Array", key)
		}
		if key == "keyboard" {
			return markup{reply: true}, checkReplyRows(rows)
		}
		inline, err := decodeRows(rows)
		return markup{inline: inline}, err
	}
	return markup{reply: isTrue(fields["remove_keyboard"]) || isTrue(fields["force_reply"])}, nil
}

func checkReplyRows(rows []json.RawMessage) *apiError {
	for _, row := range rows {
		buttons, ok := array(row)
		if !ok {
			return bad(`field "keyboard" must be an Array of Arrays`)
		}
		for _, b := range buttons {
			fields, isObject := object(b)
			if isString(b) || isObject && isString(fields["text"]) {
				continue
			}
			return bad(`can't parse keyboard button: KeyboardButton must be a String or an Object`)
		}
	}
	return nil
}

func decodeRows(rows []json.RawMessage) ([][]Button, *apiError) {
	var out [][]Button
	total := 0
	for _, row := range rows {
		list, ok := array(row)
		if !ok {
			return nil, bad(`field "inline_keyboard" must be an Array of Arrays`)
		}
		var buttons []Button
		for _, raw := range list {
			b, err := decodeButton(raw)
			if err != nil {
				return nil, err
			}
			// Telegram drops what is too much, and buttons without words, silently.
			if b.Text == "" || len(buttons) >= maxButtonsInRow || total >= maxButtons {
				continue
			}
			buttons = append(buttons, b)
			total++
		}
		if len(buttons) > 0 {
			out = append(out, buttons)
		}
	}
	return out, nil
}

func badButton(why string) *apiError { return bad("can't parse inline keyboard button: %s", why) }

func decodeButton(raw json.RawMessage) (Button, *apiError) {
	f, ok := object(raw)
	if !ok {
		return Button{}, badButton("InlineKeyboardButton must be an Object")
	}
	if _, has := f["text"]; !has {
		return Button{}, badButton(`Can't find field "text"`)
	}
	if !isString(f["text"]) {
		return Button{}, badButton(`Field "text" must be of type String`)
	}
	for _, key := range []string{"url", "callback_data"} {
		if v, has := f[key]; has && !isString(v) && !isNumber(v) && string(v) != "null" {
			return Button{}, badButton(`Field "` + key + `" must be of type String`)
		}
	}
	b := Button{Text: strings.TrimSpace(text(f["text"])), Style: text(f["style"])}
	switch b.Style {
	case "", "danger", "success", "primary":
	default:
		return Button{}, bad("invalid button style specified")
	}
	if v := text(f["url"]); v != "" {
		link, err := checkLink(v)
		if err != nil {
			return b, bad("inline keyboard button URL '%s' is invalid: %s", v, err)
		}
		b.Kind, b.URL = "url", link
		return b, nil
	}
	if v := text(f["callback_data"]); v != "" {
		if len(v) > maxCallbackData {
			return b, bad("BUTTON_DATA_INVALID")
		}
		b.Kind, b.Data = "callback", v
		return b, nil
	}
	if isTrue(f["pay"]) {
		b.Kind = "pay"
		return b, nil
	}
	return decodeRareButton(b, f)
}

func decodeRareButton(b Button, f map[string]json.RawMessage) (Button, *apiError) {
	for _, key := range []string{"switch_inline_query", "switch_inline_query_current_chat"} {
		if isString(f[key]) {
			b.Kind, b.Data, b.field = "inline", text(f[key]), key
			return b, nil
		}
	}
	if v, has := f["web_app"]; has {
		app, ok := object(v)
		if !ok || !isString(app["url"]) {
			return b, badButton(`Field "web_app" must be of type Object`)
		}
		link, err := checkLink(text(app["url"]))
		if err == nil && !strings.HasPrefix(link, "https://") {
			return b, bad("inline keyboard button Web App URL '%s' is invalid: Only HTTPS links are allowed", text(app["url"]))
		}
		if err != nil {
			return b, bad("inline keyboard button Web App URL '%s' is invalid: %s", text(app["url"]), err)
		}
		b.Kind, b.URL = "webapp", link
		return b, nil
	}
	if v, has := f["copy_text"]; has {
		c, ok := object(v)
		if !ok || !isString(c["text"]) {
			return b, badButton(`Field "copy_text" must be of type Object`)
		}
		b.Kind, b.Copy = "copy", text(c["text"])
		if n := chars(b.Copy); n < 1 || n > maxCopyText {
			return b, bad("BUTTON_COPY_TEXT_INVALID")
		}
		return b, nil
	}
	return b, badButton("Text buttons are unallowed in the inline keyboard")
}

// checkPlaces refuses pay buttons where Telegram does not let them stand.
func checkPlaces(rows [][]Button, invoice bool) *apiError {
	for y, row := range rows {
		for x, b := range row {
			if b.Kind != "pay" {
				continue
			}
			if !invoice {
				return bad("BUTTON_TYPE_INVALID")
			}
			if x > 0 || y > 0 {
				return bad("BUTTON_POS_INVALID")
			}
		}
	}
	if invoice && len(rows) > 0 && rows[0][0].Kind != "pay" {
		return bad("REPLY_MARKUP_BUY_EMPTY")
	}
	return nil
}

// wire is the button as the Bot API writes it.
func (b Button) wire() obj {
	o := obj{"text": b.Text}
	if b.Style != "" {
		o["style"] = b.Style
	}
	switch b.Kind {
	case "url":
		o["url"] = b.URL
	case "callback":
		o["callback_data"] = b.Data
	case "pay":
		o["pay"] = true
	case "copy":
		o["copy_text"] = obj{"text": b.Copy}
	case "webapp":
		o["web_app"] = obj{"url": b.URL}
	case "inline":
		o[b.field] = b.Data
	}
	return o
}

func wireKeyboard(rows [][]Button) obj {
	out := make([][]obj, len(rows))
	for i, row := range rows {
		for _, b := range row {
			out[i] = append(out[i], b.wire())
		}
	}
	return obj{"inline_keyboard": out}
}

func object(raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	err := json.Unmarshal(raw, &m)
	return m, err == nil && m != nil
}

func array(raw json.RawMessage) ([]json.RawMessage, bool) {
	var a []json.RawMessage
	err := json.Unmarshal(raw, &a)
	return a, err == nil && a != nil
}

func first(raw json.RawMessage) byte {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 {
		return raw[0]
	}
	return 0
}

func isString(raw json.RawMessage) bool { return first(raw) == '"' }
func isNumber(raw json.RawMessage) bool { c := first(raw); return c == '-' || isDigit(c) }
func isTrue(raw json.RawMessage) bool   { return string(bytes.TrimSpace(raw)) == "true" }

func text(raw json.RawMessage) string {
	var s string
	if isString(raw) && json.Unmarshal(raw, &s) == nil {
		return s
	}
	if isNumber(raw) {
		return string(bytes.TrimSpace(raw))
	}
	return ""
}
