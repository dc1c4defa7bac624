package staff

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"esimbot/bot/ui"
	"esimbot/esim"
	"esimbot/i18n"
)

// An argumentKind is how an argument is read.
type argumentKind int

const (
	kindOrder    argumentKind = iota // the id of an order that there is
	kindCustomer                     // the number of a customer that there is
	kindAmount                       // US dollars, as parseDollars reads them
	kindNumber                       // a whole number
	kindWord                         // one word, read by the handler: r.Word
	kindReason                       // all the rest, on one line of at most maxReason
	kindText                         // all the rest, read by the handler
	kindProse                        // all the rest, as it was written: words for people
)

// An argument is what is typed behind a command. One that is missing is asked for in words, by the sentence
// staff.arg_<name>; one that is none of its kind is said to be none, by staff.wrong_<kind>.
type argument struct {
	kind     argumentKind
	name     string
	optional bool
	preset   int // of a number that is left out
	most     int // of a number
}

// What commands take. A command has at most one of each kind but words.
var (
	orderArg    = argument{kind: kindOrder, name: "order"}
	customerArg = argument{kind: kindCustomer, name: "customer"}
	amountArg   = argument{kind: kindAmount, name: "amount"}
	reasonArg   = argument{kind: kindReason, name: "reason"}
	noteArg     = argument{kind: kindReason, name: "note"}
)

// nothingElse is taken by what acts at once: words behind it mean that something else is expected of it, as of "/resume 18:00".
var nothingElse = []argument{}

// wordArg is one word that the handler reads, textArg all that follows, and proseArg what is written for people.
func wordArg(name string) argument  { return argument{kind: kindWord, name: name} }
func textArg(name string) argument  { return argument{kind: kindText, name: name} }
func proseArg(name string) argument { return argument{kind: kindProse, name: name} }

// daysArg is a number of days, from 1 to most; preset if it is left out.
func daysArg(preset, most int) argument { return numberArg("days", preset, most) }

func numberArg(name string, preset, most int) argument {
	return argument{kind: kindNumber, name: name, optional: true, preset: preset, most: most}
}

// ifAny is the argument where it may be left out.
func (a argument) ifAny() argument {
	a.optional = true
	return a
}

// takes is short for a command's arguments, in the order in which they are typed.
func takes(args ...argument) []argument { return args }

// given is what was typed behind a command, read.
type given struct {
	order    esim.OrderID
	customer esim.Customer
	amount   esim.Money // USD
	number   int
	reason   string
	text     string
}

// A missingArgument is one that was left out, a wrongArgument one that is none of its kind.
type (
	missingArgument struct{ argument }
	wrongArgument   struct {
		key   string // of the sentence that says so
		words string
	}
)

func (e missingArgument) Error() string { return "no " + e.name }
func (e wrongArgument) Error() string   { return e.key + ": " + e.words }

// readArguments reads what was typed behind a command, the first fault counts. Whoever types digits of another script means
// the number.
func (g *Group) readArguments(ctx context.Context, r *request, args []argument) error {
	words := r.Data.Args
	for _, a := range args {
		if len(words) == 0 {
			if !a.optional {
				return missingArgument{a}
			}
			if a.kind == kindNumber {
				r.given.number = a.preset
			}
			continue
		}
		at := len(r.Data.Args) - len(words)
		switch a.kind {
		case kindReason:
			if sum, _, ok := amountBefore(words); ok && r.given.amount.Minor != 0 { // "1 000 why" is no dollar
				return wrongArgument{"staff.wrong_amount", r.Data.Args[at-1] + " " + sum}
			}
			r.given.reason, words = oneLine(words), nil
			continue
		case kindProse:
			r.given.text, words = rest(r.CommandText, at), nil
			continue
		case kindText:
			for i := range words {
				words[i] = i18n.PlainDigits(words[i])
			}
			r.given.text, words = i18n.PlainDigits(rest(r.CommandText, at)), nil
			continue
		}
		words[0] = i18n.PlainDigits(words[0])
		if err := g.readWord(ctx, &r.given, a, words[0]); err != nil {
			return err
		}
		words = words[1:]
	}
	if len(words) > 0 && args != nil { // whoever typed them means something by them
		return wrongArgument{"staff.wrong_words", strings.Join(words, " ")}
	}
	return nil
}

// likeAmount is what is written as a sum of money, with or without its currency: no date, no time, no "3G".
var likeAmount = regexp.MustCompile(`^[-+]?[$€£⭐]?\d[\d.,]*[$€£⭐%]?$`)

// amountBefore takes what looks like a sum from in front of a reason.
func amountBefore(words []string) (sum string, others []string, ok bool) {
	if len(words) == 0 || !likeAmount.MatchString(i18n.PlainDigits(words[0])) {
		return "", words, false
	}
	sum, others = i18n.PlainDigits(words[0]), words[1:]
	if len(others) > 0 && slices.Contains([]string{"$", "usd", "dollar", "dollars"}, strings.ToLower(others[0])) {
		others = others[1:]
	}
	return sum, others, true
}

// readWord reads an argument of one word.
func (g *Group) readWord(ctx context.Context, to *given, a argument, word string) (err error) {
	switch a.kind {
	case kindOrder:
		if to.order, err = esim.ParseOrderID(word); err != nil {
			return wrongArgument{"staff.wrong_order", word}
		}
		if _, err = g.orders.Order(ctx, to.order); errors.Is(err, esim.ErrNotFound) {
			return wrongArgument{"staff.order_none", word}
		}
	case kindCustomer:
		id, err := strconv.ParseInt(word, 10, 64)
		if errors.Is(err, strconv.ErrRange) { // a number, and nobody's
			return wrongArgument{"staff.customer_none", word}
		}
		if err != nil {
			return wrongArgument{"staff.wrong_customer", word}
		}
		to.customer, err = g.orders.Customer(ctx, esim.CustomerID(id))
		if errors.Is(err, esim.ErrNotFound) {
			return wrongArgument{"staff.customer_none", word}
		}
		return err
	case kindAmount:
		var ok bool
		if to.amount, ok = parseDollars(word); !ok {
			return wrongArgument{"staff.wrong_amount", word}
		}
	case kindNumber:
		if to.number, err = strconv.Atoi(word); err != nil {
			return wrongArgument{"staff.wrong_number", word}
		}
		to.number = min(max(to.number, 1), a.most)
	}
	return err
}

// notUnderstood names what cannot be read of a command, above what it takes.
func notUnderstood(r *request, words, usage string) ui.Screen {
	return ui.Screen{Text: r.T("staff.wrong_words", i18n.Args{"words": ui.Truncate(words, 64)}) + "\n\n" + usage}
}

// rest is a text without its first words.
func rest(text string, words int) string {
	for range words {
		text = strings.TrimLeft(text, " \t\n")
		if i := strings.IndexAny(text, " \t\n"); i >= 0 {
			text = text[i:]
		} else {
			text = ""
		}
	}
	return strings.TrimSpace(text)
}

//i18n:use staff.arg_* staff.wrong_*

// asksFor says which argument of a command is missing or none, with what the command looks like.
func asksFor(r *request, c command, err error) (ui.Screen, bool) {
	var missing missingArgument
	var wrong wrongArgument
	var words string
	switch {
	case errors.As(err, &missing):
		words = r.T("staff.arg_"+missing.name, nil)
	case errors.As(err, &wrong):
		named := ui.Truncate(wrong.words, 64)
		words = r.T(wrong.key, i18n.Args{"words": named, "customer": named, "most": r.ExactAmount(esim.USDCents(maxGrant))})
	default:
		return ui.Screen{}, false
	}
	return ui.Screen{Text: words + "\n\n" + c.help(r)}, true
}
