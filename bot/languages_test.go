//go:build !soak && !race

package bot_test

import "esimbot/i18n"

// walked is the language that the walks over all screens take by default: the first, which the others are measured
// by. With the tag soak they take each, and .ci/run does.
func walked(languages []i18n.Language) []i18n.Language { return languages[:1] }

// oneIn is how many of the things that are alike (two thousand plans and their buttons) a walk looks at by default:
// one in so many, and with the tag soak each.
const oneIn = 12

// talked: by default conversations are not had in Russian, which runs as English does.
func talked(lang string) bool { return lang != "ru" }
