//go:build soak

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// TestRestoreDrill is the day on which the disk is lost: copied while it sold, killed while it sold, restored from that copy.
// Everybody ends with what the
// vendor sold for them, once; a payment for which nothing was bought yet waits for staff, and nothing goes back by itself.
func TestRestoreDrill(t *testing.T) {
	t.Parallel()
	w := newCrashTown(t, 80*time.Second, tgsandbox.Options{})
	copies := t.TempDir()
	var customers []visitor
	for i := range 5 {
		customers = append(customers, visit(w.rig, w.telegram.AddUser(tgsandbox.User{ID: int64(7001 + i), FirstName: "Customer", LanguageCode: "en"})))
	}
	w.extra = []string{"BACKUP_DIR=" + copies}
	w.opens()
	p := w.process()
	p.buys(customers[0])
	customers[0].qr()
	// Under load: two buy while it is copied.
	copied := filepath.Join(t.TempDir(), "copy.db")
	type ending struct {
		out, errOut string
		code        int
	}
	ended := make(chan ending, 1)
	go func() {
		out, errOut, code := w.runs(w.env(), "backup", copied)
		ended <- ending{out, errOut, code}
	}()
	p.buys(customers[1])
	p.buys(customers[2])
	if e := <-ended; e.code != 0 || !strings.Contains(e.out, "Written and checked") {
		t.Fatalf("backup: %d %s%s", e.code, e.out, e.errOut)
	}
	p.buys(customers[3]) // the copy does not know
	customers[3].qr()
	p.buys(customers[4]) // nor of this one, which is paid, and ordered or not
	p.kill()
	if !strings.Contains(p.log.String(), "database copied and checked") {
		t.Errorf("the shop made no copy of its own:\n%s", p.log)
	}
	if daily, err := filepath.Glob(filepath.Join(copies, "esimbot-*.db")); err != nil || len(daily) != 1 {
		t.Errorf("copies of its own: %v %v", daily, err)
	}
	lost, err := filepath.Glob(w.database + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range lost {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	if out, errOut, code := w.runs(w.env(), "restore", copied); code != 0 {
		t.Fatalf("restore: %d %s%s", code, out, errOut)
	}
	w.opens()
	p = w.process()
	sold := len(customers) - 1 // what the vendor had sold by then is found; the last was perhaps never bought
	w.findsSales(p, sold)
	for _, c := range customers[:sold] {
		c.qr()
	}
	t.Logf("lost and whole again after %s", time.Since(begun).Round(time.Millisecond))
	if code := p.stop(); code != 0 {
		t.Errorf("serve ended with %d\n%s", code, p.log)
	}
	bought, states := len(w.vendor.Profiles()), w.town.states()
	if bought < sold || bought > len(customers) || states[esim.StateDelivered] != bought {
		t.Errorf("the vendor sold %d eSIMs to %d who paid, and the shop knows of %v", bought, len(customers), states)
	}
	for _, c := range customers {
		if n := c.texts("refunded"); n > 0 {
			t.Errorf("customer %d was paid back", c.ID())
		}
	}
}

// findsSales waits until the shop's figures say that so many orders are, and moves the clock and has staff compare
// meanwhile: not every sale that the database does not know is made again at once.
func (w *crashTown) findsSales(p *process, n int) {
	w.t.Helper()
	want := regexp.MustCompile(fmt.Sprintf(`esimbot_orders\{state=%q\} [%d-9]\n`, esim.StateDelivered, n))
	figures := func() string {
		resp, err := http.Get("http://" + p.addr + "/metrics")
		if err != nil {
			w.t.Fatalf("%v\n%s", err, p.log)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return string(b)
	}
	moves := time.NewTicker(4 * time.Second)
	defer moves.Stop()
	for !want.MatchString(figures()) {
		select {
		case <-moves.C:
			w.later(step)
			if _, err := w.staff.Send("/reconcile"); err != nil {
				w.t.Fatal(err)
			}
		case <-w.ctx.Done():
			w.t.Fatalf("%s never %s\n%s", figures(), want, p.log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
