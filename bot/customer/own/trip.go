package own

import (
	"context"
	"strings"
	"time"

	"esimbot/bot/customer/forsale"
	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/countrynotes"
)

// questionStore keeps what customers were asked and answer by typing.
type questionStore interface {
	AskQuestion(ctx context.Context, customer esim.CustomerID, q esim.Question) error
	// Question is what a customer was asked last, or esim.ErrNotFound.
	Question(ctx context.Context, customer esim.CustomerID) (esim.Question, error)
	ForgetQuestion(ctx context.Context, customer esim.CustomerID) error
}

// The Question.Kind of a trip.
const (
	aboutTrip       = "trip"      // its day
	aboutTripLength = "trip_days" // its day is known: how long it is, or another day
)

// tripFlow asks when a customer travels, says what stands in the way, and what to do when.
type tripFlow struct {
	catalog *esim.CatalogCache
	texts   *i18n.Bundle
	store   interface {
		esimStore
		orderStore
		questionStore
		esim.TripStore
		ESIMsOfOrder(ctx context.Context, id esim.OrderID) ([]esim.ESIM, error)
	}
	notes countrynotes.Notes
	now   func() time.Time
}

func (f *tripFlow) register(t *ui.Router) {
	t.Route(refs.RouteTrip, ui.HandleWith(refs.ParseTrip, f.trip))
}

func (f *tripFlow) trip(ctx context.Context, r *ui.Request, ref refs.Trip) (ui.Screen, error) {
	esims, err := f.about(ctx, r, ref)
	if err != nil {
		return ui.Screen{}, err
	}
	switch ref.Day {
	case "":
		return f.ask(ctx, r, ref, esims[0])
	case refs.NoTrip:
		return f.forget(ctx, r, ref, esims)
	}
	return f.set(ctx, r, ref, esims)
}

// about are the customer's eSIMs that a ref is about; ErrNotFound if there are none (any more).
func (f *tripFlow) about(ctx context.Context, r *ui.Request, ref refs.Trip) ([]esim.ESIM, error) {
	id, ofOrder := ref.Order()
	if !ofOrder {
		e, err := f.store.ESIMOf(ctx, r.Customer.ID, esim.ESIMID(ref.About))
		return []esim.ESIM{e}, err
	}
	o, err := f.store.OrderOf(ctx, r.Customer.ID, id)
	if err != nil {
		return nil, err
	}
	all, err := f.store.ESIMsOfOrder(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	var mine []esim.ESIM
	for _, e := range all {
		if e.Customer == r.Customer.ID && !e.Returned {
			mine = append(mine, e)
		}
	}
	if len(mine) == 0 {
		return nil, esim.ErrNotFound
	}
	return mine, nil
}

// ask asks for the day: by buttons, and by typing, for which the question is stored.
func (f *tripFlow) ask(ctx context.Context, r *ui.Request, ref refs.Trip, e esim.ESIM) (ui.Screen, error) {
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: aboutTrip, About: ref.About, Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	today, err := f.today(ctx, r)
	if err != nil {
		return ui.Screen{}, err
	}
	at := func(label string, days int) ui.Button {
		return ui.NewButton(label, ref.On(today.AddDate(0, 0, days)))
	}
	in := func(days int) ui.Button {
		return at(r.Plain("trip.btn_in", i18n.Args{"days": r.Days(days)}), days)
	}
	s := ui.Screen{
		Text: r.T("trip.ask", i18n.Args{
			"title": r.ESIMTitle(e), "example": r.Date(today.AddDate(0, 0, 17), nil),
			"today": r.Date(today, nil), "weekday": r.Weekday(today, nil),
		}),
		Rows: [][]ui.Button{
			ui.Row(at(r.Plain("trip.btn_today", nil), 0), at(r.Plain("trip.btn_tomorrow", nil), 1)),
			ui.Row(in(3), in(7)), ui.Row(in(14), in(30)),
		},
	}
	if e.Trip.Known() && !e.Trip.Over(f.now()) { // what is known of it, and how long it is, in one press or typed
		s.Text = tripLine(r, e.Trip) + "\n" + r.T("trip.ask_days", i18n.Args{"example": r.Days(10)}) + "\n\n" + s.Text
		s.Rows = append(lengthRows(r, ref.On(e.Trip.Day), e.Trip.Days), s.Rows...)
	}
	if e.Trip.Known() {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("trip.btn_none", nil), refs.Trip{About: ref.About, Day: refs.NoTrip, Days: 0})))
	}
	s.Rows = append(s.Rows, f.back(r, ref))
	return s, nil
}

// back leads to the eSIM, or to all of them.
func (f *tripFlow) back(r *ui.Request, ref refs.Trip) []ui.Button {
	if _, ofOrder := ref.Order(); ofOrder {
		return ui.Row(ui.NewButton(r.Plain("menu.btn_esims", nil), refs.RouteESIMs))
	}
	return ui.BackRow(r, refs.ESIM{Route: refs.RouteESIM, ESIM: esim.ESIMID(ref.About)})
}

func (f *tripFlow) forget(ctx context.Context, r *ui.Request, ref refs.Trip, esims []esim.ESIM) (ui.Screen, error) {
	if err := f.store.SetTrip(ctx, r.Customer.ID, idsOf(esims), esim.Trip{}, false); err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
		return ui.Screen{}, err
	}
	return ui.Screen{Text: r.T("trip.none", nil), Rows: [][]ui.Button{
		ui.Row(ui.NewButton(r.Plain("trip.btn", nil), refs.Trip{About: ref.About})), f.back(r, ref),
	}}, nil
}

// usualTrips are offered as lengths of a trip, in days.
var usualTrips = []int{3, 7, 14, 30}

// set notes the trip, and says what that means.
func (f *tripFlow) set(ctx context.Context, r *ui.Request, ref refs.Trip, esims []esim.ESIM) (ui.Screen, error) {
	trip, err := ref.Trip()
	if err != nil || trip.Over(f.now()) {
		return ui.Screen{Follow: refs.Trip{About: ref.About}.Data(), Lead: r.T("trip.passed", nil)}, nil
	}
	if err := f.store.SetTrip(ctx, r.Customer.ID, idsOf(esims), trip, trip.ReminderPassed(f.now())); err != nil {
		return ui.Screen{}, err
	}
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: aboutTripLength, About: ref.About, Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	e := esims[0]
	lines := []string{r.T("trip.set", i18n.Args{
		"date": r.Date(trip.Day, nil), "weekday": r.Weekday(trip.Day, nil), "title": r.ESIMTitle(e),
	})}
	back := [][]ui.Button{ui.Row(ui.NewButton(r.Plain("trip.btn_change", nil), refs.Trip{About: ref.About})), f.back(r, ref)}
	if warning := tripWarning(r, e, trip); warning != "" {
		lines = append(lines, "", warning)
	} else if trip.Days > 0 {
		lines = append(lines, "", tripFits(r, e, trip))
	}
	if trouble := e.TripConflict(trip); trouble == esim.TripAfterLapse || trouble == esim.TripAfterEnd {
		return ui.Screen{Text: strings.Join(lines, "\n"), Rows: back}, nil // it is of no use there
	}
	lines = append(lines, "", f.next(r, e, trip))
	if trip.Days == 0 {
		lines = append(lines, "", r.T("trip.ask_days", i18n.Args{"example": r.Days(10)}))
	}
	return ui.Screen{Text: strings.Join(lines, "\n"), Rows: append(lengthRows(r, ref, trip.Days), back...)}, nil
}

// lengthRows are the usual lengths of a trip on a day, but the one that is known.
func lengthRows(r *ui.Request, on refs.Trip, known int) [][]ui.Button {
	var lengths []ui.Button
	for _, n := range usualTrips {
		if n != known {
			lengths = append(lengths, ui.NewButton(r.Days(n), refs.Trip{About: on.About, Day: on.Day, Days: n}))
		}
	}
	for _, b := range lengths {
		if ui.LabelWidth(b.Text) > ui.MaxLabel(len(lengths)) { // "30 giorni" is wider than a quarter of a phone
			return ui.PairRows(lengths...)
		}
	}
	return [][]ui.Button{lengths}
}

// next says when the reminder comes, or what to do now where it would come too late.
func (f *tripFlow) next(r *ui.Request, e esim.ESIM, trip esim.Trip) string {
	if !trip.ReminderPassed(f.now()) {
		return r.T("trip.reminder", i18n.Args{"date": r.MomentDay(trip.RemindAt())})
	}
	lines := []string{string(forsale.WhenToInstall(r, e.Plan))}
	if c := e.Condition(f.now()); c != esim.ConditionReady && c != esim.ConditionDownloading {
		lines[0] = r.T("trip.switch_on", nil)
	}
	if notes := forsale.Notes(r, f.notes, forsale.WithPlaces(f.catalog, e.Plan), ""); notes != "" {
		lines = append(lines, notes)
	}
	return strings.Join(lines, "\n")
}

//i18n:use trip.warn_*

// tripWarning says what stands between an eSIM and a trip; "" if nothing does.
func tripWarning(r *ui.Request, e esim.ESIM, trip esim.Trip) string {
	args := lastsArgs(r, e, trip)
	switch e.TripConflict(trip) {
	case esim.TripAfterLapse:
		return r.T("trip.warn_lapses", args)
	case esim.TripAfterEnd:
		return r.T("trip.warn_ends", args)
	case esim.TripTooLong:
		if e.Activated.IsZero() {
			return r.T("trip.warn_short", args)
		}
		return r.T("trip.warn_ends_there", args)
	}
	return ""
}

// tripFits says that an eSIM lasts for a trip.
func tripFits(r *ui.Request, e esim.ESIM, trip esim.Trip) string {
	switch args := lastsArgs(r, e, trip); {
	case !e.Activated.IsZero() && !e.Expires.IsZero():
		return r.T("trip.enough_until", args)
	case e.Activated.IsZero() && e.Days > 0:
		return r.T("trip.enough", args)
	default: // nobody knows for how long it works
		return r.T("trip.long", args)
	}
}

func lastsArgs(r *ui.Request, e esim.ESIM, trip esim.Trip) i18n.Args {
	return i18n.Args{"date": r.MomentDay(e.Expires), "days": r.Days(max(e.Days, 1)), "trip": r.Days(max(trip.Days, 1))}
}

func idsOf(esims []esim.ESIM) []esim.ESIMID {
	ids := make([]esim.ESIMID, len(esims))
	for i, e := range esims {
		ids[i] = e.ID
	}
	return ids
}
