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
	t.Parallel()
	talks(t, "purchase", func(k *talk) {
		k.says("/start")
		k.taps("country|JP")
		k.taps("plan|")
		k.taps("details|")
		k.taps("nets|")
		k.taps("details|")
		k.back()
		k.taps("phone|")
		k.taps("plan|")
		k.taps("buy|")
		k.pays()
		k.Deliver()
		k.look()
		k.works()
		k.later(10 * time.Second)
		k.works()
		k.says("/esims")
		k.taps("esim|")
		k.taps("install|")
		k.taps("guide|iphone|")
		k.taps(k.guide("iphone", "photo"))
		k.taps("qr|")
		tran := k.Vendor.Profiles()[0].EsimTranNo
		k.note("installed, half of it used")
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total/2))
		k.later(4 * time.Hour)
		k.taps("esim|")
		k.taps("fresh|")
		k.later(time.Minute)
		k.taps("fresh|")
		k.note("the rest used")
		k.Must(k.Vendor.Burn(tran, k.Vendor.Profiles()[0].Total))
		k.later(4 * time.Hour)
		_, err := k.Watcher.Sweep(k.Context())
		k.Must(err)
		k.works()
		k.taps("esim|")
		k.later(60 * 24 * time.Hour)
		k.Must(k.Watcher.Remind(k.Context()))
		k.works()
		k.taps("qr|")
		k.says("/esims")
	})
}

func TestTalkSearch(t *testing.T) {
	t.Parallel()
	talks(t, "search", func(k *talk) {
		for _, words := range []string{"Japan", "Япония", "日本", "🇯🇵", "japn", "dubai", "Европа", "Guinea", "turkey 30 days 5gb", "Thailand 7 days", "10gb europe", "benelux", "balkans", "usa canada", "Paris and Rome", "canary islands", "new mexico", "my sim does not work", "does it work in spain?", "how do i install it?", "890123456", "qwzx <b>&", strings.Repeat("long ", 20), "/start JP", "/start nonsense", "/nosuch", "/start p_NOSUCH"} {
			k.says(words)
		}
		k.text.WriteString("\n>>> (a sticker)\n")
		_, err := k.user.SendSticker()
		k.Must(err)
		k.Pump()
		k.look()
	})
}

func TestTalkBrowse(t *testing.T) {
	t.Parallel()
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
		k.taps("details|")
		k.taps("nets|")
		k.says("JP")
		k.note("all plans: sorted, filtered, and the day passes")
		k.taps("country|JP|f")
		k.taps("country|JP|f|p")
		k.taps("country|JP|f|g")
		k.taps("country|JP|f|g|0|m|7")
		k.taps("country|JP|d")
		k.taps("plan|")
		k.note("fifteen days of the day pass")
		k.taps(k.dayButton(15))
		k.taps("buy|")
		k.says("JP")
		k.note("how much do I need?")
		k.taps("need|JP|m")
		k.taps("need|JP|m|7")
		k.taps("need|JP|m|7|social")
		k.taps("need|JP|m|7|social|2")
		k.taps("plan|")
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
	for _, row := range k.user.Last().Keyboard {
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
	t.Parallel()
	talks(t, "trouble", func(k *talk) {
		k.says("JP")
		k.taps("plan|")
		plan, err := k.Catalog.Plan(k.vendorPlan())
		k.Must(err)
		k.note("the price moves between the card and the press")
		k.Must(k.Vendor.SetPrice(plan.Code, plan.Wholesale.Minor+5_000))
		k.Must(k.Catalog.Refresh(k.Context()))
		k.taps("buy|")
		k.note("and between the invoice and the payment")
		k.taps("buy|")
		k.Must(k.Vendor.SetPrice(plan.Code, plan.Wholesale.Minor))
		k.Must(k.Catalog.Refresh(k.Context()))
		k.pays()
		k.note("the vendor sells it no more: the money comes back")
		k.taps("plan|")
		k.taps("buy|")
		k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		k.pays()
		k.works()
		k.note("it is hidden meanwhile: the nearest one is offered in its place, and an old card leads nowhere")
		k.taps("again|")
		k.tapped(k.user.Last().ID, "an old card", "plan|"+plan.Code+"|JP.m")
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
		k.Vendor.Down(true)
		for range 8 {
			k.Vendor.Advance(time.Minute)
			k.Work()
		}
		k.look()
		k.says("/esims")
		k.Vendor.Down(false)
		k.later(2 * time.Minute)
		k.works()
		k.later(2 * time.Minute)
		k.works()
		k.note("the vendor is down at the checkout")
		k.Vendor.Down(true)
		_, _ = k.Monitor.Check(k.Context()), k.Monitor.Check(k.Context())
		k.says("JP")
		k.taps("plan|")
		k.taps("buy|")
		k.note("buttons that nobody offered")
		for _, data := range []string{"nosuch|1", "plan|NOSUCH", "country|ZZ", "esim|26010100000001", "qr|x", "Ж"} {
			k.tapped(k.user.Last().ID, data, data)
		}
	})
}

// vendorPlan is the code of the plan whose card is on the screen.
func (k *talk) vendorPlan() string {
	for _, row := range k.user.Last().Keyboard {
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
	t.Parallel()
	talks(t, "staff", func(k *talk) {
		ann := k.user
		k.user = k.Messenger.User(staffID).In(groupID)
		for _, c := range []string{"/help", "/status", "/orders", "/orders nonsense", "/nosuch", "not a command"} {
			k.says(c)
		}
		k.note("Ann buys one plan, and another that is sold out")
		for range 2 {
			k.Send(ann, "JP")
			k.Press(ann, ann.Last().Keyboard[0][0].Text)
			k.Press(ann, ann.Last().Keyboard[0][0].Text)
			k.Must(k.Pay(ann))
			k.Work()
			k.Vendor.Advance(10 * time.Second)
			k.Work()
			k.Vendor.Break(vendorsandbox.Fault{Endpoint: "esim/order", Kind: vendorsandbox.Refuse, Code: "200011", Count: 1})
		}
		k.look()
		k.note("the balance falls, the vendor goes down and comes back")
		k.Vendor.SetBalance(100_000)
		k.Must(k.Monitor.Check(k.Context()))
		k.Must(k.Watch.Check(k.Context()))
		k.works()
		k.says("/status")
		k.Vendor.Break(vendorsandbox.Fault{Endpoint: "balance/query", Kind: vendorsandbox.Refuse, Code: "401001", Count: 2})
		for range 3 {
			k.Vendor.Advance(time.Minute)
			_ = k.Monitor.Check(k.Context())
			k.Must(k.Watch.Check(k.Context()))
		}
		k.later(6 * time.Minute)
		k.Must(k.Watch.Check(k.Context()))
		k.works()
		k.Must(k.DB.NoteJobSuccess(k.Context(), staff.UsageSweepJob, k.Vendor.Time()))
		for _, c := range []string{"/status", "/orders", "/orders open", "/orders refunded", "/language", "/language ru", "/help"} {
			k.says(c)
		}
		k.note("the group becomes a supergroup")
		id := k.Messenger.MigrateGroup()
		k.user = k.Messenger.User(staffID).In(id)
		k.Pump()
		k.Must(k.DB.AddNotifications(k.Context(), []esim.Notification{{Kind: esim.StaffDeposit, Key: "x", Amount: esim.USDTenThousandths(90_000)}}))
		k.seen = map[int]string{}
		k.works()
	})
}
