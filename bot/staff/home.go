package staff

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"

	"esimbot/bot/telegram"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// Settings the staff group keeps.
const (
	settingChat     = "staff_chat" // follows a group that became a supergroup
	settingLanguage = "staff_language"
)

// homeSettings are what is kept of the group: where it is, and what staff choose.
type homeSettings interface {
	esim.SettingStore
	AuditedSettings
}

// home is where the staff group is and which language it reads. The group's id changes
// when it becomes a supergroup.
type home struct {
	screens    *ui.Presenter
	texts      *i18n.Bundle
	settings   homeSettings
	configured int64
	id         atomic.Int64
	up         atomic.Bool // as far as is known it can be written to
	log        *slog.Logger
	topics     *topics
}

func (h *home) chat() int64      { return h.id.Load() }
func (h *home) is(id int64) bool { return id != 0 && id == h.id.Load() }

// restore finds out whether the configured group has moved in an earlier run.
func (h *home) restore(ctx context.Context) {
	from, to, ok := strings.Cut(h.setting(ctx, settingChat), ">")
	if !ok || from != strconv.FormatInt(h.configured, 10) {
		return
	}
	if id, err := strconv.ParseInt(to, 10, 64); err == nil {
		h.id.Store(id)
	}
}

func (h *home) setting(ctx context.Context, key string) string {
	v, err := h.settings.Setting(ctx, key)
	if err != nil {
		return ""
	}
	return v
}

// moved follows the group to its new id, now and after a restart.
func (h *home) moved(ctx context.Context, id int64) error {
	h.id.Store(id)
	h.log.Info("the staff group became a supergroup", "chat", id)
	if err := h.settings.SetSetting(ctx, settingChat, fmt.Sprintf("%d>%d", h.configured, id)); err != nil {
		return fmt.Errorf("keep the staff group's new id: %w", err)
	}
	return nil
}

// printer is the language of the group.
func (h *home) printer(ctx context.Context) i18n.Printer {
	return h.texts.Printer(h.setting(ctx, settingLanguage))
}

// put sends a screen to a topic of the staff group and says where it stands, and follows the group when it became a supergroup.
func (h *home) put(ctx context.Context, to topic, screen ui.Screen) (at ui.ScreenTarget, err error) {
	err = h.follow(ctx, func(chat int64) error {
		return h.topics.in(ctx, chat, place{topic: to}, func(thread int) error {
			message, err := h.screens.Put(ctx, screen, ui.ScreenTarget{Chat: chat, Thread: thread})
			at = ui.ScreenTarget{Chat: chat, Message: message}
			return err
		})
	})
	return at, err
}

// follow sends something to the staff group, and again where it is now if it became a supergroup.
func (h *home) follow(ctx context.Context, send func(chat int64) error) error {
	err := send(h.chat())
	if id, moved := telegram.MigratedTo(err); moved {
		if err := h.moved(ctx, id); err != nil {
			return err
		}
		err = send(id)
	}
	switch {
	case err == nil:
		h.up.Store(true)
	case telegram.Unreachable(err), telegram.NotAllowed(err):
		h.up.Store(false)
	}
	return err
}
