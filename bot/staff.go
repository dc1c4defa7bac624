package bot

import (
	"context"
	"errors"
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

// StaffStore is what the staff group is told from.
type StaffStore interface {
	RecentOrders(ctx context.Context, states []esim.State, limit int) ([]esim.Order, error)
	CountOrders(ctx context.Context, since time.Time) (map[esim.State]int, error)
	SalesSince(ctx context.Context, since time.Time) (count int, revenue []esim.Money, wholesale esim.Money, err error)
	OutboxSize(ctx context.Context) (waiting, dead int, err error)
	// LastOK returns ErrNotFound for a job that never succeeded.
	LastOK(ctx context.Context, job string) (time.Time, error)
	// Setting returns ErrNotFound for one that was never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// Settings the staff group keeps.
const (
	settingStaffChat     = "staff_chat" // follows a group that became a supergroup
	settingStaffLanguage = "staff_language"
)

// SweepJob is the name under which the usage sweep notes its last success.
const SweepJob = "usage"

// A staffCommand is one line of the table that dispatches and that /help prints.
type staffCommand struct {
	name    string // its help is the sentence staff.cmd_<name>
	handler func(ctx context.Context, r *Request) (Screen, error)
}

// staff is the owner's side: one group, and only it.
type staff struct {
	bot      *Bot
	store    StaffStore
	id       atomic.Int64
	commands []staffCommand
}

func newStaff(b *Bot) *staff {
	s := &staff{bot: b, store: b.cfg.Store}
	s.id.Store(b.cfg.Staff)
	s.commands = []staffCommand{
		{"status", s.status},
		{"orders", s.orders},
		{"language", s.language},
		{"help", s.help},
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
	if asker, ok := s.askedBy(m); ok && s.is(m.Chat.ID) && m.Text != "" {
		return s.answer(ctx, asker, m)
	}
	name, args := m.CommandFor(s.bot.cfg.Username)
	if name == "" {
		return nil
	}
	r := &Request{Printer: s.printer(ctx), Data: Data{Route: name, Args: strings.Fields(args)}, Text: m.Text}
	at := target{chat: m.Chat.ID, thread: m.Thread}
	if !s.is(m.Chat.ID) {
		return s.bot.show(ctx, nil, Screen{Text: r.T("staff.other_group", i18n.Args{"id": m.Chat.ID})}, at)
	}
	h := s.unknown
	if i := slices.IndexFunc(s.commands, func(c staffCommand) bool { return c.name == name }); i >= 0 {
		h = s.commands[i].handler
	}
	screen, err := s.bot.run(ctx, h, r, 0)
	if err != nil {
		return err
	}
	return s.bot.show(ctx, nil, screen, at)
}

// answer brings a reply of the staff to the person who asked.
func (s *staff) answer(ctx context.Context, asker int64, m *telegram.Message) error {
	at := target{chat: m.Chat.ID, thread: m.Thread}
	here := &Request{Printer: s.printer(ctx)}
	person, err := s.bot.cfg.Store.Person(ctx, esim.PersonID(asker))
	if err != nil {
		return s.bot.show(ctx, nil, errorScreen(here, err), at)
	}
	r := &Request{Printer: s.bot.cfg.Texts.Printer(person.Language), Person: person}
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
	r := &Request{Printer: s.printer(ctx), Press: true}
	return s.bot.show(ctx, nil, errorScreen(r, errBadData), target{chat: q.Message.Chat.ID, query: q.ID})
}

//i18n:use staff.*

func (s *staff) unknown(_ context.Context, r *Request) (Screen, error) {
	return Screen{Text: r.T("staff.unknown_command", nil)}, nil
}

func (s *staff) help(_ context.Context, r *Request) (Screen, error) {
	lines := []string{r.T("staff.help", nil)}
	for _, c := range s.commands {
		lines = append(lines, "/"+c.name+" — "+r.T("staff.cmd_"+c.name, nil))
	}
	return Screen{Text: strings.Join(lines, "\n")}, nil
}

func (s *staff) language(ctx context.Context, r *Request) (Screen, error) {
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

func (s *staff) status(ctx context.Context, r *Request) (Screen, error) {
	now := s.bot.cfg.Now()
	midnight := now.UTC().Truncate(24 * time.Hour)
	sold, revenue, wholesale, err := s.store.SalesSince(ctx, midnight)
	if err != nil {
		return Screen{}, err
	}
	counts, err := s.store.CountOrders(ctx, time.Time{})
	if err != nil {
		return Screen{}, err
	}
	waiting, dead, err := s.store.OutboxSize(ctx)
	if err != nil {
		return Screen{}, err
	}
	open := 0
	for st, n := range counts {
		if st.Open() {
			open += n
		}
	}
	supply := s.bot.cfg.Supply.Status()
	lines := []string{
		r.T("staff.status_head", i18n.Args{"version": s.bot.cfg.Version, "time": r.DateTime(now, time.UTC)}),
		"",
		s.supplyLine(r, supply),
		r.T("staff.status_catalog", i18n.Args{
			"plans": r.Number(int64(len(s.bot.cfg.Shelf.Catalog().Plans()))), "time": s.when(r, s.bot.cfg.Shelf.Catalog().Fetched()),
		}),
		r.T("staff.status_sales", i18n.Args{"count": r.Number(int64(sold)), "revenue": s.sum(r, revenue), "wholesale": r.price(wholesale)}),
		r.T("staff.status_open", i18n.Args{"count": r.Number(int64(open)), "human": r.Number(int64(counts[esim.NeedsHuman]))}),
		r.T("staff.status_outbox", i18n.Args{"waiting": r.Number(int64(waiting)), "dead": r.Number(int64(dead))}),
	}
	sweep, err := s.store.LastOK(ctx, SweepJob)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return Screen{}, err
	}
	return Screen{Text: strings.Join(append(lines, r.T("staff.status_sweep", i18n.Args{"time": s.when(r, sweep)})), "\n")}, nil
}

func (s *staff) supplyLine(r *Request, st esim.SupplyStatus) string {
	args := i18n.Args{"balance": r.price(st.Balance), "time": s.when(r, st.AsOf)}
	if st.Down {
		return r.T("staff.status_supply_down", args)
	}
	return r.T("staff.status_supply", args)
}

func (s *staff) when(r *Request, t time.Time) string {
	if t.IsZero() {
		return r.Plain("staff.never", nil)
	}
	return r.DateTime(t, time.UTC)
}

func (s *staff) sum(r *Request, amounts []esim.Money) string {
	if len(amounts) == 0 {
		return r.price(esim.Stars(0))
	}
	parts := make([]string, len(amounts))
	for i, m := range amounts {
		parts[i] = r.price(m)
	}
	return strings.Join(parts, " + ")
}

const ordersShown = 15

func (s *staff) orders(ctx context.Context, r *Request) (Screen, error) {
	var states []esim.State
	switch wanted := r.Data.Arg(0); {
	case wanted == "open":
		for _, st := range esim.States() {
			if st.Open() {
				states = append(states, st)
			}
		}
	case slices.Contains(esim.States(), esim.State(wanted)):
		states = []esim.State{esim.State(wanted)}
	case wanted != "":
		all := make([]string, 0, len(esim.States()))
		for _, st := range esim.States() {
			all = append(all, string(st))
		}
		return Screen{Text: r.T("staff.orders_usage", i18n.Args{"states": strings.Join(all, ", ")})}, nil
	}
	orders, err := s.store.RecentOrders(ctx, states, ordersShown)
	if err != nil {
		return Screen{}, err
	}
	if len(orders) == 0 {
		return Screen{Text: r.T("staff.orders_none", nil)}, nil
	}
	lines := []string{r.T("staff.orders_head", nil)}
	for _, o := range orders {
		lines = append(lines, s.orderLine(r, o))
	}
	return Screen{Text: clip(lines)}, nil
}

func (s *staff) orderLine(r *Request, o esim.Order) string {
	return r.T("staff.order_line", i18n.Args{
		"id": o.ID.String(), "state": r.Plain("staff.state_"+string(o.State), nil), "plan": r.planTitle(o.Plan, o.Days),
		"price": r.price(o.Price), "time": r.DateTime(o.Created, time.UTC), "person": int64(o.Person),
	})
}

// noticeText is what the group is told.
func (s *staff) noticeText(ctx context.Context, n Owed) (string, error) {
	r := &Request{Printer: s.printer(ctx)}
	args := i18n.Args{"id": n.Order.String(), "amount": r.price(n.Amount), "note": cut(n.Note, 300)}
	if n.Order != "" {
		o, err := s.bot.cfg.Store.Order(ctx, n.Order)
		if err == nil {
			args["plan"], args["price"] = r.planTitle(o.Plan, o.Days), r.price(o.Price)
			args["wholesale"], args["person"] = r.price(o.Wholesale), int64(o.Person)
			args["state"] = r.Plain("staff.state_"+string(o.State), nil)
		} else {
			args["plan"], args["price"], args["wholesale"], args["person"], args["state"] = "?", "?", "?", "?", "?"
		}
	}
	return r.T("staff.notice_"+strings.TrimPrefix(string(n.Kind), "staff_"), args), nil
}
