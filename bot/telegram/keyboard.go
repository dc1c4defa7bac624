package telegram

import (
	"encoding/json"
	"unicode/utf8"
)

// A Button has a text and exactly one action.
type Button struct {
	Text string

	Data         string  // comes back in a Callback; 1-64 bytes
	URL          string  // opened by the app
	Copy         string  // put into the clipboard; 1-256 characters
	Pay          bool    // pays the invoice; only first under an Invoice
	Style        Style   // its colour; apps from before February 2026 show the plain button
	SwitchInline *string // asks for a chat and begins an inline query with this text, which may be empty
}

// Style is the colour of a button.
//
// Source: https://core.telegram.org/bots/api#inlinekeyboardbutton (style)
type Style string

// The styles that Telegram knows; anything else is refused with the whole message.
const (
	Plain   Style = ""        // as the app likes
	Primary Style = "primary" // blue: the main thing to do
	Success Style = "success" // green
	Danger  Style = "danger"  // red: takes something away
)

// A Keyboard is the rows of buttons under a message. Empty rows are left out.
type Keyboard [][]Button

// Limits of a keyboard. Telegram drops buttons past 12 in a row and 300 in all without
// a word, and apps show no more than 8 well.
const (
	MaxButtonsInRow = 8
	MaxButtons      = 60
	MaxData         = 64  // bytes of Button.Data
	MaxCopy         = 256 // characters of Button.Copy
)

// wireButton is our own encoding: the library's type of 2021 has no copy_text.
type wireButton struct {
	Text         string    `json:"text"`
	Data         string    `json:"callback_data,omitempty"`
	URL          string    `json:"url,omitempty"`
	Copy         *wireCopy `json:"copy_text,omitempty"`
	Pay          bool      `json:"pay,omitempty"`
	SwitchInline *string   `json:"switch_inline_query,omitempty"`
	Style        Style     `json:"style,omitempty"`
}

type wireCopy struct {
	Text string `json:"text"`
}

type wireKeyboard struct {
	Rows [][]wireButton `json:"inline_keyboard"`
}

// encode returns the JSON of the keyboard, which is never null: no buttons make an
// empty array.
func (k Keyboard) encode(method string) (string, error) {
	total := 0
	for _, row := range k {
		total += len(row)
	}
	if total > MaxButtons {
		return "", invalid(method, "%d buttons, at most %d", total, MaxButtons)
	}
	out := wireKeyboard{Rows: make([][]wireButton, 0, len(k))}
	buttons := make([]wireButton, 0, total) // one piece of memory for all rows
	for _, row := range k {
		if len(row) > MaxButtonsInRow {
			return "", invalid(method, "%d buttons in a row, at most %d", len(row), MaxButtonsInRow)
		}
		if len(row) == 0 {
			continue
		}
		start := len(buttons)
		for _, b := range row {
			w, err := b.wire(method)
			if err != nil {
				return "", err
			}
			buttons = append(buttons, w)
		}
		out.Rows = append(out.Rows, buttons[start:len(buttons):len(buttons)])
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func (b Button) wire(method string) (wireButton, error) {
	actions := 0
	for _, has := range [...]bool{b.Data != "", b.URL != "", b.Copy != "", b.Pay, b.SwitchInline != nil} {
		if has {
			actions++
		}
	}
	switch {
	case b.Text == "":
		return wireButton{}, invalid(method, "a button without text")
	case actions != 1:
		return wireButton{}, invalid(method, "button %q has %d actions, not one", b.Text, actions)
	case len(b.Data) > MaxData:
		return wireButton{}, invalid(method, "button %q has %d bytes of data, at most %d", b.Text, len(b.Data), MaxData)
	case b.Style != Plain && b.Style != Primary && b.Style != Success && b.Style != Danger:
		return wireButton{}, invalid(method, "button %q has the unknown style %q", b.Text, b.Style)
	case utf8.RuneCountInString(b.Copy) > MaxCopy:
		// The text itself may be an activation code.
		return wireButton{}, invalid(method, "button %q copies more than %d characters", b.Text, MaxCopy)
	}
	w := wireButton{Text: b.Text, Data: b.Data, URL: b.URL, Pay: b.Pay, SwitchInline: b.SwitchInline, Style: b.Style}
	if b.Copy != "" {
		w.Copy = &wireCopy{Text: b.Copy}
	}
	return w, nil
}
