package storage

import (
	"reflect"
	"testing"

	"esimbot/esim"
)

// Whatever can be read can be written, and reads the same again.
func FuzzParsePlan(f *testing.F) {
	text, err := planText(japan)
	must(f, err)
	f.Add(text)
	f.Add(`{}`)
	f.Add(`{"code":"A","coverage":[{"place":"JP","operators":[{"name":"x"}]},{}],"places":[]}`)
	f.Add(`{"code":5}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := readPlan(text)
		if err != nil {
			return
		}
		again, err := planText(p)
		must(t, err)
		q, err := readPlan(again)
		must(t, err)
		if !reflect.DeepEqual(trim(p), trim(q)) {
			t.Errorf("%#v\nbecame %#v", p, q)
		}
	})
}

// trim makes empty lists and none the same.
func trim(p esim.Plan) esim.Plan {
	if len(p.Places) == 0 {
		p.Places = nil
	}
	if len(p.BreakoutCountries) == 0 {
		p.BreakoutCountries = nil
	}
	return p
}

func FuzzUnpackPlans(f *testing.F) {
	packed, err := packPlans([]esim.Plan{japan})
	must(f, err)
	f.Add(packed)
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, packed []byte) {
		plans, err := unpackPlans(packed)
		if err != nil {
			return
		}
		again, err := packPlans(plans)
		must(t, err)
		if back, err := unpackPlans(again); err != nil || len(back) != len(plans) {
			t.Errorf("%d plans became %d, %v", len(plans), len(back), err)
		}
	})
}
