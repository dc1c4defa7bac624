package bot_test

import (
	"testing"
	"time"
)

func TestTalkGuide(t *testing.T) {
	talks(t, "guide", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.works()
		k.later(10 * time.Second)
		k.works()
		k.note("the guide, from the QR picture")
		k.taps("guide||")
		k.taps("guide|iphone|")
		k.through()
		k.taps(k.guide("iphone", "all"))
		k.note("another phone")
		k.taps(k.guide("", "which"))
		k.taps("guide|samsung|")
		k.through()
		k.note("the others")
		for _, family := range []string{"pixel", "xiaomi", "oppo", "huawei", "other"} {
			k.taps(k.guide("", "which"))
			k.taps("guide|" + family + "|")
			k.taps(k.guide(family, "all"))
		}
	})
}

// guide is the data of a button to a card of the guide, of the eSIM bought.
func (k *talk) guide(family, card string) string {
	data := "guide|" + family + "|" + k.Vendor.Profiles()[0].EsimTranNo
	if card != "" {
		data += "|" + card
	}
	return data
}

// through turns the pages of a guide to the last one.
func (k *talk) through() {
	k.Helper()
	for {
		next := ""
		for _, row := range k.user.Last().Keyboard {
			for _, b := range row {
				if b.Text == "›" {
					next = b.Data
				}
			}
		}
		if next == "" {
			return
		}
		k.tapped(k.user.Last().ID, "›", next)
	}
}
