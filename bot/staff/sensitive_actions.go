package staff

import (
	"context"
	"errors"
	"strings"
	"time"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// sensitiveActions have what moves much wait for a second person. A press on a route of the table stakes begins a sensitive action: it is done
// at once, or the question becomes a request, which somebody else's press does in the name of the first.
type sensitiveActions struct {
	store   esim.SensitiveActionStore
	members *members
	roles   *roles
	rules   *esim.RuleBook // what one person may move alone
	now     func() time.Time
	buttons func(route ui.Route) (button, bool)
}

// A stake is what a press is about to do: What, Customer, Order, Worth or Always of the sensitive action. Nothing is at stake if it
// has no What: then the handler answers, as it does to a button that is too old.
type stake func(ctx context.Context, r *request) (esim.SensitiveAction, error)

// begin does what a press asks for, or has it wait.
func (f *sensitiveActions) begin(ctx context.Context, r *request, s stake, h handler) (ui.Screen, error) {
	d, err := s(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if d.What == "" {
		return h(ctx, r)
	}
	if d.Press, err = r.Data.Encode(); err != nil {
		return ui.Screen{}, err
	}
	d.Key, d.Who, d.Shown, d.At = d.Press, r.who, r.shown, f.now()
	if d, err = f.store.BeginSensitiveAction(ctx, d, f.rules.ApprovalAbove()); err != nil {
		return ui.Screen{}, err
	}
	if d.State == esim.SensitiveActionAwaitsApproval || d.State == esim.SensitiveActionApproved {
		return f.request(ctx, r, d)
	}
	return f.do(ctx, r, d, h)
}

// do does it, and notes whether it was done: what was not does not count.
func (f *sensitiveActions) do(ctx context.Context, r *request, d esim.SensitiveAction, h handler) (ui.Screen, error) {
	screen, err := h(ctx, r)
	return f.ended(ctx, r, d, screen, err)
}

func (f *sensitiveActions) ended(ctx context.Context, r *request, d esim.SensitiveAction, screen ui.Screen, err error) (ui.Screen, error) {
	if ctx.Err() != nil { // the next run of the program goes on
		return screen, err
	}
	if err == nil && screen.After != nil {
		after := screen.After
		screen.After = func(ctx context.Context) (ui.Screen, error) {
			screen, err := after(ctx)
			return f.ended(ctx, r, d, screen, err)
		}
		return screen, nil
	}
	to := esim.SensitiveActionDropped
	if r.done {
		to = esim.SensitiveActionDone
		if d.ApprovedBy != 0 {
			screen.Text += "\n" + r.T("staff.second_agreed", i18n.Args{"name": r.secondName})
		}
	}
	if failed := f.store.EndSensitiveAction(ctx, d.ID, to); failed != nil && !errors.Is(failed, esim.ErrConflict) {
		r.log.Warn("it is not noted that a sensitive action of the staff is over", "what", d.What, "err", failed)
	}
	return screen, err
}

// request is the question again, as a request to somebody else.
func (f *sensitiveActions) request(ctx context.Context, r *request, d esim.SensitiveAction) (ui.Screen, error) {
	first, err := f.members.store.StaffMember(ctx, d.Who)
	if err != nil {
		return ui.Screen{}, err
	}
	names, err := f.roles.whoMay(ctx, r.Request, f.permission(d), d.Who)
	if err != nil {
		return ui.Screen{}, err
	}
	who := i18n.HTML(r.T("staff.second_anybody", nil))
	if names != "" {
		who = i18n.HTML(names)
	}
	lines := []string{
		string(r.HTML("%s", strings.TrimSpace(d.Shown))), "",
		r.T("staff.second_needed", i18n.Args{"name": first.Name, "who": who, "until": r.Moment(d.Ends())}),
	}
	return ui.Screen{Text: ui.Clip(lines), Rows: [][]ui.Button{{
		ui.NewButton(r.Plain("staff.btn_agree", nil), sensitiveActionRef{routeAgree, d.ID}),
		ui.NewButton(r.Plain("staff.btn_no", nil), sensitiveActionRef{routeDisagree, d.ID}),
	}}}, nil
}

// permission is what a sensitive action needs of both persons.
func (f *sensitiveActions) permission(d esim.SensitiveAction) esim.Permission {
	data, err := ui.ParseCallbackData(d.Press)
	if b, ok := f.buttons(ui.Route(data.Route)); err == nil && ok {
		return b.may(data)
	}
	return "" // which nobody has
}

// agree is the second person's press: it does what the first one's asked for, once.
func (f *sensitiveActions) agree(ctx context.Context, r *request, ref sensitiveActionRef) (ui.Screen, error) {
	d, err := f.store.SensitiveAction(ctx, ref.Action)
	if err != nil {
		return ui.Screen{}, ui.ErrBadData
	}
	data, err := ui.ParseCallbackData(d.Press)
	b, ok := f.buttons(ui.Route(data.Route))
	if err != nil || !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	if d.Who == r.who {
		return alert(r, "staff.toast_same_person", nil), nil
	}
	// Both are looked for now: a minute ago is not good enough for what two have to answer for.
	first, firstRole, err := f.lookFor(ctx, d.Who)
	if err != nil {
		return ui.Screen{}, err
	}
	_, second, err := f.lookFor(ctx, r.who)
	if err != nil {
		return ui.Screen{}, err
	}
	may := b.may(data)
	switch {
	case second == "":
		return alert(r, "staff.toast_not_member", nil), nil
	case !second.May(may):
		r.role = second
		return ui.Screen{Toast: refused(r, may).Text(), Alert: true}, nil
	case !firstRole.May(may):
		return alert(r, "staff.toast_first_gone", i18n.Args{"name": first.Name}), nil
	case !esim.MayApproveTogether(may, firstRole, second):
		return alert(r, "staff.toast_one_owner", nil), nil
	}
	d, err = f.store.ApproveSensitiveAction(ctx, d.ID, r.who, f.now())
	switch {
	case errors.Is(err, esim.ErrApprovalExpired):
		return f.over(ctx, r, ref, "staff.second_expired")
	case errors.Is(err, esim.ErrConflict):
		return f.agreedBefore(ctx, r, ref)
	case err != nil:
		return ui.Screen{}, err
	}
	req := *r.Request
	req.Data = data
	as := *r
	as.Request, as.who, as.name, as.role, as.shown = &req, d.Who, first.Name, firstRole, d.Shown
	as.second, as.secondName = r.who, r.name
	return f.do(ctx, &as, d, b.handler)
}

func alert(r *request, key string, args i18n.Args) ui.Screen {
	return ui.Screen{Toast: r.Plain(key, args), Alert: true}
}

func (f *sensitiveActions) lookFor(ctx context.Context, id esim.CustomerID) (esim.StaffMember, esim.Role, error) {
	is, err := f.members.look(ctx, int64(id))
	if err != nil {
		return esim.StaffMember{}, "", err
	}
	return f.members.roleOf(ctx, id, is)
}

// agreedBefore tells whoever comes second to be second who was.
func (f *sensitiveActions) agreedBefore(ctx context.Context, r *request, ref sensitiveActionRef) (ui.Screen, error) {
	d, err := f.store.SensitiveAction(ctx, ref.Action)
	if err != nil || d.ApprovedBy == 0 {
		return ui.Screen{}, esim.ErrConflict
	}
	m, err := f.members.store.StaffMember(ctx, d.ApprovedBy)
	if err != nil {
		return ui.Screen{}, err
	}
	return alert(r, "staff.toast_agreed_before", i18n.Args{"name": m.Name}), nil
}

// disagree ends a request: the first person takes it back, or somebody who could agree does not.
func (f *sensitiveActions) disagree(ctx context.Context, r *request, ref sensitiveActionRef) (ui.Screen, error) {
	d, err := f.store.SensitiveAction(ctx, ref.Action)
	if err != nil {
		return ui.Screen{}, ui.ErrBadData
	}
	if may := f.permission(d); d.Who != r.who && !r.role.May(may) {
		return ui.Screen{Toast: refused(r, may).Text(), Alert: true}, nil
	}
	if d.State == esim.SensitiveActionApproved {
		return f.agreedBefore(ctx, r, ref)
	}
	return f.over(ctx, r, ref, "staff.left")
}

// over closes a request, and says on it how.
func (f *sensitiveActions) over(ctx context.Context, r *request, ref sensitiveActionRef, key string) (ui.Screen, error) {
	d, err := f.store.SensitiveAction(ctx, ref.Action)
	if err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.EndSensitiveAction(ctx, d.ID, esim.SensitiveActionDropped); err != nil {
		return ui.Screen{}, err
	}
	lines := []string{string(r.HTML("%s", strings.TrimSpace(d.Shown))), "", r.T(key, i18n.Args{"who": r.name})}
	return ui.Screen{Text: ui.Clip(lines), Rows: cardRow(r.Request, d.Order)}, nil
}
