package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/esim"
)

func TestTalkGuide(t *testing.T) {
	t.Parallel()
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
			if card := map[string]string{"pixel": "photo", "xiaomi": "link", "other": "photo"}[family]; card != "" {
				k.taps(k.guide(family, card))
			}
		}
	})
}

func TestTalkInstalling(t *testing.T) {
	t.Parallel()
	talks(t, "installing", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.works()
		k.later(10 * time.Second)
		k.works()
		tran := k.Vendor.Profiles()[0].EsimTranNo
		k.note("the phone fetches it, and loses the Wi-Fi")
		k.Must(k.Vendor.Download(tran))
		k.Must(k.Watcher.Refresh(k.Context(), esim.ESIMID(tran)))
		k.later(6 * time.Minute)
		k.Must(k.Watcher.RefreshDownloaded(k.Context()))
		k.works()
		k.taps("guide||" + tran + "|all")
		k.taps("guide|xiaomi|")
		k.says("/esims")
		k.taps("esim|")
		k.taps("guide||" + tran + "|stuck")
		k.note("and goes on")
		k.Must(k.Vendor.Install(tran))
		k.Must(k.Watcher.Refresh(k.Context(), esim.ESIMID(tran)))
		k.works()
		k.taps("guide|xiaomi|" + tran + "|use")
	})
}

// TestTalkHalfInstalled: a download that was begun and not finished is met with what helps on that phone.
func TestTalkHalfInstalled(t *testing.T) {
	t.Parallel()
	talks(t, "half-installed", func(k *talk) {
		named := map[string]bool{}
		for _, family := range []string{"samsung", "xiaomi", "iphone"} {
			k.quietly(func() {
				k.says("JP")
				k.taps("plan|")
				k.taps("buy|")
				k.pays()
				k.works()
				k.later(10 * time.Second)
				k.works()
			})
			tran := ""
			for _, p := range k.Vendor.Profiles() {
				if !named[p.EsimTranNo] {
					tran = p.EsimTranNo
				}
			}
			k.note("one more eSIM, its guide opened for %s; the phone fetches it, and loses the Wi-Fi", family)
			k.quietly(func() {
				k.taps("guide||" + tran)
				if len(named) > 0 {
					k.taps("guide||" + tran + "|which")
				}
				k.taps("guide|" + family + "|" + tran)
			})
			named[tran] = true
			k.Must(k.Vendor.Download(tran))
			k.Must(k.Watcher.Refresh(k.Context(), esim.ESIMID(tran)))
			k.later(6 * time.Minute)
			k.Must(k.Watcher.RefreshDownloaded(k.Context()))
			k.works()
			k.taps("guide|" + family + "|" + tran + "|all")
		}
	})
}

// quietly lets something be said and pressed that another conversation shows.
func (k *talk) quietly(act func()) {
	k.Helper()
	before := k.text.String()
	act()
	k.text.Reset()
	k.text.WriteString(before)
}

func TestTalkFit(t *testing.T) {
	t.Parallel()
	talks(t, "fit", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		k.taps("phone|")
		k.taps(k.fits("samsung"))
		k.taps(k.fits("eid_unsure"))
		k.note("the program starts anew in the middle")
		k.Reopen(nil)
		k.taps(k.fits("unlocked_yes"))
		for range 4 {
			k.back()
		}
		k.taps("buy|")
		k.pays()
		k.works()
		k.later(10 * time.Second)
		k.works()
		k.note("the guide is for the phone that was named, another one is a press away")
		k.taps("guide||" + k.Vendor.Profiles()[0].EsimTranNo)
		k.note("a phone without an EID")
		k.says("/help")
		k.taps("phone")
		k.taps(k.fits("again"))
		k.taps(k.fits("huawei"))
		k.taps(k.fits("eid_no"))
		k.note("a locked one")
		k.taps(k.fits("again"))
		k.taps(k.fits("iphone"))
		k.taps(k.fits("eid_yes"))
		k.taps(k.fits("unlocked_no"))
		k.note("and one that fits")
		k.taps(k.fits("again"))
		k.taps(k.fits("iphone"))
		k.taps(k.fits("eid_yes"))
		k.taps(k.fits("unlocked_yes"))
		k.note("what staff see of the order")
		k.user, k.seen = k.Messenger.User(staffID).In(groupID), map[int]string{}
		orders, err := k.DB.OrdersOf(k.Context(), annID, 1)
		k.Must(err)
		k.says("/order " + orders[0].ID.String())
	})
}

// fits is the data of a button of the dialogue about phones, from the card on the screen.
func (k *talk) fits(answer string) string {
	for _, row := range k.user.Last().Keyboard {
		for _, b := range row {
			if strings.HasPrefix(b.Data, "fit|") && strings.HasSuffix(b.Data, "|"+answer) {
				return b.Data
			}
		}
	}
	k.Fatalf("nothing answers %q", answer)
	return ""
}

// back presses the way back of the newest message.
func (k *talk) back() {
	k.Helper()
	last := k.user.Last()
	b := last.Keyboard[len(last.Keyboard)-1][0]
	k.tapped(last.ID, b.Text, b.Data)
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
		next, label := "", ""
		for _, row := range k.user.Last().Keyboard {
			for _, b := range row {
				if strings.HasSuffix(b.Text, "›") {
					next, label = b.Data, b.Text
				}
			}
		}
		if next == "" {
			return
		}
		k.tapped(k.user.Last().ID, label, next)
	}
}
