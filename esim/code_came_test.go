package esim

import "testing"

// The vendor gave words for a code, and the code later; or the other way round.
func TestACodeThatComesLate(t *testing.T) {
	t.Parallel()
	const words, code, other ActivationCode = "contact your supplier", "LPA:1$rsp.example$AB12", "LPA:1$rsp.example$CD34"
	for _, tt := range []struct {
		name         string
		old, news    ActivationCode
		smdp         SMDPStatus
		want         ActivationCode
		pictureComes bool
	}{
		{"the code at last", words, code, Released, code, true},
		{"a download stands still", words, code, Downloaded, code, true},
		{"its installation stands still", words, code, Installation, code, true},
		{"deleted meanwhile", words, code, Deleted, code, false},
		{"installed meanwhile", words, code, Enabled, code, false},
		{"the same words", words, words, Released, words, false},
		{"words are no news of a code", code, words, Released, code, false},
		{"nothing is no news", code, "", Released, code, false},
		{"another code", code, other, Released, other, false},
		{"its first code", "", code, Released, code, false},
	} {
		before := ESIM{Profile: Profile{ID: "T1", Code: tt.old}, Customer: 7, Order: "ORDER001"}
		after := before.Merge(Profile{ID: "T1", Code: tt.news, SMDP: tt.smdp})
		if after.Code != tt.want {
			t.Errorf("%s: the code is %q", tt.name, after.Code.Reveal())
		}
		told := after.CodeCame(before)
		if comes := len(told) == 1; comes != tt.pictureComes || comes && (told[0].Kind != NotifyQR || told[0].Key != "qr:T1:code") {
			t.Errorf("%s: told %v", tt.name, told)
		}
	}
}
