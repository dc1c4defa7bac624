package ui

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"esimbot/bot/telegram"
)

// BackRow is the last row of a screen: one step up, and home.
func BackRow(r *Request, up CallbackRef) []Button {
	home := NewButton(r.Plain("menu.btn_menu", nil), RouteMenu)
	if up.Data().Route == string(RouteMenu) {
		return Row(home)
	}
	return Row(Button{Text: r.Plain("menu.btn_back", nil), Data: up.Data()}, home)
}

// MenuRow is the last row of a screen that leads nowhere else: home.
func MenuRow(r *Request) [][]Button {
	return [][]Button{{NewButton(r.Plain("menu.btn_menu", nil), RouteMenu)}}
}

// A Page is one page of a list: entries From, To of it.
type Page struct{ From, To, n, last int }

// Paginate clamps the wanted page to those that exist.
func Paginate(entries, perPage, wanted int) Page {
	last := max(0, (entries-1)/perPage)
	n := min(max(wanted, 0), last)
	return Page{From: n * perPage, To: min(entries, (n+1)*perPage), n: n, last: last}
}

// Number is the page's own, from 0.
func (p Page) Number() int { return p.n }

// Row is the row to turn pages with, none for a single page.
func (p Page) Row(at func(page int) CallbackRef) [][]Button {
	if p.last == 0 {
		return nil
	}
	label := func(text string, n int) Button {
		return Button{Text: text, Data: at(min(max(n, 0), p.last)).Data()}
	}
	count := pageCount(p.n+1, p.last+1)
	if p.n == 0 {
		return [][]Button{{label(count, 0), label("›", 1)}}
	}
	if p.n == p.last {
		return [][]Button{{label("‹", p.n-1), label(count, p.n)}}
	}
	return [][]Button{{label("‹", p.n-1), label(count, p.n), label("›", p.n+1)}}
}

func pageCount(n, of int) string { return fmt.Sprintf("%d / %d", n, of) }

// Clip joins lines and drops the last ones where Telegram's limit would be passed.
func Clip(lines []string) string { return clip(lines, telegram.MaxText) }

// ClipCaption is Clip for the words under a picture.
func ClipCaption(lines []string) string { return clip(lines, telegram.MaxCaption) }

func clip(lines []string, most int) string {
	for len(lines) > 1 && telegram.Length(strings.Join(lines, "\n")) > most {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

// Truncate shortens s to at most n UTF-16 code units, in which Telegram counts: an emoji is two.
func Truncate(s string, n int) string {
	units, end := 0, 0 // end: what fits with an ellipsis behind it
	for i, c := range s {
		if units < n {
			end = i
		}
		units += utf16.RuneLen(c)
	}
	if units <= n {
		return s
	}
	return s[:end] + "…"
}
