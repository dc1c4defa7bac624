package buy

import (
	"testing"

	"esimbot/esim"
)

func TestWhySwapOff(t *testing.T) {
	const id = "26112312000001"
	unused := esim.Profile{ID: id, Status: esim.ProfileGotResource, SMDPStatus: esim.SMDPReleased}
	cancelled, installed := unused, unused
	cancelled.Status = esim.ProfileCancelled
	installed.Status, installed.SMDPStatus = esim.ProfileInUse, esim.SMDPEnabled
	tests := []struct {
		name string
		esim esim.ESIM
		base esim.Order
		want string
	}{
		{"still unused: the new plan cannot be had", esim.ESIM{Profile: unused}, esim.Order{State: esim.StateDelivered}, "swap.off_plan"},
		{"installed", esim.ESIM{Profile: installed}, esim.Order{State: esim.StateDelivered}, "swap.off_used"},
		{"topped up", esim.ESIM{Profile: unused, Epoch: 1}, esim.Order{State: esim.StateDelivered}, "swap.off_used"},
		{"cancelled at the vendor", esim.ESIM{Profile: cancelled}, esim.Order{State: esim.StateDelivered}, "swap.off_gone"},
		{"given back alone", esim.ESIM{Profile: unused, Returned: true}, esim.Order{State: esim.StateDelivered}, "swap.off_gone"},
		{"on its way back", esim.ESIM{Profile: unused}, esim.Order{State: esim.StateCancelling, CancellingESIM: id}, "swap.off_gone"},
		{"another of the order on its way back", esim.ESIM{Profile: unused}, esim.Order{State: esim.StateCancelling, CancellingESIM: "x"}, "swap.off_plan"},
		{"given back as a whole", esim.ESIM{Profile: unused}, esim.Order{State: esim.StateRefunded}, "swap.off_gone"},
		{"staff decide", esim.ESIM{Profile: cancelled}, esim.Order{State: esim.StateNeedsHuman}, "swap.off_human"},
	}
	for _, tt := range tests {
		if got := whySwapOff(tt.esim, tt.base); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
