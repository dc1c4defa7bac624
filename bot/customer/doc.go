// Package customer is the shop's conversation with its customers, each in a private chat.
//
// It is the wiring: Chats takes a customer's updates and finds the handler, in one of five rooms
// that never know each other:
//
//	find     from a country, a question or anything typed to a plan; also "@bot japan"
//	buy      the plan's card, paying, the order until it is there; top-ups and swaps
//	own      the customer's eSIMs: install, look, mend, name, travel, give back
//	support  a person, and the terms of the shop
//	rights   what is held of somebody, to be forgotten, to withdraw from a contract
//
// A room leads to another's screen by a button of package refs. What several of them say alike
// is in forsale (of plans) and money. Here stay the first screen and the links that lead into
// the shop, who a customer is, what waits for the first price list, and whom typed words
// belong to: staff, a question that was asked, or the search.
//
// In each room there is one struct per conversation, with what it needs and no more; it
// registers its commands and routes. What the shop tells by itself is in the rooms'
// notifications, registered with package notify. Nothing here knows of the staff group.
package customer
