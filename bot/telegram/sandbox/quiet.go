package sandbox

// lowestID is below every id that Telegram begins to count from.
const lowestID = 2_000_001

// ResetUpdateIDs is a week without updates: what still waited has expired, and the ids begin
// anew at a random number. Telegram's may be higher too, which harms nobody; here it is
// always lower.
//
// Source: https://core.telegram.org/bots/api#update (update_id)
func (s *Server) ResetUpdateIDs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.updates
	q.list = nil
	if room := q.next - lowestID - 1000; room > 0 {
		q.next = lowestID + s.rng.Int64N(room)
	}
}
