package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"
	"time"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// An audit is what a day's business came to, by the books of all three: the shop,
// Telegram and the vendor.
type audit struct {
	delivered, toppedUp, refunded int
	broken                        []string
}

func (a *audit) fault(format string, args ...any) {
	a.broken = append(a.broken, fmt.Sprintf(format, args...))
}

// sum is what became of all orders.
func (a audit) sum() string {
	return fmt.Sprintf("%d delivered, %d topped up, %d refunded", a.delivered, a.toppedUp, a.refunded)
}

// audit compares the books of a shop that has stopped with those of its neighbours:
// whoever paid has eSIMs or the money, and nothing was bought twice.
func (w *crashTown) audit() audit {
	w.t.Helper()
	var a audit
	db := w.books()
	defer db.Close()
	orders, err := db.RecentOrders(w.ctx, nil, 1_000_000)
	if err != nil {
		w.t.Fatal(err)
	}
	view := w.look()
	byTx := map[string]esim.Order{}
	var stars, cost int64 // what we should have earned, and spent
	swaps := w.swapped(&a, db, orders)
	for _, o := range orders {
		byTx[view.keyOf(o)] = o
		charged := view.charged(o)
		switch {
		case o.State == esim.StateDelivered:
			if o.Price.Currency == esim.XTR {
				stars += o.Price.Minor
			}
			cost += o.Wholesale.Minor / int64(o.Quantity) * int64(o.Quantity-o.Returned)
			w.delivered(&a, db, view, o)
			if !swaps {
				w.bothParts(&a, db, o)
			}
			if charged != 1 {
				a.fault("order %s is delivered and the vendor took money %d times", o.ID, charged)
			}
		case o.State == esim.StateRefunded:
			a.refunded++
			if o.Kind == esim.TopUp && w.paidBackElsewhere(db, o) { // applied, and at our cost
				a.toppedUp++
				cost += o.Wholesale.Minor
				if charged != 1 {
					a.fault("top-up %s was applied, and the vendor took money %d times", o.ID, charged)
				}
				continue
			}
			view.gaveBack(&a, o)
			if o.SwappedFor != "" { // its Stars became store credit
				if o.Price.Currency == esim.XTR {
					stars += o.Price.Minor
				}
				if !view.reads(o.Customer, "Swapped") {
					a.fault("nobody was told that order %s was swapped", o.ID)
				}
				continue
			}
			if !swaps {
				w.bothParts(&a, db, o)
			}
			if !view.reads(o.Customer, "back with you") {
				a.fault("nobody was told of the refund of order %s", o.ID)
			}
		case o.State.Open():
			a.fault("order %s is still %s: %s", o.ID, o.State, o.Reason)
		case charged != 0:
			a.fault("order %s is %s and the vendor took money for it", o.ID, o.State)
		}
	}
	w.moneyAgrees(&a, stars, cost)
	if len(a.broken) > 0 {
		w.explain(&a, db)
	}
	view.strangers(&a, byTx)
	faults, err := db.LedgerFaults(w.ctx)
	if err != nil || len(faults) > 0 {
		a.fault("the ledger: %v %v", faults, err)
	}
	if waiting, dead, err := db.OutboxSize(w.ctx); err != nil || waiting+dead > 0 {
		a.fault("%d messages wait and %d were given up (%v)", waiting, dead, err)
	}
	return a
}

// delivered looks for the eSIMs of an order where they belong, and for their pictures.
func (w *crashTown) delivered(a *audit, db *storage.DB, view *townView, o esim.Order) {
	if o.Kind == esim.TopUp {
		a.toppedUp++
		return
	}
	a.delivered++
	if o.Customer.Forgotten() { // so are their eSIMs
		return
	}
	esims, err := db.ESIMsOfOrder(w.ctx, o.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(esims) != o.Quantity {
		a.fault("order %s is of %d eSIMs and has %d", o.ID, o.Quantity, len(esims))
	}
	returned := 0
	for _, e := range esims {
		p, known := view.profiles[string(e.ID)]
		if e.Returned {
			returned++
		}
		switch {
		case !known || p.TransactionID != view.keyOf(o) || p.ICCID != string(e.ICCID):
			a.fault("eSIM %s of order %s is not the vendor's", e.ID, o.ID)
		case (p.EsimStatus == "CANCEL") != e.Returned:
			a.fault("eSIM %s of order %s is %s, given back: %t", e.ID, o.ID, p.EsimStatus, e.Returned)
		case !view.pictures[o.Customer][e.ActivationCode.Reveal()]:
			a.fault("the customer has no picture of eSIM %s of order %s", e.ID, o.ID)
		}
	}
	if credit, err := db.Credit(w.ctx, o.Customer); err != nil || returned != o.Returned || returned > 0 && credit.Minor != o.PartCredit().Minor*int64(returned) {
		a.fault("%d of %d eSIMs of order %s went back for a credit of %s, %v", returned, o.Returned, o.ID, credit, err)
	}
}

// moneyAgrees compares what orders came to with the accounts at both neighbours.
func (w *crashTown) moneyAgrees(a *audit, stars, cost int64) {
	if got := w.telegram.BotStars(); got != stars {
		a.fault("Telegram holds %d Stars for us, delivered was for %d", got, stars)
	}
	var spent int64
	for id, begun := range w.begun {
		spent += begun - w.telegram.User(id).Stars()
	}
	if spent != stars {
		a.fault("customers spent %d Stars, delivered was for %d", spent, stars)
	}
	if got := w.funds - w.vendor.Balance(); got != cost {
		a.fault("the vendor has %d of our money, delivered was for %d", got, cost)
	}
}

// explain adds to the faults of an audit which money is on its way back, or held.
func (w *crashTown) explain(a *audit, db *storage.DB) {
	refunds, err := db.RefundsDue(w.ctx, time.Now().AddDate(50, 0, 0), 100)
	for _, r := range refunds {
		a.fault("payment %s of %s for order %s goes back after %d tries", r.ID, r.Amount, r.Order, r.Attempts)
	}
	held, err2 := db.UnexplainedPayments(w.ctx)
	for _, u := range held {
		a.fault("payment %s of %s for order %s is held: %s", u.ID, u.Amount, u.Order, u.Why)
	}
	if err := errors.Join(err, err2); err != nil {
		a.fault("no explanation: %v", err)
	}
}

// A townView is what both neighbours know.
type townView struct {
	vendor   *vendorsandbox.Sandbox
	profiles map[string]vendorsandbox.ProfileView
	orders   []vendorsandbox.OrderView
	chats    map[esim.CustomerID][]tgsandbox.Message
	pictures map[esim.CustomerID]map[string]bool // activation codes that customers hold pictures of
}

func (w *crashTown) look() *townView {
	v := &townView{
		vendor: w.vendor, profiles: map[string]vendorsandbox.ProfileView{}, orders: w.vendor.Orders(),
		chats: map[esim.CustomerID][]tgsandbox.Message{}, pictures: map[esim.CustomerID]map[string]bool{},
	}
	for _, p := range w.vendor.Profiles() {
		v.profiles[p.EsimTranNo] = p
	}
	for _, who := range w.telegram.Users() {
		id := esim.CustomerID(who.ID)
		v.chats[id], v.pictures[id] = w.telegram.User(who.ID).Chat(), map[string]bool{}
		for _, m := range v.chats[id] {
			if m.Photo != nil {
				v.pictures[id][w.readQR(m)] = true
			}
		}
	}
	return v
}

// readQR reads a picture, each one once; "" is one that no scanner reads.
func (w *crashTown) readQR(m tgsandbox.Message) string {
	w.t.Helper()
	if text, known := w.codes[m.Photo.FileID]; known {
		return text
	}
	picture, ok := w.telegram.Photo(m.Photo.FileID)
	if !ok {
		w.t.Fatal("the picture was not uploaded")
	}
	text, err := readCode(picture)
	if err != nil {
		w.t.Logf("picture %s: %v", m.Photo.FileID, err)
	}
	w.codes[m.Photo.FileID] = text
	return text
}

// readCode reads a QR picture as a hand-held scanner does, frame by frame, and after the first none of them
// quite upright: the library's finder is misled by one code in a hundred that is.
func readCode(picture []byte) (string, error) {
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return "", err
	}
	for _, degrees := range []float64{0, 4, 10, -6} {
		frame := img
		if degrees != 0 { // turning takes three times as long as reading
			frame = tilted(img, degrees)
		}
		bits, err2 := gozxing.NewBinaryBitmapFromImage(frame)
		if err2 != nil {
			return "", err2
		}
		res, err2 := zxing.NewQRCodeReader().Decode(bits, nil)
		if err2 == nil {
			return res.GetText(), nil
		}
		err = err2
	}
	return "", fmt.Errorf("no scanner reads it: %w", err)
}

// tilted is a picture in grey, turned on white.
func tilted(img image.Image, degrees float64) image.Image {
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	out := image.NewGray(image.Rect(0, 0, int(1.25*w), int(1.25*h)))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	draw.ApproxBiLinear.Transform(out, f64.Aff3{
		cos, -sin, (1.25*w - cos*w + sin*h) / 2,
		sin, cos, (1.25*h - sin*w - cos*h) / 2,
	}, img, img.Bounds(), draw.Over, nil)
	return out
}

func (v *townView) charged(o esim.Order) int { return v.vendor.Charged(v.keyOf(o)) }

// keyOf is under which key the vendor sold an order: what became one when staff gave it away was sold under another one.
func (v *townView) keyOf(o esim.Order) string {
	for _, sold := range v.orders {
		if o.Gift && sold.OrderNo == o.VendorOrder {
			return sold.TransactionID
		}
	}
	return o.IdempotencyKey
}

func (v *townView) reads(p esim.CustomerID, words string) bool {
	return count(v.chats[p], func(m tgsandbox.Message) bool { return m.From.IsBot && strings.Contains(plain(m), words) }) > 0
}

// gaveBack holds that nothing of a refunded order is alive at the vendor.
func (v *townView) gaveBack(a *audit, o esim.Order) {
	for _, p := range v.profiles {
		if p.TransactionID == o.IdempotencyKey && p.EsimStatus != "CANCEL" {
			a.fault("order %s is refunded and its eSIM %s is %s", o.ID, p.EsimTranNo, p.EsimStatus)
		}
	}
	if o.Kind == esim.TopUp && v.charged(o) != 0 {
		a.fault("top-up %s is refunded and was made", o.ID)
	}
}

// strangers holds that all the vendor sold is an order of ours, once.
func (v *townView) strangers(a *audit, byTx map[string]esim.Order) {
	seen := map[string]int{}
	for _, o := range v.orders {
		seen[o.TransactionID]++
		if _, ours := byTx[o.TransactionID]; !ours {
			a.fault("the vendor sold %s, which is no order of ours", o.OrderNo)
		}
	}
	for tx, n := range seen {
		if n > 1 || v.vendor.Charged(tx) > 1 {
			a.fault("the vendor sold order %s %d times and took money %d times", byTx[tx].ID, n, v.vendor.Charged(tx))
		}
	}
	for _, p := range v.profiles {
		if _, ours := byTx[p.TransactionID]; !ours {
			a.fault("eSIM %s belongs to no order", p.EsimTranNo)
		}
	}
}

// closed stops the shop, which has to end well, and audits it.
func (w *crashTown) closed() audit {
	w.t.Helper()
	var code int
	if code = w.process().stop(); code != 0 {
		w.t.Errorf("exit code %d\n%s", code, w.process().log)
	}
	return w.audit()
}

// waited is how long the customer had to wait by the clock of the town.
func (w *crashTown) waited() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ahead
}
