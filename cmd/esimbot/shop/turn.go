package shop

// A turn is a lock that may be held while the network is waited for. In a bubble of
// testing/synctest a goroutine that waits for a sync.Mutex keeps virtual time from passing,
// so one that is held over a call stops the simulated shop for good; a channel does not.
// It needs room for one: make(turn, 1).
type turn chan struct{}

// Lock waits until nobody else has the turn.
func (t turn) Lock() { t <- struct{}{} }

// Unlock gives the turn to the next.
func (t turn) Unlock() { <-t }
