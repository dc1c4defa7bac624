package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const (
	secretLPA   = "LPA:1$rsp.example.com$K2-SECRET-MATCHING-ID"
	secretToken = "123456789:AAE-test_test_test_test_test_test_te"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "order 17 is paid: 5.00 USD at 14:05", "order 17 is paid: 5.00 USD at 14:05"},
		{"a token in a path", "Post http://x/bot" + secretToken + "/getMe: EOF", "Post http://x/bot[token]/getMe: EOF"},
		{"a token alone", secretToken, "[token]"},
		{"a token percent-encoded", strings.Replace(secretToken, ":", "%3A", 1) + "!", "[token]!"},
		{"an activation code", `{"ac":"` + secretLPA + `","x":1}`, `{"ac":"[activation code]","x":1}`},
		{"an activation code in lower case", strings.ToLower(secretLPA), "[activation code]"},
		{"an activation code in a link", "cardData=LPA%3A1%24rsp.example.com%24K2 more", "cardData=[activation code] more"},
		{"an ICCID", `{"iccid":"89852240810733625034"}`, `{"iccid":"[ICCID …5034]"}`},
		{"an ICCID in a word", "x8985224081073362503x 8985", "x[ICCID …2503]x 8985"},
		{"a moment in nanoseconds, and numbers with 89", "1789000000000000000 8912345678 order 89", "1789000000000000000 8912345678 order 89"},
		{"two", secretLPA + " " + secretToken, "[activation code] [token]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Redact(tt.in); got != tt.want {
				t.Errorf("Redact(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

type stringer struct{ Code string }

func (stringer) String() string { return "harmless" }

type nilError struct{}

func (e *nilError) Error() string { panic("nil") }

func TestRedactAttrInEveryHandler(t *testing.T) {
	t.Parallel()
	code := secretLPA
	handlers := map[string]func(*bytes.Buffer, *slog.HandlerOptions) slog.Handler{
		"text": func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewTextHandler(b, o) },
		"json": func(b *bytes.Buffer, o *slog.HandlerOptions) slog.Handler { return slog.NewJSONHandler(b, o) },
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			log := slog.New(handler(&b, &slog.HandlerOptions{ReplaceAttr: RedactAttr}))
			log = log.With("with", secretToken)
			log.Info("message "+secretLPA,
				"string", secretLPA,
				"err", fmt.Errorf("wrapped: %w", errors.New("at /bot"+secretToken+"/getMe")),
				"bytes", []byte(secretLPA),
				"raw", json.RawMessage(`{"a":"`+secretLPA+`"}`),
				"struct", struct{ A string }{secretLPA},
				"pointer", struct{ A *string }{&code},
				"private", struct{ a string }{secretLPA},
				"list", []string{"x", secretToken},
				"stringer", stringer{secretLPA},
				slog.Group("group", "inner", secretLPA, slog.Group("deeper", "err", errors.New(secretToken))),
				"typednil", error((*nilError)(nil)),
				"number", 5,
			)
			out := b.String()
			for _, leak := range []string{"K2-SECRET", "AAE-test"} {
				if strings.Contains(out, leak) {
					t.Errorf("%s is in the log:\n%s", leak, out)
				}
			}
			if !strings.Contains(out, "number") || !strings.Contains(out, "[token]") {
				t.Errorf("the log lost something:\n%s", out)
			}
		})
	}
}

func TestTheLibraryLogsRedacted(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	l := libraryLog{slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	l.Println(errors.New("Post https://api.telegram.org/bot" + secretToken + "/getUpdates: EOF"))
	l.Printf("Endpoint: %s, params: %v\n", "x", secretToken)
	if strings.Contains(b.String(), "AAE-test") || strings.Count(b.String(), "[token]") != 2 {
		t.Error(b.String())
	}
}
