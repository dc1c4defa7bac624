package staff

import (
	"context"
	"errors"
	"strconv"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// castsShown of those that were begun.
const castsShown = 5

// What a castRef does with a broadcast.
const (
	castShow   = "show"
	castMe     = "me" // sends it to who presses, alone
	castSend   = "send"
	castPause  = "pause"
	castResume = "resume"
	castStop   = "stop"
)

// broadcasts are what staff write to many.
type broadcasts struct {
	scopes
	home    *home
	store   esim.BroadcastDraftStore
	people  OrderStore
	members esim.StaffMemberStore
	// write sends one to a customer.
	write func(ctx context.Context, c esim.Customer, b esim.Broadcast) error
	now   func() time.Time
}

// command lists what was sent, or shows what is about to be.
func (f *broadcasts) command(ctx context.Context, r *request) (ui.Screen, error) {
	if r.given.text == "" {
		return f.list(ctx, r)
	}
	b, err := f.parse(r.given.text)
	var wrong wrongCast
	if errors.As(err, &wrong) {
		words := r.T(wrong.key, i18n.Args{"words": ui.Truncate(wrong.words, 64), "most": r.Number(longestMessage)})
		return ui.Screen{Text: words + "\n\n" + r.T("staff.cast_usage", nil)}, nil
	}
	b.Who, b.Made = r.who, f.now()
	if b.ID, err = f.store.AddBroadcast(ctx, b); err != nil {
		return ui.Screen{}, err
	}
	return f.draft(ctx, r, b)
}

// draft shows what is about to be sent, to whom and for how long.
func (f *broadcasts) draft(ctx context.Context, r *request, b esim.Broadcast) (ui.Screen, error) {
	size, err := f.store.SegmentSize(ctx, b.Segment, f.now())
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.ask_cast", i18n.Args{"segment": i18n.HTML(f.segment(r.Request, b.Segment))})}
	lines = append(lines, r.T("staff.cast_size", i18n.Args{"people": r.Number(int64(size.People)), "takes": r.TimeLeft(size.SendingTime())}))
	if size.Off+size.Unreachable+size.Blocked > 0 {
		lines = append(lines, r.T("staff.cast_left_out", i18n.Args{
			"off": r.Number(int64(size.Off)), "unreachable": r.Number(int64(size.Unreachable)), "blocked": r.Number(int64(size.Blocked)),
		}))
	}
	lines = append(lines, "", f.words(r.Request, b))
	me := ui.NewButton(r.Plain("staff.btn_cast_me", nil), castRef{castMe, b.ID})
	if size.People == 0 {
		return ui.Screen{Text: ui.Clip(lines), Rows: [][]ui.Button{{me}}}, nil
	}
	return ui.Screen{Text: ui.Clip(lines), Rows: [][]ui.Button{
		{me}, {
			ui.NewButton(r.Plain("staff.btn_cast_send", i18n.Args{"people": r.Number(int64(size.People))}), castRef{castSend, b.ID}),
			ui.NewButton(r.Plain("staff.btn_no", nil), noRef{}),
		},
	}}, nil
}

// pressed does what a button of a broadcast says.
func (f *broadcasts) pressed(ctx context.Context, r *request, ref castRef) (ui.Screen, error) {
	b, err := f.store.Broadcast(ctx, ref.Broadcast)
	if err != nil {
		return ui.Screen{}, err
	}
	var to esim.BroadcastState
	switch ref.Do {
	case castShow:
		screen, err := f.card(ctx, r.Request, b)
		screen.Fresh = true
		return screen, err
	case castMe:
		return f.toSelf(ctx, r, b)
	case castSend:
		return f.send(ctx, r, b)
	case castPause:
		to = esim.BroadcastPaused
	case castResume:
		to = esim.BroadcastSending
	case castStop:
		to = esim.BroadcastStopped
	}
	if b.State != to {
		err = f.store.MoveBroadcast(ctx, b.ID, b.State, to, f.entry(r, b, "broadcast_"+ref.Do))
	}
	if err != nil && !errors.Is(err, esim.ErrConflict) {
		return ui.Screen{}, err
	}
	if b, err = f.store.Broadcast(ctx, b.ID); err != nil {
		return ui.Screen{}, err
	}
	return f.card(ctx, r.Request, b)
}

// entry is the line of the audit log for what r does with a broadcast.
func (f *broadcasts) entry(r *request, b esim.Broadcast, what string) esim.AuditEntry {
	entry := r.auditEntry(what, f.now())
	entry.Why = "#" + strconv.FormatInt(int64(b.ID), 10)
	return entry
}

// send begins to send a draft, once.
func (f *broadcasts) send(ctx context.Context, r *request, b esim.Broadcast) (ui.Screen, error) {
	b.Chat, b.Message = f.home.chat(), r.message
	entry := f.entry(r, b, "broadcast")
	entry.Why += " " + b.Segment.Text()
	err := f.store.BeginBroadcast(ctx, b, entry)
	if err != nil && !errors.Is(err, esim.ErrConflict) {
		return ui.Screen{}, err
	}
	r.done = r.done || err == nil
	if b, err = f.store.Broadcast(ctx, b.ID); err != nil {
		return ui.Screen{}, err
	}
	return f.card(ctx, r.Request, b)
}

// stake is of a broadcast: it takes two, whatever the limit.
func (f *broadcasts) stake(ctx context.Context, _ *request, ref castRef) (esim.SensitiveAction, error) {
	if ref.Do != castSend {
		return esim.SensitiveAction{}, nil
	}
	b, err := f.store.Broadcast(ctx, ref.Broadcast)
	if err != nil || b.State != esim.BroadcastDraft {
		return esim.SensitiveAction{}, err
	}
	return esim.SensitiveAction{What: "broadcast", Always: true}, nil
}

// toSelf sends a broadcast to who pressed, as customers get it, in each of its languages.
func (f *broadcasts) toSelf(ctx context.Context, r *request, b esim.Broadcast) (ui.Screen, error) {
	c, err := f.people.Customer(ctx, r.who)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	if errors.Is(err, esim.ErrNotFound) || c.Unreachable {
		return alert(r, "staff.toast_cast_start", nil), nil
	}
	languages := b.Languages()
	if len(languages) == 0 {
		languages = []string{c.Language}
	}
	for _, c.Language = range languages {
		err := f.write(ctx, c, b)
		switch {
		case telegram.Unreachable(err):
			return alert(r, "staff.toast_cast_start", nil), nil
		case err != nil:
			return ui.Screen{}, err
		}
	}
	return alert(r, "staff.toast_cast_sent", nil), nil
}

// progress shows how far a broadcast is, where it was begun.
func (f *broadcasts) progress(ctx context.Context, b esim.Broadcast) error {
	if !f.home.is(b.Chat) || b.Message == 0 { // the group became another: its old messages cannot be changed
		return nil
	}
	b, err := f.store.Broadcast(ctx, b.ID) // it may have been paused meanwhile
	if err != nil {
		return err
	}
	screen, err := f.card(ctx, &ui.Request{Printer: f.home.printer(ctx)}, b)
	if err != nil {
		return err
	}
	return f.home.screens.Retext(ctx, screen, ui.ScreenTarget{Chat: b.Chat, Message: b.Message})
}

// list is the newest broadcasts, and how to make one.
func (f *broadcasts) list(ctx context.Context, r *request) (ui.Screen, error) {
	all, err := f.store.Broadcasts(ctx, castsShown)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.casts_head", nil)}
	var buttons []ui.Button
	for _, b := range all {
		tally, err := f.store.RecipientCounts(ctx, b.ID)
		if err != nil {
			return ui.Screen{}, err
		}
		lines = append(lines, r.T("staff.cast_line", i18n.Args{
			"n": int64(b.ID), "state": r.Plain("staff.cast_is_"+string(b.State), nil), "time": r.Moment(b.Begun),
			"over": r.Number(int64(tally.Finished())), "people": r.Number(int64(tally.Total())), "text": ui.Truncate(oneLineOf(b.TextFor("")), 60),
		}))
		buttons = append(buttons, ui.NewButton("#"+strconv.FormatInt(int64(b.ID), 10), castRef{castShow, b.ID}))
	}
	screen := ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.cast_usage", nil)))}
	if len(buttons) > 0 {
		screen.Rows = [][]ui.Button{buttons}
	}
	return screen, nil
}

// castRef does something with a broadcast.
type castRef struct {
	Do        string
	Broadcast esim.BroadcastID
}

func (p castRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeCast, p.Do, int64(p.Broadcast))
}

func parseCastRef(d ui.CallbackData) (castRef, error) {
	a := d.Read(routeCast)
	p := castRef{a.Text(), esim.BroadcastID(a.Int64(0))}
	if err := a.Err(); err != nil {
		return p, err
	}
	switch p.Do {
	case castShow, castMe, castSend, castPause, castResume, castStop:
		return p, nil
	}
	return p, ui.ErrBadData
}
