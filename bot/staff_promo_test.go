package bot_test

import (
	"testing"

	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestTalkStaffPromo(t *testing.T) {
	t.Parallel()
	talks(t, "staff-promo", func(k *talk) {
		k.user = k.staffed()
		for _, c := range []string{"/promo", "/promo SUMMER 20% JP,KR first uses 100 until 2027-08-31"} {
			k.says(c)
		}
		k.taps("s_promo")
		k.says("/promo")
		k.says("/promo SUMMER $2")
		k.taps("s_promo")
		k.says("/promo end summer")
		k.taps("s_promo")
		k.says("/promo")
		k.says("/campaigns")
	})
}

// A code is made by a press, as it was written, with who and what; what makes no sense is not asked about.
func TestStaffMakePromoCodes(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	olga := s.staffed()
	for _, c := range []string{
		"/promo SUMMER", "/promo SUMMER 0%", "/promo SUMMER 101%", "/promo SUMMER -5%", "/promo SUMMER $0", "/promo SUMMER -2", "/promo AB 5%", "/promo ЛЕТО 5%",
		"/promo SUMMER 5% uses", "/promo SUMMER 5% uses 0", "/promo SUMMER 5% until soon", "/promo SUMMER 5% until 2020-01-01", "/promo SUMMER 5% QQ",
		"/promo SUMMER 5% JP KR", "/promo <b> 5%", "/promo end", "/promo END 5%",
	} {
		s.Send(olga, c)
		if offers(olga, "s_promo") {
			t.Errorf("%s is asked about: %s", c, olga.Last().Text)
		}
	}
	s.Send(olga, "/promo summer 20% jp,kr FIRST uses 7 until 2027-08-31")
	if p, err := s.DB.Promo(t.Context(), "SUMMER"); err != nil || p.Code != "" {
		t.Errorf("made without a press: %+v, %v", p, err)
	}
	message, data := s.button(olga, "s_promo")
	s.pressesOn(olga, message, data)
	s.sees(olga, "Olga", "SUMMER", "promo_SUMMER")
	p, err := s.DB.Promo(t.Context(), "SUMMER")
	s.Must(err)
	if p.Percent != 20 || len(p.Places) != 2 || p.Places[0] != "JP" || !p.FirstOnly || p.Uses != 7 || p.Ends.Format("2006-01-02 15:04") != "2027-09-01 00:00" {
		t.Errorf("made: %+v", p)
	}
	if a := s.audit(); len(a) != 1 || a[0].Who != staffID || a[0].What != "promo" || a[0].Why != "summer 20% jp,kr FIRST uses 7 until 2027-08-31" {
		t.Errorf("audit: %+v", a)
	}
	s.Send(olga, "/promo SUMMER 50%")
	if toast := s.presses(olga, "s_promo"); !toast.Alert {
		t.Errorf("the same name again: %+v", toast)
	}
	if p, _ := s.DB.Promo(t.Context(), "SUMMER"); p.Percent != 20 {
		t.Errorf("the second made it %d %%", p.Percent)
	}
	s.Send(olga, "/promo end SUMMER")
	s.presses(olga, "s_promo")
	p, err = s.DB.Promo(t.Context(), "SUMMER")
	s.Must(err)
	if (esim.PromoFacts{Promo: p}).Allow(s.Vendor.Time()) == nil {
		t.Error("it goes on")
	}
}
