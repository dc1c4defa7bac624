package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// role is what somebody was named.
func (s *shop) role(id esim.CustomerID) esim.Role {
	s.Helper()
	m, err := s.DB.StaffMember(s.Context(), id)
	s.Must(err)
	return m.Role
}

// The administrators of the group are owners until one of them names somebody, and by that becomes the owner.
func TestAdministratorsAreOwnersUntilSomebodyIsNamed(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga, igor, sam := s.staffed(), s.joins(otherStaffID, "Igor", ""), s.joins(supportID, "Sam", "")
	igor.SetAdmin(true)
	s.Send(s.Messenger.User(annID), "/start")
	s.Send(igor, "/help")
	s.sees(igor, "Your role: owner", "/role", "the group's administrators", "promo codes")
	s.Send(sam, "/help")
	s.sees(sam, "Your role: support")
	if strings.Contains(sam.Last().Text, "/refund —") {
		t.Errorf("support is offered what it may not do:\n%s", sam.Last().Text)
	}
	s.Send(sam, "/credit 101 5 why")
	s.sees(sam, "Only managers and owners may do this. Your role: support.")
	for words, want := range map[string]string{
		"/role 904": "Which role", "/role 904 boss": "“boss” is no role", "/role manager": "Who?", "/role 101 manager": "101 is not in this group", "/role 904 support": "Role “support” for Sam 904?",
	} {
		s.Send(olga, words)
		s.sees(olga, want)
	}
	said, err := sam.Send("good morning")
	s.Must(err)
	s.Pump()
	_, err = olga.Reply(said.ID, "/role Manager")
	s.Must(err)
	s.Pump()
	s.sees(olga, "Role “manager” for Sam 904?", "promo codes")
	s.presses(olga, "s_role|904|")
	s.sees(olga, "Olga gave Sam 904 the role “manager”", "owner: Olga 900", "manager: Sam 904")
	if s.role(staffID) != esim.RoleOwner || s.role(supportID) != esim.RoleManager || s.did("role") != 2 {
		t.Errorf("named: %q, %q; %+v", s.role(staffID), s.role(supportID), s.audit())
	}
	s.Send(sam, "/credit 101 5 why")
	s.sees(sam, "Give $5.00")
	s.Vendor.Advance(2 * time.Minute)
	s.Send(igor, "/language ru")
	s.sees(igor, "Only owners may do this. Your role: support.", "Ask: Olga 900")
	s.Send(olga, "/role 900 support")
	if toast := s.presses(olga, "s_role|900|"); !strings.Contains(toast.Text, "without an owner") {
		t.Errorf("the last owner goes: %+v", toast)
	}
	if s.role(staffID) != esim.RoleOwner {
		t.Error("the last owner is gone")
	}
	s.leaves(staffID, "Olga") // and with her account all owners: the administrators are what they were
	s.Vendor.Advance(2 * time.Minute)
	s.Send(igor, "/help")
	s.sees(igor, "Your role: owner")
}

func TestTalkStaffTwo(t *testing.T) {
	t.Parallel()
	talks(t, "staff-two", func(k *talk) {
		k.Send(k.user, "/start")
		olga, mia := k.staffed(), k.joins(managerID, "Mia", "")
		k.user = olga
		k.says("/role")
		k.says("/role 903 manager")
		k.taps("s_role|")
		k.says("/credit 101")
		k.says("/credit 101 5")
		k.says("/credit Ann 5 lost luggage")
		k.says("/refund abc")
		k.note("Mia, a manager")
		k.user = mia
		k.says("/role 903 owner")
		k.says("/credit 101 60 lost luggage")
		k.taps("s_credit|")
		k.taps("s_agree|")
		k.note("Olga, the owner")
		k.user = olga
		k.taps("s_agree|")
		k.says("/audit")
	})
}
