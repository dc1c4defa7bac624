package support

import (
	"testing"

	"esimbot/bot/customer/refs"
	"esimbot/bot/ui"
)

func TestAsksStaff(t *testing.T) {
	for command, want := range map[string]bool{"support": true, "paysupport": true, "help": false, "terms": false, "": false} {
		if got := AsksStaff(command); got != want {
			t.Errorf("/%s: %v, want %v", command, got, want)
		}
	}
}

// What a customer wrote is taken along by a button that names that very message, wherever it stands.
func TestAsksPerson(t *testing.T) {
	button := func(to ui.CallbackRef) ui.Button { return ui.NewButton("x", to) }
	tests := []struct {
		name string
		rows [][]ui.Button
		want bool
	}{
		{"no buttons", nil, false},
		{"the message", [][]ui.Button{{button(ui.RouteMenu)}, {button(ui.RouteMenu), button(refs.SupportSubject{Message: 7})}}, true},
		{"another message", [][]ui.Button{{button(refs.SupportSubject{Message: 8})}}, false},
		{"a person without a message", [][]ui.Button{{button(refs.SupportSubject{})}}, false},
		{"another screen with the number", [][]ui.Button{{button(refs.Thread{Thread: 7})}}, false},
		{"an address", [][]ui.Button{{{Text: "x", URL: "https://example.com"}}}, false},
	}
	for _, tt := range tests {
		if got := AsksPerson(ui.Screen{Rows: tt.rows}, 7); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
