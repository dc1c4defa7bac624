package staff

import (
	"context"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

//i18n:use staff.role_* staff.refused_*

// refused says that somebody may not do it, and who may.
func refused(r *request, p esim.Permission) i18n.HTML {
	return i18n.HTML(r.T("staff.refused_"+string(p.LowestRole()), i18n.Args{"role": r.Plain("staff.role_"+string(r.role), nil)}))
}

// refused is that, with the names of those who may.
func (g *Group) refused(ctx context.Context, r *request, p esim.Permission) (i18n.HTML, error) {
	words := refused(r, p)
	names, err := g.roles.whoMay(ctx, r.Request, p, 0)
	if err != nil || names == "" {
		return words, err
	}
	return words + "\n" + i18n.HTML(r.T("staff.refused_ask", i18n.Args{"names": i18n.HTML(names)})), nil
}

// A button is one line of the table of routes: who may press it, and what answers.
type button struct {
	may     func(d ui.CallbackData) esim.Permission
	handler handler
}

// always is the permission of a route whose buttons all do the same.
func always(p esim.Permission) func(ui.CallbackData) esim.Permission {
	return func(ui.CallbackData) esim.Permission { return p }
}

// ofAction is the permission of a route whose first argument names an action; what names none does nothing.
func ofAction(d ui.CallbackData) esim.Permission {
	name := ""
	if len(d.Args) > 0 {
		name = d.Args[0]
	}
	if a, ok := orderActionNamed(name); ok {
		return a.may
	}
	if a, ok := esimActionNamed(name); ok {
		return a.may
	}
	if a, ok := unexplainedActionNamed(name); ok {
		return a.may
	}
	return esim.MayView
}

// press answers a button that somebody may press, and says who may to others. What much hangs on waits for a second
// person.
func (g *Group) press(b button) handler {
	return func(ctx context.Context, r *request) (ui.Screen, error) {
		p := b.may(r.Data)
		if !r.role.May(p) {
			words, err := g.refused(ctx, r, p)
			return ui.Screen{Toast: words.Text(), Alert: true}, err
		}
		if s, ok := g.stakes[ui.Route(r.Data.Route)]; ok {
			return g.sensitiveActions.begin(ctx, r, s, b.handler)
		}
		return b.handler(ctx, r)
	}
}
