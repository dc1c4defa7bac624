package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// At the floor all sales stop: staff read that, and not only that dearer plans are refused.
func TestStaffReadWhyNothingIsSold(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	watch := func() {
		s.Helper()
		s.Must(s.Monitor.Check(t.Context()))
		s.Must(s.Watch.Check(t.Context()))
		s.Deliver()
	}
	watch()
	s.Send(olga, "/status")
	first, _, _ := strings.Cut(olga.Last().Text, "\n")
	if !strings.HasPrefix(first, "🟢") || strings.ContainsAny(olga.Last().Text, "🔴🟡") {
		t.Errorf("a shop that is well reads\n%s", olga.Last().Text)
	}
	s.sees(olga, "🟢 Vendor", "🟢 Vendor balance · $", "🟢 Sweep", "⚪ Backup", "Sold today", "Plans: ")
	s.Vendor.SetBalance(150_000)
	watch()
	var told []string
	for _, m := range olga.Chat() {
		if strings.HasPrefix(m.Text, "🔴") || strings.HasPrefix(m.Text, "🟠") {
			told = append(told, m.Text)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "below the floor · $15.00\nNothing new is sold at all") {
		t.Errorf("told %q", told)
	}
	s.Send(olga, "/status")
	s.sees(olga, "🔴 Status", "🔴 Vendor balance below the floor · $15.00\n    Nothing new is sold at all")
	ann := s.Messenger.User(annID)
	s.Send(ann, "JP")
	s.Press(ann, ann.Last().Keyboard[0][0].Text)
	s.Press(ann, ann.Last().Keyboard[0][0].Text)
	if ann.Last().Invoice != nil {
		t.Error("something was sold below the floor")
	}
	s.Vendor.SetBalance(2_000_000)
	for range 7 {
		s.Vendor.Advance(time.Minute)
		watch()
	}
	over := 0
	for _, m := range olga.Chat() {
		if strings.HasPrefix(m.Text, "✅") {
			over++
		}
	}
	if over != 1 {
		t.Errorf("told %d times that it is over", over)
	}
	s.reads(olga, "✅ Vendor balance below the floor", "It lasted 6 minutes")
	s.Send(olga, "/status")
	s.sees(olga, "🟢 Status")
}

// Orders that wait too long are counted: three of them at once are a concern.
func TestManyLateOrdersAreAConcern(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	s.staffed()
	ann := s.Messenger.User(annID)
	late := func() esim.ConcernState {
		s.Helper()
		all, err := s.Watch.Look(t.Context())
		s.Must(err)
		for _, c := range all {
			if c.Concern == esim.ConcernLate {
				return c
			}
		}
		s.Fatal("nobody looks")
		return esim.ConcernState{}
	}
	for range 3 {
		s.buy(ann)
	}
	ann.Block() // their pictures wait
	s.Pump()
	s.fulfils()
	if c := late(); c.Severity != esim.SeverityOK {
		t.Errorf("at once it is %+v", c)
	}
	s.Vendor.Advance(24 * time.Hour)
	if c := late(); c.Severity != esim.SeverityWarning || c.Detail != "3" {
		t.Errorf("a day later it is %+v", c)
	}
}

// Every concern has its words, in every language.
func TestEveryConcernIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	for _, l := range walked(s.App.Texts.Languages()) {
		s.Must(s.DB.SetSetting(t.Context(), "staff_language", l.Code))
		for _, c := range esim.AllConcerns() {
			for _, n := range []esim.Notification{{Kind: esim.StaffConcern, Note: string(c) + " <b>why & how"}, {Kind: esim.StaffConcernOver, Note: string(c) + " 125"}} {
				n.Key = l.Code + string(n.Kind) + string(c)
				before := olga.Last().ID
				s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{n}))
				s.Deliver()
				m := olga.Last()
				if m.ID == before || strings.Contains(m.Text, "concern") {
					t.Errorf("%s in %s: %s", n.Note, l.Code, m.Text)
				}
				checkText(t, n.Note, m.HTML(), limitText)
			}
		}
	}
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{{Kind: esim.StaffConcern, Key: "later", Note: "weather storm"}}))
	before := olga.Last().ID
	s.Deliver()
	if olga.Last().ID != before {
		t.Errorf("a concern of another release is told as %q", olga.Last().Text)
	}
}

// What /status lights up for because it is overdue ends once staff did what its line says.
func TestReconcileEndsWhatIsOverdue(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	s.Vendor.Advance(4 * time.Hour)
	s.Must(s.Monitor.Check(t.Context()))
	s.Send(olga, "/status")
	if text := olga.Last().Text; strings.Count(text, "🟡") != 3 || strings.Count(text, "/reconcile") != 2 {
		t.Errorf("four hours later:\n%s", text)
	}
	s.Send(olga, "/reconcile")
	s.App.Bot.Screens().Wait()
	s.Send(olga, "/status")
	if text := olga.Last().Text; strings.ContainsAny(text, "🟡🔴") {
		t.Errorf("after /reconcile:\n%s", text)
	}
}
