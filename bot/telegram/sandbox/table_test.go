package sandbox

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"esimbot/bot/telegram/sandbox/apitable"
)

// readTable reads the Bot API's table, or skips.
func readTable(t *testing.T) *apitable.Table {
	t.Helper()
	table, err := apitable.Read("../../../" + apitable.File)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there", apitable.File)
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestTheMethodsAreTelegrams holds the methods that are served, and the parameters that are known of them, to the
// table. It tells how many there are.
func TestTheMethodsAreTelegrams(t *testing.T) {
	t.Parallel()
	table := readTable(t)
	served := 0
	for key, m := range methods {
		name, def, ok := table.Method(m.name)
		if !ok {
			if aliases[m.name] == "" {
				t.Errorf("%s is served, and the Bot API has no such method", m.name)
			}
			continue
		}
		if name != m.name {
			t.Errorf("%s is written %s", m.name, name)
		}
		served++
		want := slices.Sorted(maps.Keys(def.Params))
		got := strings.Fields(parameters[key])
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s takes\n%q, here\n%q", name, want, got)
		}
	}
	for key := range parameters {
		if methods[key].do == nil {
			t.Errorf("parameters of %s are known, and it is not served", key)
		}
	}
	t.Logf("%d of %d methods of %s are served", served, len(table.Methods), table.Version)
}

// TestTheTableCanTell: a check that never says no is none.
func TestTheTableCanTell(t *testing.T) {
	t.Parallel()
	table := readTable(t)
	for body, want := range map[string]string{
		`{"id":1,"is_bot":false,"first_name":"Ann"}`:                 "",
		`{"id":1,"is_bot":false}`:                                    "User.first_name: is required, and not there",
		`{"id":"1","is_bot":false,"first_name":"Ann"}`:               `User.id: "1" is no Integer`,
		`{"id":1,"is_bot":false,"first_name":"Ann","nick_name":"A"}`: "User.nick_name: is not known",
		`{"id":1.5,"is_bot":0,"first_name":"Ann"}`:                   "User.id: 1.5 is no Integer; User.is_bot: 0 is no Boolean",
		`[]`: "getMe.result: [] is no User",
	} {
		var got []string
		for _, p := range table.Result("getMe", []byte(body)) {
			got = append(got, p.String())
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%s: %q, want %q", body, text, want)
		}
	}
}

func TestUnknownParametersAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.started(101)
	_, last := w.Calls(0)
	w.ok(nil, "sendMessage", "chat_id", "101", "text", "x", "parsemode", "HTML", "Silent", "true", "reply_to_message_id", "0")
	w.call("sendNothing", "chat_id", "101", "x", "1")
	calls, _ := w.Calls(last)
	if got := strings.Join(calls[0].Unknown, " "); got != "Silent parsemode" {
		t.Errorf("told of %q", got)
	}
	if calls[1].Unknown != nil {
		t.Errorf("of a method that is none: %q", calls[1].Unknown)
	}
}
