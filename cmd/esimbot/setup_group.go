package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"esimbot/bot/telegram"
	"esimbot/cmd/esimbot/shop"
)

// hereCommand is what the operator writes in the group that is to be the staff's.
const hereCommand = "here"

// A groupFinder waits until somebody writes /here in a group.
//
// It reads the queue of updates from its head and never tells Telegram to forget one: what customers
// wrote meanwhile, a payment even, is there for the shop.
type groupFinder struct {
	cfg  shop.Config
	ask  *prompter
	out  io.Writer
	tg   *telegram.Client
	name string
	seen map[int64]bool
}

const (
	// hereWait is how long one poll waits: longer than another program needs to come back after it
	// was cut off by ours, so that it is noticed.
	hereWait = 10 * time.Second
	// The pause between two looks at a queue that is not empty, which a poll does not wait for, grows from one to the other.
	herePause, longestHerePause = 100 * time.Millisecond, 2 * time.Second
	// queueHead is how many updates Telegram tells of a queue whose head is not forgotten.
	queueHead = 100
)

var (
	errWebhook   = errors.New("a webhook is set for this bot: another program uses the token. Stop that one, or make a bot of its own for this shop (@BotFather, /newbot)")
	errPolled    = errors.New("another program polls with this token: stop it first, and run this again")
	errQueueFull = errors.New("more than 100 updates wait for this bot, and /here is behind them: start the shop for a minute (esimbot serve), stop it, and run esimbot setup --group")
)

// find waits as long as waiting lasts; a question to the operator may take longer.
func (g *groupFinder) find(ctx, waiting context.Context) (int64, error) {
	var err error
	if g.tg, err = telegramClient(g.cfg); err != nil {
		return 0, err
	}
	me, err := g.tg.Me(ctx)
	if err != nil {
		return 0, err
	}
	g.name, g.seen = me.Username, map[int64]bool{}
	info, err := g.tg.WebhookInfo(ctx)
	if err != nil {
		return 0, err
	}
	if info.URL != "" {
		return 0, errWebhook
	}
	fmt.Fprintf(g.out, "\nNow the staff's group: a private one. Add @%s to it and write there: /%s\nWaiting …\n", g.name, hereCommand)
	for pause := herePause; ; pause = min(2*pause, longestHerePause) {
		updates, err := g.tg.GetUpdates(waiting, 0, hereWait) // an offset of 0 forgets nothing
		switch {
		case waiting.Err() != nil:
			return 0, waiting.Err()
		case conflict(err):
			return 0, errPolled
		case err != nil && !telegram.Temporary(err):
			return 0, err
		}
		for _, u := range updates {
			if id, err := g.look(ctx, u); err != nil || id != 0 {
				return id, err
			}
		}
		if len(updates) >= queueHead {
			return 0, errQueueFull
		}
		select {
		case <-waiting.Done():
			return 0, waiting.Err()
		case <-time.After(pause):
		}
	}
}

func conflict(err error) bool {
	var te *telegram.Error
	return errors.As(err, &te) && te.Code == http.StatusConflict
}

// look returns the chat of an update that is a /here the operator stands by; 0 if it is none.
func (g *groupFinder) look(ctx context.Context, raw telegram.RawUpdate) (int64, error) {
	if g.seen[raw.ID] {
		return 0, nil
	}
	g.seen[raw.ID] = true
	u, err := telegram.Decode(raw.Raw)
	if err != nil || u.Message == nil {
		return 0, nil // for the shop, whatever it is
	}
	if command, _ := u.Message.CommandFor(g.name); command != hereCommand {
		return 0, nil
	}
	chat := u.Message.Chat.ID
	room, err := g.tg.GroupRights(ctx, chat)
	if to, moved := telegram.MigratedTo(err); moved {
		chat = to
		room, err = g.tg.GroupRights(ctx, chat)
	}
	if err != nil {
		fmt.Fprintf(g.out, "! /%s was heard, and the group cannot be looked at: %v\n  Write it once more.\n", hereCommand, err)
		return 0, nil
	}
	if found, advice := roomTrouble(room); advice != "" {
		fmt.Fprintf(g.out, "! %s: %s.\n  Then write /%s once more.\n", found, advice, hereCommand)
		return 0, nil
	}
	who := "an administrator without a name"
	if from := u.Message.From; from != nil && !u.Message.Anonymous() {
		who = from.FirstName
	}
	// Anybody who finds the bot can write /here in a group of their own.
	yes, err := g.ask.yes(ctx, fmt.Sprintf("✓ “%s”, where %s wrote /%s. Is that the staff's group? [Y/n] ", room.Chat.Title, who, hereCommand))
	if err != nil {
		return 0, err
	}
	if !yes {
		fmt.Fprintln(g.out, "Not that one, then. Waiting …")
		return 0, nil
	}
	return chat, nil
}
