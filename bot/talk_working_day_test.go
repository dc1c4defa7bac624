package bot_test

import (
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	wiring "esimbot/cmd/esimbot/shop"
	"esimbot/esim"
)

// TestTalkWorkingDay is a day of the staff, from the report in the morning to an export in the evening.
func TestTalkWorkingDay(t *testing.T) {
	t.Parallel()
	talks(t, "working-day", func(k *talk) {
		ann := k.user
		k.Reopen(func(cfg *wiring.Config) {
			cfg.ApprovalAbove, cfg.Report = esim.USDCents(100), esim.ReportTime{On: true, Hour: 7}
		})
		olga, pia := k.staffed(), k.joins(piaID, "Pia", esim.RoleOwner)
		k.Must(k.DB.AssignRole(k.Context(), esim.StaffMember{ID: staffID, Name: "Olga"}, esim.RoleOwner, esim.AuditEntry{Who: staffID, What: "role"}))
		k.buy(ann)
		k.fulfils()
		k.Must(k.Reports.Run(k.Context()))
		k.Vendor.Advance(20 * time.Hour)
		k.becomes(olga)
		k.note("the morning's report")
		k.Must(k.Reports.Run(k.Context()))
		k.works()

		k.note("an order fails; it is tried again in vain, and its money goes back, to which Pia agrees")
		failed := k.buy(ann)
		k.Vendor.Down(true)
		for range 12 {
			k.Work()
			k.Vendor.Advance(time.Minute)
		}
		k.look()
		k.taps("s_ask|retry|")
		k.taps("s_yes|retry|")
		k.Work()
		k.Must(k.DB.ApplyTransition(k.Context(), k.loaded(failed.ID).TransitionTo(esim.StateNeedsHuman, "the vendor does not answer", k.Vendor.Time())))
		k.works()
		k.taps("s_card|" + failed.ID.String())
		k.taps("s_ask|refund|")
		k.taps("s_why|")
		k.taps("s_yes|refund|")
		k.Vendor.Down(false)
		k.user = pia
		k.taps("s_agree|")
		k.user = olga
		k.works()

		k.note("a price, seen before it holds")
		k.says("/price JP 55%")
		k.taps("s_price|")
		k.note("a pause over lunch")
		k.says("/pause back at two")
		k.taps("s_resume")

		k.note("a broadcast to six, of whom one has blocked the bot and one is to be left alone for a second")
		crowd := k.crowd(5)
		k.says("/broadcast all\nJapan is cheaper until Sunday.")
		k.taps("s_cast|send|")
		k.user = pia
		k.taps("s_agree|")
		k.user = olga
		k.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.TooMany, RetryAfter: 1, Chat: crowd[1].ID()})
		k.Messenger.Break("sendMessage", 1, tgsandbox.Fault{Kind: tgsandbox.Refuse, Code: 403, Description: "Forbidden: bot was blocked by the user", Chat: crowd[2].ID()})
		k.casts(20)
		k.look()
		for i, h := range crowd {
			if n := got(h, "Japan is cheaper"); n != 1 && i != 2 {
				k.Errorf("customer %d got it %d times", i, n)
			}
		}

		k.note("Ann needs help, and shows what she sees")
		k.Send(ann, "/help")
		k.presses(ann, "person")
		k.Send(ann, "It does not work in Tokyo")
		_, err := ann.SendFile(0, tgsandbox.Upload{Kind: "photo", Data: screenshot(k.TB), Caption: "no network"})
		k.Must(err)
		k.Pump()
		k.works()
		k.taps("s_take|")
		k.says("/answers roaming Switch data roaming on for the eSIM, then restart the phone.")
		k.taps("s_answers|")
		k.taps("s_answer|")
		k.works()
		k.sends("a picture, as a reply", k.copyOf("It does not work"), tgsandbox.Upload{Kind: "photo", Data: screenshot(k.TB), Caption: "here"})
		k.works()
		k.Send(ann, "Now it works, thank you!")
		k.works()
		k.replies(k.copyOf("Now it works"), "/answer roaming")
		k.works()
		k.taps("s_close|")
		k.works()
		k.taps("s_reopen|")
		k.taps("s_close|")
		k.works()
		if got(ann, "data roaming on for the eSIM") != 2 {
			k.Errorf("Ann got the answer %d times", got(ann, "data roaming on for the eSIM"))
		}

		k.note("the books of the day")
		k.says("/export orders")
		k.says("/audit")
	})
}
