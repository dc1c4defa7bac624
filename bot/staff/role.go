package staff

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// roles says who is what, and names them.
type roles struct {
	members *members
	store   esim.StaffMemberStore
	rules   *esim.RuleBook // beyond what it takes two
}

// nameOf is how somebody of the staff stands in a sentence: their name, and their number.
func nameOf(r *ui.Request, name string, id esim.CustomerID) i18n.HTML {
	number := i18n.HTML("<code>" + strconv.FormatInt(int64(id), 10) + "</code>")
	if name = cutName(name); name == "" {
		return number
	}
	return r.HTML("%s", name) + " " + number
}

// customerOf is how a customer stands in a sentence. Who is forgotten has no name.
func customerOf(ctx context.Context, customers OrderStore, r *ui.Request, id esim.CustomerID) (i18n.HTML, error) {
	c, err := customers.Customer(ctx, id)
	if err != nil && !errors.Is(err, esim.ErrNotFound) {
		return "", err
	}
	return nameOf(r, c.Name, id), nil
}

// cutName is a name on one line.
func cutName(name string) string { return ui.Truncate(strings.Join(strings.Fields(name), " "), 64) }

//i18n:use staff.role_* staff.may_*

// roleNamed reads a role, as it is called in the group's language or in English.
func roleNamed(r *request, word string) (esim.Role, bool) {
	for _, role := range esim.Roles() {
		if strings.EqualFold(word, string(role)) || strings.EqualFold(word, r.Plain("staff.role_"+string(role), nil)) {
			return role, true
		}
	}
	return "", false
}

// command lists who is what, or asks about naming somebody.
func (f *roles) command(ctx context.Context, r *request) (ui.Screen, error) {
	words := r.Data.Args
	if len(words) == 0 && r.repliesTo.ID == 0 {
		text, err := f.list(ctx, r)
		return ui.Screen{Text: text}, err
	}
	whom := r.repliesTo
	if len(words) > 0 {
		if id, err := strconv.ParseInt(i18n.PlainDigits(words[0]), 10, 64); err == nil {
			whom, words = esim.StaffMember{ID: esim.CustomerID(id)}, words[1:]
		}
	}
	if whom.ID == 0 {
		if len(words) > 0 {
			if _, ok := roleNamed(r, words[0]); !ok {
				return ui.Screen{}, wrongArgument{"staff.wrong_words", words[0]}
			}
		}
		return ui.Screen{}, missingArgument{argument{name: "member"}}
	}
	if len(words) == 0 {
		return ui.Screen{}, missingArgument{argument{name: "role"}}
	}
	role, ok := roleNamed(r, words[0])
	if !ok {
		return ui.Screen{}, wrongArgument{"staff.wrong_role", words[0]}
	}
	is, err := f.members.look(ctx, int64(whom.ID))
	if err != nil {
		return ui.Screen{}, err
	}
	member, now, err := f.members.roleOf(ctx, whom.ID, is)
	if err != nil {
		return ui.Screen{}, err
	}
	if !is.In && member.Role == "" { // who has left can still be made less
		return ui.Screen{}, wrongArgument{"staff.wrong_member", strconv.FormatInt(int64(whom.ID), 10)}
	}
	if whom.Name == "" {
		whom.Name = cutName(is.Name)
	}
	if whom.Name != "" {
		if err := f.members.calls(ctx, member, whom.Name); err != nil {
			return ui.Screen{}, err
		}
		member.Name = whom.Name
	}
	args := i18n.Args{"name": nameOf(r.Request, member.Name, member.ID), "role": r.Plain("staff.role_"+string(role), nil)}
	if now == role && member.Role == role {
		return ui.Screen{Text: r.T("staff.already_role", args)}, nil
	}
	text := r.T("staff.ask_role", args) + "\n" + rightsOf(r, role)
	return ui.Screen{Text: text, Rows: yesNo(r, roleRef{member.ID, role}, "")}, nil
}

// yes names somebody, and says who is what now.
func (f *roles) yes(ctx context.Context, r *request, ref roleRef) (ui.Screen, error) {
	member, err := f.store.StaffMember(ctx, ref.Member)
	if err != nil {
		return ui.Screen{}, err
	}
	if member.Role == ref.Role {
		return ui.Screen{Text: r.T("staff.already_role", i18n.Args{
			"name": nameOf(r.Request, member.Name, member.ID), "role": r.Plain("staff.role_"+string(ref.Role), nil),
		})}, nil
	}
	err = f.store.AssignRole(ctx, member, ref.Role, r.auditEntry("role", f.members.now()))
	if errors.Is(err, esim.ErrLastOwner) {
		return ui.Screen{Toast: r.Plain("staff.toast_last_owner", nil), Alert: true}, nil
	}
	if err != nil {
		return ui.Screen{}, err
	}
	list, err := f.list(ctx, r)
	return ui.Screen{Text: r.T("staff.done_role", i18n.Args{
		"who": r.name, "name": nameOf(r.Request, member.Name, member.ID), "role": r.Plain("staff.role_"+string(ref.Role), nil),
	}) + "\n\n" + list}, err
}

// list is who is what, and what that is.
func (f *roles) list(ctx context.Context, r *request) (string, error) {
	named, err := f.store.StaffWithRoles(ctx)
	if err != nil {
		return "", err
	}
	lines := []string{r.T("staff.roles_head", nil)}
	for _, role := range esim.Roles() {
		var names []string
		for _, m := range named {
			if m.Role == role {
				names = append(names, string(nameOf(r.Request, m.Name, m.ID)))
			}
		}
		switch {
		case len(names) > 0:
		case role == esim.RoleOwner:
			names = []string{r.T("staff.role_admins", nil)}
		case role == esim.RoleSupport:
			names = []string{r.T("staff.role_others", nil)}
		default:
			names = []string{"—"}
		}
		lines = append(lines, "• <b>"+r.T("staff.role_"+string(role), nil)+"</b>: "+strings.Join(names, ", "), rightsOf(r, role))
	}
	if limit := f.rules.ApprovalAbove(); limit.Minor > 0 {
		lines = append(lines, r.T("staff.role_limit", i18n.Args{"amount": r.ExactAmount(limit)}))
	}
	return strings.Join(lines, "\n"), nil
}

// rightsOf is what a role may beyond those below it.
func rightsOf(r *request, role esim.Role) string {
	var rights []string
	for _, p := range esim.Permissions() {
		if p.LowestRole() == role {
			rights = append(rights, r.T("staff.may_"+string(p), nil))
		}
	}
	text := r.T("staff.role_may", i18n.Args{"rights": i18n.HTML(strings.Join(rights, ", "))})
	if i := slices.Index(esim.Roles(), role); i < len(esim.Roles())-1 {
		text = r.T("staff.role_may_too", i18n.Args{"rights": i18n.HTML(strings.Join(rights, ", ")), "below": r.T("staff.role_"+string(esim.Roles()[i+1]), nil)})
	}
	return text
}

// whoMay names those who were named a role with a permission, but one; "" if nobody was.
func (f *roles) whoMay(ctx context.Context, r *ui.Request, p esim.Permission, but esim.CustomerID) (string, error) {
	named, err := f.store.StaffWithRoles(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, m := range named {
		if m.Role.May(p) && m.ID != but {
			names = append(names, string(nameOf(r, m.Name, m.ID)))
		}
	}
	return strings.Join(names, ", "), nil
}
