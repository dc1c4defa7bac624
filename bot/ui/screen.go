package ui

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// A Screen is what should be in front of the customer after an update. A press
// changes the message it came from; everything else gets a new message.
type Screen struct {
	Text    string // HTML; "" with a Toast only: the message stays as it is
	Rows    [][]Button
	Fresh   bool   // a new message even after a press
	Typing  bool   // it asks for words, which a talk with staff would take: so that is said, if one is open
	Toast   string // answers the press; plain text of at most 200 characters
	Alert   bool   // the toast has to be closed by hand
	Bulk    bool   // a text to many: it lets what somebody waits for pass
	Picture *Picture
	Files   []File // sent one by one, the last one under the text
	// ReplyTo is the message of the chat that a new text answers; 0: none.
	ReplyTo int
	// Lead stands before the text of the screen that is followed: a word about how one came there.
	Lead string
	// Below stands above the last row of the screen that is followed, the way back, unless the screen has that button.
	Below   []Button
	Follow  CallbackData      // show the screen of this route instead; not for what After returns
	Invoice *telegram.Invoice // Chat is filled in when it is sent
	// OnSent hears which message it became.
	OnSent func(ctx context.Context, message int)
	// After runs once the screen is shown, in the background: what takes longer
	// than an update may. The screen it returns replaces the shown message; where that shows something else by then, or
	// is gone, it is a message of its own.
	After func(ctx context.Context) (Screen, error)
	// Looks: After only looks something up, or what it returns is told by others too. Whoever went on meanwhile is not told
	// what it found. After may return a Screen that says so.
	Looks bool
	// Quiet: what After returns is news of what is shown. It changes the message while that still shows this screen,
	// and is never sent as a new one; nothing new is an empty Screen.
	Quiet bool
	// Up is where the way back leads when After fails; none: the message then stays as it is.
	Up CallbackData
}

// A Picture is a photo under a caption (the Screen's Text).
type Picture struct {
	PNG  []byte
	Name string
}

// A File is what somebody keeps.
type File struct {
	Name string
	Data []byte
}

// A Button has exactly one of Data, URL, Copy, Pay and Inline.
type Button struct {
	Text string
	Data CallbackData
	URL  string
	Copy string
	Pay  bool
	// Inline asks for a chat and begins an inline query with this text in it.
	Inline string
	style  telegram.Style
}

// AsPurchase is the button in the colour of what takes money.
func (b Button) AsPurchase() Button { b.style = telegram.Success; return b }

// AsDestructive is the button in the colour of what cannot be undone.
func (b Button) AsDestructive() Button { b.style = telegram.Danger; return b }

// AsPrimary is the button in the colour of the one next step. A screen has one at most.
func (b Button) AsPrimary() Button { b.style = telegram.Primary; return b }

// Row is short for one row of buttons.
func Row(b ...Button) []Button { return b }

// NewButton is short for a button with Data.
func NewButton(text string, to CallbackRef) Button { return Button{Text: text, Data: to.Data()} }

// keyboard turns rows into the platform's keyboard. A button that cannot be
// encoded is a fault of ours: it is left out and logged, the rest still works.
func keyboard(log *slog.Logger, rows [][]Button) telegram.Keyboard {
	k := make(telegram.Keyboard, 0, len(rows))
	for _, r := range rows {
		var out []telegram.Button
		for _, b := range r {
			tb := telegram.Button{Text: i18n.Label(b.Text), URL: b.URL, Copy: b.Copy, Pay: b.Pay, Style: b.style}
			if b.Inline != "" {
				tb.SwitchInline = &b.Inline
			}
			if b.Data.Route != "" {
				s, err := b.Data.Encode()
				if err != nil {
					log.Error("button left out", "err", err)
					continue
				}
				tb.Data = s
			}
			out = append(out, tb)
		}
		if len(out) > 0 {
			k = append(k, out)
		}
	}
	return k
}

// A Request is one thing a customer did, with everything a handler may look at.
type Request struct {
	i18n.Printer
	Customer        esim.Customer
	Data            CallbackData // of a press, or of a command as route with its words
	Text            string       // of a message
	CommandText     string       // what stands behind a command, as it was written
	WrittenMessage  int          // the message with Text or the command; 0: a press
	Press           bool
	Message         int    // whose button was pressed; 0: none
	Replaceable     bool   // another screen may take Message's place: it is a text, and no receipt
	UpdateID        int64  // what it came with; 0: it came with none
	CallbackQueryID string // the press itself, the same when its update comes again; "" of anything else
}

// Word is the i-th word behind a command, from 0; "" if there are fewer.
func (r *Request) Word(i int) string {
	if i >= len(r.Data.Args) {
		return ""
	}
	return r.Data.Args[i]
}

// WordAsInt is Word as a number; def if it is none.
func (r *Request) WordAsInt(i, def int) int {
	n, err := strconv.Atoi(r.Word(i))
	if err != nil {
		return def
	}
	return n
}

// Name is how the customer is greeted.
func (r *Request) Name() string { return r.Customer.Name }

// HTML escapes a value for use inside a sentence built from parts.
func (r *Request) HTML(format string, args ...any) i18n.HTML {
	return i18n.HTML(telegram.EscapeHTML(fmt.Sprintf(format, args...)))
}
