package sandbox

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The generated catalogue: which operators run networks where is common knowledge; prices, codes
// and exits are invented within the range of real ones.
var (
	//go:embed data/places.txt
	placeLines string
	//go:embed data/regions.txt
	regionLines string
)

const (
	mebibyte = 1 << 20
	cent     = 100 // in units of USD ÷ 10,000
)

// A market is a country or region as the data files describe it.
type market struct {
	code, listName, name string
	level                int
	exits                []string
	flags                string
	countries            []string // sorted
	networks             []network
	speed                string
}

func (m market) is(flag string) bool { return strings.Contains(m.flags, flag) }

// generate makes the catalogue of a seed: the same rows every time, some 2,000 of them.
func generate(seed uint64) *catalog {
	countries := readPlaces(placeLines)
	known := map[string]market{}
	for _, m := range countries {
		known[m.code] = m
	}
	regions := readRegions(regionLines, known)

	var plans []*plan
	for _, m := range slices.Concat(regions, countries) {
		plans = append(plans, m.plans(seed)...)
	}
	c := newCatalog(plans, func(p *plan) string { return topUpCode(seed, p) })
	c.regions = map[string]string{}
	for _, m := range regions {
		c.regions[m.code] = m.listName
	}
	return c
}

// lines splits a data file into rows of n columns. The files are ours, so a fault in them is one
// of the program.
func lines(file string, n int) (rows [][]string) {
	for l := range strings.Lines(file) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		cols := strings.Split(l, "|")
		if len(cols) != n {
			panic(fmt.Sprintf("sandbox: %d columns instead of %d: %s", len(cols), n, l))
		}
		rows = append(rows, cols)
	}
	return rows
}

func mustInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("sandbox: " + err.Error())
	}
	return n
}

func readPlaces(file string) (out []market) {
	for _, c := range lines(file, 6) {
		n := network{
			Name: c[1], Code: c[0], Logo: "/img/flags/" + strings.ToLower(c[0]) + ".png",
			Operators: []operator{},
		}
		for o := range strings.SplitSeq(c[5], ",") {
			at := strings.LastIndexByte(o, ' ')
			n.Operators = append(n.Operators, operator{o[:at], o[at+1:]})
		}
		out = append(out, market{
			code: c[0], listName: c[1], name: c[1], level: mustInt(c[2]),
			exits: strings.Split(c[3], ","), flags: c[4],
			countries: []string{c[0]}, networks: []network{n}, speed: speed(n),
		})
	}
	return out
}

func readRegions(file string, known map[string]market) (out []market) {
	for _, c := range lines(file, 7) {
		m := market{
			code: c[0], listName: c[1], name: c[2], level: mustInt(c[3]),
			exits: strings.Split(c[4], ","), flags: c[5],
		}
		for member := range strings.SplitSeq(c[6], ",") {
			part, ok := known[member]
			if !ok {
				panic("sandbox: " + m.code + " holds an unknown place: " + member)
			}
			m.countries = append(m.countries, part.countries...)
		}
		slices.Sort(m.countries)
		m.countries = slices.Compact(m.countries)
		for _, code := range m.countries {
			m.networks = append(m.networks, known[code].networks...)
		}
		m.speed = speed(m.networks...)
		known[m.code] = m
		out = append(out, m)
	}
	return out
}

// speed is the generations that any of the networks has: "3G/4G/5G".
func speed(networks ...network) string {
	best := "3G"
	for _, n := range networks {
		for _, o := range n.Operators {
			best = max(best, o.Type)
		}
	}
	return map[string]string{"3G": "3G", "4G": "3G/4G", "5G": "3G/4G/5G"}[best]
}

// A size is what is offered: an amount of data for some days, or per day.
type size struct {
	mb, days int
	flag     string // offered only where the market has it
	maxLevel int    // offered only where data is this cheap
}

var fixedSizes = []size{
	{100, 7, "m", 9},
	{500, 1, "m", 2},
	{500, 7, "", 4},
	{1024, 7, "", 9},
	{3072, 15, "", 9},
	{3072, 30, "", 9},
	{5120, 30, "", 9},
	{10240, 30, "", 8},
	{20480, 30, "", 6},
	{51200, 30, "m", 3},
	{51200, 180, "m", 4},
}

var daySizes = []size{{500, 1, "", 9}, {1024, 1, "", 9}, {2048, 1, "", 9}, {5120, 1, "m", 3}}

// plans are the rows of a market: for the second exit, where there is one, as _nonhkip.
func (m market) plans(seed uint64) (out []*plan) {
	for i, exit := range m.exits {
		suffix, note := "", ""
		if i > 0 {
			suffix, note = "_nonhkip", " (nonhkip)"
		}
		for _, z := range fixedSizes {
			if z.maxLevel >= m.level && m.is(z.flag) {
				out = append(out, m.fixed(seed, z, exit, suffix, note))
			}
		}
		if m.is("d") {
			continue
		}
		for _, z := range daySizes {
			if z.maxLevel >= m.level && m.is(z.flag) {
				out = append(out, m.dayPass(seed, z, exit, suffix, note, "384 Kbps"))
			}
		}
		if i == 0 && m.level <= 2 {
			out = append(out, m.dayPass(seed, daySizes[1], exit, "_1Mbps", " FUP1Mbps", "1 Mbps"))
		}
	}
	return out
}

func (m market) fixed(seed uint64, z size, exit, suffix, note string) *plan {
	p := m.row(exit, z)
	p.Slug = fmt.Sprintf("%s_%s_%d%s", m.code, gigabytes(z.mb), z.days, suffix)
	p.Name = fmt.Sprintf("%s %s %d%s%s", m.name, volumeName(z.mb), z.days, plural("Day", z.days), note)
	p.DataType = 1
	if !m.is("n") {
		p.SupportTopUp = topUpPlain
	}
	p.Favorite = m.is("f") && z.mb == 1024
	return m.finish(seed, p, z, 1)
}

func (m market) dayPass(seed uint64, z size, exit, suffix, note, fup string) *plan {
	p := m.row(exit, z)
	p.Slug = fmt.Sprintf("%s_%s_Daily%s", m.code, gigabytes(z.mb), suffix)
	p.Name = fmt.Sprintf("%s %s/Day%s", m.name, volumeName(z.mb), note)
	p.DataType = dataDaily
	p.FUPPolicy = fup
	if !m.is("n") {
		p.SupportTopUp = topUpByDays
	}
	faster := 1.0
	if fup == "1 Mbps" {
		faster = 1.1
	}
	return m.finish(seed, p, z, faster)
}

// row is what all plans of a market share.
func (m market) row(exit string, z size) *plan {
	return &plan{
		CurrencyCode: "USD", Volume: int64(z.mb) * mebibyte, SMSStatus: smsStatus(exit),
		UnusedValidTime: 180, Duration: z.days, DurationUnit: "DAY",
		Location: strings.Join(m.countries, ","), LocationCode: m.code,
		ActiveType: activeType(m), Speed: m.speed, IPExport: exit, SupportTopUp: topUpNone,
		Networks: m.networks,
	}
}

// finish gives a row its code, its description and its price.
func (m market) finish(seed uint64, p *plan, z size, factor float64) *plan {
	h := hash(seed, p.Slug)
	p.PackageCode = "P" + letters(h, 8)
	if h%4 != 0 { // often empty in live answers
		p.Description = p.Name
	}
	p.Price = m.price(seed, z, factor)
	p.RetailPrice = 2 * p.Price
	return p
}

// gbCents is what a gigabyte costs by level, in cents, before the discount for quantity.
var gbCents = [...]float64{1: 70, 110, 170, 260, 390, 560, 760, 990, 1300}

// price is in whole cents, grows with volume and days, and differs by ±8 % between markets.
func (m market) price(seed uint64, z size, factor float64) int64 {
	gb := float64(z.mb) / 1024
	local := 0.92 + float64(hash(seed, m.code)%1000)/1000*0.16
	days := 1 + 0.06*math.Log2(float64(z.days))
	cents := gbCents[m.level] * math.Pow(gb, 0.85) * local * days * factor
	return max(1, int64(math.Round(cents))) * cent
}

func smsStatus(exit string) int {
	switch exit {
	case "UK/NO":
		return 1
	case "HK", "SG", "NL", "IL":
		return 2
	default:
		return 0
	}
}

func activeType(m market) int {
	if m.is("i") {
		return 1
	}
	return 2
}

// topUpCode is mostly the base code with a prefix, and now and then another one, as at the vendor's:
// who computes it from the base code fails here too.
func topUpCode(seed uint64, p *plan) string {
	if h := hash(seed, "top-up "+p.Slug); h%3 == 0 {
		return topUpPrefix + letters(h, 8)
	}
	return topUpPrefix + p.PackageCode
}

// gigabytes is the volume as slugs have it. 500 × 2^20 bytes are sold as 0.5 GB, 100 as 0.1.
func gigabytes(mb int) string {
	if mb < 1024 {
		return strconv.FormatFloat(float64(mb)/1000, 'f', -1, 64)
	}
	return strconv.Itoa(mb / 1024)
}

func volumeName(mb int) string {
	if mb < 1024 {
		return fmt.Sprintf("%dMB", mb)
	}
	return fmt.Sprintf("%dGB", mb/1024)
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func hash(seed uint64, s string) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", seed, s)
	return h.Sum64()
}

// letters writes h as n letters and digits.
func letters(h uint64, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[h%uint64(len(alphabet))]
		h /= uint64(len(alphabet))
	}
	return string(b)
}
