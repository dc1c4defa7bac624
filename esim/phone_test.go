package esim

import "testing"

func TestPhoneDialogue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		phone Phone
		next  PhoneQuestion
		fit   PhoneFit
	}{
		{Phone{}, AskFamily, FitsProbably},
		{Phone{Family: "nokia"}, AskFamily, FitsProbably},
		{Phone{Family: FamilyPixel}, AskEID, FitsProbably},
		{Phone{FamilyPixel, AnswerYes, ""}, AskUnlocked, FitsProbably},
		{Phone{FamilyPixel, AnswerUnsure, ""}, AskUnlocked, FitsProbably},
		{Phone{FamilyPixel, AnswerNo, ""}, "", FitsNoEID},
		{Phone{FamilyPixel, AnswerYes, AnswerYes}, "", FitsSurely},
		{Phone{FamilyPixel, AnswerUnsure, AnswerYes}, "", FitsProbably},
		{Phone{FamilyPixel, AnswerYes, AnswerUnsure}, "", FitsProbably},
		{Phone{FamilyPixel, AnswerYes, AnswerNo}, "", FitsLocked},
		{Phone{FamilyPixel, AnswerUnsure, AnswerNo}, "", FitsLocked},
		{Phone{FamilyPixel, AnswerNo, AnswerNo}, "", FitsNoEID},
	} {
		if next, fit := tt.phone.Next(), tt.phone.Fit(); next != tt.next || fit != tt.fit {
			t.Errorf("%+v: asked %q, fits %q; want %q, %q", tt.phone, next, fit, tt.next, tt.fit)
		}
	}
}

func TestPhoneIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, family := range append(PhoneFamilies(), "") {
		for _, eid := range []Answer{"", AnswerYes, AnswerNo, AnswerUnsure} {
			for _, unlocked := range []Answer{"", AnswerYes, AnswerNo, AnswerUnsure} {
				p := Phone{family, eid, unlocked}
				if got := ParsePhone(p.String()); got != p {
					t.Errorf("%+v came back as %+v", p, got)
				}
			}
		}
	}
	for text, want := range map[string]Phone{
		"": {}, ",": {}, "samsung": {Family: FamilySamsung}, "nokia,yes": {EID: AnswerYes}, "iphone,maybe,no,new": {Family: FamilyIPhone, Unlocked: AnswerNo},
	} {
		if got := ParsePhone(text); got != want {
			t.Errorf("%q is read as %+v, want %+v", text, got, want)
		}
	}
}
