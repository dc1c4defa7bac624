package storage

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
)

const carol esim.CustomerID = 44

// gifts is a shop of eSIMs of Ann's that can be given away; clock moves its time.
func gifts(t *testing.T, n int) (*esim.Gifts, *DB, *clock, []esim.ESIM) {
	t.Helper()
	db, c := open(t)
	for _, id := range []esim.CustomerID{ann, bob, carol} {
		meet(t, db, id)
	}
	esims := allocated(t, db, "ORDER001", ann, n)
	return &esim.Gifts{Store: db, Token: esim.NewGiftTokens("secret"), Now: c.now}, db, c, esims
}

func offer(t *testing.T, s *esim.Gifts, giver esim.CustomerID, e esim.ESIMID) esim.GiftToken {
	t.Helper()
	_, token, err := s.Offer(t.Context(), giver, e, "")
	must(t, err)
	return token
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestAGiftIsTakenOnce(t *testing.T) {
	t.Parallel()
	s, db, _, esims := gifts(t, 2)
	e := esims[0].ID
	must(t, db.SetESIMName(t.Context(), ann, e, "for Bob, the bore"))
	must(t, db.SetTrip(t.Context(), ann, []esim.ESIMID{e}, esim.Trip{Day: noon.AddDate(0, 1, 0), Days: 3}, false))
	_, _, err := s.Offer(t.Context(), bob, e, "")
	wantErr(t, "Bob gives Ann's away", err, esim.ErrNotFound)
	token := offer(t, s, ann, e)
	f := get(s.Look(t.Context(), bob, token))(t)
	if f.ESIM.ID != e || f.Gift.Giver != ann {
		t.Errorf("Bob sees %s of %d", f.ESIM.ID, f.Gift.Giver)
	}
	_, err = s.Take(t.Context(), ann, token)
	wantErr(t, "Ann takes her own", err, esim.ErrOwnGift)
	get(s.Take(t.Context(), bob, token))(t)
	got := get(db.ESIMOf(t.Context(), bob, e))(t)
	if got.Name != "" || !got.Trip.Day.IsZero() || got.Trip.Days != 0 {
		t.Errorf("Bob learns what Ann called it or planned: %q, %+v", got.Name, got.Trip)
	}
	_, err = db.ESIMOf(t.Context(), ann, e)
	wantErr(t, "it is Ann's still", err, esim.ErrNotFound)
	get(db.ESIMFor(t.Context(), ann, e))(t) // who bought it may ask what became of it
	get(db.ESIMFor(t.Context(), bob, e))(t)
	_, err = db.ESIMFor(t.Context(), carol, e)
	wantErr(t, "a stranger", err, esim.ErrNotFound)
	_, err = s.Take(t.Context(), bob, token)
	wantErr(t, "Bob presses again", err, esim.ErrGiftTaken)
	_, err = s.Take(t.Context(), carol, token)
	wantErr(t, "Carol comes late", err, esim.ErrNoGift)
	wantErr(t, "Ann takes back what was taken", db.WithdrawGift(t.Context(), ann, e), esim.ErrNotFound)
	if all := get(db.GiftsBy(t.Context(), ann, db.now()))(t); len(all) != 1 || all[0].Recipient != bob {
		t.Errorf("what Ann sees: %+v", all)
	}
	back := offer(t, s, bob, e) // it was meant for another: Bob hands it back
	get(s.Take(t.Context(), ann, back))(t)
	if all := get(db.GiftsBy(t.Context(), ann, db.now()))(t); len(all) != 0 {
		t.Errorf("Ann holds it again, and sees it as given: %+v", all)
	}
	if e := get(db.ESIM(t.Context(), e))(t); e.GivenAway() {
		t.Error("given to its buyer")
	}
	get(s.Take(t.Context(), carol, offer(t, s, ann, e)))(t)
	_, err = s.Take(t.Context(), ann, back)
	wantErr(t, "an old link takes it from Carol", err, esim.ErrNoGift)
}

// One link at a time, for seven days, and nobody can tell a used one from one that never was.
func TestALinkEnds(t *testing.T) {
	t.Parallel()
	s, db, c, esims := gifts(t, 1)
	e := esims[0].ID
	first := offer(t, s, ann, e)
	second := offer(t, s, ann, e)
	_, err := s.Look(t.Context(), bob, first)
	wantErr(t, "the link before", err, esim.ErrNoGift)
	unknown := err
	_, err = s.Look(t.Context(), bob, esim.NewGiftToken())
	wantErr(t, "a link of nobody", err, esim.ErrNoGift)
	if errors.Is(unknown, esim.ErrNoGift) != errors.Is(err, esim.ErrNoGift) {
		t.Error("they can be told apart")
	}
	must(t, db.WithdrawGift(t.Context(), ann, e))
	f, err := s.Take(t.Context(), bob, second)
	wantErr(t, "taken back", err, esim.ErrNoGift)
	if f.ESIM.ID != "" || f.Gift.ID != 0 {
		t.Errorf("Bob learns %+v", f)
	}
	third := offer(t, s, ann, e)
	c.move(esim.GiftTTL - time.Second)
	get(s.Look(t.Context(), bob, third))(t)
	c.move(time.Second)
	_, err = s.Take(t.Context(), bob, third)
	wantErr(t, "after seven days", err, esim.ErrNoGift)
	_, err = s.Look(t.Context(), ann, third)
	wantErr(t, "Ann asks what became of it", err, esim.ErrOwnGift)
}

// A press that is handled again after a crash, and a second one on the same screen, show the link that may have been sent
// by then. Taken back, it stays taken back.
func TestAPressHandledAgainIsTheSameLink(t *testing.T) {
	t.Parallel()
	s, db, _, esims := gifts(t, 2)
	e := esims[0].ID
	offered := func(press string) (esim.Gift, esim.GiftToken) {
		t.Helper()
		g, token, err := s.Offer(t.Context(), ann, e, press)
		must(t, err)
		return g, token
	}
	g, token := offered("screen")
	again, same := offered("screen")
	if again != g || same != token {
		t.Errorf("the press again made link %+v, %q; want %+v, %q", again, same.Reveal(), g, token.Reveal())
	}
	get(s.Look(t.Context(), bob, token))(t)
	if _, next := offered("next screen"); next == token {
		t.Error("a new link is the old one")
	}
	_, err := s.Look(t.Context(), bob, token)
	wantErr(t, "the old link", err, esim.ErrNoGift)
	_, _, err = s.Offer(t.Context(), ann, e, "screen")
	wantErr(t, "the first press once more", err, esim.ErrNoGift)
	must(t, db.WithdrawGift(t.Context(), ann, e))
	_, _, err = s.Offer(t.Context(), ann, e, "next screen")
	wantErr(t, "pressed after it was taken back", err, esim.ErrNoGift)

	tokens := map[esim.GiftToken]bool{}
	for _, secret := range []string{"a", "b"} {
		make := esim.NewGiftTokens(secret)
		for _, giver := range []esim.CustomerID{ann, bob} {
			for _, e := range esims {
				tokens[make(giver, e.ID, "screen")] = true
			}
		}
	}
	if len(tokens) != 8 {
		t.Errorf("%d tokens of two secrets, givers and eSIMs, want 8", len(tokens))
	}
}

// Who opens a link that was taken back, again and again, guesses nothing.
func TestALinkOfBeforeIsNoGuess(t *testing.T) {
	t.Parallel()
	s, db, _, esims := gifts(t, 1)
	old := offer(t, s, ann, esims[0].ID)
	must(t, db.WithdrawGift(t.Context(), ann, esims[0].ID))
	for range esim.MaxWrongCodes + 1 {
		_, err := s.Take(t.Context(), bob, old)
		wantErr(t, "an old link", err, esim.ErrNoGift)
	}
	get(s.Take(t.Context(), bob, offer(t, s, ann, esims[0].ID)))(t)
}

// Whoever tries many links is not heard for a while, not even with a right one, and nobody else suffers.
func TestLinksCannotBeGuessed(t *testing.T) {
	t.Parallel()
	s, _, c, esims := gifts(t, 1)
	token := offer(t, s, ann, esims[0].ID)
	for range esim.MaxWrongCodes {
		_, err := s.Take(t.Context(), bob, esim.NewGiftToken())
		wantErr(t, "a guess", err, esim.ErrNoGift)
	}
	_, err := s.Take(t.Context(), bob, token)
	wantErr(t, "Bob, who guessed", err, esim.ErrTooManyTries)
	get(s.Look(t.Context(), carol, token))(t)
	c.move(esim.WrongCodeWindow)
	get(s.Take(t.Context(), bob, token))(t)
}

// Two who press at once are one holder, and a restart between the link and the press loses nothing.
func TestTwoTakeAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	c := &clock{at: noon}
	db := openAt(t, path, Options{Now: c.now})
	for _, id := range []esim.CustomerID{ann, bob, carol} {
		meet(t, db, id)
	}
	e := allocated(t, db, "ORDER001", ann, 1)[0].ID
	token := offer(t, &esim.Gifts{Store: db, Token: esim.NewGiftTokens("secret"), Now: c.now}, ann, e)
	must(t, db.Close())
	db = openAt(t, path, Options{Now: c.now})
	s := &esim.Gifts{Store: db, Token: esim.NewGiftTokens("secret"), Now: c.now}
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { _, errs[i] = s.Take(t.Context(), []esim.CustomerID{bob, carol}[i%2], token) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, esim.ErrGiftTaken) && !errors.Is(err, esim.ErrNoGift) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d took it", won)
	}
	// What is in the database makes no link.
	for _, hidden := range get(list(db.read(t.Context()), value[string], `SELECT token FROM gifts`))(t) {
		if strings.Contains(hidden, token.Reveal()) || len(hidden) != 64 {
			t.Errorf("a token lies open: %s", hidden)
		}
	}
}

// What waits to be told of an eSIM goes to who has it now: its QR picture too, without which the order is not delivered.
func TestWhatWaitsFollowsTheHolder(t *testing.T) {
	t.Parallel()
	s, db, _, esims := gifts(t, 2)
	must(t, db.AddNotifications(t.Context(), []esim.Notification{esim.NewAlert(esims[0], esim.AlertData20)}))
	get(s.Take(t.Context(), bob, offer(t, s, ann, esims[0].ID)))(t)
	got := map[esim.CustomerID]int{}
	due, _, err := db.DueMessages(t.Context(), db.now(), 50)
	must(t, err)
	for _, n := range due {
		if n.ESIM == esims[0].ID && (n.Kind == esim.NotifyQR || n.Kind == esim.NotifyAlert) {
			got[n.Customer]++
		}
		must(t, db.MarkMessageSent(t.Context(), n.ID))
	}
	if got[ann] != 0 || got[bob] != 2 {
		t.Errorf("messages of it: %v", got)
	}
	if s := state(t, db, "ORDER001"); s != esim.StateDelivered {
		t.Errorf("the order is %s", s)
	}
}
