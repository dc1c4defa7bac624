package esim

import "time"

// SeenAfter is how far apart two things must lie that a customer does, for the second to be noted as the last one: who presses
// through the shop costs one write.
const SeenAfter = time.Hour

// A Customer is a customer as the shop knows them.
type Customer struct {
	ID       CustomerID
	Chat     int64  // where to write to
	Language string // chosen, or taken from the messenger; "" unknown
	// LanguageChosen: the customer chose it, so the messenger's no longer counts.
	LanguageChosen bool
	Name           string    // as they call themselves
	Username       string    // in the messenger, without @; "": they have none
	Seen           time.Time // when they last did something here, to the hour; zero: not since that is noted
	Phone          Phone     // what they said of it
	Zone           string    // time zone in the IANA database where they said to be; "": they did not
	ZoneAt         time.Time // when they said it
	Alerts         AlertSettings
	Quiet          QuietHours
	Unreachable    bool // blocked the bot or left; messages wait until they come back
	NewsOff        bool // they want none of the messages to all
	Created        time.Time
}
