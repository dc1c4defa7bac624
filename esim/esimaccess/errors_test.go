package esimaccess

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"esimbot/esim"
)

var testBuy = esim.VendorPurchase{IdempotencyKey: "eb-KEY", Plan: fixedPlan, Quantity: 1, ExpectedUnitPrice: esim.USDTenThousandths(57000)}

func TestEveryCodeHasItsVerdictAndOutcome(t *testing.T) {
	t.Parallel()
	const done, not = esim.OutcomeUnknown, esim.OutcomeNotDone
	tests := []struct {
		code    string
		verdict esim.VendorErrorAction
		outcome esim.Outcome
		sent    int // how often a read is sent
	}{
		{"000001", esim.ActionRetry, done, 3},
		{"000101", esim.ActionTellOperator, not, 1},
		{"000102", esim.ActionTellOperator, not, 1},
		{"000103", esim.ActionReportBug, not, 1},
		{"000104", esim.ActionReportBug, not, 1},
		{"000105", esim.ActionReportBug, not, 1},
		{"000106", esim.ActionReportBug, not, 1},
		{"000107", esim.ActionReportBug, not, 1},
		{"101001", esim.ActionTellOperator, not, 1},
		{"101002", esim.ActionTellOperator, not, 1},
		{"101003", esim.ActionTellOperator, not, 1},
		{"101013", esim.ActionRetry, not, 3},
		{"200002", esim.ActionNotAllowed, not, 1},
		{"200005", esim.ActionReprice, not, 1},
		{"200006", esim.ActionReprice, not, 1},
		{"200007", esim.ActionLowBalance, not, 1},
		{"200008", esim.ActionTellOperator, not, 1},
		{"200009", esim.ActionTellOperator, done, 1},
		{"200010", esim.ActionWait, done, 1},
		{"200011", esim.ActionSoldOut, not, 1},
		{"310201", esim.ActionTellOperator, not, 1},
		{"310211", esim.ActionTellOperator, not, 1},
		{"310221", esim.ActionTellOperator, not, 1},
		{"310231", esim.ActionTellOperator, not, 1},
		{"310241", esim.ActionRefund, not, 1},
		{"310242", esim.ActionRefund, not, 1},
		{"310243", esim.ActionRefund, not, 1},
		{"310251", esim.ActionTellOperator, not, 1},
		{"310272", esim.ActionNotFound, not, 1},
		{"310402", esim.ActionLookUp, done, 1},
		{"310403", esim.ActionNotFound, not, 1},
		{"310404", esim.ActionNotFound, not, 1},
		{"400001", esim.ActionReportBug, not, 1},
		{"401001", esim.ActionTellOperator, not, 1},
		{"900001", esim.ActionRetry, done, 3},
		{"777777", esim.ActionRetry, done, 1}, // unknown
	}
	if len(tests) != len(errorRules)+1 {
		t.Errorf("%d codes are tested, %d are known", len(tests)-1, len(errorRules))
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			v := newVendor(t, answering(fmt.Sprintf(`{"success":false,"errorCode":%q,"errorMsg":"words","obj":null}`, tt.code)))
			c := newTestClient(t, v.URL)
			_, err := c.Order(t.Context(), testBuy)
			pe := providerError(t, err)
			if pe.Action != tt.verdict || pe.Outcome != tt.outcome {
				t.Errorf("%s, outcome %d; want %s, outcome %d", pe.Action, pe.Outcome, tt.verdict, tt.outcome)
			}
			if pe.Op != "esim/order" || pe.Code != tt.code || pe.Message != "words" {
				t.Errorf("error %+v", pe)
			}
			if n := len(v.received()); n != 1 {
				t.Errorf("the order was sent %d times", n)
			}
			if _, err = c.Balance(t.Context()); esim.ActionFor(err) != tt.verdict {
				t.Errorf("Balance: %v", err)
			}
			if n := len(v.received()) - 1; n != tt.sent {
				t.Errorf("the read was sent %d times, want %d", n, tt.sent)
			}
		})
	}
}

// TestEveryCodeOfThePageIsKnown: and no code is known that the page does not have.
func TestEveryCodeOfThePageIsKnown(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.FromSlash(pageOfFacts))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("../shared is absent: no esim-access-api.md")
	} else if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(raw), "\n## 4. ")
	table, _, _ = strings.Cut(table, "\n## 5. ")
	listed := map[string]bool{}
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 1 {
			for _, code := range regexp.MustCompile(`[0-9]{6}`).FindAllString(cells[1], -1) {
				listed[code] = true
			}
		}
	}
	for code := range listed {
		if _, ok := errorRules[code]; !ok {
			t.Errorf("%s is on the page and not known", code)
		}
	}
	for code := range errorRules {
		if !listed[code] {
			t.Errorf("%s is known and not on the page", code)
		}
	}
	if len(listed) < 30 {
		t.Errorf("only %d codes were found on the page", len(listed))
	}
}

func TestEnvelopesAsSeen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body, code, message string
		verdict                   esim.VendorErrorAction
	}{
		{
			"errorMessage", `{"success":false,"errorCode":"000101","errorMessage":"Req Header:[RT-RequestID] is null","obj":null}`,
			"000101", "Req Header:[RT-RequestID] is null", esim.ActionTellOperator,
		},
		{
			"a number as code", `{"success":false,"errorCode":310272,"errorMsg":"the orderNo doesn't exist"}`,
			"310272", "the orderNo doesn't exist", esim.ActionNotFound,
		},
		{"a refusal without a code", `{"success":false,"errorCode":null,"errorMsg":null,"obj":null}`, "none", "", esim.ActionRetry},
		{"success missing", `{"errorCode":"200007"}`, "200007", "", esim.ActionLowBalance},
		{"success as a string", `{"success":"false","errorCode":"200011"}`, "200011", "", esim.ActionSoldOut},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, answering(tt.body))
			_, err := newTestClient(t, v.URL).Order(t.Context(), testBuy)
			pe := providerError(t, err)
			if pe.Code != tt.code || pe.Message != tt.message || pe.Action != tt.verdict {
				t.Errorf("got %+v", pe)
			}
		})
	}
	for name, body := range map[string]string{
		"code 0":                `{"success":true,"errorCode":"0","errorMsg":null,"obj":{"orderNo":"B1"}}`,
		"code null":             `{"errorCode":null,"errorMsg":null,"success":true,"obj":{"orderNo":"B1"}}`,
		"code 0 as a number":    `{"success":true,"errorCode":0,"obj":{"orderNo":"B1"}}`,
		"no code":               `{"success":true,"obj":{"orderNo":"B1"}}`,
		"no success, code 0":    `{"errorCode":"0","obj":{"orderNo":"B1"}}`,
		"fields nobody knows":   `{"success":true,"traceId":{"a":[1]},"obj":{"orderNo":"B1","more":{}}}`,
		"the order as a number": `{"success":true,"obj":{"orderNo":23051616050537}}`,
	} {
		t.Run("success: "+name, func(t *testing.T) {
			v := newVendor(t, answering(body))
			if got, err := newTestClient(t, v.URL).Order(t.Context(), testBuy); err != nil || !strings.Contains("B1 23051616050537", got) {
				t.Errorf("Order = %q, %v", got, err)
			}
		})
	}
}

func TestSecretsNeverStandInErrors(t *testing.T) {
	t.Parallel()
	secrets := []string{
		testCode, testSecret, "LPA:1$rsp-eu.simlessly.com$4AB35CF94AEA67024F2D74937A3FADA5",
		"4AB35CF94AEA67024F2D74937A3FADA5", "8943108139989301742", "89049032133712695588102727862659",
		"665599725228eb5905ab863a362bad80", "232104942243417",
	}
	all := strings.Join(secrets, " and ") + " https://p.qrsim.net/665599725228eb5905ab863a362bad80.png"
	tests := []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"the vendor's message", answering(`{"success":false,"errorCode":"200002","errorMsg":"` + all + `"}`)},
		{"an answer that cannot be read", answering(all)},
		{"content that cannot be read", answering(`{"success":true,"obj":[` + `"` + all + `"]}`)},
		{"a number where an object belongs", answering(`{"success":true,"obj":8943108139989301742}`)},
		{"an odd content type", page(502, all, all)},
		{"an answer that is not HTTP", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, all+"\r\n")
				_ = conn.Close()
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newVendor(t, tt.handler)
			c := newTestClient(t, v.URL, func(cfg *Config) { cfg.Secret = testSecret })
			_, err := c.Order(t.Context(), testBuy)
			if err == nil {
				t.Fatal("no error")
			}
			for _, s := range secrets {
				if strings.Contains(err.Error(), s) || strings.Contains(fmt.Sprintf("%+v", err), s) {
					t.Errorf("%q is in: %v", s, err)
				}
			}
			if len(err.Error()) > 500 {
				t.Errorf("error of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestRedactKeepsWhatStaffNeed(t *testing.T) {
	t.Parallel()
	c := newTestClient(t, "http://127.0.0.1:1")
	for _, s := range []string{
		"the batchOrder has been getting resource, total:[2], success:[1]",
		"base data plan code:[NA-3_1_7] doesn`t exist.",
		"order B23051616050537, eSIM 25080914060005, key eb-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	} {
		if got := c.redact(s); got != s {
			t.Errorf("redact(%q) = %q", s, got)
		}
	}
	long := c.redact(strings.Repeat("я", 500))
	if len(long) > maxMessage+len("…") || strings.ToValidUTF8(long, "?") != long {
		t.Errorf("cut to %d bytes: %q", len(long), long)
	}
}
