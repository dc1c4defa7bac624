package bot_test

import (
	"strings"
	"testing"

	"esimbot/esim"
)

// Staff give the money of an eSIM in use back out of kindness. Nothing is cancelled, whatever it was paid
// with, and the customer does not read that it was.
func TestAKindnessAboutAnESIMInUseSaysThatItStays(t *testing.T) {
	t.Parallel()
	for language, stays := range map[string]string{"en": "What you bought stays as it is", "ru": "Ваша покупка остаётся как есть"} {
		s, olga, o := sold(t)
		ann := s.Messenger.User(annID)
		ann.SetLanguage(language)
		s.Must(s.DB.SetLanguage(t.Context(), annID, language))
		tran := s.Vendor.Profiles()[0].EsimTranNo
		s.Must(s.Vendor.Install(tran))
		s.Must(s.Vendor.Burn(tran, 50<<20))
		s.Send(olga, "/order "+string(o.ID))
		s.presses(olga, "s_ask|refund|")
		s.presses(olga, "s_why|refund|")
		s.presses(olga, "s_yes|refund|")
		s.Work()
		if got := s.profile(esim.ESIMID(tran)); got != "IN_USE" {
			t.Fatalf("the eSIM is %s", got)
		}
		told := false
		for _, m := range ann.Chat() {
			told = told || strings.Contains(m.Text, stays)
			for _, wrong := range []string{"is cancelled", "Заказ отменён"} {
				if strings.Contains(m.Text, wrong) {
					t.Errorf("nothing was cancelled; the customer reads %q", m.Text)
				}
			}
		}
		if !told {
			t.Errorf("the customer reads %q", ann.Last().Text)
		}
	}
}
