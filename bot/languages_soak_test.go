//go:build soak

package bot_test

import "esimbot/i18n"

// walked are all languages.
func walked(languages []i18n.Language) []i18n.Language { return languages }
