package esim

import (
	"strings"
	"testing"
)

func TestESIMNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, typed, want string
		ok                bool
	}{
		{"a word", "Mum", "Mum", true},
		{"another script", "Телефон мамы", "Телефон мамы", true},
		{"lines and spaces", "  Mum's\n\tiPad ", "Mum's iPad", true},
		{"an emoji of several", "👩‍👧 Ann", "👩‍👧 Ann", true},
		{"what would be a tag", "<b>&", "<b>&", true},
		{"what turns the text around", "Mum\u202ediap", "Mumdiap", true},
		{"the longest", strings.Repeat("я", MaxESIMNameLength), strings.Repeat("я", MaxESIMNameLength), true},
		{"longer", strings.Repeat("я", MaxESIMNameLength+1), "", false},
		{"nothing", "", "", false},
		{"nothing to be seen", " \u200b\u200d\ufe0f ", "", false},
		{"signs alone", "...", "", false},
		{"letters nobody sees", "\u3164\u115f\uffa0", "", false},
		{"an empty pattern of dots", "\u2800", "", false},
		{"vowels nobody sees", "\u17b4", "", false},
		{"the flag of a part of a country", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", true},
		{"tags of no flag", "Mum\U000e0067", "Mum", true},
		{"Persian", "می\u200cخواهم", "می\u200cخواهم", true},
		{"a heart", "Мама ❤️", "Мама ❤️", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := ParseESIMName(tt.typed)
			if ok != tt.ok || ok && got != tt.want {
				t.Errorf("ESIMName(%q) = %q, %v; want %q, %v", tt.typed, got, ok, tt.want, tt.ok)
			}
		})
	}
}
