package own

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"esimbot/esim"
)

// TestEveryFamilyAndFaultHasItsSentences finds those in every language whose keys are put together when they
// are said: of a family of phones, a card of its guide, a fault and a question about it. Talks show only some of them.
func TestEveryFamilyAndFaultHasItsSentences(t *testing.T) {
	var keys []string
	for _, family := range esim.PhoneFamilies() {
		f := string(family)
		keys = append(keys, "phone.btn_"+f, "fit.models_"+f)
		for _, menu := range guideMenus {
			keys = append(keys, "guide."+menu+"_"+f)
		}
		for _, card := range guideCards(family, true) {
			keys = append(keys, "guide."+string(card), "guide.title_"+string(card))
		}
	}
	for _, fault := range esim.Faults() {
		keys = append(keys, "fault.is_"+string(fault), "staff.found_"+string(fault))
	}
	for _, apn := range []string{"", "internet"} {
		for _, q := range esim.FaultQuestions(esim.ESIM{Profile: esim.Profile{APN: apn}}) {
			keys = append(keys, "fault.ask_"+string(q), "fault.mend_"+string(q))
		}
	}
	files, err := filepath.Glob("../../../i18n/locales/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("languages %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]any
		if err := json.Unmarshal(text, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, key := range keys {
			if sentences[key] == nil {
				t.Errorf("%s has no %q", filepath.Base(file), key)
			}
		}
	}
}
