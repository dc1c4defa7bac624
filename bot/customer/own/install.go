package own

import (
	"context"
	"slices"
	"strings"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/qrcard"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

func (f *esimsFlow) picture(ctx context.Context, r *ui.Request, ref refs.ESIM) (ui.Screen, error) {
	e, o, err := f.load(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	if f.ended(e, o) {
		return ui.Screen{Toast: r.Plain("esim.toast_ended", nil), Alert: true}, nil
	}
	s, err := qrScreen(r, f.qr, e, o)
	if err != nil {
		return ui.Screen{}, err
	}
	s.OnSent = func(ctx context.Context, message int) {
		_ = f.pictures.AddQRMessage(ctx, e.ID, r.Customer.Chat, message) // the picture is there; it stays as it is
	}
	return s, nil
}

// ended reports whether an eSIM cannot be put on a phone any more.
func (f *esimsFlow) ended(e esim.ESIM, o esim.Order) bool {
	c := e.Condition(f.now())
	return c == esim.ConditionOver || c == esim.ConditionLapsed || !e.Installable(o)
}

// qrScreen is the picture with the ways to install: everything a traveller needs,
// in one message that can be found again.
func qrScreen(r *ui.Request, qr *qrcard.Painter, e esim.ESIM, o esim.Order) (ui.Screen, error) {
	quantity := o.Quantity
	if !e.ActivationCode.Drawable() {
		return codeAsText(r, e, quantity), nil
	}
	card := func(r *ui.Request) qrcard.Card {
		return qrcard.Card{
			ActivationCode: e.ActivationCode.Reveal(), Place: r.PlanPlace(e.Plan), Plan: r.PlanSize(e.Plan, ui.DayPassDays(e)), ID: e.ShortID(quantity),
		}
	}
	shown := card(r)
	if !qr.Writes(shown.Place + shown.Plan) {
		inLatin := *r
		inLatin.Printer = r.Printer.Fallback()
		shown = card(&inLatin)
	}
	png, err := qr.PNG(shown)
	if err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{
		Fresh:   true,
		Text:    qrCaption(r, e, o),
		Picture: &ui.Picture{PNG: png, Name: "esim-" + e.ShortID(1) + ".png"},
		Rows:    installRows(r, e, o),
	}, nil
}

// mostCopied is what a copy button takes at most, in characters.
// Source: https://core.telegram.org/bots/api#copytextbutton.
const mostCopied = 256

// codeAsText gives the vendor's own words where they are no code that a phone could scan: the
// customer has paid for them, and staff are told.
func codeAsText(r *ui.Request, e esim.ESIM, quantity int) ui.Screen {
	code := e.ActivationCode.Reveal()
	return ui.Screen{
		Fresh: true,
		Text: r.T("qr.as_text", i18n.Args{
			"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(quantity), "code": ui.Truncate(code, 2000),
		}),
		Rows: append(copyWhole(r, e), ui.Row(ui.NewButton(r.Plain("qr.btn_open", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID}))),
	}
}

// qrCaption says how to install on the phone that the customer named, if they did.
func qrCaption(r *ui.Request, e esim.ESIM, o esim.Order) string {
	family := phoneOf(r, o)
	args := i18n.Args{
		"flag": ui.PlanFlag(e.Plan), "title": r.ESIMTitle(e), "id": e.ShortID(o.Quantity), "when": forsale.WhenToInstall(r, e.Plan),
	}
	key := "qr.caption"
	switch {
	case !family.Known():
	case slices.Contains(family.InstallWays(), esim.InstallByLink):
		key, args["button"] = "qr.caption_link", installLink(r, family, e).Text
	default:
		key = "qr.caption_steps"
	}
	lines := []string{r.T(key, args)}
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

// installRows are three ways: a link, and the codes to copy; the QR is the third. The guide says
// how each is gone. Where the phone is known, another one is a press away.
func installRows(r *ui.Request, e esim.ESIM, o esim.Order) [][]ui.Button {
	code := e.ActivationCode.Reveal()
	guide := ui.NewButton(r.Plain("guide.btn", nil), refs.Guide{ESIM: e.ID})
	var rows [][]ui.Button
	switch family := phoneOf(r, o); {
	case !family.Known():
		rows = append(rows,
			ui.Row(ui.Button{Text: r.Plain("qr.btn_ios", nil), URL: installIOS + code}, ui.Button{Text: r.Plain("qr.btn_android", nil), URL: installAndroid + code}),
			ui.Row(guide))
	case slices.Contains(family.InstallWays(), esim.InstallByLink):
		rows = append(rows, ui.Row(installLink(r, family, e)))
		fallthrough
	default:
		rows = append(rows, ui.PairRows(guide, ui.NewButton(r.Plain("guide.btn_other", nil), refs.Guide{ESIM: e.ID, Card: refs.CardWhich}))...)
	}
	rows = append(append(rows, copyCodes(r, e)...), copyWhole(r, e)...)
	return append(rows, ui.Row(ui.NewButton(r.Plain("qr.btn_open", nil), refs.ESIM{Route: refs.RouteESIM, ESIM: e.ID})))
}

// copyCodes copy the two halves of an activation code, where it has two.
func copyCodes(r *ui.Request, e esim.ESIM) [][]ui.Button {
	address, id := e.ActivationCode.Split()
	if address == "" || id == "" {
		return nil
	}
	return [][]ui.Button{ui.Row(
		ui.Button{Text: r.Plain("qr.btn_copy_address", nil), Copy: address},
		ui.Button{Text: r.Plain("qr.btn_copy_code", nil), Copy: id},
	)}
}

// copyWhole copies the whole activation code.
func copyWhole(r *ui.Request, e esim.ESIM) [][]ui.Button {
	code := e.ActivationCode.Reveal()
	if len([]rune(code)) > mostCopied {
		return nil
	}
	return [][]ui.Button{ui.Row(ui.Button{Text: r.Plain("qr.btn_copy_lpa", nil), Copy: code})}
}
