package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

// Settings the staff group keeps.
const (
	settingStaffChat     = "staff_chat" // follows a group that became a supergroup
	settingStaffLanguage = "staff_language"
)

// SweepJob is the name under which the usage sweep notes its last success.
const SweepJob = "usage"

// A staffRequest is one thing that somebody of the staff did in their group.
type staffRequest struct {
	*Request
	who   esim.CustomerID
	name  string // of who
	shown string // text of the message whose button was pressed
}

// act is the line of the audit log for what r does.
func (r *staffRequest) act(what string, now time.Time) esim.AuditEntry {
	return esim.AuditEntry{At: now, Who: r.who, What: what}
}

// A staffHandler says what should be on the group's screen after a request.
type staffHandler func(ctx context.Context, r *staffRequest) (Screen, error)

// A staffCommand is one line of the table that dispatches and that /help prints.
type staffCommand struct {
	name    string // its help is the sentence staff.cmd_<name>
	handler staffHandler
}

// staff is the owner's side: one group, and only it. Its routes are its own, so no
// data sent from another chat leads to them.
type staff struct {
	bot      *Bot
	store    StaffStore
	id       atomic.Int64
	commands []staffCommand
	routes   map[string]staffHandler
	members  members
}

func newStaff(b *Bot) *staff {
	s := &staff{bot: b, store: b.cfg.Store}
	s.id.Store(b.cfg.Staff)
	s.commands = []staffCommand{
		{"status", s.status},
		{"orders", s.orders},
		{"order", s.order},
		{"refund", s.refund},
		{"refunds", s.refunds},
		{"credit", s.credit},
		{"block", s.block},
		{"unblock", s.unblock},
		{"ledger", s.ledger},
		{"reconcile", s.reconcile},
		{"stats", s.stats},
		{"audit", s.audit},
		{"language", s.language},
		{"help", s.help},
	}
	s.routes = map[string]staffHandler{
		routeStaffCard:    s.pressedCard,
		routeStaffAsk:     s.ask,
		routeStaffYes:     s.yes,
		routeStaffPick:    s.pick,
		routeStaffAskESIM: s.askESIM,
		routeStaffYesESIM: s.yesESIM,
		routeStaffNo:      s.no,
		routeStaffCredit:  s.yesCredit,
		routeStaffBlock:   s.yesBlock,
	}
	return s
}

func (s *staff) chat() int64      { return s.id.Load() }
func (s *staff) is(id int64) bool { return id != 0 && id == s.id.Load() }

// restore finds out whether the configured group has moved in an earlier run.
func (s *staff) restore(ctx context.Context) {
	from, to, ok := strings.Cut(s.setting(ctx, settingStaffChat), ">")
	if !ok || from != strconv.FormatInt(s.bot.cfg.Staff, 10) {
		return
	}
	if id, err := strconv.ParseInt(to, 10, 64); err == nil {
		s.id.Store(id)
	}
}

func (s *staff) setting(ctx context.Context, key string) string {
	v, err := s.store.Setting(ctx, key)
	if err != nil {
		return ""
	}
	return v
}

// moved follows the group to its new id, now and after a restart.
func (s *staff) moved(ctx context.Context, id int64) error {
	s.id.Store(id)
	s.bot.log.Info("the staff group became a supergroup", "chat", id)
	if err := s.store.SetSetting(ctx, settingStaffChat, fmt.Sprintf("%d>%d", s.bot.cfg.Staff, id)); err != nil {
		return fmt.Errorf("keep the staff group's new id: %w", err)
	}
	return nil
}

// printer is the language of the group.
func (s *staff) printer(ctx context.Context) i18n.Printer {
	return s.bot.cfg.Texts.Printer(s.setting(ctx, settingStaffLanguage))
}

// message answers a command in a group. Other groups learn only their own id, which
// is what an operator needs to make one the staff group.
func (s *staff) message(ctx context.Context, m *telegram.Message) error {
	asker, reply := s.askedBy(m)
	reply = reply && s.is(m.Chat.ID) && m.Text != ""
	name, args := m.CommandFor(s.bot.cfg.Username)
	if name == "" && !reply {
		return nil
	}
	at := target{chat: m.Chat.ID, thread: m.Thread}
	if !s.is(m.Chat.ID) {
		p := s.printer(ctx)
		return s.bot.show(ctx, nil, Screen{Text: p.T("staff.other_group", i18n.Args{"id": m.Chat.ID})}, at)
	}
	if in, err := s.member(ctx, m.From.ID); err != nil || !in {
		return err
	}
	if reply {
		return s.answer(ctx, asker, m)
	}
	r := s.request(ctx, *m.From, Data{Route: name, Args: strings.Fields(args)})
	h := s.unknown
	if i := slices.IndexFunc(s.commands, func(c staffCommand) bool { return c.name == name }); i >= 0 {
		h = s.commands[i].handler
	}
	screen, err := s.run(ctx, h, r)
	if err != nil {
		return err
	}
	return s.bot.show(ctx, r.Request, screen, at)
}

// answer brings a reply of the staff to the customer who asked.
func (s *staff) answer(ctx context.Context, asker int64, m *telegram.Message) error {
	at := target{chat: m.Chat.ID, thread: m.Thread}
	here := &Request{Printer: s.printer(ctx)}
	customer, err := s.bot.cfg.Store.Customer(ctx, esim.CustomerID(asker))
	if err != nil {
		return s.bot.show(ctx, nil, errorScreen(here, err), at)
	}
	r := &Request{Printer: s.bot.cfg.Texts.Printer(customer.Language), Customer: customer}
	text := r.T("rights.answer", i18n.Args{"answer": cut(m.Text, maxQuestion)})
	outcome := "staff.answer_sent"
	if err := s.bot.send(ctx, r, Screen{Text: text}); telegram.Temporary(err) {
		return fmt.Errorf("answer a question: %w", err)
	} else if err != nil {
		s.bot.log.Warn("answer not sent", "err", err)
		outcome = "staff.answer_refused"
	}
	return s.bot.show(ctx, nil, Screen{Text: here.T(outcome, nil)}, at)
}

// pressed answers a button in a group.
func (s *staff) pressed(ctx context.Context, q *telegram.Callback) error {
	r := s.request(ctx, q.From, Data{})
	r.Press, r.shown = true, q.Message.Text
	at := target{chat: q.Message.Chat.ID, thread: q.Message.Thread, message: q.Message.ID, query: q.ID}
	h := s.oldButton
	if s.is(q.Message.Chat.ID) {
		in, err := s.member(ctx, q.From.ID)
		if err != nil {
			return err
		}
		if d, err := ParseData(q.Data); err == nil && in && s.routes[d.Route] != nil {
			r.Data, h = d, s.routes[d.Route]
		}
	}
	screen, err := s.run(ctx, h, r)
	if err != nil {
		return err
	}
	return s.bot.show(ctx, r.Request, screen, at)
}

// request is what a handler gets. Its Customer is nobody: what cannot be shown to the
// group says nothing about a customer.
func (s *staff) request(ctx context.Context, from telegram.User, d Data) *staffRequest {
	name := cut(strings.Join(strings.Fields(from.FirstName), " "), 64)
	return &staffRequest{Request: &Request{Printer: s.printer(ctx), Data: d}, who: esim.CustomerID(from.ID), name: name}
}

// run calls a handler and turns its error into words for staff.
func (s *staff) run(ctx context.Context, h staffHandler, r *staffRequest) (Screen, error) {
	return s.bot.run(ctx, func(ctx context.Context, _ *Request) (Screen, error) {
		screen, err := h(ctx, r)
		if err == nil || ctx.Err() != nil {
			return screen, err
		}
		words := s.words(r, err)
		if r.Press {
			return Screen{Toast: words.Text(), Alert: true}, nil
		}
		return Screen{Text: string(words)}, nil
	}, r.Request, 0)
}

//i18n:use staff.*

func (s *staff) oldButton(context.Context, *staffRequest) (Screen, error) {
	return Screen{}, errBadData
}

func (s *staff) unknown(_ context.Context, r *staffRequest) (Screen, error) {
	return Screen{Text: r.T("staff.unknown_command", nil)}, nil
}

func (s *staff) help(_ context.Context, r *staffRequest) (Screen, error) {
	lines := []string{r.T("staff.help", nil)}
	for _, c := range s.commands {
		lines = append(lines, "/"+c.name+" — "+r.T("staff.cmd_"+c.name, nil))
	}
	return Screen{Text: strings.Join(lines, "\n")}, nil
}

func (s *staff) language(ctx context.Context, r *staffRequest) (Screen, error) {
	var known []string
	for _, l := range s.bot.cfg.Texts.Languages() {
		known = append(known, l.Code)
		if l.Code != r.Data.Arg(0) {
			continue
		}
		if err := s.store.SetSetting(ctx, settingStaffLanguage, l.Code); err != nil {
			return Screen{}, err
		}
		r.Printer = s.bot.cfg.Texts.Printer(l.Code)
		return Screen{Text: r.T("staff.language_set", i18n.Args{"language": l.Native})}, nil
	}
	return Screen{Text: r.T("staff.language_usage", i18n.Args{"codes": strings.Join(known, ", ")})}, nil
}
