package places

import "testing"

// TestADateIsNoLength: in Chinese, Japanese and Korean a month of the calendar is a number with a word behind it.
func TestADateIsNoLength(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"9月去日本": "JP", "7月5日去东京": "JP", "8号去曼谷 5天": "TH - 5", "日本 7日": "JP - 7", "12月 5日間 韓国": "KR - 5",
		"九月去巴黎": "FR", "9월 일본": "JP", "一个月泰国": "TH - 30", "2个月日本": "JP - 60",
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}
