package bot_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	vendorsandbox "esimbot/esim/esimaccess/sandbox"
)

// asAtTheVendor is the vendor's list with the Caribbean parts of the Netherlands as they are there: under the code
// that was withdrawn in 2010.
func asAtTheVendor(t *testing.T) *bytes.Reader {
	vendor, err := vendorsandbox.New(vendorsandbox.Options{Seed: 7, RateLimit: vendorsandbox.Off})
	if err != nil {
		t.Fatal(err)
	}
	defer vendor.Close()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/open/package/list", strings.NewReader("{}"))
	r.Header.Set("RT-AccessCode", "code")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	vendor.ServeHTTP(w, r)
	list := strings.NewReplacer(`"CW"`, `"AN"`, `,CW,`, `,AN,`, `"CW_`, `"AN_`).Replace(w.Body.String())
	return bytes.NewReader([]byte(list))
}

// TestServedPlaces: what nobody sells under its own name leads to the plans that work there, and says so.
func TestServedPlaces(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{Catalog: asAtTheVendor(t)})
	tests := []struct{ queries, code, says string }{
		{"ceuta|Сеута|melilla|Мелилья|canary islands|Канары|las islas canarias", "ES", "is served by the plans of Spain"},
		{"svalbard|Шпицберген|longyearbyen", "NO", "is served by the plans of Norway"},
		{"vatican|Ватикан|vatican city", "IT", "Vatican City</b> is served by the plans of Italy"},
		{"bonaire|Бонэйр|kralendijk", "AN", "is served by the plans of Netherlands Antilles"},
		{"saba|sint eustatius", "AN", "is served by the plans of Netherlands Antilles"},
		{"curacao|willemstad", "AN", "Netherlands Antilles"},
		{"sint maarten", "AN", "Sint Maarten</b> is served by the plans of Netherlands Antilles"},
		{"saint barthelemy|st barts", "GP", "is served by the plans of Guadeloupe"},
		{"guadeloupe|Гваделупа", "GP", "Guadeloupe"},
		{"reunion|la réunion|Реюньон", "RE", "Réunion"},
		{"martinique", "MQ", "Martinique"},
		{"madeira|Мадейра|azores|Азоры|açores|funchal", "PT", "is served by the plans of Portugal"},
		{"tenerife|Тенерифе|lanzarote", "ES", "is served by the plans of Spain"},
		{"galapagos", "EC", "is served by the plans of Ecuador"},
	}
	for _, tt := range tests {
		for query := range strings.SplitSeq(tt.queries, "|") {
			screen, to := s.typed(query)
			if to.Route != "country" || argument(to, 0) != tt.code || !strings.Contains(screen.Text, tt.says) {
				t.Errorf("%q leads to %v %.120q, want %s with %q", query, to, screen.Text, tt.code, tt.says)
			}
		}
	}
}

// TestAKnownPlaceThatNobodySellsIsSaidToBeKnown: "I know no place called Crimea" is not true.
func TestAKnownPlaceThatNobodySellsIsSaidToBeKnown(t *testing.T) {
	t.Parallel()
	s := newShop(t, vendorsandbox.Options{})
	for _, query := range []string{"cook islands", "Острова Кука", "norfolk island", "falkland islands", "st helena", "american samoa"} {
		screen, to := s.typed(query)
		if to.Route != "" || !strings.Contains(screen.Text, "nothing is on sale for it") || !asksPerson(screen) {
			t.Errorf("%q leads to %v %q", query, to, screen.Text)
		}
	}
}
