// Package ui is what the conversations with customers and with staff have in common.
//
// A conversation is a set of handlers. A Handler takes a Request (a press, a command, a
// typed text) and returns the Screen that should be there afterwards, or an error. A
// Router finds the handler; a Presenter runs it, turns an error or a panic into words,
// sends the screen or puts it in the place of the old one, and answers the press. So a
// handler never calls Telegram.
//
// What a Button leads to is CallbackData: a route and its arguments, at most 64 bytes. Names
// of plans, places, prices and orders are written in one way everywhere (Request.PlanTitle,
// Request.Price); errors become sentences in one table.
package ui
