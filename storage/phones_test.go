package storage

import (
	"errors"
	"path/filepath"
	"testing"

	"esimbot/esim"
)

// What a customer says of their phone outlives a restart and a new name, and an order keeps what was
// said when it was made, until its owner says otherwise.
func TestPhonesAreKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "esimbot.db")
	db := openAt(t, path, Options{})
	if err := db.SetPhone(t.Context(), ann, esim.Phone{Family: esim.FamilyPixel}); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("phone of nobody: %v, want ErrNotFound", err)
	}
	meet(t, db, ann)
	said := esim.Phone{Family: esim.FamilySamsung, EID: esim.AnswerYes, Unlocked: esim.AnswerUnsure}
	must(t, db.SetPhone(t.Context(), ann, said))
	o := order("ABCD0001", ann, 1)
	o.Phone = said
	add(t, db, o)
	must(t, db.Close())

	db = openAt(t, path, Options{})
	t.Cleanup(func() { must(t, db.Close()) })
	met, _, err := db.UpsertCustomer(t.Context(), esim.Customer{ID: ann, Name: "Anna"})
	must(t, err)
	kept := get(db.Order(t.Context(), o.ID))(t)
	if met.Phone != said || kept.Phone != said || get(db.Customer(t.Context(), ann))(t).Phone != said {
		t.Errorf("phone of the customer %+v, of the order %+v; want %+v", met.Phone, kept.Phone, said)
	}
	other := esim.Phone{Family: esim.FamilyIPhone}
	if err := db.SetOrderPhone(t.Context(), bob, o.ID, other); !errors.Is(err, esim.ErrNotFound) {
		t.Errorf("Bob says which phone gets Ann's eSIM: %v, want ErrNotFound", err)
	}
	must(t, db.SetOrderPhone(t.Context(), ann, o.ID, other))
	if kept := get(db.Order(t.Context(), o.ID))(t); kept.Phone != other {
		t.Errorf("phone of the order %+v, want %+v", kept.Phone, other)
	}
	again := order("ABCD0002", ann, 1) // the same purchase, after the phone was looked up
	again.Phone = esim.Phone{Family: esim.FamilyPixel, EID: esim.AnswerYes, Unlocked: esim.AnswerYes}
	again.NextAt = again.NextAt.Add(1e12)
	must(t, db.SetOrderPhone(t.Context(), ann, o.ID, esim.Phone{}))
	made := get(db.AddOrder(t.Context(), again, "", nil))(t)
	if made.Phone != again.Phone {
		t.Errorf("phone of the same purchase %+v, want %+v", made.Phone, again.Phone)
	}
}
