package esim

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The picture of an order's life shows the table, every arrow of it and none more; and
// README.md beside it shows the picture.
func TestThePictureIsTheTable(t *testing.T) {
	t.Parallel()
	picture, err := os.ReadFile("order.mmd")
	if err != nil {
		t.Fatal(err)
	}
	var drawn []string
	for _, m := range regexp.MustCompile(`(?m)^ +(\w+) --> (\w+)`).FindAllStringSubmatch(string(picture), -1) {
		drawn = append(drawn, m[1]+" -> "+m[2])
	}
	var table []string
	for from, tos := range next {
		for _, to := range tos {
			table = append(table, string(from)+" -> "+string(to))
		}
	}
	slices.Sort(drawn)
	slices.Sort(table)
	if !slices.Equal(drawn, table) {
		t.Errorf("drawn:\n%s\n\ntable:\n%s", strings.Join(drawn, "\n"), strings.Join(table, "\n"))
	}
	if len(next) != len(States()) {
		t.Errorf("%d states in the table, %d listed", len(next), len(States()))
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```mermaid\n"+string(picture)+"```") {
		t.Error("the README does not show order.mmd as it is")
	}
}
