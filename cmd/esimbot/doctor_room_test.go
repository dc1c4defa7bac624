package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
)

// TestDoctorLooksAtTheStaffGroup holds each thing that would keep the staff out, or let others in: doctor
// fails, as the shop takes no command there.
func TestDoctorLooksAtTheStaffGroup(t *testing.T) {
	const group = -4001001001
	for _, tt := range []struct {
		name   string
		change func(tg *tgsandbox.Server) (chat int64)
		advice string // "": all is well
	}{
		{"as it should be", func(*tgsandbox.Server) int64 { return group }, ""},
		{"public", func(tg *tgsandbox.Server) int64 { tg.SetGroupPublic("esim_staff"); return tg.Group().ID }, "make it private"},
		{"members hidden", func(tg *tgsandbox.Server) int64 { tg.HideMembers(true); return tg.Group().ID }, "administrator"},
		{"no right to write", func(tg *tgsandbox.Server) int64 { tg.RestrictBot(true); return tg.Group().ID }, "administrator"},
		{"kicked out", func(tg *tgsandbox.Server) int64 { tg.KickBot(); return group }, "bot"},
		{"no such chat", func(*tgsandbox.Server) int64 { return -77 }, "ADMIN_CHAT_ID"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tg := tgsandbox.New(tgsandbox.Options{Group: tgsandbox.Group{ID: group, Title: "Staff"}})
			defer tg.Close()
			srv := httptest.NewServer(tg)
			defer srv.Close()
			f := checkStaff(context.Background(), shop.Config{TelegramToken: shop.Secret(tg.Token()), TelegramAPI: srv.URL, StaffChat: tt.change(tg)})
			if (f.advice == "") != (tt.advice == "") || !strings.Contains(f.advice, tt.advice) || f.warn {
				t.Errorf("found %q, advice %q, warn %t", f.found, f.advice, f.warn)
			}
		})
	}
}
