package telegram

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

// An Error is a call that failed. Its text never holds the token.
type Error struct {
	Method      string        // of the Bot API
	Code        int           // Telegram's error_code; the HTTP status if the answer was not Telegram's JSON; 0 without an answer
	Description string        // Telegram's words, or ours for what happened on the way
	RetryAfter  time.Duration // with code 429: how long to wait
	MigrateTo   int64         // the group has become the supergroup with this id; 0 if not

	unsent  bool // certain never to have reached Telegram
	foreign bool // answered by something that is not the Bot API, or cut short
	cause   error
}

// Error implements error.
func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("telegram %s: %s", e.Method, e.Description)
	}
	return fmt.Sprintf("telegram %s: %d %s", e.Method, e.Code, e.Description)
}

// Unwrap returns a well-known cause (the end of a context, a refused connection), or nil.
// Other causes are not handed out: their text might repeat the URL.
func (e *Error) Unwrap() error { return e.cause }

// settle fills in what the rest of the package relies on.
func (e *Error) settle() *Error {
	if e.Code == http.StatusTooManyRequests && e.RetryAfter == 0 {
		e.RetryAfter = time.Second
	}
	return e
}

// ErrInvalid is wrapped by the errors of calls that were not made because Telegram
// would refuse them, or would quietly do something else: a mistake of the caller.
var ErrInvalid = errors.New("telegram: not a valid call")

func invalid(method, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s", ErrInvalid, method, fmt.Sprintf(format, args...))
}

// asError keeps a nil *Error from becoming an error that is not nil.
func asError(e *Error) error {
	if e == nil {
		return nil
	}
	return e
}

// Temporary reports whether the same call is worth making later: no answer, an answer
// of something in between, 429, or an error of Telegram's own (5xx).
func Temporary(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == 0 || e.foreign || e.Code == http.StatusTooManyRequests || e.Code >= 500
}

// RetryAfter is how long Telegram, or our own limits, want the called place left alone; 0: not at
// all, err is something else.
func RetryAfter(err error) time.Duration {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.RetryAfter
}

// MayHaveHappened reports whether err leaves it open if the call was carried out: no
// answer, an unreadable one, or 5xx. A message may then have been delivered, and
// sending it again may show it twice. 429 and other refusals are a definite no.
func MayHaveHappened(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	return !e.unsent && (e.Code < 300 || e.Code >= 500)
}

// gone holds the texts of 400 that mean what every 403 means: this chat cannot be written to.
var gone = []string{
	"chat not found",
	"user not found",
	"group chat was deactivated",
	"group chat was deleted",
	"bot is not a member",
	"PEER_ID_INVALID",
	"USER_ID_INVALID",
	"INPUT_USER_DEACTIVATED",
	"USER_IS_BLOCKED",
}

// Unreachable reports whether the chat cannot be written to until its owner does
// something: blocked, deactivated, never started, kicked. It is normal, not a fault.
//
// A 403 of a proxy or firewall in between does not count.
func Unreachable(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.foreign {
		return false
	}
	if e.Code == http.StatusForbidden {
		return true
	}
	return e.Code == http.StatusBadRequest && e.says(gone...)
}

// NotAllowed reports whether the bot is in the chat but may not write there: restricted, or
// everybody but administrators is, or the topic is closed. It ends when somebody gives the right back.
func NotAllowed(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest && !e.foreign &&
		e.says("not enough rights to send", "have no rights to send", "need administrator rights in the channel chat", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED")
}

// Refused reports whether Telegram, or this package, will never take this call as it is, because of
// what is in it: not because of the chat, and not for now only.
func Refused(err error) bool {
	if errors.Is(err, ErrInvalid) {
		return true
	}
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest && !e.foreign && e.MigrateTo == 0 && !Unreachable(err) && !NotAllowed(err) && !TopicGone(err) && !TopicClosed(err)
}

// MigratedTo returns the id of the supergroup that the addressed group has become.
// The stored id is to be replaced and the call made again.
func MigratedTo(err error) (int64, bool) {
	var e *Error
	if !errors.As(err, &e) || e.MigrateTo == 0 {
		return 0, false
	}
	return e.MigrateTo, true
}

// TooLate reports whether a press or a checkout was answered after Telegram had given
// it up, or for the second time. A checkout answered too late is a cancelled payment.
func TooLate(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest &&
		e.says("query is too old", "query ID is invalid", "QUERY_ID_INVALID")
}

// unrefundable holds the texts of 400 by which Telegram says that a refund names a
// payment that does not exist, or somebody who did not make it. "user not found" and
// "PEER_ID_INVALID" are not here: a Bot API server of one's own says so of people whom
// it has only forgotten.
var unrefundable = []string{
	"CHARGE_NOT_FOUND",
	"CHARGE_ID_EMPTY",
	"CHARGE_ID_INVALID",
	"USER_ID_INVALID",
	"invalid user_id",
}

// RefundImpossible reports whether RefundStars can never succeed with this person and
// this charge: the payment is not one of theirs in Stars, or was not even asked for
// (ErrInvalid). It is not worth repeating, and somebody has to look.
func RefundImpossible(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return errors.Is(err, ErrInvalid)
	}
	return e.Method == "refundStarPayment" && e.Code == http.StatusBadRequest && !e.foreign && e.says(unrefundable...)
}

// MessageGone reports whether the message that was to be edited or deleted is no longer
// there, or can no longer be changed: a new one has to be sent.
func MessageGone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == http.StatusBadRequest && e.says(
		"message to edit not found", "message to delete not found", "message can't be edited",
		"message can't be deleted", "there is no text in the message to edit",
		"there is no caption in the message to edit", "MESSAGE_ID_INVALID")
}

func (e *Error) says(texts ...string) bool {
	for _, t := range texts {
		if strings.Contains(e.Description, t) {
			return true
		}
	}
	return false
}

// neverSent reports whether err happened before a byte of the request could leave.
func neverSent(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	return errors.As(err, &dns) || errors.As(err, &cert)
}

// safeCause returns the part of err that callers may want to compare with and that
// cannot contain the URL.
func safeCause(err error) error {
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return nil
}
