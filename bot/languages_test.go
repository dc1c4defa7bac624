//go:build !soak

package bot_test

import "esimbot/i18n"

// walked are the languages that the walks over all screens take by default: the first, which the others are measured
// by, the second, which runs from right to left, and every fourth after that. With the tag soak they take each, and
// .ci/run does.
func walked(languages []i18n.Language) []i18n.Language {
	var some []i18n.Language
	for i, l := range languages {
		if i == 0 || i%4 == 1 && (i == 1 || !underRaceDetector()) { // the detector finds nothing in a third language
			some = append(some, l)
		}
	}
	return some
}
