package sandbox

import (
	"bytes"
	"maps"
	"sync"
)

// What a seed or a text leads to is made once in a process: tests open hundreds of sandboxes, and
// each is given a copy, since prices move.
var made struct {
	mu     sync.Mutex
	bySeed map[uint64]*catalog
	raw    []byte // what was read last
	read   *catalog
}

func generated(seed uint64) *catalog {
	made.mu.Lock()
	defer made.mu.Unlock()
	c := made.bySeed[seed]
	if c == nil {
		c = generate(seed)
		if made.bySeed == nil || len(made.bySeed) > 20 { // tests of many seeds keep few
			made.bySeed = map[uint64]*catalog{}
		}
		made.bySeed[seed] = c
	}
	return c.copied()
}

// parsed is readCatalog of a text.
func parsed(raw []byte) (*catalog, error) {
	made.mu.Lock()
	defer made.mu.Unlock()
	if made.read == nil || !bytes.Equal(made.raw, raw) {
		c, err := readCatalog(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		made.raw, made.read = bytes.Clone(raw), c
	}
	return made.read.copied(), nil
}

// copied is a catalogue with plans of its own. What never changes in a plan is shared.
func (c *catalog) copied() *catalog {
	own := make(map[*plan]*plan, len(c.base)+len(c.topUps))
	block := make([]plan, 0, len(c.base)+len(c.topUps))
	list := func(plans []*plan) []*plan {
		out := make([]*plan, len(plans))
		for i, p := range plans {
			if own[p] == nil {
				block = append(block, *p)
				own[p] = &block[len(block)-1]
			}
			out[i] = own[p]
		}
		return out
	}
	table := func(plans map[string]*plan) map[string]*plan {
		out := maps.Clone(plans)
		for code, p := range out {
			out[code] = own[p]
		}
		return out
	}
	n := &catalog{regions: c.regions, whole: c.all()}
	n.base, n.topUps = list(c.base), list(c.topUps)
	n.byCode, n.topUpByCode = table(c.byCode), table(c.topUpByCode)
	return n
}
