package places

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// TestNoExactNameIsReadWrong reads every name of every place in every language, alone and among the words
// that people put around it: what answers it is that place, and never anything but a place.
func TestNoExactNameIsReadWrong(t *testing.T) {
	x := index(t)
	tried, wrong := 0, 0
	read := func(text, code string) {
		tried++
		q := x.Parse(text)
		sure := slices.ContainsFunc(q.Places, func(n Named) bool { return n.Code == code || slices.Contains(n.Namesakes, code) })
		if q.Topic != Destination || !sure {
			wrong++
			t.Errorf("%q, a name of %s, is read as topic %d, %v", text, code, q.Topic, q.Places)
		}
	}
	for _, row := range x.rows {
		for i, name := range row.names {
			if name != "" && !row.other {
				read(name, x.codes[i])
			}
		}
	}
	for _, lang := range []string{"en", "ru"} {
		for code, name := range x.shown[lang] {
			if code == "UM" { // nothing is sold there, and its name in Russian ends in that of the States
				continue
			}
			read("esim "+name, code)
			read(name+" 5gb", code)
			if !strings.Contains(name, ",") {
				read(strings.ToLower(name)+" 7 days", code)
			}
		}
		for english, name := range x.cities[lang] {
			i := x.exact[fold(english)]
			j := slices.IndexFunc(x.entries[i].hits, func(h hit) bool { return h.city == english })
			read(name, x.entries[i].hits[j].code)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(citiesFile, "\n"), "\n") {
		row := strings.Split(line, "\t")
		row[0] = strings.TrimSuffix(row[0], "*")
		read(row[1], row[0])
		for name := range strings.SplitSeq(row[2], "|") {
			if name != "" {
				read(name, row[0])
			}
		}
	}
	t.Logf("%d of %d names", wrong, tried)
}

// TestNoNameOfAPlaceIsACryForHelp: the lists of cries grow, and none of their words may hide in a name, least of all
// in a script without spaces.
func TestNoNameOfAPlaceIsACryForHelp(t *testing.T) {
	x := index(t)
	tried := 0
	read := func(name string) {
		for _, text := range []string{name + " esim", "esim " + name, name + " 5GB"} {
			tried++
			if q := x.Parse(text); q.Topic == Trouble || q.SoundsUrgent {
				t.Errorf("%q is read as a cry for help", text)
			}
		}
	}
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range x.rows {
		if row.other || !slices.ContainsFunc(files, func(f fs.DirEntry) bool { return strings.HasPrefix(f.Name(), row.lang[:2]+".") }) {
			continue
		}
		for _, name := range row.names {
			if name != "" {
				read(name)
			}
		}
	}
	for file, text := range map[string]string{"aliases": aliasesFile, "cities": citiesFile, "regions": regionsFile} {
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
			row := strings.Split(line, "\t")
			for name := range strings.SplitSeq(row[len(row)-1], "|") {
				if name != "" {
					read(name)
				}
			}
			if file == "cities" {
				read(row[1])
			}
		}
	}
	if tried < 10_000 {
		t.Errorf("only %d texts", tried)
	}
}

// TestAnswersToAQuestion: what begins a question is no answer, and a name may begin like one.
func TestAnswersToAQuestion(t *testing.T) {
	x := index(t)
	for text := range strings.SplitSeq("how do i install it|how to top up|where is my qr|whats the price|what's my balance|why|how|can i change it|tell me more|i want my money back|why does nobody of you ever answer|"+
		"как её установить|где мой код|почему|сколько осталось|можно поменять|что это|куда нажать|скажите как поставить|"+
		"як встановити|де мій код|чому|скільки коштує|cómo lo instalo|dónde está mi qr|por qué no funciona|como faço para instalar|onde está meu qr|wie kann ich das installieren|wo ist mein code|"+
		"comment l'installer|où est mon code|come faccio|dov'è il mio codice|nasıl kurulur|ne zaman gelir|كيف أثبتها|متى تصل|कैसे लगाएं|怎么安装|能不能换|どうやって入れますか|어떻게 설치하나요", "|") {
		if asks, _ := x.ClassifyAnswer(text); !asks {
			t.Errorf("%q is no question", text)
		}
	}
	for text := range strings.SplitSeq("no|no thanks|never mind|skip|nah|нет|не надо|без имени|отмена|ні|не треба|no gracias|olvídalo|não precisa|deixa|nein danke|non merci|laisse tomber|no grazie|lascia stare|hayır|gerek yok|لا شكرا|خلاص|नहीं|रहने दो|不用了|算了|いらないです|キャンセル|괜찮아요|취소", "|") {
		if _, leaves := x.ClassifyAnswer(text); !leaves {
			t.Errorf("%q is no no", text)
		}
	}
	for text := range strings.SplitSeq("What's up phone|Who's that|Whatever|Which way|Howard|Where to next|When in Rome|Nobody|No. 2|Noah|Менюшка|Кто там|Где-то там|Когда домой|Как дома|Куда-нибудь|Хто там|Quién sabe|Dónde Va Ana|Como em Casa|Was geht|Wer da|Où ça|Come casa|Chi lo sa|Kim|Nasılsın Ayşe|妈妈的手机|何さん|おかあさん|엄마 폰|मम्मी का फोन|هاتف أمي", "|") {
		if asks, leaves := x.ClassifyAnswer(text); asks || leaves {
			t.Errorf("%q is a name: asks %t, leaves %t", text, asks, leaves)
		}
	}
}
