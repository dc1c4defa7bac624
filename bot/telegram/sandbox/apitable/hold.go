package apitable

import (
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// File is where the table lies, seen from the root of the repository.
const File = "../shared/data/bot-api-10.1.json"

// Hold returns a handler in front of a simulated Telegram; when the test ends, whatever did not agree with the table
// fails it. root leads to the root of the repository. answersOnly is for tests that send what no bot should. Where
// there is no table nothing is checked, and the test says so.
func Hold(t testing.TB, root string, next http.Handler, answersOnly bool) http.Handler {
	t.Helper()
	table, err := read(root)
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("the Bot API's table is not beside the repository (%s): nothing is held to it", File)
		return next
	}
	if err != nil {
		t.Fatal(err)
	}
	w := NewWatch(table, next)
	w.AnswersOnly = answersOnly
	t.Cleanup(func() {
		for _, p := range w.Problems() {
			if !slices.ContainsFunc(strange, func(s string) bool { return strings.Contains(p, s) }) {
				t.Errorf("not as in %s: %s", table.Version, p)
			}
		}
	})
	return w
}

// strange is what tests have a Telegram of the future say, by sandbox.StrangeFields and sandbox.Inject.
var strange = []string{"future_field", "teleportation", "gift_premium_galaxy", `"not an object"`}

var tables = struct {
	sync.Mutex
	byRoot map[string]*Table
}{byRoot: map[string]*Table{}}

// read reads the table once in a process.
func read(root string) (*Table, error) {
	tables.Lock()
	defer tables.Unlock()
	if t := tables.byRoot[root]; t != nil {
		return t, nil
	}
	t, err := Read(root + "/" + File)
	if err == nil {
		tables.byRoot[root] = t
	}
	return t, err
}
