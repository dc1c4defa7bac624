package sandbox

import (
	"bytes"
	"strings"
	"testing"
)

// Two sandboxes of one seed, or of one price list, sell the same and move their prices alone.
func TestSandboxesShareNoPrices(t *testing.T) {
	t.Parallel()
	list := `{"obj":` + string(generate(5).all()) + `}`
	for name, open := range map[string]func() Options{
		"generated": func() Options { return Options{Seed: 5} },
		"read":      func() Options { return Options{Catalog: strings.NewReader(list)} },
	} {
		t.Run(name, func(t *testing.T) {
			first, err := New(open())
			must(t, err)
			defer first.Close()
			code := first.catalog.base[0].PackageCode
			before := bytes.Clone(first.catalog.all())
			must(t, first.SetPrice(code, 123_456_700))
			second, err := New(open())
			must(t, err)
			defer second.Close()
			if !bytes.Equal(second.catalog.all(), before) || second.catalog.byCode[code].Price == 123_456_700 {
				t.Error("a price was moved in another sandbox")
			}
			if !strings.Contains(string(first.catalog.all()), "123456700") {
				t.Error("a price that was moved is not listed")
			}
			for _, p := range first.catalog.topUps {
				if first.catalog.topUpByCode[p.PackageCode] == nil {
					t.Errorf("no top-up %s", p.PackageCode)
				}
			}
		})
	}
}
