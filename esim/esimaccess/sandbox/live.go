package sandbox

import (
	"net/http"
	"time"
)

// shareUsage is what the vendor's share page asks for the data an eSIM has used by now.
const shareUsage = "/api/v1/h5/share/order/queryUsage"

// servesShare answers the share page's question; false if r is none. It has neither access code nor
// limit: the token is the secret. Seen once, by one client (September 2026); the real token is read
// off the page behind shortUrl, here it is shortUrl's last part.
func (s *Sandbox) servesShare(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path != shareUsage {
		return false
	}
	var a answer
	s.locked(func(now time.Time) {
		p := s.shared(r.URL.Query().Get("token"), now)
		if p == nil {
			a = refusal(refuse(codeNoICCID, "the merchant has not the iccid."))
			return
		}
		a = success(codeZero, struct {
			ICCID         string `json:"iccid"`
			TotalVolume   int64  `json:"totalVolume"`
			DataUsage     int64  `json:"dataUsage"`
			ExpiredTime   stamp  `json:"expiredTime"`
			TotalDuration int    `json:"totalDuration"`
			DataType      int    `json:"dataType"`
		}{p.shownICCID(), p.totalVolume(), p.burnt(now), stamp(p.expires()), p.totalDays(), p.plan.DataType}, s.opt.Quirks)
	})
	a.write(w)
	return true
}

func (s *Sandbox) shared(token string, now time.Time) *profile {
	for _, p := range s.book.profiles {
		if p.link == token && p.there(now) {
			return p
		}
	}
	return nil
}

// queryLiveData is esim/realtimeBalance/query: what is left by now. Its answer was never captured;
// the members are those one client reads.
func (s *Sandbox) queryLiveData(now time.Time, req fields) (any, error) {
	p, err := s.named(now, req)
	if err != nil {
		return nil, err
	}
	type data struct {
		Remaining int64 `json:"dataRemaining"`
		At        stamp `json:"lastUpdateTime"`
	}
	return struct {
		Data data `json:"dataBalance"`
	}{data{max(0, p.totalVolume()-p.burnt(now)), stamp(now)}}, nil
}
