package support

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"esimbot/bot/customer/money"
	"esimbot/bot/customer/refs"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// The commands that lead to staff; what stands behind them is said to them.
const (
	commandSupport    = "support"
	commandPaySupport = "paysupport"
)

// AsksStaff reports whether a command leads to staff.
func AsksStaff(command string) bool { return command == commandSupport || command == commandPaySupport }

func (f *Flow) Register(t *ui.Router) {
	t.Command("terms", true, f.terms)
	t.Command("privacy", true, f.privacy)
	t.Command(commandPaySupport, true, f.command)
	t.Command(commandSupport, false, f.command)
	t.Route(refs.RouteAsk, func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		return f.person(ctx, r, refs.SupportSubject{})
	})
	t.Route(refs.RoutePerson, ui.HandleWith(refs.ParseSupportSubject, f.person))
	t.Route(refs.RouteEndThread, ui.HandleWith(refs.ParseThread, f.end))
}

//i18n:use support.*

// privacy says what is kept of somebody.
func (f *Flow) privacy(_ context.Context, r *ui.Request) (ui.Screen, error) {
	text := r.T("support.privacy", nil)
	if len(f.own.Privacy) > 0 {
		text = string(f.own.Privacy.In(r.Lang(), nil))
	}
	return ui.Screen{Text: text, Rows: ui.MenuRow(r)}, nil
}

// terms are the shop's, with what it takes and how that comes back.
func (f *Flow) terms(_ context.Context, r *ui.Request) (ui.Screen, error) {
	if len(f.own.Terms) > 0 {
		return ui.Screen{Text: string(f.own.Terms.In(r.Lang(), nil)), Rows: ui.MenuRow(r)}, nil
	}
	back, err := money.RefundSentences(r, f.checkout)
	text := r.T("support.terms", i18n.Args{"back": back})
	if f.contracts.Days > 0 {
		text += "\n\n" + r.T("support.terms_withdraw", i18n.Args{"days": r.Days(f.contracts.Days), "button": r.Plain("withdraw.btn", nil)})
	}
	return ui.Screen{Text: text + "\n\n" + r.T("support.terms_limits", nil), Rows: ui.MenuRow(r)}, err
}

// AsksPerson reports whether a button of the screen takes a message along to a person.
func AsksPerson(s ui.Screen, message int) bool {
	for _, row := range s.Rows {
		for _, b := range row {
			if ref, err := refs.ParseSupportSubject(b.Data); err == nil && ref.Message == message {
				return true
			}
		}
	}
	return false
}

// command asks for the question, or takes what stands behind the command to staff.
func (f *Flow) command(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	s, err := f.person(ctx, r, refs.SupportSubject{})
	if r.Data.Route == commandPaySupport && len(f.own.PaySupport) > 0 {
		s.Text = string(f.own.PaySupport.In(r.Lang(), nil)) + "\n\n" + s.Text
	}
	words := strings.TrimSpace(r.CommandText)
	if err != nil || words == "" || !f.helpDesk.HasGroup() {
		return s, err
	}
	said := esim.ThreadMessage{Customer: r.Customer.ID, Chat: r.Customer.Chat, Message: r.WrittenMessage, Text: words}
	screen, _, err := f.say(ctx, r, said)
	return screen, err
}

// person opens a thread, and says that what is written now goes to staff.
func (f *Flow) person(ctx context.Context, r *ui.Request, ref refs.SupportSubject) (ui.Screen, error) {
	if !f.helpDesk.HasGroup() {
		return ui.Screen{Text: r.T("support.unstaffed", nil), Rows: ui.MenuRow(r)}, nil
	}
	t, err := f.support.Begin(ctx, esim.SupportThread{Customer: r.Customer.ID, ESIM: ref.ESIM, Findings: ref.Findings}, ref.Message)
	if err != nil {
		return ui.Screen{}, err
	}
	key := "support.open"
	if t.HasContent {
		key = "support.open_said"
	}
	return ui.Screen{Text: r.T(key, nil), Rows: threadRows(r, t.ID)}, nil
}

// threadRows are under whatever speaks of an open thread.
func threadRows(r *ui.Request, id esim.ThreadID) [][]ui.Button {
	return [][]ui.Button{
		{ui.NewButton(r.Plain("support.btn_end", nil), refs.Thread{Thread: id})},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}
}

// end closes the open thread of a customer. The button may be of an older one, which somebody closed long ago:
// it says that the talk ends, and there is one at most.
func (f *Flow) end(ctx context.Context, r *ui.Request, ref refs.Thread) (ui.Screen, error) {
	t, err := f.support.Store.Thread(ctx, ref.Thread)
	if err != nil {
		return ui.Screen{}, err
	}
	if t.Customer != r.Customer.ID {
		return ui.Screen{}, esim.ErrNotFound
	}
	switch open, err := f.support.Store.OpenThreadOf(ctx, r.Customer.ID); {
	case err == nil:
		t = open
	case !errors.Is(err, esim.ErrNotFound):
		return ui.Screen{}, fmt.Errorf("the open thread: %w", err)
	}
	if err := f.support.Close(ctx, t, esim.EndByCustomer); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Fresh: ref.Stays, Text: r.T("support.ended", nil), Rows: [][]ui.Button{
		{refs.AskAboutButton(r, refs.SupportSubject{ESIM: t.ESIM})},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}, nil
}

// Takes brings what a customer wrote or sent to staff, if a thread of theirs is open; false if none is.
func (f *Flow) Takes(ctx context.Context, r *ui.Request, m *telegram.Message) (ui.Screen, bool, error) {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok {
		return ui.Screen{}, false, nil
	}
	said.Customer = r.Customer.ID
	if m.ReplyTo != nil {
		answered, err := f.support.Store.ThreadMessageAt(ctx, m.Chat.ID, m.ReplyTo.ID)
		switch {
		case err == nil && answered.FromStaff:
			said.ReplyTo = answered.Message
		case err == nil && answered.CopyChat != 0:
			said.ReplyTo = answered.Copy
		case err != nil && !errors.Is(err, esim.ErrNotFound):
			return ui.Screen{}, false, fmt.Errorf("what a message answers: %w", err)
		}
	}
	return f.say(ctx, r, said)
}

// saidAgain is how long the word that something reached staff stands for what follows it.
const saidAgain = 15 * time.Minute

// say adds to the open thread; false if none is open.
func (f *Flow) say(ctx context.Context, r *ui.Request, m esim.ThreadMessage) (ui.Screen, bool, error) {
	before, err := f.support.Say(ctx, m)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return ui.Screen{}, false, nil
	case errors.Is(err, esim.ErrThreadFull):
		return ui.Screen{Text: r.T("support.full", nil), Rows: threadRows(r, before.ID)}, true, nil
	case err != nil:
		return ui.Screen{}, false, err
	}
	if b, place, ok := f.places.Offer(r); ok { // staff got it, and the place is a press away
		rows := append([][]ui.Button{ui.Row(b)}, threadRows(r, before.ID)...)
		return ui.Screen{Text: r.T("support.said_place", i18n.Args{"place": place}), Rows: rows}, true, nil
	}
	if before.HasContent && f.now().Sub(before.LastSpoken) < saidAgain { // they know how it goes
		if !before.Answered {
			return ui.Screen{}, true, nil
		}
		end := ui.NewButton(r.Plain("support.btn_end", nil), refs.Thread{Thread: before.ID})
		return ui.Screen{Text: r.T("support.said_on", nil), Rows: [][]ui.Button{{end}}}, true, nil
	}
	return ui.Screen{Text: r.T("support.said", nil), Rows: threadRows(r, before.ID)}, true, nil
}

// Hold keeps what was written outside of a thread, where the screen that answers it offers a person.
func (f *Flow) Hold(ctx context.Context, r *ui.Request, m *telegram.Message) error {
	said, ok := ui.ThreadMessageFrom(m)
	if !ok {
		return nil
	}
	said.Customer = r.Customer.ID
	if err := f.support.Store.HoldMessage(ctx, said); err != nil {
		return fmt.Errorf("hold what was written: %w", err)
	}
	return nil
}

// HoldsAlbumOf reports whether a message is a further part of an album of which a part is held already.
func (f *Flow) HoldsAlbumOf(ctx context.Context, m *telegram.Message) (bool, error) {
	if m.Album == "" {
		return false, nil
	}
	before, err := f.support.Store.ThreadMessageAt(ctx, m.Chat.ID, m.ID-1)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("the album of a message: %w", err)
	}
	return before.Album == m.Album && before.Thread == 0, nil
}

// Media answers a picture or a file that comes out of the blue.
func (f *Flow) Media(r *ui.Request) ui.Screen {
	return ui.Screen{Text: r.T("support.media", nil), Rows: [][]ui.Button{
		{refs.AskButton(r)},
		{ui.NewButton(r.Plain("menu.btn_menu", nil), ui.RouteMenu)},
	}}
}

// Talking reports whether what a customer types goes to staff.
func (f *Flow) Talking(ctx context.Context, r *ui.Request) (bool, error) {
	_, err := f.support.Store.OpenThreadOf(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// SaysWhereWordsGo has a screen that asks for words say that staff get them, while a thread is open, and end
// it in one press.
func (f *Flow) SaysWhereWordsGo(h ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		s, err := h(ctx, r)
		if err != nil || !s.Typing {
			return s, err
		}
		t, err := f.support.Store.OpenThreadOf(ctx, r.Customer.ID)
		if errors.Is(err, esim.ErrNotFound) {
			return s, nil
		}
		if err != nil {
			return ui.Screen{}, err
		}
		s.Text = r.T("support.open_line", nil) + "\n\n" + s.Text
		s.Rows = append([][]ui.Button{ui.Row(ui.NewButton(r.Plain("support.btn_end", nil), refs.Thread{Thread: t.ID}))}, s.Rows...)
		return s, nil
	}
}
