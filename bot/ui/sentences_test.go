package ui_test

import (
	"testing"

	"esimbot/bot/ui"
)

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parts []string
		want  string
	}{
		{[]string{"One.", "", "Two."}, "One. Two."},
		{[]string{"", "Two."}, "Two."},
		{[]string{"退款给你。", "付款即表示同意。"}, "退款给你。付款即表示同意。"},
		{[]string{"退款给你", "付款"}, "退款给你 付款"},
		{nil, ""},
	} {
		if got := ui.Sentences(tt.parts...); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.parts, got, tt.want)
		}
	}
}
