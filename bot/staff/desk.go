package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strings"
	"sync"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	// settingAnswers are the answers that are written down for all: their texts by their names, as JSON.
	settingAnswers = "staff_answers"
	mostAnswers    = 30
	longestName    = 24
	longestAnswer  = 1000
)

// AuditedSettings are values that staff change.
type AuditedSettings interface {
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	// ChangeSetting keeps a value under a key with the audit entry, both or neither.
	ChangeSetting(ctx context.Context, key, value string, entry esim.AuditEntry) error
}

// desk is who of the staff looks after whom, and the answers that nobody has to write again.
type desk struct {
	*threads
	settings AuditedSettings
	members  *members
	writing  *sync.Mutex // held while the answers change
}

// standing is where a thread stands, for its head card: how long the customer waits, who looks after it, and what can be done.
func (f *threads) standing(ctx context.Context, r *ui.Request, t esim.SupportThread) (lines []string, rows [][]ui.Button, err error) {
	if t.Taken != 0 {
		m, err := f.staff.StaffMember(ctx, t.Taken)
		if err != nil && !errors.Is(err, esim.ErrNotFound) {
			return nil, nil, fmt.Errorf("who looks after it: %w", err)
		}
		lines = append(lines, r.T("staff.thread_taken", i18n.Args{"who": cutName(m.Name)}))
	}
	if !t.Open() {
		reopen := ui.NewButton(r.Plain("staff.btn_thread_reopen", nil), deskRef{routeReopenThread, t.ID})
		return append(lines, f.closed(r, t)), [][]ui.Button{{reopen}}, nil
	}
	since, err := f.store.ThreadWaitsSince(ctx, t.ID)
	if err != nil {
		return nil, nil, err
	}
	if !since.IsZero() {
		lines = append(lines, r.T("staff.thread_waits", i18n.Args{"time": whenAfter(r, since, f.now())}))
	}
	how := "staff.notice_thread"
	if own, err := f.store.CustomerTopic(ctx, t.Customer, f.home.chat()); err != nil {
		return nil, nil, err
	} else if own != 0 {
		how = "staff.notice_thread_topic"
	}
	lines = append(lines, r.T(how, nil))
	first := ui.Row(ui.NewButton(r.Plain("staff.btn_thread_answers", nil), deskRef{routeAnswers, t.ID}))
	if t.Taken == 0 {
		first = append(ui.Row(ui.NewButton(r.Plain("staff.btn_thread_take", nil), deskRef{routeTakeThread, t.ID})), first...)
	}
	return lines, [][]ui.Button{first, {ui.NewButton(r.Plain("staff.btn_thread_close", nil), threadRef{t.ID})}}, nil
}

// take notes that who pressed looks after a thread.
func (f *desk) take(ctx context.Context, r *request, ref deskRef) (ui.Screen, error) {
	err := f.store.TakeThread(ctx, ref.Thread, r.who)
	if err != nil && !errors.Is(err, esim.ErrConflict) {
		return ui.Screen{}, err
	}
	return f.again(ctx, ref.Thread)
}

// reopen opens a thread again, so that what the customer writes next goes into it.
func (f *desk) reopen(ctx context.Context, r *request, ref deskRef) (ui.Screen, error) {
	err := f.store.ReopenThread(ctx, ref.Thread)
	if errors.Is(err, esim.ErrConflict) {
		t, err := f.store.Thread(ctx, ref.Thread)
		if err != nil || !t.Open() {
			return alert(r, "staff.toast_thread_other", nil), err
		}
	} else if err != nil {
		return ui.Screen{}, err
	} else if t, err := f.store.Thread(ctx, ref.Thread); err == nil {
		f.home.topics.setClosed(ctx, t.Customer, false)
	}
	return f.again(ctx, ref.Thread)
}

// again is a thread's head card as it is now.
func (f *desk) again(ctx context.Context, id esim.ThreadID) (ui.Screen, error) {
	t, err := f.store.Thread(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	return f.card(ctx, t)
}

// known are the answers that are written down.
func (f *desk) known(ctx context.Context) (map[string]string, error) {
	all := map[string]string{}
	text, err := f.settings.Setting(ctx, settingAnswers)
	if errors.Is(err, esim.ErrNotFound) || err == nil && text == "" {
		return all, nil
	}
	if err != nil {
		return nil, fmt.Errorf("answers of the staff: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("answers of the staff: %w", err)
	}
	return all, nil
}

// answers lists the answers, or writes one down: its name, and its text behind that; "-" takes it away.
func (f *desk) answers(ctx context.Context, r *request) (ui.Screen, error) {
	f.writing.Lock()
	defer f.writing.Unlock()
	all, err := f.known(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	name, text := nameAnd(r.given.text)
	switch {
	case text == "":
		lines := []string{r.T("staff.answers_head", nil)}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			lines = append(lines, string(r.HTML("• %s — %s", name, ui.Truncate(oneLineOf(all[name]), 120))))
		}
		return ui.Screen{Text: ui.Clip(append(lines, "", r.T("staff.answers_usage", nil)))}, nil
	case !r.role.May(esim.MayMessage):
		return ui.Screen{Text: string(refused(r, esim.MayMessage))}, nil
	case text == "-" && all[name] == "":
		return ui.Screen{Text: r.T("staff.answer_none", i18n.Args{"name": ui.Truncate(name, longestName)})}, nil
	case text == "-":
		delete(all, name)
	case unknownBlank(text) != "":
		return ui.Screen{Text: blankUnknown(r, text)}, nil
	case len(all) >= mostAnswers && all[name] == "", len([]rune(name)) > longestName, len([]rune(text)) > longestAnswer:
		return ui.Screen{Text: r.T("staff.answers_limit", i18n.Args{"answers": mostAnswers, "name": longestName, "text": r.Number(longestAnswer)})}, nil
	default:
		all[name] = text
	}
	written, err := json.Marshal(all)
	if err != nil {
		return ui.Screen{}, err
	}
	entry := r.auditEntry("answers", f.now())
	entry.Why = name + " → " + text
	if err := f.settings.ChangeSetting(ctx, settingAnswers, string(written), entry); err != nil {
		return ui.Screen{}, err
	}
	if text == "-" {
		return ui.Screen{Text: r.T("staff.answer_gone", i18n.Args{"name": name})}, nil
	}
	return ui.Screen{Text: r.T("staff.answer_kept", i18n.Args{"name": name})}, nil
}

// nameAnd is the first word of a text, in small letters, and the rest.
func nameAnd(text string) (first, others string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", ""
	}
	return strings.ToLower(words[0]), rest(text, 1)
}

// choose offers the answers for a thread.
func (f *desk) choose(ctx context.Context, r *request, ref deskRef) (ui.Screen, error) {
	t, err := f.store.Thread(ctx, ref.Thread)
	if err != nil {
		return ui.Screen{}, err
	}
	all, err := f.known(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	if len(all) == 0 {
		return ui.Screen{Fresh: true, Text: r.T("staff.answers_head", nil) + "\n\n" + r.T("staff.answers_usage", nil)}, nil
	}
	name, err := customerOf(ctx, f.orders, r.Request, t.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	lines := []string{r.T("staff.answers_pick", i18n.Args{"name": name})}
	var buttons []ui.Button
	for _, name := range slices.Sorted(maps.Keys(all)) {
		lines = append(lines, string(r.HTML("• %s — %s", name, ui.Truncate(oneLineOf(all[name]), 120))))
		buttons = append(buttons, ui.NewButton(name, answerRef{t.ID, crc32.ChecksumIEEE([]byte(name))}))
	}
	rows := slices.Collect(slices.Chunk(buttons, 2))
	return ui.Screen{Fresh: true, Text: ui.Clip(lines), Rows: append(rows, ui.Row(ui.NewButton(r.Plain("staff.btn_no", nil), noRef{})))}, nil
}

// chosen sends the answer of a button, once however often it is pressed: it is known by the message it stands below.
func (f *desk) chosen(ctx context.Context, r *request, ref answerRef) (ui.Screen, error) {
	all, err := f.known(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	for name, text := range all {
		if crc32.ChecksumIEEE([]byte(name)) == ref.Answer {
			return f.send(ctx, r, ref.Thread, r.message, text)
		}
	}
	return ui.Screen{}, ui.ErrBadData
}

// answer sends the answer of a name to who is replied to.
func (f *desk) answer(ctx context.Context, r *request) (ui.Screen, error) {
	all, err := f.known(ctx)
	if err != nil {
		return ui.Screen{}, err
	}
	name, _ := nameAnd(r.given.text)
	text, ok := all[name]
	if !ok {
		return ui.Screen{Text: r.T("staff.answer_none", i18n.Args{"name": ui.Truncate(name, longestName)})}, nil
	}
	t, _, err := f.of(ctx, r.written)
	if errors.Is(err, esim.ErrNotFound) || err == nil && t.ID == 0 {
		return ui.Screen{Text: r.T("staff.answer_where", nil)}, nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	return f.send(ctx, r, t.ID, r.written.ID, text)
}

// send says something in a thread in the name of who asked for it; message is what it is known by.
func (f *desk) send(ctx context.Context, r *request, id esim.ThreadID, message int, text string) (ui.Screen, error) {
	t, err := f.store.Thread(ctx, id)
	if err != nil {
		return ui.Screen{}, err
	}
	if _, err := f.store.ThreadMessageAt(ctx, f.home.chat(), message); err == nil {
		return ui.Screen{}, esim.ErrConflict
	} else if !errors.Is(err, esim.ErrNotFound) {
		return ui.Screen{}, err
	}
	if unknownBlank(text) != "" { // an answer of an older release
		return ui.Screen{Fresh: true, Text: blankUnknown(r, text)}, nil
	}
	text, missing, err := f.fill(ctx, t.Customer, text)
	if err != nil {
		return ui.Screen{}, err
	}
	if missing != "" {
		return ui.Screen{Fresh: true, Text: r.T("staff.answer_unfilled", i18n.Args{"blank": missing})}, nil
	}
	if err := f.support.Answer(ctx, t, esim.ThreadMessage{Chat: f.home.chat(), Message: message, Text: text}); err != nil {
		return ui.Screen{}, err
	}
	f.renew(ctx, t.ID)
	name, err := customerOf(ctx, f.orders, r.Request, t.Customer)
	return ui.Screen{Text: r.T("staff.answer_sent", i18n.Args{"who": r.name, "name": name}) + "\n\n" + string(r.HTML("%s", text))}, err
}

// deskRef does something with a thread.
type deskRef struct {
	Route  ui.Route
	Thread esim.ThreadID
}

func (p deskRef) Data() ui.CallbackData { return ui.NewCallbackData(p.Route, int64(p.Thread)) }

// parseDeskRef parses the buttons of one route.
func parseDeskRef(route ui.Route) func(ui.CallbackData) (deskRef, error) {
	return func(d ui.CallbackData) (deskRef, error) {
		a := d.Read(route)
		p := deskRef{route, esim.ThreadID(a.Int64(0))}
		return p, a.Err()
	}
}

// answerRef sends an answer that is written down in a thread: Answer is the checksum of its name.
type answerRef struct {
	Thread esim.ThreadID
	Answer uint32
}

func (p answerRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeAnswer, int64(p.Thread), seenText(p.Answer))
}

func parseAnswerRef(d ui.CallbackData) (answerRef, error) {
	a := d.Read(routeAnswer)
	p := answerRef{Thread: esim.ThreadID(a.Int64(0))}
	var err error
	p.Answer, err = readSeen(a)
	return p, err
}
