package telegram

import (
	"context"
	"encoding/json"
	"iter"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Stars is the currency code of Telegram Stars. Amounts are whole Stars.
const Stars = "XTR"

// Limits of an invoice.
const (
	MaxInvoiceTitle       = 32  // characters
	MaxInvoiceDescription = 255 // characters
	MaxInvoicePayload     = 128 // bytes
)

// Invoice is a request for money.
type Invoice struct {
	Chat           int64
	Thread         int
	Title          string // cut at 32 characters
	Description    string // cut at 255 characters
	Payload        string // comes back at every later step; 1-128 bytes
	ProviderToken  string // empty for Stars
	Currency       string // Stars, or a code of ISO 4217
	Amount         int64  // in the currency's smallest unit, which is not always a hundredth; whole Stars
	Label          string // of the only price; default Title
	StartParameter string // required, 1-64 of A-Za-z0-9_-: without it anybody can pay a forwarded invoice
	Keyboard       Keyboard
	Protect        bool
}

var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// SendInvoice sends an invoice and returns its message id. Waiting and errors are as
// with SendText. An invoice can be paid by somebody else and more than once all the
// same: the pre-checkout decides.
//
// Source: https://core.telegram.org/bots/api#sendinvoice
func (c *Client) SendInvoice(ctx context.Context, in Invoice) (int, error) {
	const method = "sendInvoice"
	if !startParameter.MatchString(in.StartParameter) {
		return 0, invalid(method, "the start parameter is not 1-64 of A-Za-z0-9_-")
	}
	p, err := base(method, in.Chat, in.Keyboard, 14)
	if err != nil {
		return 0, err
	}
	if err := in.fill(method, p); err != nil {
		return 0, err
	}
	addThread(p, in.Thread)
	addFlags(p, false, in.Protect)
	p["start_parameter"] = in.StartParameter
	s, err := c.send(ctx, outgoing{method: method, chat: in.Chat, params: p})
	return s.MessageID, err
}

// InvoiceLink makes a link by which anybody can pay the invoice. Chat, Keyboard and
// StartParameter are not used.
//
// Source: https://core.telegram.org/bots/api#createinvoicelink
func (c *Client) InvoiceLink(ctx context.Context, in Invoice) (string, error) {
	const method = "createInvoiceLink"
	p := make(tgbotapi.Params, 8)
	if err := in.fill(method, p); err != nil {
		return "", err
	}
	result, err := c.call(ctx, method, p, patient)
	if err != nil {
		return "", err
	}
	var link string
	err = decode(method, result, &link)
	return link, err
}

// fill adds what describes the invoice itself.
func (in Invoice) fill(method string, p tgbotapi.Params) error {
	switch {
	case in.Amount <= 0:
		return invalid(method, "the amount is %d", in.Amount)
	case in.Currency == Stars && in.ProviderToken != "":
		return invalid(method, "Stars take no provider token")
	case in.Currency != Stars && in.ProviderToken == "":
		return invalid(method, "currency %q needs a provider token", in.Currency)
	case len(in.Payload) < 1 || len(in.Payload) > MaxInvoicePayload:
		return invalid(method, "the payload has %d bytes, not 1-%d", len(in.Payload), MaxInvoicePayload)
	}
	label := in.Label
	if label == "" {
		label = in.Title
	}
	prices, err := json.Marshal([]tgbotapi.LabeledPrice{{Label: valid(label), Amount: int(in.Amount)}})
	if err != nil {
		return err
	}
	p["title"] = Clip(valid(in.Title), MaxInvoiceTitle)
	p["description"] = Clip(valid(in.Description), MaxInvoiceDescription)
	p["payload"] = in.Payload
	p["provider_token"] = in.ProviderToken
	p["currency"] = in.Currency
	p["prices"] = string(prices)
	p["suggested_tip_amounts"] = "[]" // null is refused, and Stars allow no tips
	return nil
}

// AnswerPreCheckout lets a payment go on if refusal is empty, and otherwise stops it
// with these words for the payer. Telegram waits ten seconds for it, so it never waits
// behind the limits of sends. TooLate reports that the payment was cancelled meanwhile.
//
// Source: https://core.telegram.org/bots/api#answerprecheckoutquery
func (c *Client) AnswerPreCheckout(ctx context.Context, id, refusal string) error {
	p := tgbotapi.Params{"pre_checkout_query_id": id, "ok": strconv.FormatBool(refusal == "")}
	if refusal != "" {
		p["error_message"] = valid(refusal)
	}
	_, err := c.call(ctx, "answerPreCheckoutQuery", p, impatient)
	return err
}

// RefundStars gives all Stars of one payment back. It may be repeated: a payment that
// was refunded before is success.
//
// Errors: Temporary says that the same call is worth making again, whatever became of
// this one; RefundImpossible that it never will be. What is neither is a refusal that
// nobody has met yet: try again, slowly, and tell a person.
//
// Source: https://core.telegram.org/bots/api#refundstarpayment
func (c *Client) RefundStars(ctx context.Context, person int64, chargeID string) error {
	const method = "refundStarPayment"
	switch {
	case person <= 0:
		return invalid(method, "no person")
	case chargeID == "":
		return invalid(method, "no charge id")
	}
	p := tgbotapi.Params{"user_id": strconv.FormatInt(person, 10), "telegram_payment_charge_id": chargeID}
	_, err := c.call(ctx, method, p, patient)
	if refused(err, "CHARGE_ALREADY_REFUNDED") {
		return nil
	}
	return err
}

// A StarTransaction is one movement of the bot's Stars.
type StarTransaction struct {
	ID       string // of an incoming payment: its charge id; a refund has the id of its payment
	Incoming bool   // Stars came in; otherwise they went out, as a refund or a withdrawal
	Amount   int64  // whole Stars that came or went; see Paid
	Nano     int64  // billionths of a Star on top
	// Commission is what an affiliate got of it, in billionths of a Star, below zero what the affiliate gave back with a
	// refund; PerMille is at which rate. Zero: there is none.
	Commission int64
	PerMille   int64
	Date       time.Time
	Partner    string // who is on the other side: "user", "fragment", "telegram_ads", …
	UserID     int64  // who paid or was refunded; 0 for other partners
	Name       string // their first name
	Language   string // of their app; may be empty
	Kind       string // what a user paid for: "invoice_payment", …
	Payload    string // of the invoice
}

// Refund reports whether the transaction gave a payment back to a person.
func (t StarTransaction) Refund() bool { return !t.Incoming && t.Partner == "user" }

// nano is how many of the smallest parts a Star has.
const nano = 1_000_000_000

// Paid is how many Stars the person paid, or got back. Of a payment that an affiliate has a part of Telegram lists what came
// to the bot: its own apps and TDLib call the sum of both the full price. Should the line be of the whole, the rate says so.
func (t StarTransaction) Paid() int64 {
	listed, part := t.Amount*nano+t.Nano, max(t.Commission, -t.Commission)
	if part == 0 || part*1000 == listed*t.PerMille {
		return t.Amount
	}
	return (listed + part + nano/2) / nano
}

type wirePartner struct {
	Type      string   `json:"type"`
	Kind      string   `json:"transaction_type"`
	User      wireUser `json:"user"`
	Payload   string   `json:"invoice_payload"`
	Affiliate *struct {
		PerMille int64 `json:"commission_per_mille"`
		Amount   int64 `json:"amount"`
		Nano     int64 `json:"nanostar_amount"`
	} `json:"affiliate"`
}

type wireTransaction struct {
	ID       string       `json:"id"`
	Amount   int64        `json:"amount"`
	Nano     int64        `json:"nanostar_amount"`
	Date     int64        `json:"date"`
	Source   *wirePartner `json:"source"`
	Receiver *wirePartner `json:"receiver"`
}

// MaxTransactions is how many transactions one call may ask for.
const MaxTransactions = 100

// StarTransactions returns up to limit (1-100) transactions from the given offset on,
// oldest first. Fewer than limit means that there are no more yet.
//
// Source: https://core.telegram.org/bots/api#getstartransactions
func (c *Client) StarTransactions(ctx context.Context, offset, limit int) ([]StarTransaction, error) {
	const method = "getStarTransactions"
	p := tgbotapi.Params{"offset": strconv.Itoa(offset), "limit": strconv.Itoa(limit)}
	result, err := c.call(ctx, method, p, patient)
	if err != nil {
		return nil, err
	}
	var page struct {
		Transactions []wireTransaction `json:"transactions"`
	}
	if err := decode(method, result, &page); err != nil {
		return nil, err
	}
	out := make([]StarTransaction, len(page.Transactions))
	for i, t := range page.Transactions {
		out[i] = t.transaction()
	}
	return out, nil
}

// AllStarTransactions goes through all transactions from the given offset on, oldest
// first, page by page. It ends with the last one, or with an error, which comes with a
// zero transaction. The history only grows at its end, so the offset plus what was seen
// is where to go on next time.
func (c *Client) AllStarTransactions(ctx context.Context, offset int) iter.Seq2[StarTransaction, error] {
	return func(yield func(StarTransaction, error) bool) {
		for {
			page, err := c.StarTransactions(ctx, offset, MaxTransactions)
			if err != nil {
				yield(StarTransaction{}, err)
				return
			}
			for _, t := range page {
				if !yield(t, nil) {
					return
				}
			}
			if len(page) < MaxTransactions {
				return
			}
			offset += len(page)
		}
	}
}

func (w wireTransaction) transaction() StarTransaction {
	t := StarTransaction{ID: w.ID, Incoming: w.Source != nil, Amount: w.Amount, Nano: w.Nano, Date: moment(w.Date)}
	partner := w.Source
	if partner == nil {
		partner = w.Receiver
	}
	if partner != nil {
		t.Partner, t.Kind, t.UserID, t.Payload = partner.Type, partner.Kind, partner.User.ID, partner.Payload
		t.Name, t.Language = partner.User.FirstName, partner.User.Language
		if a := partner.Affiliate; a != nil {
			t.Commission, t.PerMille = a.Amount*nano+a.Nano, a.PerMille
		}
	}
	return t
}

// StarBalance returns the bot's balance in whole Stars.
//
// Source: https://core.telegram.org/bots/api#getmystarbalance
func (c *Client) StarBalance(ctx context.Context) (int64, error) {
	result, err := c.call(ctx, "getMyStarBalance", nil, patient)
	if err != nil {
		return 0, err
	}
	var balance struct {
		Amount int64 `json:"amount"`
	}
	err = decode("getMyStarBalance", result, &balance)
	return balance.Amount, err
}

// Clip cuts s to at most n characters and marks the cut with an ellipsis.
func Clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:max(n-1, 0)]) + "…"
}
