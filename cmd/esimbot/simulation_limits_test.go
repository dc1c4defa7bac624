package main

import (
	"strings"
	"time"
)

// What Telegram publishes of its limits, counted where it arrives: thirty messages a second in all, one
// a second to a chat after five at once, twenty a minute to the group.
// Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
const (
	sendsASecond  = 30
	chatAtOnce    = 5
	groupAMinute  = 20
	vendorASecond = 8
	chatEvery     = time.Second
)

// limitsSeen are the messages that the bot sent of late, whatever was answered.
type limitsSeen struct {
	all   []time.Time
	group []time.Time          // of this life: the next one has Telegram's 429
	chats map[int64]*time.Time // when a chat that got no more messages would be where it was
}

// sends reports whether a method is a message to a chat. Edits and answers are none.
func sends(method string) bool {
	return strings.HasPrefix(method, "send") && method != "sendChatAction" || strings.HasPrefix(method, "copy") || strings.HasPrefix(method, "forward")
}

// sent counts one message to a chat. The watcher is locked.
func (l *limitsSeen) sent(w *watcher, chat int64) {
	now := time.Now()
	l.all = w.within("30 messages a second", append(l.all, now), sendsASecond, time.Second)
	if chat < 0 {
		l.group = w.within("20 messages a minute to the group", append(l.group, now), groupAMinute, time.Minute)
		return
	}
	if l.chats == nil {
		l.chats = map[int64]*time.Time{}
	}
	at := l.chats[chat]
	if at == nil {
		at = new(time.Time)
		l.chats[chat] = at
	}
	if at.Before(now) {
		*at = now
	}
	if *at = at.Add(chatEvery); at.Sub(now) > chatAtOnce*chatEvery {
		w.faults = append(w.faults, "more than one message a second to a chat, after five at once")
		*at = now
	}
}
