package bot_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestTalkRights(t *testing.T) {
	t.Parallel()
	talks(t, "rights", func(k *talk) {
		tran := k.buys()
		k.says("/mydata")
		k.note("another order waits at the vendor")
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.says("/forget")
		k.arrives()
		k.credits(250)
		k.says("/forget")
		k.taps("menu")
		k.note("one of the eSIMs is put on a phone")
		k.uses(tran, 1, 4*time.Hour, k.Vendor.Profiles()[0].Total/2)
		k.says("/forget")
		k.taps("forgetnow")
		k.works()
		k.note("a stranger")
		k.says("/esims")
	})
}

// told is the newest file of a name in a chat.
func (k *talk) told(name string) string {
	k.Helper()
	for _, m := range slices.Backward(k.user.Chat()) {
		if m.Document != nil && m.Document.FileName == name {
			b, ok := k.Messenger.Photo(m.Document.FileID)
			if !ok {
				k.Fatalf("%s cannot be opened", name)
			}
			return string(b)
		}
	}
	k.Fatalf("no file %s", name)
	return ""
}

const zoeID = 770077001

// zoe has not come to the shop yet.
func (s *shop) zoe() *talk {
	s.Helper()
	return s.talk(s.Messenger.AddUser(tgsandbox.User{ID: zoeID, FirstName: "Anneliese", LanguageCode: "en"}))
}

// lived gives her a life in the shop, and returns what of it is nobody else's business.
func (k *talk) lived() (secrets []string) {
	k.Helper()
	tran := k.buys()
	k.buys()
	k.taps("esim|" + tran)
	k.taps("name|")
	k.says("Wonderphone")
	k.says("/start ref_nobodyscode")
	k.says("/start promo_GUESSED")
	k.says("/support the corkscrew is broken")
	k.works()
	k.Send(k.Messenger.User(staffID).In(groupID), fmt.Sprintf("/credit %d 3 for the corkscrew", zoeID))
	k.uses(tran, 2, 4*time.Hour, k.Vendor.Profiles()[0].Total/4)
	k.works()
	secrets = []string{"Anneliese", "Wonderphone", "corkscrew"}
	esims, err := k.DB.ESIMsOf(k.Context(), zoeID)
	k.Must(err)
	for _, e := range esims {
		secrets = append(secrets, string(e.ID), string(e.ICCID), strings.TrimPrefix(e.ActivationCode.Reveal(), "LPA:1$"))
	}
	return secrets
}

func TestMyDataIsAllThereIs(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.zoe()
	secrets := k.lived()
	k.says("/mydata")
	text, machine := k.told("my-data.txt"), k.told("my-data.json")
	var all map[string]any
	s.Must(json.Unmarshal([]byte(machine), &all))
	if len(all["orders"].([]any)) != 2 || len(all["esims"].([]any)) != 2 {
		t.Errorf("orders %v, eSIMs %v", all["orders"], all["esims"])
	}
	for _, secret := range secrets {
		for name, file := range map[string]string{"text": text, "JSON": machine} {
			if !strings.Contains(file, secret) {
				t.Errorf("the %s does not have %q", name, secret)
			}
		}
	}
	if strings.Contains(text, "mydata.") {
		t.Error("a heading or a field has no words")
	}
	for _, field := range []string{"activation code: ", "paid at: ", "way to pay: ", "data used (bytes): "} {
		if !strings.Contains(text, field) {
			t.Errorf("the text has no %q", field)
		}
	}
	s.Must(s.DB.SetLanguage(t.Context(), zoeID, "de"))
	k.says("/mydata")
	if german := k.told("my-data.txt"); !strings.Contains(german, "Aktivierungscode: ") || strings.Contains(german, "activation") {
		t.Error("the German text is not German")
	}
	for _, m := range k.user.Chat() { // only the files have the codes, as the QR message has
		if m.Document != nil && strings.Contains(m.Text, "LPA:") {
			t.Error("a code stands under the file")
		}
	}
}

// leftIn are the tables, columns and files of the database in which one of the words stands.
func (s *shop) leftIn(words ...string) (where []string) {
	s.Helper()
	path := s.Database()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	s.Must(err)
	defer db.Close()
	tables, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table'`)
	s.Must(err)
	var names []string
	for tables.Next() {
		var name string
		s.Must(tables.Scan(&name))
		names = append(names, name)
	}
	s.Must(tables.Err())
	for _, name := range names {
		rows, err := db.Query(`SELECT * FROM "` + name + `"`)
		s.Must(err)
		columns, err := rows.Columns()
		s.Must(err)
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			s.Must(rows.Scan(into...))
			for i, v := range values {
				text := fmt.Sprint(v)
				if b, ok := v.([]byte); ok {
					text = string(b)
				}
				for _, w := range words {
					if strings.Contains(text, w) {
						where = append(where, fmt.Sprintf("%s.%s: %.80s", name, columns[i], text))
					}
				}
			}
		}
		s.Must(rows.Err())
	}
	for _, file := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			continue
		}
		s.Must(err)
		for _, w := range words {
			if len(w) > 4 && bytes.Contains(b, []byte(w)) {
				where = append(where, file+" has "+w)
			}
		}
	}
	return where
}

func TestNothingButAnonymousBooksIsLeftOfWhoIsForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.zoe()
	secrets := k.lived()
	secrets = append(secrets, fmt.Sprint(zoeID))
	if found := s.leftIn(secrets...); len(found) < 50 {
		t.Fatalf("only %d places to be forgotten: %v", len(found), found)
	}
	stars, err := s.DB.Balances(t.Context())
	s.Must(err)
	k.says("/forget")
	k.taps("forgetnow")
	if !strings.Contains(k.user.Last().Text, "You are forgotten") {
		t.Fatal(k.user.Last().Text)
	}
	s.Work()
	s.Must(s.DB.Scrub(t.Context()))
	if found := s.leftIn(secrets...); len(found) > 0 {
		t.Errorf("left:\n%s", strings.Join(found, "\n"))
	}
	now, err := s.DB.Balances(t.Context())
	s.Must(err)
	if a := esim.AccountStars; fmt.Sprint(now[a]) != fmt.Sprint(stars[a]) {
		t.Errorf("Stars in the books: %v, were %v", now[a], stars[a])
	}
	if len(now[esim.AccountAllCredit]) > 0 {
		t.Errorf("store credit of nobody: %v", now[esim.AccountAllCredit])
	}

	// The neighbours' accounts are still explained, and nothing goes back.
	charged := s.Vendor.Charged("")
	report := s.compare()
	if report.Mended() || report.Stuck > 0 {
		t.Errorf("reconciled: %+v", report)
	}
	s.Vendor.Advance(400 * 24 * time.Hour)
	s.Must(s.Canceller.CancelUnused(t.Context()))
	s.Work()
	if report := s.compare(); report.Mended() || report.Stuck > 0 || s.Vendor.Charged("") != charged {
		t.Errorf("a year later: %+v", report)
	}
	if found := s.leftIn(secrets...); len(found) > 0 {
		t.Errorf("it comes back:\n%s", strings.Join(found, "\n"))
	}

	// They come back as anybody does.
	k.says("/start")
	if esims, err := s.DB.ESIMsOf(t.Context(), zoeID); err != nil || len(esims) > 0 {
		t.Errorf("a stranger has eSIMs: %v, %v", esims, err)
	}
	k.says("/mydata")
	if s.Log.Has("level=ERROR") {
		t.Errorf("errors were logged:\n%s", s.Log)
	}
}

// A payment that somebody at Telegram gives back long after its customer was forgotten is booked, and nobody is written to.
func TestARefundElsewhereOfWhoIsForgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	k := s.zoe()
	k.buys()
	orders, err := s.DB.OrdersOf(t.Context(), zoeID, 1)
	s.Must(err)
	charge := s.chargeOf(orders[0].ID)
	k.says("/forget")
	k.taps("forgetnow")
	s.Must(s.Messenger.RefundElsewhere(charge))
	if report := s.compare(); report.Refunds != 1 {
		t.Errorf("%+v", report)
	}
	s.Work()
	o, err := s.DB.Order(t.Context(), orders[0].ID)
	s.Must(err)
	if !o.Customer.Forgotten() || o.State != esim.StateDelivered {
		t.Errorf("the order is of %d, %s", o.Customer, o.State)
	}
	if _, err := s.DB.Customer(t.Context(), zoeID); err == nil {
		t.Error("the customer is back")
	}
	s.Must(s.DB.Scrub(t.Context()))
	if found := s.leftIn(fmt.Sprint(zoeID)); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
}
