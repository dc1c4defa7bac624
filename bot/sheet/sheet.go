// Package sheet writes tables that open in any spreadsheet: CSV as RFC 4180 has it, in UTF-8 with the mark in front by
// which Excel knows that. No cell is taken for a formula, whatever a customer calls themselves. The package knows nothing of
// the shop.
//
//	w := sheet.New(&out, 20<<20, "order", "paid", "price", "currency")
//	err := w.Row(sheet.Text("K7M2-XQ4P"), sheet.Time(paid, zone), sheet.Decimal(585, 2), sheet.Text("USD"))
package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// byteOrderMark says that what follows is UTF-8.
const byteOrderMark = "\ufeff"

// ErrFull is returned for a row that would make the table larger than it may be. What was written before stays whole.
var ErrFull = errors.New("the table is full")

// A Cell is one field, made by the functions beside it.
type Cell string

// Text is words of anybody. What a spreadsheet would calculate gets an apostrophe in front, which shows that it is text.
//
// Source: https://owasp.org/www-community/attacks/CSV_Injection
func Text(s string) Cell {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd")
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		s = "'" + s
	}
	return Cell(s)
}

// Number is a whole number.
func Number(n int64) Cell { return Cell(strconv.FormatInt(n, 10)) }

// Decimal is an amount given in its smallest unit, of which the last places digits are the fraction: 585 with 2 is 5.85.
func Decimal(minor int64, places int) Cell {
	digits, negative := strings.CutPrefix(strconv.FormatInt(minor, 10), "-")
	if negative {
		return "-" + decimal(digits, places)
	}
	return decimal(digits, places)
}

func decimal(digits string, places int) Cell {
	if places == 0 {
		return Cell(digits)
	}
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	return Cell(digits[:len(digits)-places] + "." + digits[len(digits)-places:])
}

// Time is a moment with the offset of the zone; nothing for the zero time.
func Time(t time.Time, zone *time.Location) Cell {
	if t.IsZero() {
		return ""
	}
	return Cell(t.In(zone).Format(time.RFC3339))
}

// YesNo is "yes" or "no".
func YesNo(b bool) Cell {
	if b {
		return "yes"
	}
	return "no"
}

// A Writer writes one table, row by row. Create it with New.
type Writer struct {
	out     *counted
	csv     *csv.Writer
	columns int
	limit   int
	rows    int
	record  []string
}

// counted counts what was written.
type counted struct {
	w io.Writer
	n int
}

// Write implements io.Writer.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += n
	return n, err
}

// New begins a table of at most limit bytes with the names of its columns.
func New(w io.Writer, limit int, columns ...string) *Writer {
	out := &counted{w: w}
	s := &Writer{out: out, csv: csv.NewWriter(out), columns: len(columns), limit: limit}
	s.csv.UseCRLF = true
	_, _ = io.WriteString(out, byteOrderMark) // an error comes again with the first row
	_ = s.csv.Write(columns)
	s.csv.Flush()
	return s
}

// Row adds a row, with as many cells as there are columns. It fails with ErrFull.
func (s *Writer) Row(cells ...Cell) error {
	if len(cells) != s.columns {
		return fmt.Errorf("%d cells for %d columns", len(cells), s.columns)
	}
	s.record = s.record[:0]
	size := 2
	for _, c := range cells {
		s.record = append(s.record, string(c))
		size += len(c) + strings.Count(string(c), `"`) + strings.Count(string(c), "\n") + 3 // as long as it may become
	}
	if s.out.n+size > s.limit {
		return ErrFull
	}
	if err := s.csv.Write(s.record); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	s.csv.Flush()
	s.rows++
	if err := s.csv.Error(); err != nil {
		return fmt.Errorf("write a row: %w", err)
	}
	return nil
}

// Rows is how many rows there are, without the names of the columns.
func (s *Writer) Rows() int { return s.rows }
