package esim

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
)

// ErrCurrency is returned when amounts of different currencies meet.
var ErrCurrency = errors.New("different currencies")

// ErrUnknownCurrency is returned where an amount of a currency outside the table would have
// to be made or written.
var ErrUnknownCurrency = errors.New("unknown currency")

// Money is an amount of one currency. The zero value is no money of no currency.
type Money struct {
	Minor    int64
	Currency Currency
}

// USDCents returns an amount of US dollars given in cents.
func USDCents(cents int64) Money { return Money{cents, USD} }

// USDTenThousandths returns an amount of US dollars given in ten-thousandths.
func USDTenThousandths(tenThousandths int64) Money { return Money{tenThousandths, USD4} }

// Stars returns an amount of Telegram Stars.
func Stars(n int64) Money { return Money{n, XTR} }

// Add returns m + n, or ErrCurrency.
func (m Money) Add(n Money) (Money, error) {
	if m.Currency != n.Currency {
		return Money{}, fmt.Errorf("%s + %s: %w", m, n, ErrCurrency)
	}
	return Money{m.Minor + n.Minor, m.Currency}, nil
}

// Compare orders two amounts of one currency as cmp.Compare does, or returns ErrCurrency.
// Cents and ten-thousandths of a dollar are comparable.
func (m Money) Compare(n Money) (int, error) {
	a, b := m.fine(), n.fine()
	if a.Currency != b.Currency {
		return 0, fmt.Errorf("%s <> %s: %w", m, n, ErrCurrency)
	}
	return cmp.Compare(a.Minor, b.Minor), nil
}

// fine turns cents into ten-thousandths and leaves all else as it is.
func (m Money) fine() Money {
	if m.Currency == USD {
		return Money{m.Minor * 100, USD4}
	}
	return m
}

// Times returns m multiplied by n.
func (m Money) Times(n int) Money { return Money{m.Minor * int64(n), m.Currency} }

// Cents rounds wholesale dollars up to whole cents, so that a cost is never understated.
func (m Money) Cents() Money {
	if m.Currency != USD4 {
		return m
	}
	return Money{divCeil(m.Minor, 100), USD}
}

// String is for logs and errors: "5.85 USD". What customers read is written by package i18n.
// An amount of an unknown currency is written as it is counted: "585 minor units of ZZZ".
func (m Money) String() string {
	if m == (Money{}) {
		return "0"
	}
	exp, err := m.Currency.Exponent()
	if err != nil {
		return fmt.Sprintf("%d minor units of %s", m.Minor, m.Currency)
	}
	c := m.Currency.Code()
	sign, abs := "", m.Minor
	if abs < 0 {
		sign, abs = "-", -abs
	}
	if exp == 0 {
		return fmt.Sprintf("%s%d %s", sign, abs, c)
	}
	unit := int64(1)
	for range exp {
		unit *= 10
	}
	return fmt.Sprintf("%s%d.%0*d %s", sign, abs/unit, exp, abs%unit, c)
}

// divCeil divides two non-negative numbers and rounds up.
func divCeil(a, b int64) int64 { return (a + b - 1) / b }

// mulDivCeil is a*b/c rounded up, without overflow in between; all must be
// non-negative and the result must fit.
func mulDivCeil(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(c))
	if r > 0 {
		q++
	}
	return int64(q)
}
