package bot_test

import (
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

func TestUserIsFoundByNumberOrderAndName(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	_, _, err := s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: 102, Chat: 102, Name: "Анна <b>", Language: "ru"})
	s.Must(err)
	_, _, err = s.DB.UpsertCustomer(t.Context(), esim.Customer{ID: 103, Chat: 103, Name: "Anton", Language: "de"})
	s.Must(err)
	s.Send(olga, "/note 101 travels with two phones")
	s.reads(olga, "Olga noted something about Ann (101)", "travels with two phones")
	s.Send(olga, "/credit 101 5 sorry")
	s.presses(olga, "s_credit|")
	for _, words := range []string{"101", o.ID.String(), "@ann"} {
		s.Send(olga, "/user "+words)
		if words == "@ann" {
			s.reads(olga, "👤 Ann · 101")
			continue
		}
		s.reads(olga, "👤 Ann · 101", "Language: en", "Orders paid: 1 · spent: $1.37 · credit: $5.00", "eSIMs: 1 of 1 still alive", o.ID.String(), "note by Olga 900 · “travels with two phones”", "/note 101")
		if !offers(olga, "s_card|"+o.ID.String()) {
			t.Errorf("buttons %q", olga.Last().Labels())
		}
	}
	iccid := s.Vendor.Profiles()[0].ICCID
	s.Send(olga, "/user "+iccid[len(iccid)-5:])
	s.reads(olga, "👤 Ann · 101")
	s.Send(olga, "/user nto")
	s.reads(olga, "👤 Anton · 103")
	s.Send(olga, "/user an")
	s.reads(olga, "Which one?", "Ann · 101", "Anton · 103")
	s.presses(olga, "s_user|103")
	s.reads(olga, "👤 Anton · 103", "Orders paid: 0")
	s.Send(olga, "/user анна")
	s.reads(olga, "👤 Анна <b> · 102")
	s.Send(olga, "/user nobody at all")
	s.reads(olga, "Nobody here has this number, order or name: nobody at all")
	s.Send(olga, "/user")
	s.reads(olga, "Which customer?")
	if s.did("note") != 1 {
		t.Errorf("the audit log has %d notes", s.did("note"))
	}
}

// A customer is found by their username, and when they were last here is written once an hour.
func TestUserIsFoundByUsernameAndWasSeen(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	ann := s.Messenger.AddUser(tgsandbox.User{ID: 777, FirstName: "Zed", Username: "Zed_Goes", LanguageCode: "en"})
	s.Send(ann, "/start")
	seen := func() time.Time {
		t.Helper()
		c, err := s.DB.Customer(t.Context(), 777)
		s.Must(err)
		return c.Seen
	}
	first := seen()
	s.Send(olga, "/user @zed_goes")
	s.reads(olga, "👤 Zed · 777", "Last here:", "@Zed_Goes")
	s.Vendor.Advance(59 * time.Minute)
	s.Send(ann, "/start")
	if !seen().Equal(first) || first.IsZero() {
		t.Errorf("written again within the hour: %s, %s", first, seen())
	}
	s.Vendor.Advance(time.Minute)
	s.Send(ann, "/start")
	if got := seen().Sub(first); got != time.Hour {
		t.Errorf("seen %s later", got)
	}
}

// What staff write to who did not ask is shown before, said once however often it is pressed, and answered in a thread.
func TestStaffWriteToWhoDidNotAsk(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	ann := s.Messenger.User(annID)
	s.Send(olga, "/message 101 Your flight <moved>?\nWe can help.\n\nYours, the shop")
	s.reads(olga, "To Ann (101)", "Your flight <moved>?\nWe can help.\n\nYours, the shop")
	before := len(ann.Chat())
	s.Deliver()
	if len(ann.Chat()) != before {
		t.Fatal("it was sent before anybody said yes")
	}
	message, data := s.button(olga, "s_message|101")
	s.pressesOn(olga, message, data)
	s.Deliver()
	if m := ann.Last(); !strings.Contains(m.Text, "Your flight <moved>?\nWe can help.\n\nYours, the shop") {
		t.Errorf("Ann reads %q", m.Text)
	}
	after := len(ann.Chat())
	s.Deliver()
	if len(ann.Chat()) != after || s.did("message") != 1 {
		t.Errorf("it came twice, or the audit log has %d messages", s.did("message"))
	}
	s.Send(ann, "Thank you, it has!")
	s.Deliver()
	s.reads(olga, "Thank you, it has!")
	s.Send(olga, "/message 101")
	s.reads(olga, "What shall I write?")
}
