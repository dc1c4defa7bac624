package esimaccess

import (
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"esimbot/esim"
)

const (
	testCode   = "access-code-5521"
	testSecret = "secret-key-9973"
)

// dataDir holds real answers of the vendor; it is not part of the repository.
const dataDir = "../../../shared/data"

func readData(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dataDir, name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("../shared is absent: no %s", name)
	} else if err != nil {
		t.Fatal(err)
	}
	return b
}

// A vendor is a server that gives prepared answers and notes what it was asked.
type vendor struct {
	*httptest.Server
	mu      sync.Mutex
	calls   []received
	handler http.HandlerFunc
}

type received struct {
	path   string // below /api/v1/open/
	body   string
	header http.Header
	at     time.Time
}

func newVendor(t testing.TB, h http.HandlerFunc) *vendor {
	t.Helper()
	v := &vendor{handler: h}
	v.Server = httptest.NewServer(v)
	t.Cleanup(v.Close)
	return v
}

// answering gives the same body to every call.
func answering(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	body, _ := io.ReadAll(r.Body)
	_, path, _ := strings.Cut(r.URL.Path, "/api/v1/open/")
	v.mu.Lock()
	v.calls = append(v.calls, received{path, string(body), r.Header.Clone(), at})
	v.mu.Unlock()
	v.handler(w, r)
}

func (v *vendor) received() []received {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]received(nil), v.calls...)
}

// newTestClient is a client without limit and without waiting between attempts.
func newTestClient(t testing.TB, base string, change ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{AccessCode: testCode, BaseURL: base, PerSecond: math.MaxFloat64}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.backOff = func(int) time.Duration { return 0 }
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

func providerError(t testing.TB, err error) *esim.VendorError {
	t.Helper()
	var pe *esim.VendorError
	if !errors.As(err, &pe) {
		t.Fatalf("error %v (%T) is no *esim.ProviderError", err, err)
	}
	return pe
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// fixedPlan and dayPass are plans as the catalogue has them.
var (
	fixedPlan = esim.Plan{Code: "CKH491", Slug: "NA-3_1_7", Kind: esim.TotalVolume, Wholesale: esim.USDTenThousandths(57000), Days: 7}
	dayPass   = esim.Plan{Code: "PF527KUIR", Slug: "GB_0.5_Daily", Kind: esim.DailyThrottled, Wholesale: esim.USDTenThousandths(7000), Days: 1}
)
