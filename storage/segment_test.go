package storage

import (
	"testing"
	"time"

	"esimbot/esim"
)

// Each part of a segment finds those it names, and only them; all parts together those that all of them name.
func TestSegments(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	const cee, dan, eve = bob + 1, bob + 2, bob + 3
	for _, id := range []esim.CustomerID{ann, bob, cee, dan, eve} {
		meet(t, db, id)
	}
	must(t, db.SetLanguage(t.Context(), bob, "de-AT"))
	must(t, db.SetNews(t.Context(), dan, false))
	must(t, db.SetUnreachable(t.Context(), eve))
	paid(t, db, "ABCD0001", ann, 1) // Japan, $1.30
	paid(t, db, "ABCD0002", bob, 5)
	must(t, db.write(t.Context(), func(t *tx) error {
		for _, e := range []struct {
			tran, status string
			who          esim.CustomerID
			expires      time.Time
		}{{"T1", "IN_USE", ann, noon.Add(time.Hour)}, {"T2", "USED_EXPIRED", bob, noon.Add(-time.Hour)}, {"T3", "USED_EXPIRED", cee, noon.AddDate(0, -2, 0)}} {
			if _, err := t.exec(`INSERT INTO esims (tran_no, person, order_id, idx, plan, vendor_order, tx_id, iccid, code, smdp, status, eid, total, used, days, activated, expires,
				apn, pin, puk, usage_at, epoch, created, asked, watched, next_look, edge) VALUES (?, ?, NULL, 1, '{}', '', '', '', '', '', ?, '', 1, 0, 7, NULL, ?, '', '', '', NULL, 0, 1, NULL, 0, 0, 0)`,
				e.tran, e.who, e.status, stamp(e.expires)); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, tt := range []struct {
		name    string
		segment esim.Segment
		want    esim.SegmentSize
	}{
		{"everybody", esim.Segment{}, esim.SegmentSize{People: 3, Off: 1, Unreachable: 1}},
		{"a language with its country", esim.Segment{Language: "de"}, esim.SegmentSize{People: 1}},
		{"a country bought", esim.Segment{Country: "JP"}, esim.SegmentSize{People: 2}},
		{"another country", esim.Segment{Country: "FR"}, esim.SegmentSize{}},
		{"an eSIM in use", esim.Segment{Active: true}, esim.SegmentSize{People: 1}},
		{"ended lately", esim.Segment{Expired: true}, esim.SegmentSize{People: 1}},
		{"bought nothing", esim.Segment{Never: true}, esim.SegmentSize{People: 1, Off: 1, Unreachable: 1}},
		{"spent over", esim.Segment{Spent: 130}, esim.SegmentSize{People: 1}},
		{"all of it", esim.Segment{Language: "de", Country: "JP", Expired: true, Spent: 1}, esim.SegmentSize{People: 1}},
		{"not all of it", esim.Segment{Language: "de", Active: true}, esim.SegmentSize{}},
	} {
		if got := get(db.SegmentSize(t.Context(), tt.segment, noon))(t); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// Whoever is marked is not claimed again, in this run or the next.
func TestNobodyIsClaimedTwice(t *testing.T) {
	t.Parallel()
	db, _ := open(t)
	for id := range esim.CustomerID(5) {
		meet(t, db, ann+id)
	}
	id := get(db.AddBroadcast(t.Context(), esim.Broadcast{Who: 7, Texts: map[string]string{"": "Hello"}}))(t)
	begin := func() error {
		return db.BeginBroadcast(t.Context(), esim.Broadcast{ID: id}, esim.AuditEntry{Who: 7, What: "broadcast"})
	}
	must(t, begin())
	if err := begin(); err == nil {
		t.Error("begun twice")
	}
	claimed := func() (ids []esim.CustomerID) {
		for _, c := range get(db.ClaimRecipients(t.Context(), id, 2))(t) {
			ids = append(ids, c.ID)
		}
		return ids
	}
	if got := claimed(); len(got) != 2 || got[0] != ann {
		t.Errorf("first %v", got)
	}
	_, err := db.NoteRecipients(t.Context(), id, map[esim.CustomerID]esim.RecipientStatus{ann: esim.RecipientSent})
	must(t, err)
	must(t, db.MarkInterruptedRecipients(t.Context())) // the program ended
	must(t, db.SetNews(t.Context(), ann+2, false))
	must(t, db.SetUnreachable(t.Context(), ann+3))
	if got := claimed(); len(got) != 1 || got[0] != ann+4 {
		t.Errorf("then %v", got)
	}
	must(t, db.EndBroadcast(t.Context(), id))
	if b := get(db.Broadcast(t.Context(), id))(t); b.State != esim.BroadcastSending {
		t.Errorf("it is %s, and one message is on its way", b.State)
	}
	_, err = db.NoteRecipients(t.Context(), id, map[esim.CustomerID]esim.RecipientStatus{ann + 4: esim.RecipientSent})
	must(t, err)
	must(t, db.EndBroadcast(t.Context(), id))
	tally := get(db.RecipientCounts(t.Context(), id))(t)
	if b := get(db.Broadcast(t.Context(), id))(t); b.State != esim.BroadcastDone || tally[esim.RecipientSent] != 2 || tally[esim.RecipientUncertain] != 1 || tally[esim.RecipientOptedOut] != 1 || tally[esim.RecipientUnreachable] != 1 {
		t.Errorf("%+v, %v", b, tally)
	}
}
