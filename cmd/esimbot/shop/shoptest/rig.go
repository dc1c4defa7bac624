// Package shoptest is the rig of tests: the shop as package shop wires it, in front of the
// two simulators, on a real database, and with no loop running. Every test takes the steps
// itself, so none waits.
//
// New makes the business alone, in front of the vendor; Open the whole shop, with Telegram.
// The clock of all parts is the vendor simulator's.
package shoptest

import (
	"net/http/httptest"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"esimbot/cmd/esimbot/shop"
	"esimbot/esim"
	"esimbot/esim/esimaccess"
	"esimbot/esim/esimaccess/sandbox"
	"esimbot/i18n/countrynotes"
	"esimbot/storage"
)

func init() {
	// A test makes much garbage beside the few price lists that stay: the collector's time was an eighth of all.
	debug.SetGCPercent(400)
}

// Noon is when every test begins.
var Noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// Config is a shop's with the prices that tests reckon with.
func Config() shop.Config {
	return shop.Config{
		AccessCode:     "code",
		Pricing:        esim.Pricing{MarkupBP: 4000, MinProfit: esim.USDCents(50), StarValue: esim.USDTenThousandths(130), StarCost: esim.USDTenThousandths(200), MaxStars: 10_000},
		BalanceFloor:   esim.USDTenThousandths(200_000),
		LinkBase:       "https://t.me",
		ApprovalAbove:  esim.USDCents(50_00),
		RefundUnused:   true,
		WithdrawalDays: 14,
		CountryNotes:   countrynotes.BuiltIn(),
	}
}

// A Rig is the business, in front of the vendor's simulator.
type Rig struct {
	testing.TB
	*shop.Business
	Vendor *sandbox.Sandbox
	DB     *storage.DB
	Client *esimaccess.Client // of Vendor; for the tests' own questions
	config shop.Config
	stock  *stock // what a new rig begins with
}

// Dependencies are what a test takes money and complaints with. All are required.
type Dependencies struct {
	Refunds esim.RefundGateway
	Stars   shop.StarsAccount
	Report  func(esim.OrderID, error)
}

// New makes the business, with the vendor's price list and balance known. It sells FewPlans,
// unless the options name a catalogue.
func New(t testing.TB, o sandbox.Options, hands Dependencies) *Rig {
	t.Helper()
	r := &Rig{TB: t, config: Config()}
	if o.Catalog == nil && o.CatalogFile == "" && o.File == "" {
		var err error
		o.Catalog, err = FewPlans(seedOr(o.Seed))
		r.Must(err)
	}
	r.sellFrom(o)
	path := filepath.Join(t.TempDir(), "shop.db")
	r.Must(r.stock.place(path))
	var err error
	r.DB, err = storage.Open(t.Context(), path, storage.Options{Now: r.Vendor.Time, Mark: esim.NewReturnMark("secret"), NoSync: true})
	r.Must(err)
	t.Cleanup(func() { r.Must(r.DB.Close()) })
	r.wire(hands)
	r.Must(r.stock.fill(t.Context(), r.Catalog))
	r.Must(r.Monitor.Check(t.Context()))
	return r
}

// Restart puts the business together anew, as the next run of the program does: on the same
// database, and with nothing in mind.
func (r *Rig) Restart(hands Dependencies) {
	r.Helper()
	r.wire(hands)
	r.Must(r.Catalog.Refresh(r.Context()))
}

func (r *Rig) wire(hands Dependencies) {
	r.Business = shop.NewBusiness(r.config, shop.Dependencies{
		Vendor: r.Client, Store: r.DB, Refunds: hands.Refunds, Stars: hands.Stars, Now: r.Vendor.Time, Report: hands.Report,
	})
}

func seedOr(seed uint64) uint64 {
	if seed == 0 {
		return 3
	}
	return seed
}

// sellFrom starts the vendor's simulator, and a client of it.
func (r *Rig) sellFrom(o sandbox.Options) {
	r.Helper()
	o.Now, o.RateLimit = func() time.Time { return Noon }, sandbox.Off
	o.Seed = seedOr(o.Seed)
	key, known, err := keyOf(&o)
	r.Must(err)
	r.Vendor, err = sandbox.New(o)
	r.Must(err)
	server := httptest.NewServer(r.Vendor)
	r.Cleanup(server.Close)
	r.config.VendorAPI = server.URL
	client := unlimited()
	client.AccessCode, client.BaseURL, client.Now = string(r.config.AccessCode), server.URL, r.Vendor.Time
	r.Client, err = esimaccess.New(client)
	r.Must(err)
	if known {
		r.stock, err = stockOf(r.Context(), key, r.Client)
	} else {
		r.stock, err = makeStock(r.Context(), r.Client)
	}
	r.Must(err)
}

// unlimited are the vendor's client's settings for a simulator that counts no calls.
func unlimited() esimaccess.Config {
	return esimaccess.Config{PerSecond: 1e6, BackOff: func(int) time.Duration { return 0 }}
}

// Must ends the test on an error.
func (r *Rig) Must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}
