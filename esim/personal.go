package esim

import (
	"context"
	"encoding/json"
	"strings"
	"time"
)

// A PersonalTable is what is held about one customer of one kind: their orders, their eSIMs.
type PersonalTable struct {
	Name string
	Rows []PersonalRow
}

// A PersonalRow is one thing that is held, field by field.
type PersonalRow []PersonalField

// A PersonalField is one fact. Its value is nil, a string, an int64 or a float64.
type PersonalField struct {
	Name  string
	Value any
}

// PersonalStore tells what is held about a customer.
type PersonalStore interface {
	// PersonalData is everything that is held about a customer.
	PersonalData(ctx context.Context, customer CustomerID) ([]PersonalTable, error)
}

// moments are the fields that hold a time, in UTC milliseconds since 1970.
var moments = " created changed paid_at next_at unsure_at approved_at consented at refunded_at activated expires usage_at asked trip fetched next_look edge as_of" +
	" opened spoken closed made ends taken received handled ended returned_at due "

// Text is the value as people read it: times written out in UTC.
func (f PersonalField) Text() string {
	switch v := f.Value.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64:
		if v > 1_000_000_000_000 && strings.Contains(moments, " "+f.Name+" ") || f.Name == "returned" && v > 1 {
			return time.UnixMilli(v).UTC().Format("2006-01-02 15:04:05 UTC")
		}
	}
	b, err := json.Marshal(f.Value)
	if err != nil {
		return ""
	}
	return string(b)
}

// Lines are the row for a person to read, "paid at: 2026-11-23 12:00:00 UTC": amounts with their currency, and nothing that
// is empty. word is what a field is called.
func (r PersonalRow) Lines(word func(field string) string) []string {
	currencies := map[string]Currency{}
	for _, f := range r {
		if c, ok := f.Value.(string); ok && strings.HasSuffix("_"+f.Name, "_currency") {
			currencies[strings.TrimSuffix("_"+f.Name, "_currency")] = Currency(c)
		}
	}
	var lines []string
	for _, f := range r {
		text, name := f.Text(), f.Name
		what, isAmount := strings.CutSuffix("_"+name, "_minor")
		minor, isNumber := f.Value.(int64)
		switch {
		case isAmount && isNumber:
			c, known := currencies[what]
			if !known {
				c = USD
			}
			if text, name = "", strings.TrimPrefix(what+"_amount", "_"); minor != 0 {
				text = Money{minor, c}.String()
			}
		case strings.HasSuffix("_"+name, "_currency"):
			continue
		case name == "plan":
			var plan struct{ Name string }
			if json.Unmarshal([]byte(text), &plan) == nil && plan.Name != "" {
				text = plan.Name
			}
		}
		if text != "" {
			lines = append(lines, word(name)+": "+text)
		}
	}
	return lines
}

// MarshalJSON writes a row as an object, its fields in the order of the table, with times in words and what is JSON already
// as it is.
func (r PersonalRow) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range r {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(f.Name)
		if err != nil {
			return nil, err
		}
		value, err := f.json()
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

func (f PersonalField) json() ([]byte, error) {
	switch v := f.Value.(type) {
	case string:
		if strings.HasPrefix(v, "{") && json.Valid([]byte(v)) {
			return []byte(v), nil
		}
	case int64:
		if text := f.Text(); strings.HasSuffix(text, " UTC") {
			return json.Marshal(text)
		}
	}
	return json.Marshal(f.Value)
}
