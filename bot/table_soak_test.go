//go:build soak

package bot_test

import (
	"net/http"
	"testing"

	"esimbot/bot/telegram/sandbox/apitable"
	"esimbot/cmd/esimbot/shop/shoptest"
)

// With the tag soak every conversation is held to the Bot API's own table: each parameter the bot sends is there with
// its type, and each object it gets has the fields it must have, and no others.
func init() {
	shoptest.InFront = func(t testing.TB, messenger http.Handler) http.Handler {
		return apitable.Hold(t, "..", messenger, false)
	}
}
