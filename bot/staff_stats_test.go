package bot_test

import (
	"os"
	"strings"
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
)

func TestStatsShowWhatWasEarned(t *testing.T) {
	t.Parallel()
	s, olga, o := sold(t)
	s.Must(s.Visits.Flush(t.Context()))
	s.Send(olga, "/stats")
	m := olga.Last()
	if m.Photo == nil {
		t.Fatalf("no picture: %s", m.Text)
	}
	if dir := os.Getenv("ESIMBOT_SCREENSHOTS"); dir != "" {
		png, _ := s.Messenger.Photo(m.Photo.FileID)
		s.Must(os.WriteFile(dir+"/stats.png", png, 0o600))
	}
	retail, _ := strings.CutSuffix(o.Retail.String(), " USD")
	s.reads(olga, "25 October 2026 – 23 November 2026", "UTC", "Sales: $"+retail, "orders: 1", "Refunds: $0", "Margin: $", "Stars $"+retail, "Japan $"+retail,
		"Came: 1 (new: 1) → saw a plan: 1 → invoices: 1 → paid: 1 → delivered: 1")
	if strings.Contains(m.Text, "beside") {
		t.Errorf("compared with nothing: %s", m.Text)
	}
	s.presses(olga, "s_stats|30|1")
	s.reads(olga, "Japan: $"+retail, "margin:")
	s.presses(olga, "s_stats|30|2")
	s.reads(olga, "Japan · ")
	s.presses(olga, "s_stats|30")
	if olga.Last().Photo == nil {
		t.Error("the way back has no picture")
	}
	// The money goes back on the next day: that day has nothing but the refund.
	s.Vendor.Advance(24 * time.Hour)
	s.Send(olga, "/refund "+o.ID.String()+" why")
	s.presses(olga, "s_yes|refund|")
	s.Work()
	s.Send(olga, "/stats today")
	s.reads(olga, "24 November 2026", "Sales: $0.00", "orders: 0", "Refunds: $"+retail, "Margin: -$", "beside 23 November 2026", "▼")
	s.Send(olga, "/stats yesterday")
	s.reads(olga, "23 November 2026", "Sales: $"+retail, "Refunds: $0")
	s.Send(olga, "/stats all")
	s.reads(olga, "23 November 2026 – 24 November 2026", "Sales: $"+retail, "Refunds: $"+retail)
	s.Send(olga, "/stats 2025-06")
	s.reads(olga, "June 2025", "Nothing")
	for _, bad := range []string{"/stats soon", "/stats 2027", "/stats 2026-11-20..2026-11-01"} {
		s.Send(olga, bad)
		s.reads(olga, "/stats today", "yesterday")
	}
}

// reads is sees for words between which no line may break.
func (s *shop) reads(h *tgsandbox.UserClient, words ...string) {
	s.Helper()
	text := strings.ReplaceAll(h.Last().Text, "\u00a0", " ")
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.Errorf("%q is not in:\n%s", w, text)
		}
	}
}

// A language of letters that the fonts lack has its words beside the picture, and English ones in it.
func TestStatsInEveryLanguage(t *testing.T) {
	t.Parallel()
	s, olga, _ := sold(t)
	for _, l := range walked(s.App.Texts.Languages()) {
		s.Must(s.DB.SetSetting(t.Context(), "staff_language", l.Code))
		for _, words := range []string{"/stats 7", "/stats year"} {
			s.Send(olga, words)
			m := olga.Last()
			if m.Photo == nil || strings.Contains(m.Text, "staff.") {
				t.Errorf("%s in %s: %s", words, l.Code, m.Text)
			}
			checkText(t, words, m.HTML(), 1024)
		}
	}
}
