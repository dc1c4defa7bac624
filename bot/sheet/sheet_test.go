package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTableOpensInASpreadsheet(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, 1<<20, "name", "amount", "at")
	zone := time.FixedZone("", 5*3600+1800)
	row := func(cells ...Cell) {
		t.Helper()
		if err := w.Row(cells...); err != nil {
			t.Fatal(err)
		}
	}
	row(Text(`Ann "the" Traveller, Zoë`), Decimal(-585, 2), Time(time.Date(2026, 10, 1, 22, 0, 0, 0, time.UTC), zone))
	row(Text("two\nlines"), Decimal(7, 4), Time(time.Time{}, zone))
	row(Text("日本"), Decimal(450, 0), YesNo(true))
	const want = "\ufeffname,amount,at\r\n" +
		`"Ann ""the"" Traveller, Zoë",-5.85,2026-10-02T03:30:00+05:30` + "\r\n" +
		"\"two\r\nlines\",0.0007,\r\n日本,450,yes\r\n"
	if out.String() != want || w.Rows() != 3 {
		t.Errorf("%d rows:\n%q\nwant\n%q", w.Rows(), out.String(), want)
	}
	if err := w.Row(Text("one cell")); err == nil {
		t.Error("a row with too few cells was taken")
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x"} {
		if got := Text(s); !strings.HasPrefix(string(got), "'") {
			t.Errorf("%q stays %q", s, got)
		}
	}
	for _, s := range []string{"", "Ann", "'quoted", "1-2", "K7M2-XQ4P"} {
		if got := Text(s); string(got) != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	if got := Text("a\xffb\x00"); got != "a\ufffdb" {
		t.Errorf("broken text became %q", got)
	}
}

// What does not fit is left out whole.
func TestTableIsBounded(t *testing.T) {
	var out bytes.Buffer
	w := New(&out, 200, "name")
	var err error
	for range 100 {
		if err = w.Row(Text(`quote "this"`)); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) || out.Len() > 200 || w.Rows() == 0 {
		t.Errorf("%d rows, %d bytes, %v", w.Rows(), out.Len(), err)
	}
	rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
	if err != nil || len(rows) != w.Rows()+1 {
		t.Errorf("%d rows are read of %d, %v", len(rows), w.Rows()+1, err)
	}
}

// Whatever somebody is called comes back as one cell, and as no formula.
func FuzzText(f *testing.F) {
	for _, s := range []string{"=1", `"`, "a,b", "\r\n", "\ufeff=1", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var out bytes.Buffer
		w := New(&out, 1<<20, "a", "b")
		if err := w.Row(Text(s), Text("end")); errors.Is(err, ErrFull) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != 2 || rows[1][1] != "end" {
			t.Fatalf("%q became %q, %v", s, rows, err)
		}
		if cell := rows[1][0]; cell != "" && slices.Contains([]rune("=+-@\t\r"), []rune(cell)[0]) {
			t.Errorf("%q begins a formula", cell)
		}
	})
}
