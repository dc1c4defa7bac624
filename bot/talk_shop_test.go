package bot_test

import (
	"strings"
	"testing"
	"time"

	"esimbot/bot/staff"
	"esimbot/bot/ui"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

func TestTalkPurchase(t *testing.T) {
	talks(t, "purchase", func(k *talk) {
		k.says("/start")
		k.taps("country|JP")
		k.taps("plan|")
		k.taps("nets|")
		k.taps("plan|")
		k.taps("phone|")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.deliver()
		k.look()
		k.works()
		k.later(10 * time.Second)
		k.works()
		k.says("/esims")
		k.taps("esim|")
		k.taps("install|")
		k.taps("qr|")
		tran := k.vendor.Profiles()[0].EsimTranNo
		k.note("installed, half of it used")
		k.must(k.vendor.Burn(tran, k.vendor.Profiles()[0].Total/2))
		k.later(4 * time.Hour)
		k.taps("esim|")
		k.taps("fresh|")
		k.taps("fresh|")
		k.note("the rest used")
		k.must(k.vendor.Burn(tran, k.vendor.Profiles()[0].Total))
		k.later(4 * time.Hour)
		_, err := k.watcher.Sweep(k.Context())
		k.must(err)
		k.works()
		k.taps("esim|")
		k.later(60 * 24 * time.Hour)
		k.must(k.watcher.Remind(k.Context()))
		k.works()
		k.taps("qr|")
		k.says("/esims")
	})
}

func TestTalkSearch(t *testing.T) {
	talks(t, "search", func(k *talk) {
		for _, words := range []string{"Japan", "Япония", "日本", "🇯🇵", "japn", "dubai", "Европа", "Guinea", "qwzx <b>&", strings.Repeat("long ", 20), "/start JP", "/start nonsense", "/nosuch", "/start p_NOSUCH"} {
			k.says(words)
		}
		k.text.WriteString("\n>>> (a sticker)\n")
		_, err := k.SendSticker()
		k.must(err)
		k.pump()
		k.look()
	})
}

func TestTalkBrowse(t *testing.T) {
	talks(t, "browse", func(k *talk) {
		k.says("/start")
		k.taps("conts")
		k.taps("cont|europe")
		k.taps("cont|europe|1")
		k.taps("conts")
		k.taps("menu")
		k.taps("regions")
		k.taps("region|")
		k.taps("plan|")
		k.taps("nets|")
		k.says("JP")
		k.taps("country|JP|f|p")
		k.taps("country|JP|d")
		k.taps("plan|")
		k.note("ten days of the day pass")
		k.taps(k.dayButton(10))
		k.taps("buy|")
		k.says("JP")
		k.taps("country|JP|r")
		k.taps("menu")
		k.taps("lang")
		k.taps("lang|ru")
		for _, c := range []string{"/help", "/terms", "/privacy", "/paysupport", "/esims"} {
			k.says(c)
		}
	})
}

// dayButton is the data of the button for so many days of the plan on the screen.
func (k *talk) dayButton(days int) string {
	for _, row := range k.Last().Keyboard {
		for _, b := range row {
			if d, err := ui.ParseCallbackData(b.Data); err == nil && d.Route == "plan" && number(d, 2, 0) == days {
				return b.Data
			}
		}
	}
	k.Fatalf("no button for %d days", days)
	return ""
}

func TestTalkTrouble(t *testing.T) {
	talks(t, "trouble", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		plan, err := k.catalog.Plan(k.vendorPlan())
		k.must(err)
		k.note("the price moves between the card and the press")
		k.must(k.vendor.SetPrice(plan.Code, plan.Wholesale.Minor+5_000))
		k.must(k.catalog.Refresh(k.Context()))
		k.taps("buy|")
		k.note("and between the invoice and the payment")
		k.taps("buy|")
		k.must(k.vendor.SetPrice(plan.Code, plan.Wholesale.Minor))
		k.must(k.catalog.Refresh(k.Context()))
		k.pays()
		k.note("the vendor sells it no more: the money comes back")
		k.taps("plan|")
		k.taps("buy|")
		k.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		k.pays()
		k.works()
		k.note("the plan is hidden meanwhile")
		k.taps("plan|")
		k.note("an invoice that is paid too late")
		k.later(2 * time.Hour)
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.later(2 * time.Hour)
		k.pays()
		k.note("the vendor takes long")
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.vendor.Down(true)
		for range 8 {
			k.vendor.Advance(time.Minute)
			k.work()
		}
		k.look()
		k.says("/esims")
		k.vendor.Down(false)
		k.later(2 * time.Minute)
		k.works()
		k.later(2 * time.Minute)
		k.works()
		k.note("the vendor is down at the checkout")
		k.vendor.Down(true)
		_, _ = k.monitor.Check(k.Context()), k.monitor.Check(k.Context())
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.note("buttons that nobody offered")
		for _, data := range []string{"nosuch|1", "plan|NOSUCH", "country|ZZ", "esim|26010100000001", "qr|x", "Ж"} {
			k.tapped(k.Last().ID, data, data)
		}
	})
}

// vendorPlan is the code of the plan whose card is on the screen.
func (k *talk) vendorPlan() string {
	for _, row := range k.Last().Keyboard {
		for _, b := range row {
			if d, err := ui.ParseCallbackData(b.Data); err == nil && (d.Route == "buy" || d.Route == "ways") {
				return argument(d, 0)
			}
		}
	}
	k.Fatal("no plan is on the screen")
	return ""
}

func TestTalkStaff(t *testing.T) {
	talks(t, "staff", func(k *talk) {
		ann := k.UserClient
		k.UserClient = k.tg.User(staffID).In(groupID)
		for _, c := range []string{"/help", "/status", "/orders", "/orders nonsense", "/nosuch", "not a command"} {
			k.says(c)
		}
		k.note("Ann buys one plan, and another that is sold out")
		for range 2 {
			k.send(ann, "JP")
			k.press(ann, ann.Last().Keyboard[0][0].Text)
			k.press(ann, ann.Last().Keyboard[0][0].Text)
			k.must(k.pay(ann))
			k.work()
			k.vendor.Advance(10 * time.Second)
			k.work()
			k.vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		}
		k.look()
		k.note("the balance falls, the vendor goes down and comes back")
		k.vendor.SetBalance(100_000)
		k.must(k.monitor.Check(k.Context()))
		k.vendor.Break(vendorsandbox.Fault{Endpoint: "balance/query", Kind: vendorsandbox.Refuse, Code: "401001", Count: 2})
		for range 3 {
			k.vendor.Advance(time.Minute)
			_ = k.monitor.Check(k.Context())
		}
		k.works()
		k.must(k.db.JobOK(k.Context(), staff.UsageSweepJob, k.vendor.Time()))
		for _, c := range []string{"/status", "/orders", "/orders open", "/orders refunded", "/language", "/language ru", "/help"} {
			k.says(c)
		}
		k.note("the group becomes a supergroup")
		id := k.tg.MigrateGroup()
		k.UserClient = k.tg.User(staffID).In(id)
		k.pump()
		k.must(k.db.AddNotifications(k.Context(), []esim.Notification{{Kind: esim.StaffBalanceLow, Key: "x", Amount: esim.USDTenThousandths(90_000)}}))
		k.seen = map[int]string{}
		k.works()
	})
}
