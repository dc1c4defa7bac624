package places

import "testing"

// TestACryIsHeardHoweverItIsWritten: in Latin letters, grown together with an Arabic "and", with a letter held down.
func TestACryIsHeardHoweverItIsWritten(t *testing.T) {
	x := index(t)
	for query, want := range map[string]string{
		"net interneta": "help", "internet propal": "help", "وصلت باريس ومافي شبكة": "help", "hellppp": "help",
		"is there a fair use policy": "ask", "сколько гигов надо на неделю": "ask", "quanti giga mi servono per una settimana": "ask",
	} {
		if got := shown(x, x.Parse(query)); got != want {
			t.Errorf("%q leads to %s, want %s", query, got, want)
		}
	}
}

// TestACryNamesAPlaceToo, and is not answered with plans of it.
func TestACryNamesAPlaceToo(t *testing.T) {
	x := index(t)
	for _, query := range []string{"no 4g in bangkok", "в бангкоке нет 4g", "pas de 4g à bangkok", "kein 4g in bangkok", "曼谷没有4g"} {
		if got := shown(x, x.Parse(query)); got != "help" {
			t.Errorf("%q leads to %s", query, got)
		}
	}
	for _, query := range []string{"help me install it", "помогите установить", "帮我安装"} {
		if q := x.Parse(query); q.Intent != IntentInstall || q.Topic != Talk {
			t.Errorf("%q is topic %d, intent %q", query, q.Topic, q.Intent)
		}
	}
	if q := x.Parse("помогите не могу установить"); q.Topic != Trouble {
		t.Errorf("who cannot install is topic %d", q.Topic)
	}
}
