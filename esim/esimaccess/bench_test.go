package esimaccess

import (
	"encoding/json"
	"testing"
)

func BenchmarkDecodeCatalogue(b *testing.B) {
	data := readData(b, "package-list.json")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var env envelope
		if err := json.Unmarshal(data, &env); err != nil {
			b.Fatal(err)
		}
		var answer packageAnswer
		if err := json.Unmarshal(env.Obj, &answer); err != nil {
			b.Fatal(err)
		}
	}
}
