package bot_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// qrPictures are the QR messages of a chat, and how many of them lead to an installer.
func qrPictures(h *tgsandbox.UserClient) (all []tgsandbox.Message, installing int) {
	for _, m := range h.Chat() {
		if m.Photo == nil {
			continue
		}
		all = append(all, m)
		for _, row := range m.Keyboard {
			for _, b := range row {
				if strings.Contains(b.URL, "esimsetup") {
					installing++
				}
			}
		}
	}
	return all, installing
}

// The QR of an eSIM that was given back is never shown again, and the pictures that were sent say so.
func TestTheQROfAnESIMThatWasGivenBackIsGone(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOfOrder(t.Context(), o.ID)
	s.Must(err)
	tran := string(esims[0].ID)
	s.presses(ann, "esim|")
	s.presses(ann, "qr|"+tran) // a second picture
	if all, installing := qrPictures(ann); len(all) != 2 || installing != 4 {
		t.Fatalf("%d pictures, %d buttons", len(all), installing)
	}
	s.Send(ann, "/esims")
	s.presses(ann, "esim|")
	s.presses(ann, "cancel|")
	s.presses(ann, "cancelnow|")
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{esim.NewQRAgain(esims[0], s.Vendor.Time())})) // before it was given back
	s.fulfils()
	if got := s.state(o.ID); got != esim.StateRefunded {
		t.Fatalf("the order is %s", got)
	}
	all, installing := qrPictures(ann)
	if len(all) != 2 || installing != 0 || !strings.Contains(all[0].Text, "given back") || !strings.Contains(all[1].Text, "given back") {
		t.Errorf("%d pictures, %d buttons", len(all), installing)
	}
	for _, m := range ann.Chat() {
		if strings.Contains(m.Text, "being cancelled") || strings.Contains(m.Text, "As soon as the network has confirmed") {
			t.Errorf("it is still said to be cancelled: %s", m.Text)
		}
	}
	s.oldInstallButtons(tran)
	err = s.Admin.Resend(t.Context(), o.ID, esim.AuditEntry{Who: staffID, What: "resend"})
	if !errors.Is(err, esim.ErrWrongState) {
		t.Errorf("staff may send it again: %v", err)
	}
	s.Must(s.DB.AddNotifications(t.Context(), []esim.Notification{esim.NewQRAgain(esims[0], s.Vendor.Time().Add(time.Hour))}))
	s.fulfils()
	if again, installing := qrPictures(ann); len(again) != 2 || installing != 0 {
		t.Errorf("%d pictures, %d buttons after old buttons and messages", len(again), installing)
	}
}

// For an eSIM deleted from the phone neither Install nor Top up is offered, nor taken.
func TestAnESIMDeletedFromThePhoneIsNotOfferedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	ann := s.Messenger.User(annID)
	s.Send(ann, "/start")
	o := s.buy(ann)
	s.fulfils()
	esims, err := s.DB.ESIMsOfOrder(t.Context(), o.ID)
	s.Must(err)
	e := esims[0]
	s.Must(s.Vendor.Install(string(e.ID)))
	s.Must(s.Vendor.Delete(string(e.ID)))
	e.SMDPStatus = esim.SMDPDeleted
	s.Must(s.DB.SavePollResults(t.Context(), []esim.PollResult{{ESIM: e}}))
	s.Send(ann, "/esims")
	s.presses(ann, "esim|")
	for _, row := range ann.Last().Keyboard {
		for _, b := range row {
			for _, route := range []string{"install|", "qr|", "topup|"} {
				if strings.HasPrefix(b.Data, route) {
					t.Errorf("offered: %s", b.Text)
				}
			}
		}
	}
	s.oldInstallButtons(string(e.ID))
}

// oldInstallButtons presses what leads to an installation in old messages: nothing is shown.
func (s *shop) oldInstallButtons(tran string) {
	s.Helper()
	for _, route := range []ui.Route{"qr", "install"} {
		screen, err := s.screen(s.TB, s.request("en", ui.NewCallbackData(route, tran)))
		s.Must(err)
		if screen.Picture != nil || len(screen.Rows) > 0 || screen.Toast == "" {
			s.Errorf("an old button %s: %q, %d rows", route, screen.Text, len(screen.Rows))
		}
	}
}
