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
		{"the code at last", words, code, SMDPReleased, code, true},
		{"a download stands still", words, code, SMDPDownloaded, code, true},
		{"its installation stands still", words, code, SMDPInstallation, code, true},
		{"deleted meanwhile", words, code, SMDPDeleted, code, false},
		{"installed meanwhile", words, code, SMDPEnabled, code, false},
		{"the same words", words, words, SMDPReleased, words, false},
		{"words are no news of a code", code, words, SMDPReleased, code, false},
		{"nothing is no news", code, "", SMDPReleased, code, false},
		{"another code", code, other, SMDPReleased, other, false},
		{"its first code", "", code, SMDPReleased, code, false},
	} {
		before := ESIM{Profile: Profile{ID: "T1", ActivationCode: tt.old}, Customer: 7, Order: "ORDER001"}
		after := before.Merge(Profile{ID: "T1", ActivationCode: tt.news, SMDPStatus: tt.smdp})
		if after.ActivationCode != tt.want {
			t.Errorf("%s: the code is %q", tt.name, after.ActivationCode.Reveal())
		}
		told := after.CodeArrived(before)
		if comes := len(told) == 1; comes != tt.pictureComes || comes && (told[0].Kind != NotifyQR || told[0].Key != "qr:T1:code") {
			t.Errorf("%s: told %v", tt.name, told)
		}
	}
}
