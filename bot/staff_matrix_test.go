package bot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
)

// Who may use which command, written down a second time: a row of the table without a line here fails, and so does one
// whose permission moves. {order} is an order that was delivered, {tran} its eSIM, {held} an unexplained payment.
var commandRights = map[string]struct {
	args  string
	least esim.Role
}{
	"status":      {"", esim.RoleSupport},
	"orders":      {"open", esim.RoleSupport},
	"order":       {"{order}", esim.RoleSupport},
	"refund":      {"{order} why", esim.RoleManager},
	"assign":      {"", esim.RoleManager},
	"refunds":     {"", esim.RoleSupport},
	"unexplained": {"", esim.RoleSupport},
	"credit":      {"101 5 why", esim.RoleManager},
	"block":       {"101 why", esim.RoleManager},
	"unblock":     {"101", esim.RoleManager},
	"ledger":      {"", esim.RoleSupport},
	"reconcile":   {"", esim.RoleManager},
	"stats":       {"7", esim.RoleSupport},
	"report":      {"", esim.RoleSupport},
	"campaigns":   {"", esim.RoleSupport},
	"user":        {"101", esim.RoleSupport},
	"note":        {"101 likes Japan", esim.RoleSupport},
	"message":     {"101 hello", esim.RoleManager},
	"answers":     {"", esim.RoleSupport},
	"answer":      {"hello", esim.RoleSupport},
	"broadcast":   {"", esim.RoleOwner},
	"export":      {"orders", esim.RoleOwner},
	"pause":       {"", esim.RoleOwner},
	"resume":      {"", esim.RoleOwner},
	"promo":       {"SUMMER 20%", esim.RoleManager},
	"price":       {"45%", esim.RoleOwner},
	"hide":        {"TR", esim.RoleManager},
	"show":        {"TR", esim.RoleManager},
	"feature":     {"", esim.RoleManager},
	"settings":    {"", esim.RoleOwner},
	"audit":       {"", esim.RoleSupport},
	"role":        {"", esim.RoleOwner},
	"language":    {"", esim.RoleOwner},
	"help":        {"", esim.RoleSupport},
}

// The same of every button: each route, and each action of those that have some.
var buttonRights = map[string]esim.Role{
	"s_card|{order}":         esim.RoleSupport,
	"s_no|{order}":           esim.RoleSupport,
	"s_ask|resend|{order}":   esim.RoleSupport,
	"s_yes|resend|{order}|x": esim.RoleSupport,
	"s_ask|note|{order}":     esim.RoleSupport, "s_yes|note|{order}|x": esim.RoleSupport,
	"s_words|refund|{order}": esim.RoleSupport, // it leaves everything as it is
	"s_close|1":              esim.RoleSupport,
	"s_take|1":               esim.RoleSupport, "s_reopen|1": esim.RoleSupport, "s_answers|1": esim.RoleSupport, "s_answer|1|00000000": esim.RoleSupport,
	"s_helds": esim.RoleSupport, "s_stats|7": esim.RoleSupport, "s_user|101": esim.RoleSupport,
	"s_held|{held}":  esim.RoleSupport,
	"s_agree|999":    esim.RoleSupport, // who may agree is asked of what it is about: TestTwoPersons
	"s_disagree|999": esim.RoleSupport,

	"s_ask|received|{order}": esim.RoleManager, "s_yes|received|{order}|x": esim.RoleManager,
	"s_ask|retry|{order}": esim.RoleManager, "s_yes|retry|{order}|x": esim.RoleManager,
	"s_why|refund|{order}|network": esim.RoleManager,
	"s_ask|refund|{order}":         esim.RoleManager, "s_yes|refund|{order}|x": esim.RoleManager,
	"s_pick|gift|{order}": esim.RoleManager, "s_ask_esim|gift|{tran}|{order}": esim.RoleManager, "s_gift|{tran}|X|1": esim.RoleManager, "s_yes_gift|{tran}|X|1": esim.RoleManager,
	"s_pick|assign|{order}": esim.RoleManager, "s_ask_esim|assign|{tran}|{order}": esim.RoleManager, "s_yes_assign|{tran}|1": esim.RoleManager,
	"s_ask|amount|{order}": esim.RoleManager, "s_pick|part|{order}": esim.RoleManager, "s_ask_esim|part|{tran}|{order}": esim.RoleManager,
	"s_yes_part|{order}||1|1": esim.RoleManager, "s_why|part|{order}|network|{tran}": esim.RoleManager,
	"s_ask|cancel|{order}": esim.RoleManager, "s_yes|cancel|{order}|x": esim.RoleManager,
	"s_ask|leave|{order}": esim.RoleManager, "s_yes|leave|{order}|x": esim.RoleManager,
	"s_ask|settled|{order}": esim.RoleManager, "s_yes|settled|{order}|x": esim.RoleManager,
	"s_ask|looked|{order}": esim.RoleManager, "s_yes|looked|{order}|x": esim.RoleManager,
	"s_pick|suspend|{order}": esim.RoleManager, "s_ask_esim|suspend|{tran}|{order}": esim.RoleManager, "s_yes_esim|suspend|{tran}|x": esim.RoleManager,
	"s_pick|resume|{order}": esim.RoleManager, "s_ask_esim|resume|{tran}|{order}": esim.RoleManager, "s_yes_esim|resume|{tran}|x": esim.RoleManager,
	"s_pick|revoke|{order}": esim.RoleManager, "s_ask_esim|revoke|{tran}|{order}": esim.RoleManager, "s_yes_esim|revoke|{tran}|x": esim.RoleManager,
	"s_pick|sms|{order}": esim.RoleManager, "s_ask_esim|sms|{tran}|{order}": esim.RoleManager, "s_yes_esim|sms|{tran}|x": esim.RoleManager,
	"s_credit|101|500|ABCDEFGH": esim.RoleManager, "s_block|101|0": esim.RoleManager, "s_promo": esim.RoleManager,
	"s_ask_held|sendback|{held}": esim.RoleManager, "s_yes_held|sendback|none": esim.RoleManager,
	"s_ask_held|keep|{held}": esim.RoleManager, "s_yes_held|keep|none": esim.RoleManager,

	"s_user_do|u_note|101": esim.RoleSupport, "s_user_do|u_message|101": esim.RoleManager, "s_user_do|u_credit|101": esim.RoleManager,
	"s_user_do|u_block|101": esim.RoleManager, "s_user_do|u_unblock|101": esim.RoleManager,
	"s_message|101": esim.RoleManager, "s_curate|hide|@JP": esim.RoleManager,
	"s_cast|pause|999": esim.RoleOwner,
	"s_role|900|owner": esim.RoleOwner, "s_resume": esim.RoleOwner, "s_price|1": esim.RoleOwner, "s_set|1": esim.RoleOwner,
}

// staffActions is every action that a button can name: a new one needs its line above.
var staffActions = []string{"received", "retry", "resend", "refund", "cancel", "leave", "settled", "looked", "suspend", "resume", "revoke", "sendback", "keep", "note", "sms", "amount", "part", "gift", "assign", "u_message", "u_note", "u_credit", "u_block", "u_unblock"}

const (
	managerID = 903
	supportID = 904
	strangeID = 555
)

// A matrix is a shop with somebody of each role.
type matrix struct {
	*shop
	fill  *strings.Replacer
	staff map[esim.Role]*tgsandbox.UserClient
}

func newMatrix(t *testing.T) matrix {
	t.Helper()
	s, olga, o := sold(t)
	held := esim.UnexplainedPayment{Payment: esim.Payment{ID: "charge", Order: "ABCD0001", Customer: annID, Amount: esim.Stars(231), At: shoptest.Noon}}
	_, err := s.DB.NoteUnexplained(t.Context(), held)
	s.Must(err)
	m := matrix{shop: s, staff: map[esim.Role]*tgsandbox.UserClient{esim.RoleOwner: olga}}
	m.fill = strings.NewReplacer("{order}", string(o.ID), "{tran}", s.Vendor.Profiles()[0].EsimTranNo, "{held}", held.Ref())
	for id, role := range map[int64]esim.Role{managerID: esim.RoleManager, supportID: esim.RoleSupport} {
		s.Messenger.AddUser(tgsandbox.User{ID: id, FirstName: string(role), LanguageCode: "en", Staff: true})
		m.staff[role] = s.Messenger.User(id).In(groupID)
	}
	s.Must(s.DB.AssignRole(t.Context(), esim.StaffMember{ID: managerID, Name: "Mia"}, esim.RoleManager, esim.AuditEntry{Who: staffID, What: "role"}))
	return m
}

// refusedAs is how a role is told that it may not.
func refusedAs(text string) bool { return strings.HasPrefix(text, "✗ Only") }

// may reports whether a role may what another may at least.
func may(role, least esim.Role) bool {
	return slices.Index(esim.Roles(), role) <= slices.Index(esim.Roles(), least)
}

// sentAs is a message in a chat, with a command, as Telegram has it.
func sentAs(words string, from, chat int64, more map[string]any) map[string]any {
	m := map[string]any{
		"message_id": 70_000, "date": shoptest.Noon.Unix(), "text": words, "from": map[string]any{"id": from, "is_bot": false, "first_name": "Olga"},
		"chat":     map[string]any{"id": chat, "type": "group", "title": "Staff"},
		"entities": []any{map[string]any{"type": "bot_command", "offset": 0, "length": len(strings.Fields(words)[0])}},
	}
	maps.Copy(m, more)
	return map[string]any{"message": m}
}

// TestPermissionMatrixOfCommands sends every command as everybody from everywhere: it is answered, refused in words that
// say who may, or met with silence.
func TestPermissionMatrixOfCommands(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	_, menu := m.App.Bot.Staff().Menu(t.Context())
	for _, c := range menu {
		if _, ok := commandRights[c.Name]; !ok {
			t.Errorf("/%s is a new command: say in commandRights who may", c.Name)
		}
	}
	if len(menu) != len(commandRights) {
		t.Errorf("%d commands, %d lines", len(menu), len(commandRights))
	}
	olga, owner := m.Messenger.User(staffID), m.staff[esim.RoleOwner]
	for _, name := range slices.Sorted(maps.Keys(commandRights)) {
		right := commandRights[name]
		words := m.fill.Replace(strings.TrimSpace("/" + name + " " + right.args))
		for role, h := range m.staff {
			m.Send(h, words)
			if got := h.Last(); !got.From.IsBot || refusedAs(got.Text) == may(role, right.least) {
				t.Errorf("%s as %s: %q", words, role, firstLine(got.Text))
			}
		}
		answers := func(where string, update map[string]any, want string) {
			t.Helper()
			before := len(owner.Chat())
			m.Messenger.Inject(update)
			m.Pump()
			switch after := owner.Chat(); {
			case want == "" && len(after) != before:
				t.Errorf("%s %s: %q", words, where, firstLine(after[len(after)-1].Text))
			case want != "" && (len(after) != before+1 || !strings.Contains(after[before].Text, want)):
				t.Errorf("%s %s: %d answers, not %q", words, where, len(after)-before, want)
			}
		}
		answers("of a stranger", sentAs(words, strangeID, groupID, nil), "")
		answers("of an anonymous administrator", sentAs(words, 1087968824, groupID, map[string]any{
			"from":        map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"},
			"sender_chat": map[string]any{"id": groupID, "type": "group", "title": "Staff"},
		}), "Remain anonymous")
		answers("of a channel", sentAs(words, 136817688, groupID, map[string]any{
			"from":        map[string]any{"id": 136817688, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"},
			"sender_chat": map[string]any{"id": -1002000000009, "type": "channel", "title": "News"},
		}), "")
		answers("from a channel that is linked", sentAs(words, 777000, groupID, map[string]any{
			"sender_chat": map[string]any{"id": -1002000000009, "type": "channel", "title": "News"}, "is_automatic_forward": true,
		}), "")
		answers("forwarded", sentAs(words, staffID, groupID, map[string]any{
			"forward_origin": map[string]any{"type": "user", "date": shoptest.Noon.Unix(), "sender_user": map[string]any{"id": strangeID, "is_bot": false, "first_name": "Eve"}},
		}), "forwarded")
		answers("from another group", sentAs(words, staffID, -555, nil), "")
		at, _, _ := strings.Cut(words, " ")
		answers("for another bot", sentAs(strings.Replace(words, at, at+"@some_other_bot", 1), staffID, groupID, nil), "")

		before := len(owner.Chat())
		m.Send(olga, words)
		if got := olga.Last(); name != "help" && name != "language" && name != "credit" && name != "promo" && name != "settings" && !strings.Contains(got.Text, "do not know this command") {
			t.Errorf("%s in private: %q", words, firstLine(got.Text))
		}
		if len(owner.Chat()) != before {
			t.Errorf("%s in private is answered in the group", words)
		}
	}
	if n := m.did("refund") + m.did("credit") + m.did("block") + m.did("promo"); n != 0 {
		t.Errorf("%d things were done by no more than a command", n)
	}
	m.handledAll()
}

// TestPermissionMatrixOfButtons presses every button as everybody from everywhere.
func TestPermissionMatrixOfButtons(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	routes := map[string]bool{}
	for data := range buttonRights {
		d, err := ui.ParseCallbackData(m.fill.Replace(data))
		m.Must(err)
		routes[d.Route] = true
	}
	for _, route := range m.App.Bot.Staff().Routes() {
		if !routes[string(route)] {
			t.Errorf("%s is a new button: say in buttonRights who may press it", route)
		}
	}
	for _, a := range m.App.Bot.Staff().Actions() {
		if !slices.Contains(staffActions, a) {
			t.Errorf("%s is a new action: say in buttonRights and staffActions who may", a)
		}
	}
	m.Send(m.staff[esim.RoleOwner], "/status")
	at := m.staff[esim.RoleOwner].Last().ID
	ann := m.Messenger.User(annID)
	for _, data := range slices.Sorted(maps.Keys(buttonRights)) {
		least := buttonRights[data]
		data = m.fill.Replace(data)
		for role, h := range m.staff {
			if toast := m.pressesOn(h, at, data); refusedAs(toast.Text) == may(role, least) {
				t.Errorf("%s as %s: %q", data, role, toast.Text)
			}
		}
		for where, h := range map[string]*tgsandbox.UserClient{"a customer": ann, "an owner in private": m.Messenger.User(staffID)} {
			if len(h.Chat()) == 0 {
				m.Send(h, "/start")
			}
			if toast := m.pressesOn(h, h.Last().ID, data); toast.Text == "" || refusedAs(toast.Text) {
				t.Errorf("%s as %s: %q", data, where, toast.Text)
			}
		}
		before, log := len(m.staff[esim.RoleOwner].Chat()), len(m.audit())
		for _, from := range []struct{ who, chat int64 }{{strangeID, groupID}, {staffID, -555}} {
			m.Messenger.Inject(map[string]any{"callback_query": map[string]any{
				"id": "1", "from": map[string]any{"id": from.who, "is_bot": false, "first_name": "Eve"}, "chat_instance": "1", "data": data,
				"message": map[string]any{"message_id": at, "date": shoptest.Noon.Unix(), "text": "x\n📝 why", "chat": map[string]any{"id": from.chat, "type": "group", "title": "x"}},
			}})
		}
		m.Pump()
		if len(m.staff[esim.RoleOwner].Chat()) != before || len(m.audit()) != log {
			t.Errorf("%s of a stranger or in another group did something: %+v", data, m.audit())
		}
	}
	m.handledAll()
}
