//go:build !soak && !race

package bot_test

import "esimbot/i18n"

// walked are the languages that the walks over all screens take by default: the first, which the others are measured
// by, and the second, which runs from right to left. With the tag soak they take each, and .ci/run does.
func walked(languages []i18n.Language) []i18n.Language { return languages[:2] }
