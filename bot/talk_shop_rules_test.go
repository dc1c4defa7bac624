package bot_test

import (
	"testing"
	"time"

	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/esim"
)

// TestTalkShopRules is how staff run the shop: what it asks for, what it shows, its settings, and a pause.
func TestTalkShopRules(t *testing.T) {
	t.Parallel()
	talks(t, "staff-shop", func(k *talk) {
		ann := k.user
		k.note("Ann buys a plan")
		paid := k.buy(ann)
		k.Vendor.Advance(10 * time.Second)
		k.Work()
		k.becomes(k.staffed())
		for _, c := range []string{"/price", "/price nonsense", "/price JP 45% least 2.99 round .99"} {
			k.says(c)
		}
		k.taps("s_price")
		k.note("Pia, another owner, agrees")
		message, agree := k.button(k.user, "s_agree|")
		k.pressesOn(k.joins(piaID, "Pia", esim.RoleOwner), message, agree)
		k.look()
		k.says("/price")
		k.note("a plan has a price of its own")
		k.says("/price " + paid.Plan.Code + " profit 1")
		k.taps("s_price")
		k.says("/price round stars10")
		k.taps("s_no")
		k.says("/price JP default")
		k.taps("s_price")
		k.taps("s_disagree|")
		k.note("what is shown")
		for _, c := range []string{"/hide", "/hide nowhere", "/hide JP", "/hide Japan", "/hide"} {
			k.says(c)
		}
		k.becomes(ann)
		for _, c := range []string{"Japan", "/start JP", "/start p_" + paid.Plan.Code} {
			k.says(c)
		}
		k.becomes(k.staffed())
		k.taps("s_curate|show|@JP")
		for _, c := range []string{"/feature", "/feature JP", "/feature " + paid.Plan.Code} {
			k.says(c)
		}
		k.becomes(ann)
		k.says("JP")
		k.becomes(k.staffed())
		k.note("settings")
		for _, c := range []string{"/settings", "/settings max_loss_usd", "/settings max_loss_usd much", "/settings nothing 1", "/settings max_loss_usd 1.5"} {
			k.says(c)
		}
		k.taps("s_set")
		for _, c := range []string{"/settings promo_codes off", "/settings", "/settings max_loss_usd default"} {
			k.says(c)
		}
		k.taps("s_set")
		k.note("what takes two is raised by two")
		k.says("/settings approval_above_usd 80")
		k.taps("s_set")
		k.taps("s_disagree|")
		k.says("/settings report_hour 14")
		k.taps("s_set")
		k.note("a pause")
		k.says("/pause back on Monday")
		k.says("/audit")
		k.taps("s_resume")
	})
}

// becomes goes on as somebody else: what stands in their chat was seen.
func (k *talk) becomes(h *tgsandbox.UserClient) {
	k.user, k.seen = h, map[int]string{}
	for _, m := range h.Chat() {
		k.seen[m.ID], k.last[m.ID] = rendered(m), m
	}
}
