package storage

import (
	"encoding/json"
	"fmt"
	"sync"

	"esimbot/esim"
)

// A storedPlan is an esim.Plan as JSON. It is written out here so that renaming a
// field of the domain never makes old orders unreadable.
type storedPlan struct {
	Code        string           `json:"code"`
	Slug        string           `json:"slug,omitempty"`
	Name        string           `json:"name,omitempty"`
	Description string           `json:"description,omitempty"`
	Location    string           `json:"location,omitempty"`
	Places      []string         `json:"places,omitempty"`
	Coverage    []storedCoverage `json:"coverage,omitempty"`
	Wholesale   int64            `json:"wholesale"`
	Currency    string           `json:"currency"`
	Data        int64            `json:"data"`
	Kind        int              `json:"kind"`
	Days        int              `json:"days"`
	UnusedDays  int              `json:"unused_days,omitempty"`
	Starts      int              `json:"starts,omitempty"`
	TopUp       int              `json:"topup,omitempty"`
	SMS         int              `json:"sms,omitempty"`
	Exits       []string         `json:"exits,omitempty"`
	FairUse     string           `json:"fair_use,omitempty"`
	Speed       string           `json:"speed,omitempty"`
}

type storedCoverage struct {
	Place     string           `json:"place,omitempty"`
	Name      string           `json:"name,omitempty"`
	Operators []storedOperator `json:"operators,omitempty"`
}

type storedOperator struct {
	Name       string `json:"name,omitempty"`
	Generation string `json:"generation,omitempty"`
}

func storePlan(p esim.Plan) storedPlan {
	s := storedPlan{
		Code: p.Code, Slug: p.Slug, Name: p.Name, Description: p.Description, Location: p.Location, Places: p.Places,
		Wholesale: p.Wholesale.Minor, Currency: string(p.Wholesale.Currency), Data: p.Data, Kind: int(p.Kind), Days: p.Days,
		UnusedDays: p.UnusedDays, Starts: int(p.ValidityStart), TopUp: int(p.TopUp), SMS: int(p.SMS), Exits: p.BreakoutCountries,
		FairUse: p.ThrottledSpeed, Speed: p.Generations,
	}
	for _, c := range p.Coverage {
		sc := storedCoverage{Place: c.Place, Name: c.Name}
		for _, o := range c.Networks {
			sc.Operators = append(sc.Operators, storedOperator(o))
		}
		s.Coverage = append(s.Coverage, sc)
	}
	return s
}

func (s storedPlan) plan() esim.Plan {
	p := esim.Plan{
		Code: s.Code, Slug: s.Slug, Name: s.Name, Description: s.Description, Location: s.Location, Places: s.Places,
		Wholesale: esim.Money{Minor: s.Wholesale, Currency: esim.Currency(s.Currency)}, Data: s.Data,
		Kind: esim.DataKind(s.Kind), Days: s.Days, UnusedDays: s.UnusedDays, ValidityStart: esim.ValidityStart(s.Starts),
		TopUp: esim.TopUpKind(s.TopUp), SMS: esim.SMSKind(s.SMS), BreakoutCountries: s.Exits, ThrottledSpeed: s.FairUse, Generations: s.Speed,
	}
	for _, sc := range s.Coverage {
		c := esim.Coverage{Place: sc.Place, Name: sc.Name}
		for _, o := range sc.Operators {
			c.Networks = append(c.Networks, esim.MobileNetwork(o))
		}
		p.Coverage = append(p.Coverage, c)
	}
	return p
}

// planText is a plan on its way to or from a column.
func planText(p esim.Plan) (string, error) {
	b, err := json.Marshal(storePlan(p))
	if err != nil {
		return "", fmt.Errorf("write plan %s as JSON: %w", p.Code, err)
	}
	return string(b), nil
}

// parsePlan reads a plan as its text says, or remembers it: of thousands of orders and eSIMs most
// are of a few plans, and one for all the world takes a while to read. Nobody changes a plan's lists.
func parsePlan(text string) (esim.Plan, error) {
	if p, ok := parsedPlans.get(text); ok {
		return p, nil
	}
	p, err := readPlan(text)
	if err == nil {
		parsedPlans.put(text, p)
	}
	return p, err
}

func readPlan(text string) (esim.Plan, error) {
	var s storedPlan
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return esim.Plan{}, fmt.Errorf("read a stored plan: %w", err)
	}
	return s.plan(), nil
}

// A planMemo remembers what texts of plans mean. The zero value is ready.
type planMemo struct {
	mu sync.RWMutex
	of map[string]esim.Plan
}

// parsedPlans only saves work: what parsePlan returns does not depend on it.
var parsedPlans planMemo

// memoMost is how many plans are remembered before all are forgotten: more than a shop sells of.
const memoMost = 1000

func (m *planMemo) get(text string) (esim.Plan, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.of[text]
	return p, ok
}

func (m *planMemo) put(text string, p esim.Plan) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil || len(m.of) >= memoMost {
		m.of = map[string]esim.Plan{}
	}
	m.of[text] = p
}
