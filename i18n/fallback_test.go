package i18n

import "testing"

// What Telegram says of an app's language leads to the language whose reader understands most.
func TestLanguagesFallBackSensibly(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]string{
		"pt-br": "pt", "pt-pt": "pt", "pt": "pt", "zh-hans": "zh-Hans", "zh-hant": "zh-Hans", "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-tw": "zh-Hans",
		"de-ch": "de", "de-at": "de", "es-419": "es", "fr-ca": "fr", "ar-eg": "ar", "uk": "uk", "hi": "hi", "tr": "tr",
		"th": "en", "ja": "en", "ko": "en", "": "en", "nonsense!": "en", "tlh": "en",
	} {
		if got := texts.Printer(code).Lang(); got != want {
			t.Errorf("%q is told in %q, want %q", code, got, want)
		}
	}
}
