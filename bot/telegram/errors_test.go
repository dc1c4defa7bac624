package telegram

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestWhatAnErrorMeans(t *testing.T) {
	t.Parallel()
	bad := func(code int, text string) *Error { return &Error{Method: "m", Code: code, Description: text} }
	tests := []struct {
		name                                                string
		err                                                 error
		temporary, unreachable, happened, tooLate, messGone bool
	}{
		{"nothing", nil, false, false, false, false, false},
		{"a foreign error", errors.New("disk full"), false, false, false, false, false},
		{"an invalid call", invalid("m", "no chat"), false, false, false, false, false},
		{"a forgotten error is the dangerous one", &Error{}, true, false, true, false, false},
		{"never sent", &Error{unsent: true}, true, false, false, false, false},
		{"blocked", bad(403, "Forbidden: bot was blocked by the user"), false, true, false, false, false},
		{"deactivated", bad(403, "Forbidden: user is deactivated"), false, true, false, false, false},
		{"never started", bad(403, "Forbidden: bot can't initiate conversation with a user"), false, true, false, false, false},
		{"kicked", bad(403, "Forbidden: bot was kicked from the supergroup chat"), false, true, false, false, false},
		{"chat not found", bad(400, "Bad Request: chat not found"), false, true, false, false, false},
		{"group deleted", bad(400, "Bad Request: group chat was deactivated"), false, true, false, false, false},
		{"another 400", bad(400, "Bad Request: message is too long"), false, false, false, false, false},
		{"flood", bad(429, "Too Many Requests: retry after 5"), true, false, false, false, false},
		{"500", bad(500, "Internal Server Error"), true, false, true, false, false},
		{"502", &Error{Code: 502, foreign: true}, true, false, true, false, false},
		{"a firewall's 403", &Error{Code: 403, foreign: true}, true, false, false, false, false},
		{"a wrong token", bad(401, "Unauthorized"), false, false, false, false, false},
		{"an old press", bad(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"), false, false, false, true, false},
		{"nothing to edit", bad(400, "Bad Request: message to edit not found"), false, false, false, false, true},
		{"a photo is no text", bad(400, "Bad Request: there is no text in the message to edit"), false, false, false, false, true},
		{"too old to delete", bad(400, "Bad Request: message can't be deleted for everyone"), false, false, false, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.err
			if err != nil {
				err = fmt.Errorf("while showing a screen: %w", err)
			}
			for _, q := range []struct {
				name string
				f    func(error) bool
				want bool
			}{
				{"Temporary", Temporary, tt.temporary},
				{"Unreachable", Unreachable, tt.unreachable},
				{"MayHaveHappened", MayHaveHappened, tt.happened},
				{"TooLate", TooLate, tt.tooLate},
				{"MessageGone", MessageGone, tt.messGone},
			} {
				if got := q.f(err); got != q.want {
					t.Errorf("%s(%v) = %v", q.name, err, got)
				}
			}
		})
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, _ := dial(t, s)
	s.next("sendMessage", no(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-1001234567890}`))
	_, err := c.SendText(t.Context(), Text{Chat: -5, HTML: "x"})
	if id, ok := MigratedTo(err); !ok || id != -1001234567890 {
		t.Errorf("MigratedTo(%v) = %d, %v", err, id, ok)
	}
	if Unreachable(err) || Temporary(err) {
		t.Errorf("a group that moved is neither unreachable nor a temporary failure: %v", err)
	}
	if _, ok := MigratedTo(errors.New("x")); ok {
		t.Error("a foreign error moved a group")
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	err := &Error{Method: "sendMessage", Code: 429, Description: "Too Many Requests: retry after 5", RetryAfter: 5 * time.Second}
	if got := err.Error(); got != "telegram sendMessage: 429 Too Many Requests: retry after 5" {
		t.Error(got)
	}
}

func TestRefundsThatCanNeverSucceed(t *testing.T) {
	t.Parallel()
	refund := func(code int, text string) error {
		return &Error{Method: "refundStarPayment", Code: code, Description: text}
	}
	tests := []struct {
		name                  string
		err                   error
		impossible, temporary bool
	}{
		{"nothing", nil, false, false},
		{"no such charge", refund(400, "Bad Request: CHARGE_NOT_FOUND"), true, false},
		{"no charge id", refund(400, "Bad Request: CHARGE_ID_EMPTY"), true, false},
		{"not a charge id", refund(400, "Bad Request: CHARGE_ID_INVALID"), true, false},
		{"nobody", refund(400, "Bad Request: invalid user_id specified"), true, false},
		{"not a person", refund(400, "Bad Request: USER_ID_INVALID"), true, false},
		{"a call that was not made", invalid("refundStarPayment", "no charge id"), true, false},
		{"somebody a server of one's own has forgotten", refund(400, "Bad Request: user not found"), false, false},
		{"words that nobody has met yet", refund(400, "Bad Request: SOMETHING_NEW"), false, false},
		{"a flood", refund(429, "Too Many Requests: retry after 5"), false, true},
		{"Telegram's own fault", refund(500, "Internal Server Error: CHARGE_NOT_FOUND"), false, true},
		{"no answer", &Error{Method: "refundStarPayment"}, false, true},
		{"a proxy's page", &Error{Method: "refundStarPayment", Code: 400, Description: "CHARGE_NOT_FOUND", foreign: true}, false, true},
		{"a wrong token", refund(401, "Unauthorized"), false, false},
		{"another method", &Error{Method: "sendMessage", Code: 400, Description: "Bad Request: CHARGE_NOT_FOUND"}, false, false},
		{"a foreign error", errors.New("CHARGE_NOT_FOUND"), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.err
			if err != nil {
				err = fmt.Errorf("refund 250 Stars: %w", err)
			}
			if RefundImpossible(err) != tt.impossible || Temporary(err) != tt.temporary {
				t.Errorf("%v: impossible %v, temporary %v", err, RefundImpossible(err), Temporary(err))
			}
		})
	}
}

// A pause that Telegram asks for is read in whatever form it comes: as a number with a fraction, as text, in words alone, or
// longer than anybody waits.
func TestAPauseIsReadInAnyForm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		words, parameters string
		want              time.Duration
	}{
		{"Too Many Requests: retry after 35", `{"retry_after":35}`, 35 * time.Second},
		{"Too Many Requests", `{"retry_after":34.2}`, 35 * time.Second},
		{"Too Many Requests", `{"retry_after":"35"}`, 35 * time.Second},
		{"Too Many Requests", `{"retry_after":3.5e1}`, 35 * time.Second},
		{"Too Many Requests: retry after 35", ``, 35 * time.Second},
		{"Too Many Requests: Retry After 35s.", `{"retry_after":null}`, 35 * time.Second},
		{"Too Many Requests", `{"retry_after":100000000000}`, mostPause},
		{"Too Many Requests", `{"retry_after":1e400}`, mostPause},
		{"Too Many Requests", `{"retry_after":-5}`, time.Second},
		{"Too Many Requests", `{"retry_after":"soon"}`, time.Second},
		{"Too Many Requests", `{"retry_after":{}}`, time.Second},
		{"Too Many Requests", ``, time.Second},
	} {
		s := newServer(t)
		c, _ := dial(t, s)
		s.next("sendMessage", no(429, tt.words, tt.parameters))
		_, err := c.SendText(WithMaxWait(t.Context(), time.Millisecond), Text{Chat: 1, HTML: "x"})
		if got := RetryAfter(err); got != tt.want || !Temporary(err) || MayHaveHappened(err) {
			t.Errorf("%s %s: %s, %v", tt.words, tt.parameters, got, err)
		}
	}
}
