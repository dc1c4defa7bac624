package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// A userAction is a button of a customer's card. It does what its command does, with the same permission, the same
// question and the same second person: what the command would be told is asked for, and answered by a reply.
type userAction struct {
	name    string // in buttons: never renamed
	command string
	words   bool // the command takes more than the customer
}

// userActions are in the order of their buttons, two in a row. A customer who is blocked can be let in again.
var userActions = []userAction{
	{"u_message", "message", true},
	{"u_note", "note", true},
	{"u_credit", "credit", true},
	{"u_block", "block", false},
	{"u_unblock", "unblock", false},
}

func userActionNamed(name string) (userAction, bool) {
	i := slices.IndexFunc(userActions, func(a userAction) bool { return a.name == name })
	if i < 0 {
		return userAction{}, false
	}
	return userActions[i], true
}

// userDoRef is such a button.
type userDoRef struct {
	Action   string // name of a userAction
	Customer esim.CustomerID
}

func (p userDoRef) Data() ui.CallbackData {
	return ui.NewCallbackData(routeUserDo, p.Action, int64(p.Customer))
}

func parseUserDoRef(d ui.CallbackData) (userDoRef, error) {
	a := d.Read(routeUserDo)
	p := userDoRef{a.Text(), esim.CustomerID(a.Int64(0))}
	return p, a.Err()
}

//i18n:use staff.btn_u_* staff.ask_u_*

func userRows(r *request, c esim.ExportedCustomer) [][]ui.Button {
	var buttons []ui.Button
	for _, a := range userActions {
		if a.command == blockName(!c.Blocked) || !strings.HasSuffix(a.command, "block") {
			buttons = append(buttons, ui.NewButton(r.Plain("staff.btn_"+a.name, nil), userDoRef{a.name, c.ID}))
		}
	}
	return slices.Collect(slices.Chunk(buttons, 2))
}

// userMay is what a button of a customer's card needs: what its command does.
func (g *Group) userMay(d ui.CallbackData) esim.Permission {
	if len(d.Args) > 0 {
		if a, ok := userActionNamed(d.Args[0]); ok {
			return g.commandNamed(a.command).may
		}
	}
	return esim.MayView
}

// userDo asks for the words of such a button, or does what its command does.
func (g *Group) userDo(ctx context.Context, r *request, ref userDoRef) (ui.Screen, error) {
	a, ok := userActionNamed(ref.Action)
	if !ok {
		return ui.Screen{}, ui.ErrBadData
	}
	c, err := g.orders.Customer(ctx, ref.Customer)
	if err != nil {
		return ui.Screen{}, err
	}
	if !a.words {
		screen, err := g.asCommand(ctx, r, a, ref.Customer, "")
		screen.Fresh = true
		return screen, err
	}
	args := i18n.Args{"name": ui.CustomerName(c), "customer": int64(c.ID)}
	no := wordsRef{Action: a.name, Customer: c.ID}
	return ui.Screen{
		Fresh: true, Text: r.T("staff.card_customer", args) + "\n" + r.T("staff.ask_"+a.name, nil),
		Rows: [][]ui.Button{{ui.NewButton(r.Plain("staff.btn_no", nil), no)}},
	}, nil
}

// asCommand does what the command does with the customer and some words behind it.
func (g *Group) asCommand(ctx context.Context, r *request, a userAction, c esim.CustomerID, words string) (ui.Screen, error) {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", int64(c), words))
	req := *r.Request
	req.Press, req.CommandText = false, text
	req.Data = ui.CallbackData{Route: a.command, Args: strings.Fields(text)}
	as := *r
	as.Request = &req
	return g.run(g.commandNamed(a.command))(ctx, &as)
}
