package places

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFind(t *testing.T) {
	x := index(t)
	tests := []struct{ rule, queries, want string }{ // queries separated by |
		{"names in any language and script", "japan|Japan|JAPAN|Япония|日本|Japón|اليابان|يابان|जापान|ญี่ปุ่น|일본|Ιαπωνία|Nhật Bản|יפן|yaponiya", "JP"},
		{"codes and flags", "jp|JP|Jp|jpn|JPN|🇯🇵|esim 🇯🇵|esim JP|esim jp|flying JP tomorrow", "JP"},
		{"typos", "japn|jpaan|jaapn|japanb|япнония|япония.|апония", "JP"},
		{"declined", "японии|японию|японией|в японию|для Японии|симка в японии", "JP"},
		{"among other words", "esim japan|eSIM for Japan please|i need data in japan 10 GB|trip to japan|去日本旅游|日本esim|일본에서", "JP"},
		{"the other keyboard", "zgjybz|офзфт|Zgjybz", "JP"},
		{"the beginning is enough", "jap|япо|japa", "JP"},
		{"Turkey by its names", "turkey|Türkiye|turkiye|TÜRKİYE|turkye|турция|турции|в турцию|Türkei", "TR"},
		{"the States", "usa|USA|U.S.A.|us|сша|в США|америка|америку|штаты|в штатах|United States of America|EE.UU.|美国", "US"},
		{"the Kingdom", "uk|UK|england|англия|в англию|scotland|шотландия|Great Britain|великобритании|🇬🇧|🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F|northen ireland", "GB"},
		{"the Emirates", "uae|UAE|emirates|оаэ|ОАЭ|эмираты|в эмиратах|дубай|dubai|в дубае|دبي|dubay|abu dhabi", "AE"},
		{"Holland", "holland|netherlands|the netherlands|голландия|нидерланды|голландии|amsterdam", "NL"},
		{"Korea is the southern one", "korea|корея|в корею|южная корея|южной корее|south korea|한국|seoul", "KR"},
		{"the Czech Republic", "czech|czech republic|czechia|чехия|в чехии|česko|praha", "CZ"},
		{"Hong Kong", "hong kong|hongkong|гонконг|香港|Hong Kong SAR China", "HK"},
		{"South Africa is no continent", "south africa|юар|в юар|south afrika", "ZA"},
		{"Ivory Coast", "ivory coast|côte d’ivoire|cote d'ivoire|cote d ivoire|cote divoire|кот-д'ивуар|кот дивуар", "CI"},
		{"Bosnia", "bosnia|bosnia and herzegovina|bosnia & herzegovina|босния|в боснии", "BA"},
		{"saints", "saint lucia|st. lucia|st lucia|сент-люсия", "LC"},
		{"accents may be left out", "curacao|curaçao|кюрасао", "CW"},
		{"short Russian names", "куба|на кубе|кубу", "CU"},
		{"Russian names like endings", "вьетнам|вьетнаме|вьетнама|вьетнамом|во вьетнам", "VN"},
		{"a fleeting vowel", "египет|египте|египта|egipt|egypt|шарм", "EG"},
		{"Thailand and its islands", "thailand|tailand|тайланд|таиланд|таиланде|phuket|пхукет|на пхукете|самуи|ไทย|ประเทศไทย|паттайя", "TH"},
		{"Bali", "bali|на бали|бали|убуд", "ID"},
		{"cities with typos", "istambul|istanbul|стамбул|стамбуле|анталия|анталья|анталию", "TR"},
		{"Germany in a hurry", "germny|grmany|германии|deutschland|allemagne|berlin", "DE"},
		{"Switzerland", "швецария|швейцария|switzerland|swiss|suisse", "CH"},
		{"Georgia is the country", "georgia|грузия|в грузию|тбилиси|batumi", "GE"},
		{"codes that are words are codes alone", "in|IN|india", "IN"},
		{"Europe", "europe|европа|по европе|europa|европе|欧洲|esim for europe", "region:europe"},
		{"the European Union is not Europe", "EU|eu|Евросоюз|European Union|欧盟|ЄС", "region:eu"},
		{"nor is Schengen", "schengen|шенген|по шенгену|申根|शेंगेन", "region:schengen"},
		{"Asia", "asia|азия|по азии|азию", "region:asia"},
		{"Southeast Asia", "southeast asia|south east asia|юго-восточная азия", "region:southeast-asia"},
		{"the Balkans", "balkans|balkan|балканы|на балканах", "region:balkans"},
		{"North America", "north america|северная америка|по северной америке", "region:north-america"},
		{"Latin America", "south america|южная америка|южной америке", "region:south-america"},
		{"and Mexico with it", "latin america|латинская америка|латинской америке", "region:latin-america"},
		{"Africa", "africa|африка|по африке|afrika", "region:africa"},
		{"the Middle East", "middle east|ближний восток|на ближнем востоке", "region:middle-east"},
		{"the Caribbean", "caribbean|карибы|карибские острова", "region:caribbean"},
		{"Oceania", "oceania|океания|pacific", "region:oceania"},
		{"the world", "global|world|worldwide|весь мир|по всему миру|международный", "region:global"},
		{"Scandinavia", "scandinavia|скандинавия|в скандинавии", "region:scandinavia"},
		{"the north with Finland and Iceland", "nordics|северная европа", "region:nordics"},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			for q := range strings.SplitSeq(tt.queries, "|") {
				found := x.Find(q, 5)
				if len(found) == 0 || found[0].Code != tt.want {
					t.Errorf("%q finds %v, want %s first", q, found, tt.want)
				}
			}
		})
	}
}

func TestFindSaysWhatWasNamed(t *testing.T) {
	x := index(t)
	tests := []struct {
		query string
		want  Place
		sure  bool
	}{
		{"japan", Place{Code: "JP", Kind: Country}, true},
		{"esim japan", Place{Code: "JP", Kind: Country}, true},
		{"дубай", Place{Code: "AE", Kind: City, City: "Dubai"}, true},
		{"europe", Place{Code: "region:europe", Kind: Region}, true},
		{"japn", Place{Code: "JP", Kind: Country}, false},
		{"jap", Place{Code: "JP", Kind: Country}, false},
		{"zgjybz", Place{Code: "JP", Kind: Country}, false},
		{"кубой", Place{Code: "CU", Kind: Country}, false}, // a stem of three letters is not much
	}
	for _, tt := range tests {
		found := x.Find(tt.query, 1)
		if len(found) != 1 {
			t.Errorf("%q finds %v", tt.query, found)
			continue
		}
		got := found[0]
		if sure := got.Score >= SureScore; sure != tt.sure {
			t.Errorf("%q has score %d, sure: %v", tt.query, got.Score, sure)
		}
		got.Score = 0
		if got != tt.want {
			t.Errorf("%q finds %+v, want %+v", tt.query, got, tt.want)
		}
	}
}

func TestFindOffersAllThatFit(t *testing.T) {
	x := index(t)
	tests := []struct{ query, want string }{
		{"united", "AE GB US"},
		{"congo", "CD CG"},
		{"guinea", "GN GQ GW PG"},
		{"korea", "KP KR"},
		{"trip to france and italy", "FR IT"},
		{"chian", "CN TH"},
		{"san jose", "CR US"},
		{"🇫🇷🇮🇹", "FR IT"},
	}
	for _, tt := range tests {
		var codes []string
		for _, p := range x.Find(tt.query, 10) {
			codes = append(codes, p.Code)
		}
		for code := range strings.FieldsSeq(tt.want) {
			if !slices.Contains(codes, code) {
				t.Errorf("%q finds %v, want %s among them", tt.query, codes, code)
			}
		}
	}
	inner := func(p Place) bool { return p.Code == "SJ" }
	if found := x.Find("j", 99); slices.ContainsFunc(found, inner) {
		t.Error("a single letter finds Svalbard & Jan Mayen by its third word")
	}
	if found := x.Find("jan", 99); !slices.ContainsFunc(found, inner) {
		t.Errorf("jan does not find Svalbard & Jan Mayen but %v", found)
	}
	if n := len(x.Find("s", 7)); n != 7 {
		t.Errorf("limit 7 gave %d", n)
	}
	for _, limit := range []int{0, -1} {
		if n := len(x.Find("s", limit)); n != 0 {
			t.Errorf("limit %d gave %d", limit, n)
		}
	}
}

func TestFindKnowsNothingOfOtherTalk(t *testing.T) {
	for _, q := range []string{"", " ", "?", "hello", "привет", "спасибо", "how do i refund", "где мой заказ", "support", "thank you", "12345", "👍", "\xff\xfe"} {
		if found := index(t).Find(q, 3); len(found) > 0 {
			t.Errorf("%q finds %v", q, found)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, q := range []string{"", "japan", "япнония", "🇯🇵", "🇯", "🏴", "esim for japan", "日本esim", "zgjybz[];'", "\xff", "İstanbul", strings.Repeat("a ", 99), "일본에서", "ประเทศ", "\u0301\u0301", "st. lucia", "ﬁji", "A\u0000B"} {
		f.Add(q)
	}
	x := index(f)
	f.Fuzz(func(t *testing.T, q string) {
		start := time.Now()
		found := x.Find(q, 10)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q took %v", q, took)
		}
		for i, p := range found {
			if !slices.Contains(x.codes, p.Code) || p.Score < 1 || p.Score > 100 || (p.Kind == City) != (p.City != "") {
				t.Errorf("%q finds %+v", q, p)
			}
			if i > 0 && found[i-1].Score < p.Score {
				t.Errorf("%q: not the best first: %v", q, found)
			}
		}
		if again := fold(fold(q)); utf8.ValidString(q) && again != fold(q) {
			t.Errorf("fold(%q) is %q and then %q", q, fold(q), again)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	x := index(b)
	for _, q := range []string{
		"japan", "s", "jpaan", "япнония", "esim for japan please", "zgjybz", "去日本旅游",
		"bosnja and herzegowina", "what should i do when nothing works anymore",
	} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				x.Find(q, 8)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(spoken(b)...); err != nil {
			b.Fatal(err)
		}
	}
}
