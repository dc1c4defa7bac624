//go:build soak

package bot_test

import "esimbot/i18n"

// walked are all languages.
func walked(languages []i18n.Language) []i18n.Language { return languages }

// oneIn: walks look at everything.
const oneIn = 1

// talked: conversations are had in every language that is written down.
func talked(string) bool { return true }
