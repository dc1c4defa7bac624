//go:build soak

package main

import (
	"fmt"
	"testing"
)

// keptEpisodes are the seeds that failed once, with the list of acts that they were drawn from. The acts
// and their times are those of then; what is random inside an act follows the code of today, so an
// episode goes the same ways, not the same steps: each fault has a plain test of its own besides.
// Not here is seed 1009, which hung when episodes were made otherwise.
var keptEpisodes = []keptEpisode{
	{426, 1, "a payment that became store credit went back elsewhere too, and the books kept it"},
	{446, 1, "a code that came after words for it was shown to nobody"},
	{5013, 1, "of two eSIMs whose payment went back elsewhere, what the vendor gave for the unused one was in no book"},
	{5035, 1, "the same, of another order"},
	{77088, 1, "the same code while a phone's download stood still"},
	{1795915818, 1, "what was cancelled beside an eSIM that had lapsed was in no book"},
	{1795918061, 1, "a process that was started in an outage asked getMe for ever"},
	{1795918062, 1, "the same, at another exchange"},
	{1795947220, 1, "an order that recovery brought before staff counted as open since it was paid"},
	{1795949028, 2, "no fault: an eSIM installed from the words of its message needs no picture"},
	{99011, 2, "no fault: a QR message is given up when its eSIM was taken back first"},
	{1795950787, 2, "an unused eSIM with a top-up that the vendor took back was paid back to nobody"},
	{81009, 2, "with the clock set back, a payment that no order explains held up the account of Stars for hours"},
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
