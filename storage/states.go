package storage

import "esimbot/esim"

// The states that queries ask for, as parameters: which they are is for esim to say.
var (
	openStates      = statesThat(esim.State.Open)
	givenBackStates = jsonList(statesThat(esim.State.RefundOwed))
	atVendorStates  = jsonList(statesThat(esim.State.AtVendor))
	unchargedStates = jsonList(statesThat(esim.State.Uncharged))
	payableStates   = jsonList(statesThat(esim.State.Payable))
	overStates      = jsonList(statesThat(esim.State.Over))
)

func statesThat(is func(esim.State) bool) []esim.State {
	var these []esim.State
	for _, s := range esim.States() {
		if is(s) {
			these = append(these, s)
		}
	}
	return these
}
