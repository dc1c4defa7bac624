package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
)

func TestTheLogSaysHowLongInMilliseconds(t *testing.T) {
	t.Parallel()
	for format, want := range map[string][]string{
		"json": {`"took_ms":1234.6`, `"again_ms":1000`, `"g":{"wait_ms":0.3}`, `"iccid":"[ICCID …5034]"`},
		"text": {"took=1.235s", "again=1s", "g.wait=0s", `iccid="[ICCID …5034]"`},
	} {
		var b bytes.Buffer
		log := loggerTo(&b, shop.Config{LogFormat: format})
		log.WithGroup("g").Info("one", "wait", 321*time.Microsecond)
		log.Info("two", "took", 1_234_567*time.Microsecond, "again", time.Second, "iccid", "89852240810733625034")
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%s: no %s in\n%s", format, w, b.String())
			}
		}
	}
}
