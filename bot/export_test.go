package bot

import (
	"esimbot/bot/notify"
	"esimbot/bot/staff"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// Router is the customers' router, for tests that look at screens without a chat.
func (b *Bot) Router() *ui.Router { return b.customers.Router() }

// Screens runs handlers and shows screens, for tests that wait for its background.
func (b *Bot) Screens() *ui.Presenter { return b.screens }

// Staff is the staff group.
func (b *Bot) Staff() *staff.Group { return b.staff }

// Renderers is how each kind of notification is written.
func (b *Bot) Renderers() map[esim.NotificationKind]notify.Renderer { return b.renderers() }
