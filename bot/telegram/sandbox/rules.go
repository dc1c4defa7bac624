package sandbox

import (
	"fmt"
	"time"
	"unicode/utf8"
)

// Telegram's limits. Source: https://core.telegram.org/bots/api and, where that is silent,
// the source of its Bot API server and of TDLib (read 2026-11).
const (
	maxText            = 4096 // characters, after parsing
	maxCaption         = 1024
	maxCallbackData    = 64 // bytes
	maxCallbackAnswer  = 200
	maxStartParameter  = 64
	maxCommands        = 100
	maxCommandName     = 32
	maxCommandText     = 256
	maxBotName         = 64
	maxBotDescription  = 512
	maxBotShort        = 120
	maxCopyText        = 256
	maxInvoiceTitle    = 32
	maxInvoiceText     = 255
	maxInvoicePayload  = 128 // bytes
	maxButtonsInRow    = 12  // more are dropped without a word
	maxButtons         = 300
	maxPhotoBytes      = 10 << 20
	maxFileBytes       = 50 << 20
	maxDownloadBytes   = 20 << 20
	longPoll           = 50 * time.Second
	maxUpdatesAtOnce   = 100
	maxTransactions    = 100
	maxID              = 1<<52 - 1
	maxDeleteHours     = 48
	maxMessagesAtOnce  = 100
	maxInlineResults   = 50
	maxInlineOffset    = 64 // bytes
	maxInlineID        = 64 // bytes
	maxPhotoSidesTotal = 10000
	maxPhotoRatio      = 20
)

// Descriptions that more than one method answers with.
const (
	textNotModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
	textTooOld      = "query is too old and response timeout expired or query ID is invalid"
	textNotUTF8     = "strings must be encoded in UTF-8"
)

// An apiError is an answer with "ok": false. Its code is the HTTP status as well.
type apiError struct {
	code    int
	desc    string
	retry   int   // seconds; parameters.retry_after and the Retry-After header
	migrate int64 // parameters.migrate_to_chat_id
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.code, e.desc) }

func bad(format string, args ...any) *apiError {
	return &apiError{code: 400, desc: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) *apiError { return &apiError{code: 403, desc: "Forbidden: " + text} }

func conflict(text string) *apiError { return &apiError{code: 409, desc: "Conflict: " + text} }

func tooMany(seconds int) *apiError {
	return &apiError{code: 429, desc: fmt.Sprintf("Too Many Requests: retry after %d", seconds), retry: seconds}
}

// chars counts as Telegram's limits do: Unicode characters, not bytes.
func chars(s string) int { return utf8.RuneCountInString(s) }

func validStartParameter(s string) bool {
	if len(s) > maxStartParameter {
		return false
	}
	for _, c := range []byte(s) {
		if !isAlnum(c) && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func validCommand(s string) bool {
	if s == "" || len(s) > maxCommandName {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }
