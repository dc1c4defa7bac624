package customer

import (
	"context"
	"errors"
	"strings"
	"time"

	"esimbot/bot/qrcard"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// ESIMStore is where customers' eSIMs are. All reads are by id and customer.
type ESIMStore interface {
	ESIMOf(ctx context.Context, customer esim.CustomerID, esimID string) (esim.ESIM, error)
	ESIMsOf(ctx context.Context, customer esim.CustomerID) ([]esim.ESIM, error)
}

// OrderStore is where orders are.
type OrderStore interface {
	Customer(ctx context.Context, id esim.CustomerID) (esim.Customer, error)
	Order(ctx context.Context, id esim.OrderID) (esim.Order, error)
	// OrderOf is esim.ErrNotFound also when the order is somebody else's.
	OrderOf(ctx context.Context, customer esim.CustomerID, id esim.OrderID) (esim.Order, error)
	OrdersOf(ctx context.Context, customer esim.CustomerID, limit int) ([]esim.Order, error)
}

// esimsFlow shows customers what they own.
type esimsFlow struct {
	store interface {
		ESIMStore
		OrderStore
	}
	watcher *esim.Watcher
	qr      *qrcard.Painter
	credit  creditStore
	now     func() time.Time
}

func (f *esimsFlow) register(t *ui.Router) {
	t.Command("esims", true, func(ctx context.Context, r *ui.Request) (ui.Screen, error) { return f.list(ctx, r, esimsRef{}) })
	t.Route(routeESIMs, ui.On(parseESIMsRef, f.list))
	t.Route(routeESIM, ui.On(parseESIMRef(routeESIM), f.card))
	t.Route(routeRefresh, ui.On(parseESIMRef(routeRefresh), f.refresh))
	t.Route(routeQR, ui.On(parseESIMRef(routeQR), f.picture))
	t.Route(routeInstall, ui.On(parseESIMRef(routeInstall), f.install))
}

const esimsPage = 8

func (f *esimsFlow) list(ctx context.Context, r *ui.Request, ref esimsRef) (ui.Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	open, err := f.openOrders(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	if line, has, err := creditLine(ctx, r, f.credit); err != nil {
		return ui.Screen{}, err
	} else if has {
		open = append(open, line)
	}
	if len(esims)+len(open) == 0 {
		return ui.Screen{Text: r.T("esims.none", nil), Rows: [][]ui.Button{{ui.Press(r.Plain("esims.btn_first", nil), ui.RouteMenu)}}}, nil
	}
	lines := append([]string{r.T("esims.head", nil)}, open...)
	pg := ui.Paginate(len(esims), esimsPage, ref.Page)
	s := ui.Screen{Text: ui.Clip(lines)}
	siblings := map[esim.OrderID]int{}
	for _, e := range esims {
		siblings[e.Order]++
	}
	for _, e := range esims[pg.From:pg.To] {
		label := f.label(r, e)
		if siblings[e.Order] > 1 {
			label += " · #" + r.Number(int64(e.Index))
		}
		s.Rows = append(s.Rows, ui.Row(ui.Press(label, esimRef{routeESIM, e.ID})))
	}
	s.Rows = append(s.Rows, pg.Row(func(n int) ui.Ref { return esimsRef{n} })...)
	s.Rows = append(s.Rows, ui.Row(ui.Press(r.Plain("menu.btn_menu", nil), ui.RouteMenu)))
	return s, nil
}

// openOrders are lines about purchases that have not arrived yet.
func (f *esimsFlow) openOrders(ctx context.Context, r *ui.Request) ([]string, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, 20)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range orders {
		if o.State.Open() && !o.Allocated && o.Kind == esim.Purchase {
			lines = append(lines, r.T("esims.coming", i18n.Args{"plan": r.OrderTitle(o), "id": o.ID.String()}))
		}
	}
	return lines, nil
}

func (f *esimsFlow) label(r *ui.Request, e esim.ESIM) string {
	text := ui.ConditionMarks[e.Condition(f.now())] + " " + r.PlanTitle(e.Plan, ui.DayPassDays(e))
	if e.Condition(f.now()) == esim.Working && !e.Plan.DayPass() && e.Total > 0 {
		text += " · " + r.Printer.Data(e.Remaining())
	}
	return text
}

func (f *esimsFlow) card(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	return f.cardOf(r, e, o), nil
}

// load is the eSIM of a request with its order; one without an order has an empty one.
func (f *esimsFlow) load(ctx context.Context, r *ui.Request, ref esimRef) (esim.ESIM, esim.Order, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return esim.ESIM{}, esim.Order{}, err
	}
	o, err := orderOf(ctx, f.store, e)
	return e, o, err
}

// orderOf is the order of an eSIM if it is the same customer's, else an empty one.
func orderOf(ctx context.Context, store OrderStore, e esim.ESIM) (esim.Order, error) {
	o, err := store.OrderOf(ctx, e.Customer, e.Order)
	if errors.Is(err, esim.ErrNotFound) {
		return esim.Order{}, nil
	}
	return o, err
}

// leaving reports whether an order's eSIMs are being given back.
func leaving(o esim.Order) bool { return o.State == esim.Cancelling || o.State == esim.Refunding }

//i18n:use esim.*

func (f *esimsFlow) cardOf(r *ui.Request, e esim.ESIM, o esim.Order) ui.Screen {
	now := f.now()
	c := e.Condition(now)
	state := ui.ConditionMarks[c] + " " + r.T("esim.is_"+string(c), nil)
	if leaving(o) && c != esim.Withdrawn {
		state = "↩️ " + r.T("esim.is_leaving", nil)
	}
	lines := []string{
		r.T("esim.head", i18n.Args{"flag": ui.PlanFlag(e.Plan), "title": r.PlanTitle(e.Plan, ui.DayPassDays(e)), "id": e.ShortID(o.Quantity)}),
		state,
	}
	if c != esim.Withdrawn {
		lines = append(lines, f.dataLines(r, e)...)
	}
	if line, has := f.timeLine(r, e, c); has {
		lines = append(lines, line)
	}
	s := ui.Screen{Text: strings.Join(lines, "\n")}
	if (c == esim.Ready || c == esim.Downloading || c == esim.Removed) && !leaving(o) {
		s.Rows = append(s.Rows,
			ui.Row(ui.Press(r.Plain("esim.btn_install", nil), esimRef{routeInstall, e.ID})),
			ui.Row(ui.Press(r.Plain("esim.btn_qr", nil), esimRef{routeQR, e.ID})))
	}
	if e.CanTopUp(now) && !leaving(o) {
		s.Rows = append(s.Rows, ui.Row(ui.Press(r.Plain("topup.btn", nil), esimRef{routeTopUp, e.ID})))
	}
	if !e.Status.Final() {
		s.Rows = append(s.Rows, ui.Row(ui.Press(r.Plain("esim.btn_refresh", nil), esimRef{routeRefresh, e.ID})))
	}
	if e.Plan.Code != "" {
		s.Rows = append(s.Rows, ui.Row(ui.Press(r.Plain("esim.btn_again", nil), planRef{Code: e.Plan.Code})))
	}
	if cancellable(o, e) {
		s.Rows = append(s.Rows, ui.Row(ui.Press(r.Plain("cancel.btn", nil), esimRef{routeCancel, e.ID})))
	}
	s.Rows = append(s.Rows, ui.Back(r, routeESIMs))
	return s
}

// dataLines are the bar and what it is as of.
func (f *esimsFlow) dataLines(r *ui.Request, e esim.ESIM) []string {
	var lines []string
	switch {
	case e.Plan.DayPass():
		lines = append(lines, r.T("esim.data_day_pass", i18n.Args{"data": r.PlanData(e.Plan)}))
		if e.Used > 0 {
			lines = append(lines, r.T("esim.used_so_far", i18n.Args{"used": r.Printer.Data(e.Used)}))
		}
	case e.Total <= 0:
		return nil
	default:
		lines = append(lines, "", r.T("esim.data", i18n.Args{
			"bar": bar(e.Remaining(), e.Total), "left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
			"percent": r.Percent(e.Remaining(), e.Total),
		}))
	}
	if line, has := asOf(r, e); has {
		lines = append(lines, line)
	}
	return lines
}

// asOf says when the vendor counted the usage; false for an eSIM that was never in use.
func asOf(r *ui.Request, e esim.ESIM) (line string, has bool) {
	switch {
	case !e.UsageAt.IsZero():
		return r.T("esim.as_of", i18n.Args{"time": r.DateTime(e.UsageAt, time.UTC)}), true
	case e.Activated.IsZero():
		return "", false
	}
	return r.T("esim.as_of_never", nil), true
}

// timeLine says when the eSIM ends, or how long it keeps; false if neither is known.
func (f *esimsFlow) timeLine(r *ui.Request, e esim.ESIM, c esim.Condition) (line string, has bool) {
	args := i18n.Args{
		"date": r.DateTime(e.Expires, time.UTC), "left": r.Left(e.Expires.Sub(f.now())),
		"days": r.Days(max(e.Days, 1)),
	}
	switch {
	case e.Expires.IsZero(), c == esim.Withdrawn:
		return "", false
	case c == esim.Over, c == esim.Lapsed:
		return r.T("esim.ended", args), true
	case e.Activated.IsZero():
		return r.T("esim.keeps", args), true
	}
	return r.T("esim.ends", args), true
}

const barCells = 10

// bar draws what is left: "▰▰▰▰▱▱▱▱▱▱". Something left is never drawn as nothing.
func bar(left, total int64) string {
	full := int(left * barCells / total)
	if left > 0 {
		full = max(full, 1)
	}
	full = min(full, barCells)
	return strings.Repeat("▰", full) + strings.Repeat("▱", barCells-full)
}

// refresh asks the vendor in the background and shows the card again when it answered.
func (f *esimsFlow) refresh(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	const often = 10 * time.Second
	if f.now().Sub(e.Asked) < often {
		s := f.cardOf(r, e, o)
		s.Toast = r.Plain("esim.toast_fresh", nil)
		return s, nil
	}
	return ui.Screen{
		Toast: r.Plain("esim.toast_asking", nil),
		After: func(ctx context.Context) (ui.Screen, error) {
			if err := f.watcher.Refresh(ctx, e.ID); err != nil && !errors.Is(err, esim.ErrNotFound) {
				return ui.Screen{}, err
			}
			fresh, o, err := f.load(ctx, r, ref)
			if err != nil {
				return ui.Screen{}, err
			}
			return f.cardOf(r, fresh, o), nil
		},
	}, nil
}

func (f *esimsFlow) picture(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	if c := e.Condition(f.now()); c == esim.Over || c == esim.Lapsed || c == esim.Withdrawn {
		return ui.Screen{Toast: r.Plain("esim.toast_ended", nil), Alert: true}, nil
	}
	return qrScreen(r, f.qr, e, o.Quantity)
}

// qrScreen is the picture with the ways to install: everything a traveller needs,
// in one message that can be found again.
func qrScreen(r *ui.Request, qr *qrcard.Painter, e esim.ESIM, quantity int) (ui.Screen, error) {
	png, err := qr.PNG(qrcard.Card{
		LPA: e.Code.Reveal(), Place: r.PlanPlace(e.Plan), Plan: r.PlanSize(e.Plan, ui.DayPassDays(e)), ID: e.ShortID(quantity),
	})
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Fresh:   true,
		Text:    qrCaption(r, e, quantity),
		Picture: &ui.Picture{PNG: png, Name: "esim-" + e.ShortID(1) + ".png"},
		Rows:    installRows(r, e),
	}, nil
}

func qrCaption(r *ui.Request, e esim.ESIM, quantity int) string {
	lines := []string{r.T("qr.caption", i18n.Args{
		"flag": ui.PlanFlag(e.Plan), "title": r.PlanTitle(e.Plan, ui.DayPassDays(e)), "id": e.ShortID(quantity),
	})}
	if e.APN != "" {
		lines = append(lines, r.T("qr.apn", i18n.Args{"apn": e.APN}))
	}
	lines = append(lines, "", r.T("qr.warning", nil))
	return strings.Join(lines, "\n")
}

// The phones' own installers, opened with the whole LPA string unescaped
// (esim-access-api.md, section 5, "Install links").
const (
	installIOS     = "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata="
	installAndroid = "https://esimsetup.android.com/esim_qrcode_provisioning?carddata="
)

// installRows are three ways: a link, and the codes to copy; the QR is the third.
func installRows(r *ui.Request, e esim.ESIM) [][]ui.Button {
	code := e.Code.Reveal()
	rows := [][]ui.Button{{
		{Text: r.Plain("qr.btn_ios", nil), URL: installIOS + code},
		{Text: r.Plain("qr.btn_android", nil), URL: installAndroid + code},
	}}
	if address, id := e.Code.Split(); address != "" && id != "" {
		rows = append(rows, ui.Row(
			ui.Button{Text: r.Plain("qr.btn_copy_address", nil), Copy: address},
			ui.Button{Text: r.Plain("qr.btn_copy_code", nil), Copy: id},
		))
	}
	return append(rows,
		ui.Row(ui.Button{Text: r.Plain("qr.btn_copy_lpa", nil), Copy: code}),
		ui.Row(ui.Press(r.Plain("qr.btn_open", nil), esimRef{routeESIM, e.ID})))
}

func (f *esimsFlow) install(ctx context.Context, r *ui.Request, ref esimRef) (ui.Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, ref.ESIM)
	if err != nil {
		return ui.Screen{}, err
	}
	rows := installRows(r, e)
	rows[len(rows)-1] = ui.Row(ui.Press(r.Plain("esim.btn_qr", nil), esimRef{routeQR, e.ID}))
	return ui.Screen{Text: r.T("install.text", nil), Rows: append(rows, ui.Back(r, esimRef{routeESIM, e.ID}))}, nil
}
