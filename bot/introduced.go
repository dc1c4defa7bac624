package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"esimbot/esim"
)

const (
	settingIntroduced = "introduced" // introduced, as JSON
	// introducedFor is how long what Telegram was told is taken to be what it knows: BotFather, or another program
	// with this token, may have told it otherwise.
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
	self, now := b.cfg.Telegram.BotID(), b.cfg.Now()
	fresh := introduced{Bot: self, Since: now, Told: map[string]string{}}
	kept, err := b.cfg.Store.Setting(ctx, settingIntroduced)
	if errors.Is(err, esim.ErrNotFound) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("what Telegram was told: %w", err)
	}
	var was introduced
	err = json.Unmarshal([]byte(kept), &was)
	since := now.Sub(was.Since)
	if err != nil || was.Bot != self || since < 0 || since >= introducedFor || was.Told == nil {
		return fresh, nil
	}
	return was, nil
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
