// Package staff is the owner's side of the shop: one group in Telegram, and only it.
//
// Group takes the group's updates. It makes sure that who writes or presses is a member,
// finds the command or the route in its tables, and shows the screen. Each conversation is
// a struct with what it needs: the card of an order and what can be done to it (cards,
// actions), finding orders (search), customers (people), money (ledger, stats), and the
// shop's health (status). What changes something stands in the audit log with who did it and
// why. The command's row says what it waits for (confirmation): nothing where a second word
// would undo it, as with /pause; else a press, or the press of a second person.
//
// Who may what is a table in package esim: each command and each button names its permission,
// and everybody else is told who has it. What moves much waits for a second person (sensitive actions):
// a route in stakeTable says what its press is about to do and what that is worth.
//
// What the shop tells staff by itself is in notifications.go, registered with package
// notify. A customer's talk is a thread (threads): what they write comes as notifications, and
// a reply to one goes back to them.
package staff
