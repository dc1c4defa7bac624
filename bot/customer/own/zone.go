package own

import (
	"context"
	"errors"
	"time"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
	"esimbot/i18n/zones"
)

// aboutZone is the Question.Kind of where a customer is.
const aboutZone = "zone"

// zone asks where the customer is, or sets it.
func (f *settingsFlow) zone(ctx context.Context, r *ui.Request, ref refs.Zone) (ui.Screen, error) {
	switch at := zones.Named(ref.Name); {
	case ref.Name == refs.ZoneAsked:
		return f.askZone(ctx, r)
	case ref.Name == refs.ZoneRemoved:
		if err := f.store.SetZone(ctx, r.Customer.ID, "", f.now()); err != nil {
			return ui.Screen{}, err
		}
		r.Customer.Zone, r.Customer.ZoneAt = "", f.now()
		return f.screen(ctx, r)
	case at == nil:
		return ui.Screen{}, ui.ErrBadData
	default:
		return f.setZone(ctx, r, at)
	}
}

// askZone asks for the city; where the country is known and has several times of day, they can be pressed.
func (f *settingsFlow) askZone(ctx context.Context, r *ui.Request) (ui.Screen, error) {
	if err := f.store.AskQuestion(ctx, r.Customer.ID, esim.Question{Kind: aboutZone, Asked: f.now()}); err != nil {
		return ui.Screen{}, err
	}
	esims, err := f.store.ESIMsOf(ctx, r.Customer.ID)
	if err != nil {
		return ui.Screen{}, err
	}
	s := ui.Screen{Typing: true, Text: r.T("zone.ask", nil)}
	if e, ok := lastInUse(esims, f.now()); ok {
		s.Rows = f.clockRows(r, clocksOf(e.Plan))
	}
	if r.Customer.Zone != "" {
		s.Rows = append(s.Rows, ui.Row(ui.NewButton(r.Plain("zone.btn_forget", nil), refs.Zone{Name: refs.ZoneRemoved})))
	}
	s.Rows = append(s.Rows, ui.BackRow(r, refs.RouteSettings))
	return s, nil
}

// clockRows are the times of day of a country, to find one's own.
func (f *settingsFlow) clockRows(r *ui.Request, clocks []zones.Clock) [][]ui.Button {
	const mostCities = 8 // more are two in a row, with no room for a city
	var buttons []ui.Button
	for _, c := range clocks {
		city := r.City(c.City)
		if len(clocks) > mostCities {
			city = timeSpan{from: f.now(), in: c.Zone}.zone()
		}
		buttons = append(buttons, ui.NewButton(
			r.Plain("zone.btn_clock", i18n.Args{"clock": r.Clock(f.now(), c.Zone), "city": city}), refs.Zone{Name: c.Zone.String()}))
	}
	return ui.PairRows(buttons...)
}

func (f *settingsFlow) setZone(ctx context.Context, r *ui.Request, at *time.Location) (ui.Screen, error) {
	if err := f.store.SetZone(ctx, r.Customer.ID, at.String(), f.now()); err != nil {
		return ui.Screen{}, err
	}
	r.Customer.Zone, r.Customer.ZoneAt = at.String(), f.now()
	s, err := f.screen(ctx, r)
	s.OnSent = func(ctx context.Context, _ int) {
		_ = f.forgetZone(ctx, r) // only now: what is not shown is answered again. It ends by itself too
	}
	s.Text = r.T("zone.set", i18n.Args{"city": cityOf(r, at), "clock": r.Clock(f.now(), at)}) + "\n\n" + s.Text
	return s, err
}

func (f *settingsFlow) forgetZone(ctx context.Context, r *ui.Request) error {
	asked, err := f.zoneAsked(ctx, r)
	if err != nil || !asked {
		return err
	}
	return f.store.ForgetQuestion(ctx, r.Customer.ID)
}

// zoneAsked reports whether the customer was asked where they are, lately.
func (f *settingsFlow) zoneAsked(ctx context.Context, r *ui.Request) (bool, error) {
	q, err := f.store.Question(ctx, r.Customer.ID)
	if errors.Is(err, esim.ErrNotFound) {
		return false, nil
	}
	return err == nil && q.Kind == aboutZone && f.now().Sub(q.Asked) < namingLasts, err
}

// zoneRead is what words say about where their writer is.
type zoneRead struct {
	answers bool           // they are an answer
	at      *time.Location // nil: it is not clear where
	clocks  []zones.Clock  // the country has several times of day
}

// read looks for a city or a country in words.
func (f *settingsFlow) read(words string) zoneRead {
	if asks, leaves := f.texts.ClassifyAnswer(words); asks || leaves {
		return zoneRead{}
	}
	said := f.texts.ParseText(words)
	switch {
	case said.SoundsUrgent, len(said.Orders)+len(said.Digits) > 0, said.Bytes+said.Daily > 0, said.Unlimited, said.Days > 0,
		said.Topic == i18n.Trouble, said.Topic == i18n.Talk:
		return zoneRead{}
	case len(said.Places) == 0, said.Places[0].Score < i18n.SureScore: // a zone that nobody meant would be noticed at night
		return zoneRead{answers: true}
	case len(said.Places) > 1 && !said.Guess:
		return zoneRead{}
	}
	p := said.Places[0]
	if p.City != "" {
		return zoneRead{answers: true, at: zones.OfCity(p.Code, p.City)}
	}
	if clocks := zones.Clocks(p.Code); len(clocks) > 0 {
		return zoneRead{answers: true, clocks: clocks}
	}
	return zoneRead{answers: true, at: zones.Of(p.Code)}
}

// before has words tried as the place that was asked for, before anything else.
func (f *settingsFlow) before(other ui.Handler) ui.Handler {
	return func(ctx context.Context, r *ui.Request) (ui.Screen, error) {
		asked, err := f.zoneAsked(ctx, r)
		if err != nil {
			return ui.Screen{}, err
		}
		if !asked {
			return other(ctx, r)
		}
		said := f.read(r.Text)
		switch {
		case !said.answers: // they want something else
			if err := f.store.ForgetQuestion(ctx, r.Customer.ID); err != nil {
				return ui.Screen{}, err
			}
			return other(ctx, r)
		case said.at != nil:
			return f.setZone(ctx, r, said.at)
		}
		s := ui.Screen{Typing: true, Text: r.T("zone.unclear", nil), Rows: f.clockRows(r, said.clocks)}
		if len(said.clocks) > 0 {
			s.Text = r.T("zone.which", nil)
		}
		s.Rows = append(s.Rows, ui.BackRow(r, refs.RouteSettings))
		return s, nil
	}
}

// zoneAskedLast reports whether words are the place that was asked for, after the last word in an open thread.
func (f *settingsFlow) zoneAskedLast(ctx context.Context, r *ui.Request, open esim.OpenThreads) (bool, error) {
	asked, err := f.zoneAsked(ctx, r)
	if err != nil || !asked {
		return false, err
	}
	if said := f.read(r.Text); !said.answers || said.at == nil && len(said.clocks) == 0 {
		return false, nil
	}
	q, err := f.store.Question(ctx, r.Customer.ID)
	if err != nil {
		return false, err
	}
	return q.AskedLast(ctx, open, r.Customer.ID)
}

// Located answers a place that was sent after the customer was asked where they are; false: nobody asked. Of the
// place (in degrees) nothing is kept but its time zone.
func (f *Flows) Located(ctx context.Context, r *ui.Request, north, east float64) (ui.Screen, bool, error) {
	asked, err := f.settings.zoneAsked(ctx, r)
	if err != nil || !asked {
		return ui.Screen{}, false, err
	}
	at := zones.Near(north, east)
	if at == nil {
		return ui.Screen{}, false, nil
	}
	s, err := f.settings.setZone(ctx, r, at)
	return s, true, err
}
