package shoptest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"esimbot/esim/esimaccess/sandbox"
)

// placesSold are the location codes of FewPlans: a country, its regions and the whole world.
var placesSold = []string{"JP", "ES", "TR", "DE", "GB", "IT", "GR", "AS-2", "EU-7", "GL-139"}

var (
	fewMutex  sync.Mutex
	fewBySeed = map[uint64][]byte{}
)

// FewPlans is a package/list answer with the plans of a handful of places, out of the list that
// the vendor's simulator makes of the seed. Most tests need one plan of each kind, and to read
// the whole list took more of their time than all they did with it.
func FewPlans(seed uint64) (io.Reader, error) {
	fewMutex.Lock()
	defer fewMutex.Unlock()
	if b, ok := fewBySeed[seed]; ok {
		return bytes.NewReader(b), nil
	}
	vendor, err := sandbox.New(sandbox.Options{Seed: seed, RateLimit: sandbox.Off})
	if err != nil {
		return nil, err
	}
	defer vendor.Close()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/open/package/list", strings.NewReader("{}"))
	r.Header.Set("RT-AccessCode", "code")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	vendor.ServeHTTP(w, r)
	var answer struct {
		Success   bool   `json:"success"`
		ErrorCode string `json:"errorCode"`
		Obj       struct {
			PackageList []json.RawMessage `json:"packageList"`
		} `json:"obj"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		return nil, err
	}
	kept := answer.Obj.PackageList[:0]
	for _, raw := range answer.Obj.PackageList {
		var p struct {
			LocationCode string `json:"locationCode"`
			Slug         string `json:"slug"`
		}
		if err := json.Unmarshal(raw, &p); err != nil {
			return nil, err
		}
		for _, place := range placesSold {
			if strings.HasPrefix(p.Slug, place+"_") {
				kept = append(kept, raw)
			}
		}
	}
	answer.Obj.PackageList = kept
	b, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	fewBySeed[seed] = b
	return bytes.NewReader(b), nil
}
