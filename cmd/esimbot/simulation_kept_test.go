//go:build soak

package main

import (
	"fmt"
	"testing"
)

// keptEpisodes are seeds that failed once, with the list of acts that they were drawn from. The acts and
// their times are those of then; what is random inside an act follows the code of today, so an episode
// goes the same ways and not the same steps. Each of these was seen to fail again, with the fault that it
// found, when the mend was taken out of the shop of November 2026. Each fault has a plain test besides.
//
// Not here, since they do not find any more what they found: 1795947220 (an order that recovery brought
// before staff counted as open since it was paid), 1795950787 (an unused eSIM with a top-up that the vendor
// took back), 1009 (a mutex; episodes were made otherwise then). Nor what was a fault of the simulation:
// 1795918061 and 1795918062 (outages that waited for a process that waited for their end), 1795949028,
// 99011, 83103, 84029, 1797000044 (a time written in the very moment in which
// the clock was set), 1797000094 (of two equal payments by card the lost one was taken for the booked one),
// 903315135 (two calls that left at the same moment, of which one was answered with a wait), 903315177 (what the vendor gave back
// of an order about which staff had to decide was told with its amount, and is in no book until they do),
// 1796092294 (a program that was started seconds after a kill was to know of the wait that the killed one was asked for).
var keptEpisodes = []keptEpisode{
	{426, 1, "a payment that became store credit went back elsewhere too, and the books kept it"},
	{446, 1, "a code that came after words for it was shown to nobody"},
	{5013, 1, "of two eSIMs whose payment went back elsewhere, what the vendor gave for the unused one was in no book"},
	{5035, 1, "the same, of another order"},
	{77088, 1, "the code that came after words, while a phone's download stood still"},
	{1795915818, 1, "what was cancelled beside an eSIM that had lapsed was in no book"},
	{81009, 2, "with the clock set back, a payment that no order explains held up the account of Stars for hours"},
	{1797000028, 3, "an order that waited for staff for weeks kept the vendor's account from being compared: what an older copy lost was told to nobody"},
	{88003, 3, "the eSIM of an order that a restored copy knows as expired was told to nobody"},
	{86039, 3, "the same, of another order"},
}

// TestKeptEpisodes plays each of them once more, a few seconds of one core apiece.
func TestKeptEpisodes(t *testing.T) {
	catalog := smallCatalog(t)
	for _, k := range keptEpisodes {
		t.Run(fmt.Sprint(k.seed), func(t *testing.T) {
			t.Parallel()
			playKept(t, catalog, k, actsAnEpisode, "")
		})
	}
}
