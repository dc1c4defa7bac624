package esimaccess

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"esimbot/esim"
)

func TestWebhookSamples(t *testing.T) {
	t.Parallel()
	var file struct {
		Samples []json.RawMessage `json:"samples"`
	}
	if err := json.Unmarshal(readData(t, "webhook-samples.json"), &file); err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{Kind: CheckHealth, ID: "918ff7f6f41143078585a85797e613f7", At: at("2026-04-22T11:31:33Z"), VendorOrder: "1234567890", OrderStatus: "Test"},
		{
			Kind: OrderStatus, ID: "447602ac1e5c4bb4980f786b0c2934d6", At: at("2026-04-22T17:16:34Z"),
			VendorOrder: "B26042217160011", IdempotencyKey: "7544949834056-1-TR_50_30", OrderStatus: "GOT_RESOURCE",
		},
		{
			Kind: ESIMStatus, ID: "83eb2b243a5545d38ec26cebfcf4bd8d", At: at("2026-04-22T17:27:44Z"),
			VendorOrder: "B26042216320015", IdempotencyKey: "7488352420083-1-ES_10_30", ESIM: "26042216320015",
			ICCID: "8910300000000000017", Status: esim.ProfileInUse, SMDP: esim.SMDPEnabled,
		},
		{
			Kind: SMDPEvent, ID: "7d6ab37b44b9461087569ad4393a8b4c", At: at("2026-04-22T17:29:40Z"),
			VendorOrder: "B26042112200025", IdempotencyKey: "7542454845768-1-GR_1_7", ESIM: "26042112200028",
			ICCID: "8910300000000000025", EID: "89049032000000000000000000000001", Status: esim.ProfileInUse, SMDP: esim.SMDPEnabled,
			HappenedAt: at("2026-04-22T17:29:40Z"), Sequence: 113, NotifyStatus: "Executed-Success",
		},
		{
			Kind: DataUsage, ID: "7cb37a1e9ed2468e9243e6ccae682125", At: at("2026-04-22T17:21:59Z"),
			VendorOrder: "B26041615170028", IdempotencyKey: "7533748552008-1-TH_20_30", ESIM: "26041615170028",
			ICCID: "89852240000000000035", Total: 21474836480, Used: 10741066164, Left: 10733770316, Threshold: 0.5,
			AsOf: at("2026-04-22T15:53:03Z"),
		},
		{
			Kind: ValidityUsage, ID: "d84977dbcdbd48eb96379300b1605b04", At: at("2026-04-22T17:13:54Z"),
			VendorOrder: "B26032416140018", IdempotencyKey: "6900674724119-1-JP_5_30_IIJ", ESIM: "26032416140018",
			ICCID: "8981440000000000042", DaysLeft: 1, Days: 30, Expires: at("2026-04-23T17:13:19Z"),
		},
	}
	is(t, "samples", len(file.Samples), len(want))
	for i, sample := range file.Samples {
		got, err := ParseEvent(sample)
		if err != nil || got != want[i] {
			t.Errorf("%s\n got %+v, %v\nwant %+v", sample, got, err, want[i])
		}
	}
}

func TestParseEventTakesWhatOlderOnesLack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       Event
	}{
		{
			"no notifyId, old form of time", `{"notifyType":"ESIM_STATUS","eventGenerateTime":"2024-01-02T03:04:05+0000","content":{"esimTranNo":"1","esimStatus":"USED_UP","remainVolume":-5}}`,
			Event{Kind: ESIMStatus, ID: "sha256:", At: at("2024-01-02T03:04:05Z"), ESIM: "1", Status: esim.ProfileUsedUp},
		},
		{
			"remainVolume", `{"notifyType":"ESIM_STATUS","notifyId":"n","content":{"totalVolume":10,"orderUsage":3,"remainVolume":7}}`,
			Event{Kind: ESIMStatus, ID: "n", Total: 10, Used: 3, Left: 7},
		},
		{"a kind nobody knows", `{"notifyType":"NEWS","notifyId":"n","content":{"x":1}}`, Event{Kind: "NEWS", ID: "n"}},
		{"no content", `{"notifyType":"CHECK_HEALTH","notifyId":"n","content":null}`, Event{Kind: CheckHealth, ID: "n"}},
		{
			"no number in the sequence", `{"notifyType":"SMDP_EVENT","notifyId":"n","content":{"seqNumber":null,"smdpStatus":"DOWNLOAD"}}`,
			Event{Kind: SMDPEvent, ID: "n", SMDP: esim.SMDPDownloaded},
		},
		{"a number as notifyId", `{"notifyType":"ORDER_STATUS","notifyId":12}`, Event{Kind: OrderStatus, ID: "12"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseEvent([]byte(tt.body))
			if tt.want.ID == "sha256:" && strings.HasPrefix(got.ID, "sha256:") && len(got.ID) == 71 {
				got.ID = "sha256:"
			}
			if err != nil || got != tt.want {
				t.Errorf("got %+v, %v\nwant %+v", got, err, tt.want)
			}
		})
	}
	for _, body := range []string{``, `{}`, `null`, `[]`, `"x"`, `{"notifyType":""}`, `{"notifyType":"X","content":["8910300000000000017"]}`, `{"notifyType":"X"`} {
		_, err := ParseEvent([]byte(body))
		if !errors.Is(err, ErrNoEvent) || strings.Contains(err.Error(), "8910300000000000017") {
			t.Errorf("ParseEvent(%s): %v", body, err)
		}
	}
}
