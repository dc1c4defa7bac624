package shoptest

import (
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop"
)

// Settings are what the shop was started with, for a command that runs beside it; the database
// is not among them.
func (s *Shop) Settings() shop.Config {
	cfg := s.config
	cfg.TelegramToken, cfg.StaffChat, cfg.ProviderToken = shop.Secret(s.Messenger.Token()), Group, ProviderToken
	return cfg
}

// PayForm pays an opened invoice while the bot polls.
func (s *Shop) PayForm(h *tgsandbox.UserClient, form string) error {
	s.Helper()
	return s.during(func() error { return h.PayForm(form) })
}

// Database is the file that the shop works on.
func (s *Shop) Database() string { return s.database }
