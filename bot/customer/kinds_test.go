package customer

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/esim"
)

// sentencesOf are the sentences a kind of notification can be written with; none if the
// kind is unknown here.
func sentencesOf(kind esim.NotificationKind) []string {
	if kind == esim.StaffReport {
		return []string{"staff.report_head", "staff.report_before"}
	}
	if kind.Audience() == esim.AudienceStaff {
		return []string{"staff.notice_" + strings.TrimPrefix(string(kind), "staff_")}
	}
	switch kind {
	case esim.NotifyProgress:
		return []string{"progress.paid", "progress.preparing", "progress.ready"} // all of them: buy.TestEveryProgressSentenceExists
	case esim.NotifyQR:
		return []string{"qr.caption", "qr.caption_link", "qr.caption_steps", "qr.warning"}
	case esim.NotifyQRGone:
		return []string{"qr.gone"}
	case esim.NotifyAlert:
		var keys []string
		for _, k := range esim.AlertKinds() {
			if k == esim.AlertInstalled { // said of each beginning of the days
				keys = append(keys, "alert.installed_before_trip", "alert.installed_on_arrival")
				continue
			}
			keys = append(keys, "alert."+string(k))
		}
		return keys
	case esim.NotifyRefunded:
		return []string{"notice.refunded"}
	case esim.NotifyCredited:
		return []string{"notice.credited"}
	case esim.NotifyRefundedElsewhere:
		return []string{"notice.refunded_out", "notice.refunded_out_esim", "notice.refunded_out_none", "notice.refunded_out_topup"}
	case esim.NotifyExpiring:
		return []string{"notice.expiring"}
	case esim.NotifyExpired:
		return []string{"notice.expired"}
	case esim.NotifyAutoTopUpAnnounced, esim.NotifyAutoTopUpLacksCredit, esim.NotifyAutoTopUpPriceRose:
		return []string{strings.Replace(string(kind), "_", ".", 1)}
	case esim.NotifyAutoTopUpOff:
		var keys []string
		for _, why := range esim.AutoTopUpEndReasons() {
			keys = append(keys, "auto.off_"+string(why))
		}
		return keys
	case esim.NotifyGranted:
		return []string{"notice.granted"}
	case esim.NotifyAmountBack:
		return []string{"notice.amount_back"}
	case esim.NotifyPartCredited:
		return []string{"notice.part_credited", "notice.part_missing"}
	case esim.NotifyThread, esim.NotifyThreadChange:
		return []string{"support.answer", "support.answer_media"}
	case esim.NotifyThreadUnseen:
		return []string{"support.unseen"}
	case esim.NotifyThreadClosed:
		return []string{"support.closed_by_staff", "support.closed_quiet", "support.closed_waiting"}
	case esim.NotifyNotCancelled:
		return []string{"notice.not_cancelled"}
	case esim.NotifyReferralCredit:
		return []string{"invite.earned"}
	case esim.NotifyGiftTaken:
		return []string{"gift.told", "gift.picture"}
	case esim.NotifyGiftGone:
		return []string{"gift.cancelled"}
	case esim.NotifyContractWithdrawal:
		return []string{"withdraw.acknowledged", "withdraw.of_order", "withdraw.of_esim"}
	case esim.NotifyContractToPerson:
		return []string{"withdraw.to_person"}
	case esim.NotifySwapFailed:
		return []string{"swap.off_plan", "swap.off_human", "swap.off_gone", "swap.off_used", "swap.off_same", "swap.off_credit"}
	case esim.NotifySwapCredit:
		return []string{"swap.credit_rest", "swap.credit_all"}
	case esim.NotifyToppedUp:
		return []string{"topup.done_data", "topup.done_days", "topup.lasts", "topup.until"}
	}
	return nil
}

// TestEveryKindOfNotificationHasItsSentences finds them in every language.
func TestEveryKindOfNotificationHasItsSentences(t *testing.T) {
	files, err := filepath.Glob("../../i18n/locales/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("languages %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var sentences map[string]any
		if err := json.Unmarshal(text, &sentences); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, kind := range esim.NotificationKinds() {
			keys := sentencesOf(kind)
			if len(keys) == 0 {
				t.Errorf("%s: say here with which sentences it is written", kind)
			}
			for _, key := range keys {
				if sentences[key] == nil {
					t.Errorf("%s: %s has no %q", filepath.Base(file), kind, key)
				}
			}
		}
	}
}
