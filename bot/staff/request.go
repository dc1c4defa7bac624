package staff

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A request is one thing that somebody of the staff did in their group.
type request struct {
	*ui.Request
	who   esim.CustomerID
	name  string // of who
	role  esim.Role
	given given // what was typed behind a command
	// repliesTo is whose message a command answers; the zero value: nobody's of the group.
	repliesTo esim.StaffMember
	// second agreed to what who asked for; 0: one person is enough for it.
	second     esim.CustomerID
	secondName string
	done       bool              // a handler has done what much hangs on
	shown      string            // text of the message whose button was pressed
	written    *telegram.Message // a command; nil: something was pressed
	message    int               // that message; 0: nothing was pressed
	log        *slog.Logger
}

// A handler says what should be on the group's screen after a request.
type handler func(ctx context.Context, r *request) (ui.Screen, error)

// request is what a handler gets. Its Customer is nobody: what cannot be shown to the
// group says nothing about a customer.
func (g *Group) request(ctx context.Context, from telegram.User, is telegram.Membership, d ui.CallbackData) (*request, error) {
	r := &request{Request: &ui.Request{Printer: g.home.printer(ctx), Data: d}, who: esim.CustomerID(from.ID), name: firstName(from), log: g.log}
	if !is.In {
		return r, nil
	}
	member, role, err := g.members.roleOf(ctx, r.who, is)
	if err != nil {
		return nil, err
	}
	r.role = role
	return r, g.members.calls(ctx, member, r.name)
}

// firstName is how somebody is called here.
func firstName(u telegram.User) string {
	return cutName(u.FirstName)
}

// auditEntry is the line of the audit log for what r does.
func (r *request) auditEntry(what string, now time.Time) esim.AuditEntry {
	return esim.AuditEntry{At: now, Who: r.who, ApprovedBy: r.second, What: what}
}

//i18n:use staff.*

func oldButton(context.Context, *request) (ui.Screen, error) { return ui.Screen{}, ui.ErrBadData }

func (g *Group) language(ctx context.Context, r *request) (ui.Screen, error) {
	var known []string
	for _, l := range g.home.texts.Languages() {
		known = append(known, l.Code)
		if !strings.EqualFold(l.Code, r.Word(0)) {
			continue
		}
		entry := r.auditEntry("language", g.members.now())
		entry.Why = l.Code
		if err := g.home.settings.ChangeSetting(ctx, settingLanguage, l.Code, entry); err != nil {
			return ui.Screen{}, err
		}
		r.Printer = g.home.texts.Printer(l.Code)
		return ui.Screen{Text: r.T("staff.language_set", i18n.Args{"language": l.Native})}, nil
	}
	usage := r.T("staff.language_usage", i18n.Args{"codes": strings.Join(known, ", ")})
	if r.Word(0) != "" {
		return notUnderstood(r, r.Word(0), usage), nil
	}
	return ui.Screen{Text: usage}, nil
}
