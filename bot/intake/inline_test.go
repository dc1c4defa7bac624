package intake

import (
	"fmt"
	"testing"

	"esimbot/bot/telegram"
)

func inlineQuery(id, person int64) telegram.RawUpdate {
	return telegram.RawUpdate{ID: id, Kind: telegram.KindInline, UserID: person, Raw: fmt.Appendf(nil,
		`{"update_id":%d,"inline_query":{"id":"%[1]d","from":{"id":%d,"first_name":"A"},"query":"japan","offset":""}}`, id, person)}
}

// A thousand people type at once and none of their queries is answered: payments, presses and the
// last question before a payment are, and nothing of what was typed is written down.
func TestAFloodOfInlineQueriesDelaysNoPayment(t *testing.T) {
	t.Parallel()
	hang, paidFor, pressed := make(chan struct{}), make(chan struct{}), make(chan struct{})
	i, db := taking(t, func(u telegram.Update) error {
		switch {
		case u.Inline != nil:
			<-hang
		case u.Message != nil && u.Message.Payment != nil:
			close(paidFor)
		case u.Callback != nil:
			close(pressed)
		}
		return nil
	})
	id := int64(0)
	for range 10 {
		var batch []telegram.RawUpdate
		for person := range int64(1000) {
			id++
			batch = append(batch, inlineQuery(id, person+10))
		}
		if err := i.Store(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := db.UnhandledUpdates(t.Context(), 10); err != nil || len(left) > 0 {
		t.Errorf("%d inline queries are written down, %v", len(left), err)
	}
	if err := i.Store(t.Context(), updates(payment(id+1, 10), press(id+2, 11))); err != nil {
		t.Fatal(err)
	}
	<-paidFor
	<-pressed
	close(hang)
}

// Of what somebody types while their last query is being answered only the newest is.
func TestOnlyTheNewestInlineQueryOfAPersonIsAnswered(t *testing.T) {
	t.Parallel()
	begun, release, answered := make(chan int64, 100), make(chan struct{}), make(chan int64, 100)
	i, _ := taking(t, func(u telegram.Update) error {
		begun <- u.ID
		<-release
		answered <- u.ID
		return nil
	})
	take := func(raw ...telegram.RawUpdate) {
		if err := i.Store(t.Context(), raw); err != nil {
			t.Fatal(err)
		}
	}
	take(inlineQuery(1, 7))
	<-begun
	for id := int64(2); id <= 50; id++ {
		take(inlineQuery(id, 7))
	}
	take(inlineQuery(51, 8)) // whoever else types is not kept waiting
	if id := <-begun; id != 51 {
		t.Errorf("query %d is answered beside the first", id)
	}
	close(release)
	if id := <-begun; id != 50 {
		t.Errorf("query %d is answered next, want the newest", id)
	}
	for range 3 {
		<-answered
	}
	i.Stop()
	if len(answered) > 0 {
		t.Errorf("query %d is answered too", <-answered)
	}
}
