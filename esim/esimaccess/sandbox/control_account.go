package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

type clockAnswer struct {
	Time time.Time `json:"time"`
}

func getClock(s *Sandbox, _ *http.Request, _ []byte) (any, error) { return clockAnswer{s.Time()}, nil }

func postClock(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q struct {
		Advance span `json:"advance"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.Advance <= 0 {
		return nil, fmt.Errorf("advance must be more than nothing: the clock never goes back")
	}
	return clockAnswer{s.Advance(time.Duration(q.Advance))}, nil
}

type balanceAnswer struct {
	Balance int64 `json:"balance"`
}

func getBalance(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	return balanceAnswer{s.Balance()}, nil
}

func postBalance(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q struct {
		Balance *int64 `json:"balance"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.Balance == nil || *q.Balance < 0 {
		return nil, fmt.Errorf("balance must be given, in USD × 10,000, and not be negative")
	}
	s.SetBalance(*q.Balance)
	return balanceAnswer{*q.Balance}, nil
}

func postPrice(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q struct {
		Code  string `json:"code"`
		Price *int64 `json:"price"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.Price == nil || *q.Price < 0 {
		return nil, fmt.Errorf("price must be given, in USD × 10,000, and not be negative")
	}
	if err := s.SetPrice(q.Code, *q.Price); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotThere, err)
	}
	return q, nil
}

func getOrders(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	type orderAnswer struct {
		OrderNo       string    `json:"orderNo"`
		TransactionID string    `json:"transactionId"`
		At            time.Time `json:"at"`
		Amount        int64     `json:"amount"`
		Charged       int       `json:"charged"` // how many times
		EsimTranNos   []string  `json:"esimTranNos"`
	}
	out := []orderAnswer{}
	for _, o := range s.Orders() {
		out = append(out, orderAnswer{o.OrderNo, o.TransactionID, o.At, o.Amount, s.Charged(o.TransactionID), o.EsimTranNos})
	}
	return struct {
		Orders []orderAnswer `json:"orders"`
	}{out}, nil
}

func postWithhold(s *Sandbox, r *http.Request, body []byte) (any, error) {
	var q struct {
		N int `json:"n"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.N == 0 {
		return q, s.Deliver(r.PathValue("orderNo"))
	}
	return q, s.Withhold(r.PathValue("orderNo"), q.N)
}

func getWebhooks(s *Sandbox, r *http.Request, _ []byte) (any, error) {
	after, err := number(r, "after", 0)
	if err != nil {
		return nil, err
	}
	all := s.Webhooks()
	all = slices.DeleteFunc(all, func(d Delivery) bool { return d.Number <= after })
	s.mu.Lock()
	defer s.mu.Unlock()
	return struct {
		URL      string     `json:"url"`
		Webhooks []Delivery `json:"webhooks"`
	}{s.hook.URL, all}, nil
}

func postWebhooks(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q struct {
		URL *string `json:"url"`
	}
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.URL == nil || *q.URL != "" && !webURL(*q.URL) || len(*q.URL) > maxURL {
		return nil, fmt.Errorf(`url must be an http or https address, or "" for none`)
	}
	s.locked(func(time.Time) { s.listen(hook{*q.URL, s.hook.Code}) })
	return q, nil
}

func postSettle(s *Sandbox, r *http.Request, body []byte) (any, error) {
	if err := decode(body, &struct{}{}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	if err := s.Settle(ctx); err != nil {
		return nil, err
	}
	return done{}, nil
}

func getCalls(s *Sandbox, r *http.Request, _ []byte) (any, error) {
	last, err := number(r, "last", 20)
	if err != nil {
		return nil, err
	}
	after, err := number(r, "after", 0)
	if err != nil {
		return nil, err
	}
	type callAnswer struct {
		Number   int       `json:"number"`
		At       time.Time `json:"at"`
		Endpoint string    `json:"endpoint"`
		Status   int       `json:"status"` // 0: closed without an answer
		Took     span      `json:"took"`
		Fault    string    `json:"fault"`
		Request  string    `json:"request"`
		Answer   string    `json:"answer"`
		Cut      bool      `json:"cut"` // answer is not whole
	}
	out := []callAnswer{}
	for _, c := range s.calls.after(after, last) {
		out = append(out, callAnswer{c.Number, c.At, c.Endpoint, c.Status, span(c.Took), c.Fault, c.Request, c.Answer, c.Cut})
	}
	return struct {
		Calls []callAnswer `json:"calls"`
	}{out}, nil
}

func postReset(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	if err := decode(body, &struct{}{}); err != nil {
		return nil, err
	}
	if err := s.Reset(); err != nil {
		return nil, err
	}
	return clockAnswer{s.Time()}, nil
}

// Reset makes a new account as [New] made the first: no orders and no webhooks, the first balance,
// settings and catalogue, no faults, and the clock at real time. Breakpoints stay. It fails only if the
// catalogue cannot be read again; one given as a Reader is not, and keeps its prices.
func (s *Sandbox) Reset() error {
	o := s.first
	c, err := s.catalog, error(nil)
	if o.Catalog == nil {
		if c, err = openCatalog(o); err != nil {
			return err
		}
	}
	s.faults.clear()
	s.calls.clear()
	s.limit.set(o.RateLimit)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.set(0, time.Time{})
	s.catalog, s.prices = c, map[string]int64{}
	s.opt.AllocationTime, s.opt.UsageLag, s.opt.TopUpTime = o.AllocationTime, o.UsageLag, o.TopUpTime
	s.opt.RepeatedOrder, s.opt.Quirks = o.RepeatedOrder, o.Quirks
	s.book = newBook(o.Seed, o.Balance)
	s.hook, s.notified, s.sent, s.deliveries, s.batch = hook{}, 0, 0, nil, nil
	s.walked, s.next = time.Time{}, time.Time{}
	s.dirty = true
	s.commit()
	return nil
}

type faultAnswer struct {
	ID       int    `json:"id"`
	Kind     string `json:"kind"`
	Endpoint string `json:"endpoint"`
	Count    int    `json:"count"`
	Left     int    `json:"left"`
	Skip     int    `json:"skip"`
	Delay    span   `json:"delay"`
	Code     string `json:"code"`
	Text     string `json:"text"`
	Worked   bool   `json:"worked"`
}

func (s *Sandbox) listFaults() (list []faultAnswer, down bool) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	list = []faultAnswer{}
	for _, o := range s.faults.orders {
		list = append(list, faultAnswer{o.id, kindSlugs[o.Kind], o.Endpoint, o.Count, o.left, o.Skip, span(o.Delay), o.Code, o.Text, o.Worked})
	}
	return list, s.faults.down
}

type faultsAnswer struct {
	Faults []faultAnswer `json:"faults"`
	Down   bool          `json:"down"`
}

func getFaults(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	list, down := s.listFaults()
	return faultsAnswer{list, down}, nil
}

func deleteFaults(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	s.Mend()
	return getFaults(s, nil, nil)
}

func deleteFault(s *Sandbox, r *http.Request, _ []byte) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.faults.drop(id) {
		return nil, fmt.Errorf("fault %s: %w", r.PathValue("id"), errNotThere)
	}
	return getFaults(s, nil, nil)
}

type downAnswer struct {
	Down *bool `json:"down"`
}

func getDown(s *Sandbox, _ *http.Request, _ []byte) (any, error) {
	_, down := s.listFaults()
	return downAnswer{&down}, nil
}

func postDown(s *Sandbox, _ *http.Request, body []byte) (any, error) {
	var q downAnswer
	if err := decode(body, &q); err != nil {
		return nil, err
	}
	if q.Down == nil {
		return nil, fmt.Errorf("down must be true or false")
	}
	s.Down(*q.Down)
	return q, nil
}
