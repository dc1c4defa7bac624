//go:build race && !soak

package bot_test

import "esimbot/i18n"

// walked is one language under the race detector, which slows every screen down ten times: what it looks for is in none
// of the sentences, and the conversations are in three anyway.
func walked(languages []i18n.Language) []i18n.Language { return languages[:1] }

// oneIn is how many of the things that are alike a walk looks at: one in so many.
const oneIn = 25

// talked: under the race detector conversations are had in one language.
func talked(lang string) bool { return lang == i18n.Fallback }
