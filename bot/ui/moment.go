package ui

import (
	"time"

	"esimbot/bot/telegram"
	"esimbot/i18n"
)

// The formats of moments: a long date and a time without seconds, or the date alone.
const (
	formatMoment = "Dt"
	formatDay    = "D"
	formatTime   = "t"
)

// Moment is a time as the reader's own app writes it, in the reader's zone and language; apps that cannot
// write it in UTC. It is for texts only: labels and toasts have no such thing.
func (r *Request) Moment(t time.Time) i18n.HTML {
	return moment(t, formatMoment, r.Plain("format.moment", i18n.Args{"datetime": r.DateTime(t, time.UTC)}))
}

// MomentDay is the day of a moment, as Moment writes it. A day that begins at no moment, such as that of a
// trip, is a Date.
func (r *Request) MomentDay(t time.Time) i18n.HTML {
	return moment(t, formatDay, r.Date(t, nil))
}

// MomentTime is the time of day of a moment, as Moment writes it: where its day is said already.
func (r *Request) MomentTime(t time.Time) i18n.HTML {
	return moment(t, formatTime, r.Plain("format.moment", i18n.Args{"datetime": r.Clock(t, nil)}))
}

// moment leaves a time that is not known to its words: Telegram takes none before 1970.
func moment(t time.Time, format, words string) i18n.HTML {
	if t.Unix() <= 0 {
		return i18n.HTML(telegram.EscapeHTML(words))
	}
	return i18n.HTML(telegram.DateTime(t, format, words))
}
