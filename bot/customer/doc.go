// Package customer is the shop's conversation with its customers, each in a private chat.
//
// There is one struct per conversation, with what it needs and no more: starting, browsing
// and searching for a plan, its card, paying, the customer's eSIMs, topping one up, giving
// one back, and the words the law asks for. Each registers its commands and routes; Chats
// takes a customer's updates and finds the handler.
//
// What others read in their chats are the cards of inline.go: nothing in them is of whoever
// sends them. Links that open the shop are made in links.go and followed in deeplink.go.
//
// Money arrives twice: Telegram asks before (PreCheckout) and tells after. What the shop
// tells by itself is in notifications.go, registered with package notify. Questions to
// people go to a HelpDesk. Nothing here knows of the staff group.
package customer
