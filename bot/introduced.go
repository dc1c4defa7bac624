package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"esimbot/bot/telegram"
	"esimbot/esim"
	"esimbot/i18n"
)

const (
	settingIntroduced = "introduced" // introduced, as JSON
	// introducedFor is how long what Telegram was told is taken to be what it knows: BotFather, or another program
	// with this token, may have told it otherwise where a start does not look.
	introducedFor = 7 * 24 * time.Hour
)

// introduced is what Telegram was told of a bot, so that a start does not tell all of it again: it is one call for each kind
// of text in each language, 40 and more.
type introduced struct {
	Bot   int64             `json:"bot"`
	Since time.Time         `json:"since"` // when it was first told of this; all is told again after a while
	Told  map[string]string `json:"told"`  // what it was → a hash of its words

	changed bool
}

// whatWasTold is what is still taken to be known, none if nothing is.
func (b *Bot) whatWasTold(ctx context.Context) (introduced, error) {
	fresh := b.nothingTold()
	kept, err := b.cfg.Store.Setting(ctx, settingIntroduced)
	if errors.Is(err, esim.ErrNotFound) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("what Telegram was told: %w", err)
	}
	var was introduced
	err = json.Unmarshal([]byte(kept), &was)
	since := fresh.Since.Sub(was.Since)
	if err != nil || was.Bot != fresh.Bot || since < 0 || since >= introducedFor || was.Told == nil {
		return fresh, nil
	}
	return was, nil
}

// nothingTold is what is known of a bot that has told Telegram nothing.
func (b *Bot) nothingTold() introduced {
	return introduced{Bot: b.cfg.Telegram.BotID(), Since: b.cfg.Now(), Told: map[string]string{}}
}

// telegramKnows asks Telegram for one of the lists that it was told. With another one, or none, what is remembered
// is of another Telegram (a sandbox that began anew), or somebody told it otherwise.
func (b *Bot) telegramKnows(ctx context.Context, told introduced) (bool, error) {
	if len(told.Told) == 0 {
		return true, nil
	}
	list, err := b.cfg.Telegram.Commands(ctx, telegram.ScopePrivate, "")
	if err != nil {
		return false, fmt.Errorf("which commands Telegram has: %w", err)
	}
	return slices.Equal(list, b.menu(b.cfg.Texts.Printer(i18n.Fallback))), nil
}

// tell makes a call unless it was made with the same words.
func (i *introduced) tell(what string, words any, call func() error) error {
	text, err := json.Marshal(words)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:8])
	if i.Told[what] == hash {
		return nil
	}
	if err := call(); err != nil {
		return err
	}
	i.Told[what], i.changed = hash, true
	return nil
}

// remember keeps what was told, also if some of it could not be.
func (b *Bot) remember(ctx context.Context, i introduced) error {
	if !i.changed {
		return nil
	}
	kept, err := json.Marshal(i)
	if err == nil {
		err = b.cfg.Store.SetSetting(ctx, settingIntroduced, string(kept))
	}
	if err != nil {
		return fmt.Errorf("remember what Telegram was told: %w", err)
	}
	return nil
}
