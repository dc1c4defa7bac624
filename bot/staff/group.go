package staff

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"esimbot/bot/chart"
	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Config is what the staff group works with. All fields are required, but StaffChat, Reserve,
// Reconcile and Books.
type Config struct {
	Screens  *ui.Presenter
	Telegram *telegram.Client // is asked who is in the group
	Texts    *i18n.Bundle
	Catalog  *esim.CatalogCache
	Checkout *esim.Checkout
	Monitor  *esim.VendorMonitor
	Reserve  *esim.StarsReserve // nil: no Stars are taken
	Admin    *esim.OrderAdmin
	Support  *esim.Support
	TopUps   *esim.TopUps
	Assigner *esim.Assigner
	// ClaimLink is the address by which a customer gets an eSIM.
	ClaimLink func(esim.GiftToken) string
	// Reconcile compares the shop with Telegram and the vendor; nil: there is no such command.
	Reconcile func(ctx context.Context) (esim.ReconcileReport, error)
	Store     Store
	Books     OrderHistoryStore // nil: order cards tell less
	Charts    *chart.Painter
	Watch     *esim.ShopWatch
	StaffChat int64 // of the group; 0: nobody watches
	// Broadcast sends a broadcast to a customer.
	Broadcast func(ctx context.Context, c esim.Customer, b esim.Broadcast) error
	Self      *telegram.Self
	Version   string
	Zone      *time.Location // where the shop's days begin and end
	Log       *slog.Logger
	Now       func() time.Time
}

// Group is the staff group. Its routes are its own, so no data sent from another chat
// leads to them. Create it with New.
type Group struct {
	home             *home
	screens          *ui.Presenter
	members          *members
	threads          *threads
	notifications    *notifications
	self             *telegram.Self
	log              *slog.Logger
	orders           OrderStore
	roles            *roles
	actions          *actions
	commands         []command
	routes           map[ui.Route]button
	stakes           map[ui.Route]stake
	sensitiveActions *sensitiveActions
	broadcasts       *broadcasts
}

// New puts the group's conversations together. It makes no call.
func New(cfg Config) *Group {
	h := &home{screens: cfg.Screens, texts: cfg.Texts, settings: cfg.Store, configured: cfg.StaffChat, log: cfg.Log}
	h.topics = &topics{home: h, telegram: cfg.Telegram, store: cfg.Store, now: cfg.Now}
	h.id.Store(cfg.StaffChat)
	h.up.Store(true) // until something else is known
	cards := &cards{cfg.Store, cfg.Store, cfg.Books, cfg.Now}
	g := &Group{
		home: h, screens: cfg.Screens, self: cfg.Self, log: cfg.Log,
		members: &members{telegram: cfg.Telegram, home: h, store: cfg.Store, now: cfg.Now, log: cfg.Log},
		threads: &threads{
			h, cfg.Telegram, ui.NewRelay(cfg.Telegram, cfg.Store, cfg.Log, false), cfg.Support, cfg.Store, cfg.Store, cfg.Store,
			cfg.Telegram.BotID(), cfg.Log, cfg.Now, &sync.RWMutex{}, &headTopics{},
		},
	}
	reports := &reports{cfg.Store, cfg.Admin.Store, cfg.Monitor, cfg.Zone, cfg.Now}
	g.notifications = &notifications{h, cards, cfg.Log, cfg.Admin.Store, reports, cfg.Store}
	pricing := &prices{scopes{cfg.Catalog, cfg.Texts}, cfg.Store, cfg.Checkout, cfg.Checkout.Rules, cfg.Now}
	t := talks{
		cards: cards, actions: &actions{cards, cfg.Checkout, cfg.Admin, cfg.TopUps, claims{cfg.Assigner, cfg.Store, cfg.ClaimLink}, cfg.Now, &sync.Mutex{}}, people: &people{cfg.Store, cfg.Admin, cfg.Now},
		unexplained: &unexplained{cfg.Admin, cfg.Checkout, cfg.Store, cfg.Now}, promos: &promos{cfg.Store, cfg.Catalog, cfg.Now}, threads: g.threads,
		pauses: &pauses{cfg.Checkout.Rules, cfg.Now},
		prices: pricing, settings: &settings{cfg.Checkout, cfg.Checkout.Rules, pricing, cfg.Now}, curation: &curation{scopes{cfg.Catalog, cfg.Texts}, cfg.Checkout.Rules, cfg.Now},
		roles: &roles{g.members, cfg.Store, cfg.Checkout.Rules},
		stats: &stats{cfg.Store, cfg.Charts, cfg.Texts, cfg.Zone, cfg.Now}, reports: reports,
		users:    &users{&search{cards, cfg.Store}, cfg.Store, cfg.Store, cfg.Now},
		messages: &messages{g.threads, cfg.Store},
	}
	g.broadcasts = &broadcasts{scopes{cfg.Catalog, cfg.Texts}, h, cfg.Store, cfg.Store, cfg.Store, cfg.Broadcast, cfg.Now}
	t.broadcasts = g.broadcasts
	t.desk = &desk{g.threads, cfg.Store, g.members, &sync.Mutex{}}
	g.sensitiveActions = &sensitiveActions{cfg.Store, g.members, t.roles, cfg.Checkout.Rules, cfg.Now, func(route ui.Route) (button, bool) {
		b, ok := g.routes[route]
		return b, ok
	}}
	t.sensitiveActions = g.sensitiveActions
	g.roles, g.actions = t.roles, t.actions
	g.stakes = stakeTable(t)
	g.orders = cfg.Store
	g.commands = g.commandTable(cfg, t)
	g.routes = routeTable(t, g)
	return g
}

// talks are the conversations that both tables lead to.
type talks struct {
	cards            *cards
	actions          *actions
	people           *people
	unexplained      *unexplained
	promos           *promos
	stats            *stats
	reports          *reports
	users            *users
	messages         *messages
	threads          *threads
	pauses           *pauses
	roles            *roles
	sensitiveActions *sensitiveActions
	prices           *prices
	settings         *settings
	curation         *curation
	broadcasts       *broadcasts
	desk             *desk
}

// routeTable is what every button of the group leads to, and who may press it.
func routeTable(t talks, g *Group) map[ui.Route]button {
	return map[ui.Route]button{
		routeCard:           {always(esim.MayView), on(parseCardRef, t.cards.pressedCard)},
		routeAsk:            {ofAction, on(parseActionRef(routeAsk), t.actions.ask)},
		routeYes:            {ofAction, on(parseYesRef, t.actions.yes)},
		routePick:           {ofAction, on(parseActionRef(routePick), t.actions.pick)},
		routeAskESIM:        {ofAction, on(parseAskESIMRef, t.actions.askESIM)},
		routeYesESIM:        {ofAction, on(parseYesESIMRef, t.actions.yesESIM)},
		routeNo:             {always(esim.MayView), on(parseNoRef, t.actions.no)},
		routeCredit:         {always(esim.MayCredit), on(parseCreditRef, t.people.yesCredit)},
		routeBlock:          {always(esim.MayBlock), on(parseBlockRef, t.people.yesBlock)},
		routePromo:          {always(esim.MayDiscount), on(parsePromoRef, t.promos.yes)},
		routeUnexplained:    {always(esim.MayView), on(parseUnexplainedListRef, t.unexplained.fresh)},
		routeOnePayment:     {always(esim.MayView), on(parseOnePaymentRef, t.unexplained.card)},
		routeAskUnexplained: {ofAction, on(parseUnexplainedRef(routeAskUnexplained), t.unexplained.ask)},
		routeYesUnexplained: {ofAction, on(parseUnexplainedRef(routeYesUnexplained), t.unexplained.yes)},
		routePrice:          {always(esim.MayPrice), on(parsePriceRef, t.prices.yes)},
		routeSetting:        {always(esim.MayRunShop), on(parseSettingRef, t.settings.yes)},
		routeCurate:         {always(esim.MayCurate), on(parseCurateRef, t.curation.pressed)},
		routeResume:         {always(esim.MayRunShop), on(parseResumeRef, t.pauses.resumed)},
		routeMessage:        {always(esim.MayMessage), on(parseMessageRef, t.messages.yes)},
		routeCast:           {always(esim.MayBroadcast), on(parseCastRef, t.broadcasts.pressed)},
		routeUser:           {always(esim.MayView), on(parseUserRef, t.users.pressed)},
		routeUserDo:         {g.userMay, on(parseUserDoRef, g.userDo)},
		routeStats:          {always(esim.MayView), on(parseStatsRef, t.stats.pressed)},
		routeCloseThread:    {always(esim.MayAnswer), on(parseThreadRef, t.threads.close)},
		routeTakeThread:     {always(esim.MayAnswer), on(parseDeskRef(routeTakeThread), t.desk.take)},
		routeReopenThread:   {always(esim.MayAnswer), on(parseDeskRef(routeReopenThread), t.desk.reopen)},
		routeAnswers:        {always(esim.MayAnswer), on(parseDeskRef(routeAnswers), t.desk.choose)},
		routeAnswer:         {always(esim.MayAnswer), on(parseAnswerRef, t.desk.chosen)},
		routeYesPart:        {always(esim.MayRefund), on(parseYesPartRef, t.actions.yesPart)},
		routeGift:           {always(esim.MayCredit), on(parseGiftRef(routeGift), t.actions.askGift)},
		routeYesGift:        {always(esim.MayCredit), on(parseGiftRef(routeYesGift), t.actions.yesGift)},
		routeYesAssign:      {always(esim.MayCredit), on(parseAssignRef, t.actions.yesAssign)},
		routeWhy:            {ofAction, on(parseWhyRef, t.actions.why)},
		routeWords:          {always(esim.MayView), on(parseWordsRef, t.actions.unsaid)},
		routeRole:           {always(esim.MayAssignRoles), on(parseRoleRef, t.roles.yes)},
		// Who may agree hangs on what to.
		routeAgree:    {always(esim.MayView), on(parseSensitiveActionRef(routeAgree), t.sensitiveActions.agree)},
		routeDisagree: {always(esim.MayView), on(parseSensitiveActionRef(routeDisagree), t.sensitiveActions.disagree)},
	}
}

// BroadcastProgress shows in the group how far a broadcast is.
func (g *Group) BroadcastProgress(ctx context.Context, b esim.Broadcast) error {
	return g.broadcasts.progress(ctx, b)
}

// Restore reads where an earlier run has seen the group move.
func (g *Group) Restore(ctx context.Context) { g.home.restore(ctx) }

// HasGroup reports whether there is a staff group.
func (g *Group) HasGroup() bool { return g.home.chat() != 0 }

// Menu is what Telegram shows in the group when somebody types a slash, with the chat's
// id; no commands if there is no group.
func (g *Group) Menu(ctx context.Context) (chat int64, menu []telegram.Command) {
	if !g.HasGroup() {
		return 0, nil
	}
	p := g.home.printer(ctx)
	for _, c := range g.commands {
		menu = append(menu, telegram.Command{Name: c.name, Description: p.Plain("staff.cmd_"+c.name, nil)})
	}
	return g.home.chat(), menu
}

// DetectTopics asks Telegram whether the group is a forum.
func (g *Group) DetectTopics(ctx context.Context) error {
	if !g.HasGroup() {
		return nil
	}
	return g.home.topics.look(ctx)
}

// MemberChanged takes in what the bot is in a group now. In any but the staff's it says nothing.
func (g *Group) MemberChanged(ctx context.Context, m *telegram.ChatMemberChange) error {
	if !g.home.is(m.Chat.ID) {
		return nil
	}
	g.home.topics.learn(m.Chat)
	g.home.up.Store(m.IsMember)
	if m.Topics {
		return g.home.topics.allowed(ctx)
	}
	return nil
}

// Reachable reports whether the group could be written to when it last was.
func (g *Group) Reachable() bool { return g.home.up.Load() }

// hereCommand asks for a group's id, which is what an operator needs to make it the staff group.
const hereCommand = "here"

// Message answers a command in a group, and takes a reply in a thread to its customer. Other groups learn nothing; while there
// is no staff group, one that asks for it learns its own id.
func (g *Group) Message(ctx context.Context, m *telegram.Message) error {
	if m.MigrateTo != 0 && g.home.is(m.Chat.ID) {
		return g.home.moved(ctx, m.MigrateTo)
	}
	if m.From == nil || m.From.IsBot && !m.Anonymous() {
		return nil
	}
	g.home.topics.learn(m.Chat)
	name, args := g.self.CommandOf(ctx, m)
	at := ui.ScreenTarget{Chat: m.Chat.ID, Thread: m.Thread}
	p := g.home.printer(ctx)
	if !g.home.is(m.Chat.ID) {
		if g.HasGroup() || name != hereCommand {
			return nil
		}
		return g.screens.Show(ctx, nil, ui.Screen{Text: p.T("staff.other_group", i18n.Args{"id": m.Chat.ID})}, at)
	}
	if m.TopicClosed || m.TopicOpened { // by whom Telegram lets do it: administrators who manage topics
		return g.threads.topicChanged(ctx, m)
	}
	reply, err := g.threads.replyOf(ctx, m)
	if err != nil {
		return err
	}
	asked, answers := g.wordsFor(m)
	if name == "" && reply.to == noCustomer && !answers {
		return nil
	}
	if m.Anonymous() { // its sender is the same bot for all of them: there is nobody to hold to account
		return g.screens.Show(ctx, nil, ui.Screen{Text: p.T("staff.anonymous", nil)}, at)
	}
	is, err := g.members.of(ctx, m.Chat, m.From.ID)
	if key := refusal(err); key != "" {
		return g.screens.Show(ctx, nil, ui.Screen{Text: p.T(key, nil)}, at)
	}
	if err != nil || !is.In {
		return err
	}
	switch reply.to {
	case aCustomer:
		return g.threads.answer(ctx, reply.thread, reply.message, m)
	case aLostCustomer:
		return g.threads.answersNobody(ctx, m)
	}
	if m.Forwarded { // whoever wrote it may mean another group, or no good
		return g.screens.Show(ctx, nil, ui.Screen{Text: p.T("staff.forwarded", nil)}, at)
	}
	r, err := g.request(ctx, *m.From, is, ui.CallbackData{Route: name, Args: strings.Fields(args)})
	if err != nil {
		return err
	}
	if answers {
		r.Data, r.Text = asked.Data(), m.Text
		return g.answer(ctx, r, g.said(asked), at)
	}
	r.CommandText, r.written = args, m
	if to := m.ReplyTo; to != nil && to.From != nil && !to.From.IsBot && to.SenderChat == nil {
		r.repliesTo = esim.StaffMember{ID: esim.CustomerID(to.From.ID), Name: firstName(*to.From)}
	}
	return g.answer(ctx, r, g.run(g.commandNamed(name)), at)
}

// MessageEdited takes in that somebody in the group edited what they wrote.
func (g *Group) MessageEdited(ctx context.Context, m *telegram.Message) error {
	if !g.home.is(m.Chat.ID) {
		return nil
	}
	return g.threads.change(ctx, m)
}

// Pressed answers a button in a group.
func (g *Group) Pressed(ctx context.Context, q *telegram.Callback) error {
	var is telegram.Membership
	var refused string
	if g.home.is(q.Message.Chat.ID) {
		var err error
		is, err = g.members.of(ctx, q.Message.Chat, q.From.ID)
		if refused = refusal(err); err != nil && refused == "" {
			return err
		}
	}
	r, err := g.request(ctx, q.From, is, ui.CallbackData{})
	if err != nil {
		return err
	}
	r.Press, r.shown, r.message = true, q.Message.Text, q.Message.ID
	at := ui.ScreenTarget{Chat: q.Message.Chat.ID, Thread: q.Message.Thread, Message: q.Message.ID, Query: q.ID}
	h := oldButton
	switch d, err := ui.ParseCallbackData(q.Data); {
	case refused != "":
		h = func(context.Context, *request) (ui.Screen, error) {
			return ui.Screen{Toast: i18n.HTML(r.T(refused, nil)).Text(), Alert: true}, nil
		}
	case err == nil && is.In:
		if b, ok := g.routes[ui.Route(d.Route)]; ok {
			r.Data, h = d, g.press(b)
		}
	}
	return g.answer(ctx, r, h, at)
}

// refusal is the sentence for a group that proves nothing about who is in it; "" for every
// other error.
func refusal(err error) string {
	switch {
	case errors.Is(err, errPublic):
		return "staff.public_group"
	case errors.Is(err, errMembersHidden):
		return "staff.hidden_members"
	}
	return ""
}

// answer calls a handler, turns its error into words for staff, and shows the screen.
func (g *Group) answer(ctx context.Context, r *request, h handler, at ui.ScreenTarget) error {
	screen, err := g.screens.Run(ctx, func(ctx context.Context, _ *ui.Request) (ui.Screen, error) {
		screen, err := h(ctx, r)
		if err == nil || ctx.Err() != nil {
			return screen, err
		}
		words := words(r, err)
		if r.Press {
			return ui.Screen{Toast: words.Text(), Alert: true}, nil
		}
		return ui.Screen{Text: string(words)}, nil
	}, r.Request, 0)
	if err != nil {
		return err
	}
	return g.screens.Show(ctx, r.Request, screen, at)
}

// Routes lists the routes of the group's buttons, sorted.
func (g *Group) Routes() []ui.Route { return slices.Sorted(maps.Keys(g.routes)) }

// Actions lists what buttons of orders, eSIMs and unexplained payments can name, in no particular order.
func (g *Group) Actions() []string {
	var all []string
	for _, a := range orderActions {
		all = append(all, a.name)
	}
	for _, a := range esimActions {
		all = append(all, a.name)
	}
	for _, a := range unexplainedActions {
		all = append(all, a.name)
	}
	for _, a := range userActions {
		all = append(all, a.name)
	}
	return all
}
