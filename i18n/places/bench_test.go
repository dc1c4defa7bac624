package places

import "testing"

// BenchmarkIndex is what the first text that anybody types would wait for, were it not built by then.
func BenchmarkIndex(b *testing.B) {
	languages := spoken(b)
	for b.Loop() {
		if _, err := load(languages...); err != nil {
			b.Fatal(err)
		}
	}
}
