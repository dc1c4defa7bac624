package staff

import (
	"slices"
	"testing"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// TestEveryRowIsWhole: each command and each button names a permission that somebody has, and each argument that can be
// missing has its question.
func TestEveryRowIsWhole(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := texts.Printer(i18n.Fallback)
	g := &Group{}
	for _, c := range g.commandTable(Config{}, talks{}) {
		if !slices.Contains(esim.Permissions(), c.may) || c.handler == nil {
			t.Errorf("/%s: permission %q", c.name, c.may)
		}
		for i, a := range c.args {
			if key := "staff.arg_" + a.name; !a.optional && p.T(key, nil) == key {
				t.Errorf("/%s: no sentence %s", c.name, key)
			}
			if (a.kind == kindReason || a.kind == kindText || a.kind == kindProse) && i != len(c.args)-1 {
				t.Errorf("/%s: nothing can follow its %s", c.name, a.name)
			}
		}
	}
	for route, b := range routeTable(talks{}, &Group{}) {
		if !slices.Contains(esim.Permissions(), b.may(ui.CallbackData{})) || b.handler == nil {
			t.Errorf("route %s has no permission", route)
		}
	}
	actions := map[string]esim.Permission{}
	for _, a := range orderActions {
		actions[a.name] = a.may
	}
	for _, a := range esimActions {
		actions[a.name] = a.may
	}
	for _, a := range unexplainedActions {
		actions[a.name] = a.may
	}
	for name, may := range actions {
		if got := ofAction(ui.CallbackData{Args: []string{name}}); !slices.Contains(esim.Permissions(), may) || got != may {
			t.Errorf("button %s: permission %q, its route asks for %q", name, may, got)
		}
	}
}
