package own

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
)

// before has words tried as the answer to a question before anything else.
func (f *tripFlow) before(other ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		s, answered, err := f.typed(ctx, r)
		if err != nil || answered {
			return s, err
		}
		return other(ctx, r)
	}
}

// askedLast reports whether words answer the question of a trip, asked after the last word in an open
// thread: what was asked last is answered first.
func (f *tripFlow) askedLast(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	_, _, isDate := f.texts.ParseDates(r.Text, f.earliestToday())
	_, isLength := f.texts.ParseLength(r.Text)
	if !isDate && !isLength {
		return false, nil
	}
	q, err := f.store.Question(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !q.Open(f.now()) || !(q.Kind == aboutTrip && isDate || q.Kind == aboutTripLength) {
		return false, nil
	}
	return q.AskedLast(ctx, open, r.Customer.ID)
}

// typed answers words that may be the day or the length that was asked for; false: they are not.
func (f *tripFlow) typed(ctx context.Context, r *ui.Request) (ui.Screen, bool, error) {
	_, _, isDate := f.texts.ParseDates(r.Text, f.earliestToday())
	days, isLength := f.texts.ParseLength(r.Text)
	if !isDate && !isLength && !likeDate(r.Text) {
		return ui.Screen{}, false, nil // they want something else
	}
	q, err := f.store.Question(ctx, r.Customer.ID)
	switch {
	case errors.Is(err, esim.ErrNotFound):
		return ui.Screen{}, false, nil
	case err != nil:
		return ui.Screen{}, false, err
	case q.Kind != aboutTrip && q.Kind != aboutTripLength || !q.Open(f.now()):
		return ui.Screen{}, false, nil
	}
	today, err := f.today(ctx, r)
	if err != nil {
		return ui.Screen{}, false, err
	}
	first, last, isDate := f.texts.ParseDates(r.Text, today)
	ref := refs.Trip{About: q.About}
	if isLength { // of a trip whose day is known; else it is the day
		esims, err := f.about(ctx, r, ref)
		if err != nil {
			return ui.Screen{}, false, err
		}
		if trip := esims[0].Trip; trip.Known() {
			ref = ref.On(trip.Day)
			ref.Days = days
			return ui.Screen{Follow: ref.Data()}, true, nil
		}
	}
	if !isDate {
		return ui.Screen{Follow: ref.Data(), Lead: r.T("trip.unclear", nil)}, true, nil
	}
	ref = ref.On(first)
	if last.After(first) {
		ref.Days = int(last.Sub(first)/(24*time.Hour)) + 1
	}
	return ui.Screen{Follow: ref.Data()}, true, nil
}

// likeDate reports whether a text is made of digits and signs, and not of more than a date has.
func likeDate(text string) bool {
	return len(text) <= longestDate && strings.ContainsFunc(text, unicode.IsDigit) && !strings.ContainsFunc(text, unicode.IsLetter)
}

// longestDate in bytes: more digits than that are no date.
const longestDate = 24
