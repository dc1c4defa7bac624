package places

import (
	"strings"
	"testing"
)

// TestAModelOfAPhoneAsksWhetherItFits: who names a model and says nothing else of it wants to know that.
func TestAModelOfAPhoneAsksWhetherItFits(t *testing.T) {
	x := index(t)
	for text := range strings.SplitSeq("is pixel 6a supported|samsung s21 de çalışır mı|на самсунг а54 пойдет?|va bene su iphone 12?|serve no moto g84|小米14能用吗|يشتغل على ايفون 11؟", "|") {
		if q := x.Parse(text); q.Intent != IntentFit || q.Topic != Talk {
			t.Errorf("%q is topic %d, intent %q", text, q.Topic, q.Intent)
		}
	}
	for text := range strings.SplitSeq("my iphone 13 has no signal|iphone 12 не видит сеть|samsung s21 no internet", "|") {
		if q := x.Parse(text); q.Topic != Trouble {
			t.Errorf("%q is topic %d, and a cry for help", text, q.Topic)
		}
	}
}

// TestANumberToBeCalledAtIsAsked: plans are of data, so that who wants a number of a country is not shown those.
func TestANumberToBeCalledAtIsAsked(t *testing.T) {
	x := index(t)
	for text := range strings.SplitSeq("can i get a uk number|нужен номер сша|do you have a phone number in france|numéro en espagne", "|") {
		if q := x.Parse(text); q.Topic != Talk || len(q.Places) == 0 {
			t.Errorf("%q is topic %d, places %v", text, q.Topic, q.Places)
		}
	}
	if got := shown(x, x.Parse("esim for spain without phone number")); got != "ES" {
		t.Errorf("who wants none is led to %s", got)
	}
}
