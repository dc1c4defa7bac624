package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"esimbot/esim"
	"esimbot/i18n"
)

const (
	routeESIMs   = "esims"   // page
	routeESIM    = "esim"    // esimTranNo
	routeRefresh = "fresh"   // esimTranNo
	routeQR      = "qr"      // esimTranNo
	routeInstall = "install" // esimTranNo
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
	qr      *QRPictures
	credit  creditStore
	now     func() time.Time
}

func (f *esimsFlow) register(b *Bot) {
	b.command("esims", true, f.list)
	b.route(routeESIMs, f.list)
	b.route(routeESIM, f.card)
	b.route(routeRefresh, f.refresh)
	b.route(routeQR, f.picture)
	b.route(routeInstall, f.install)
}

const esimsPage = 8

func (f *esimsFlow) list(ctx context.Context, r *Request) (Screen, error) {
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return Screen{}, err
	}
	open, err := f.openOrders(ctx, r)
	if err != nil {
		return Screen{}, err
	}
	if line, err := creditLine(ctx, r, f.credit); err != nil {
		return Screen{}, err
	} else if line != absent {
		open = append(open, line)
	}
	if len(esims)+len(open) == 0 {
		return Screen{Text: r.T("esims.none", nil), Rows: [][]Button{{press(r.Plain("esims.btn_first", nil), routeMenu)}}}, nil
	}
	lines := append([]string{r.T("esims.head", nil)}, open...)
	page := 0
	if r.Press {
		page = r.Data.Int(0, 0)
	}
	pg := paged(len(esims), esimsPage, page)
	s := Screen{Text: clip(lines)}
	siblings := map[esim.OrderID]int{}
	for _, e := range esims {
		siblings[e.Order]++
	}
	for _, e := range esims[pg.from:pg.to] {
		label := f.label(r, e)
		if siblings[e.Order] > 1 {
			label += " · #" + r.Number(int64(e.Index))
		}
		s.Rows = append(s.Rows, row(press(label, routeESIM, e.ID)))
	}
	s.Rows = append(s.Rows, pg.row(func(n int) Data { return to(routeESIMs, n) })...)
	s.Rows = append(s.Rows, row(press(r.Plain("menu.btn_menu", nil), routeMenu)))
	return s, nil
}

// openOrders are lines about purchases that have not arrived yet.
func (f *esimsFlow) openOrders(ctx context.Context, r *Request) ([]string, error) {
	orders, err := f.store.OrdersOf(ctx, r.Customer.ID, 20)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, o := range orders {
		if o.State.Open() && !o.Allocated && o.Kind == esim.Purchase {
			lines = append(lines, r.T("esims.coming", i18n.Args{"plan": r.orderTitle(o), "id": o.ID.String()}))
		}
	}
	return lines, nil
}

// marks in front of an eSIM say its condition at a glance.
var marks = map[esim.Condition]string{
	esim.Ready: "🆕", esim.Downloading: "⏬", esim.Installed: "☑️", esim.Working: "🟢", esim.Depleted: "🪫",
	esim.Over: "⌛", esim.Lapsed: "⌛", esim.Paused: "⏸", esim.Withdrawn: "✖️", esim.Removed: "🗑",
}

func (f *esimsFlow) label(r *Request, e esim.ESIM) string {
	text := marks[e.Condition(f.now())] + " " + r.planTitle(e.Plan, dayPassDays(e))
	if e.Condition(f.now()) == esim.Working && !e.Plan.DayPass() && e.Total > 0 {
		text += " · " + r.Printer.Data(e.Remaining())
	}
	return text
}

// dayPassDays is how many days of a day pass were bought, 0 for a fixed plan.
func dayPassDays(e esim.ESIM) int {
	if !e.Plan.DayPass() {
		return 0
	}
	return max(e.Days, 1)
}

func (f *esimsFlow) card(ctx context.Context, r *Request) (Screen, error) {
	e, o, err := f.load(ctx, r)
	if err != nil {
		return Screen{}, err
	}
	return f.cardOf(r, e, o), nil
}

// load is the eSIM of a request with its order; one without an order has an empty one.
func (f *esimsFlow) load(ctx context.Context, r *Request) (esim.ESIM, esim.Order, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, r.Data.Arg(0))
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

func (f *esimsFlow) cardOf(r *Request, e esim.ESIM, o esim.Order) Screen {
	now := f.now()
	c := e.Condition(now)
	state := marks[c] + " " + r.T("esim.is_"+string(c), nil)
	if leaving(o) && c != esim.Withdrawn {
		state = "↩️ " + r.T("esim.is_leaving", nil)
	}
	lines := []string{
		r.T("esim.head", i18n.Args{"flag": planFlag(e.Plan), "title": r.planTitle(e.Plan, dayPassDays(e)), "id": e.ShortID(o.Quantity)}),
		state,
	}
	if c != esim.Withdrawn {
		lines = append(lines, f.dataLines(r, e)...)
	}
	lines = append(lines, f.timeLine(r, e, c))
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == absent })
	s := Screen{Text: strings.Join(lines, "\n")}
	if (c == esim.Ready || c == esim.Downloading || c == esim.Removed) && !leaving(o) {
		s.Rows = append(s.Rows,
			row(press(r.Plain("esim.btn_install", nil), routeInstall, e.ID)),
			row(press(r.Plain("esim.btn_qr", nil), routeQR, e.ID)))
	}
	if e.CanTopUp(now) && !leaving(o) {
		s.Rows = append(s.Rows, row(press(r.Plain("topup.btn", nil), routeTopUp, e.ID)))
	}
	if !e.Status.Final() {
		s.Rows = append(s.Rows, row(press(r.Plain("esim.btn_refresh", nil), routeRefresh, e.ID)))
	}
	if e.Plan.Code != "" {
		s.Rows = append(s.Rows, row(press(r.Plain("esim.btn_again", nil), routePlan, e.Plan.Code)))
	}
	if cancellable(o, e) {
		s.Rows = append(s.Rows, row(press(r.Plain("cancel.btn", nil), routeCancel, e.ID)))
	}
	s.Rows = append(s.Rows, back(r, to(routeESIMs)))
	return s
}

// dataLines are the bar and what it is as of.
func (f *esimsFlow) dataLines(r *Request, e esim.ESIM) []string {
	if e.Plan.DayPass() {
		line := r.T("esim.data_day_pass", i18n.Args{"data": r.planData(e.Plan)})
		if e.Used > 0 {
			line += "\n" + r.T("esim.used_so_far", i18n.Args{"used": r.Printer.Data(e.Used)})
		}
		return []string{line, f.asOf(r, e)}
	}
	if e.Total <= 0 {
		return nil
	}
	return []string{
		"",
		r.T("esim.data", i18n.Args{
			"bar": bar(e.Remaining(), e.Total), "left": r.Printer.Data(e.Remaining()), "total": r.Printer.Data(e.Total),
			"percent": r.Percent(e.Remaining(), e.Total),
		}),
		f.asOf(r, e),
	}
}

func (f *esimsFlow) asOf(r *Request, e esim.ESIM) string {
	if e.UsageAt.IsZero() {
		if e.Activated.IsZero() {
			return absent
		}
		return r.T("esim.as_of_never", nil)
	}
	return r.T("esim.as_of", i18n.Args{"time": r.DateTime(e.UsageAt, time.UTC)})
}

// timeLine says when the eSIM ends, or how long it keeps.
func (f *esimsFlow) timeLine(r *Request, e esim.ESIM, c esim.Condition) string {
	args := i18n.Args{
		"date": r.DateTime(e.Expires, time.UTC), "left": r.Left(e.Expires.Sub(f.now())),
		"days": r.Days(max(e.Days, 1)),
	}
	switch {
	case e.Expires.IsZero(), c == esim.Withdrawn:
		return absent
	case c == esim.Over, c == esim.Lapsed:
		return r.T("esim.ended", args)
	case e.Activated.IsZero():
		return r.T("esim.keeps", args)
	}
	return r.T("esim.ends", args)
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
func (f *esimsFlow) refresh(ctx context.Context, r *Request) (Screen, error) {
	e, o, err := f.load(ctx, r)
	if err != nil {
		return Screen{}, err
	}
	const often = 10 * time.Second
	if f.now().Sub(e.Asked) < often {
		s := f.cardOf(r, e, o)
		s.Toast = r.Plain("esim.toast_fresh", nil)
		return s, nil
	}
	return Screen{
		Toast: r.Plain("esim.toast_asking", nil),
		After: func(ctx context.Context) (Screen, error) {
			if err := f.watcher.Refresh(ctx, e.ID); err != nil && !errors.Is(err, esim.ErrNotFound) {
				return Screen{}, err
			}
			fresh, o, err := f.load(ctx, r)
			if err != nil {
				return Screen{}, err
			}
			return f.cardOf(r, fresh, o), nil
		},
	}, nil
}

func (f *esimsFlow) picture(ctx context.Context, r *Request) (Screen, error) {
	e, o, err := f.load(ctx, r)
	if err != nil {
		return Screen{}, err
	}
	if c := e.Condition(f.now()); c == esim.Over || c == esim.Lapsed || c == esim.Withdrawn {
		return Screen{Toast: r.Plain("esim.toast_ended", nil), Alert: true}, nil
	}
	return qrScreen(r, f.qr, e, o.Quantity)
}

// qrScreen is the picture with the ways to install: everything a traveller needs,
// in one message that can be found again.
func qrScreen(r *Request, qr *QRPictures, e esim.ESIM, quantity int) (Screen, error) {
	png, err := qr.PNG(QRCard{
		LPA: e.Code.Reveal(), Place: r.planPlace(e.Plan), Plan: r.planSize(e.Plan, dayPassDays(e)), ID: e.ShortID(quantity),
	})
	if err != nil {
		return Screen{}, err
	}
	return Screen{
		Fresh:   true,
		Text:    qrCaption(r, e, quantity),
		Picture: &Picture{PNG: png, Name: "esim-" + e.ShortID(1) + ".png"},
		Rows:    installRows(r, e),
	}, nil
}

func qrCaption(r *Request, e esim.ESIM, quantity int) string {
	lines := []string{r.T("qr.caption", i18n.Args{
		"flag": planFlag(e.Plan), "title": r.planTitle(e.Plan, dayPassDays(e)), "id": e.ShortID(quantity),
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
func installRows(r *Request, e esim.ESIM) [][]Button {
	code := e.Code.Reveal()
	rows := [][]Button{{
		{Text: r.Plain("qr.btn_ios", nil), URL: installIOS + code},
		{Text: r.Plain("qr.btn_android", nil), URL: installAndroid + code},
	}}
	if address, id := e.Code.Split(); address != "" && id != "" {
		rows = append(rows, row(
			Button{Text: r.Plain("qr.btn_copy_address", nil), Copy: address},
			Button{Text: r.Plain("qr.btn_copy_code", nil), Copy: id},
		))
	}
	return append(rows,
		row(Button{Text: r.Plain("qr.btn_copy_lpa", nil), Copy: code}),
		row(press(r.Plain("qr.btn_open", nil), routeESIM, e.ID)))
}

func (f *esimsFlow) install(ctx context.Context, r *Request) (Screen, error) {
	e, err := f.store.ESIMOf(ctx, r.Customer.ID, r.Data.Arg(0))
	if err != nil {
		return Screen{}, err
	}
	rows := installRows(r, e)
	rows[len(rows)-1] = row(press(r.Plain("esim.btn_qr", nil), routeQR, e.ID))
	return Screen{Text: r.T("install.text", nil), Rows: append(rows, back(r, to(routeESIM, e.ID)))}, nil
}
