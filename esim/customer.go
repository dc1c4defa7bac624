package esim

import "time"

// A Customer is a customer as the shop knows them.
type Customer struct {
	ID       CustomerID
	Chat     int64  // where to write to
	Language string // chosen, or taken from the messenger; "" unknown
	// LanguageChosen: the customer chose it, so the messenger's no longer counts.
	LanguageChosen bool
	Name           string    // as they call themselves
	Phone          Phone     // what they said of it
	Zone           string    // time zone in the IANA database where they said to be; "": they did not
	ZoneAt         time.Time // when they said it
	Alerts         AlertSettings
	Quiet          QuietHours
	Unreachable    bool // blocked the bot or left; messages wait until they come back
	Created        time.Time
}
