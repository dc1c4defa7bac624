package places

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestRegionsAreDocumented fixes the list others build on.
func TestRegionsAreDocumented(t *testing.T) {
	want := strings.Fields("global africa north-america south-america oceania central-america north-africa caribbean " +
		"southeast-asia asia central-asia europe balkans nordics middle-east gulf " +
		"baltics benelux british-isles caucasus china cis dach east-africa east-asia eastern-europe iberia mediterranean south-asia west-africa " +
		"schengen eu eurozone western-europe central-europe southern-europe visegrad alps western-balkans ex-yugoslavia scandinavia " +
		"apac asean indochina mena arab-world levant arabian-peninsula sub-saharan-africa southern-africa maghreb " +
		"latin-america americas andes pacific australasia eaeu ex-ussr cee")
	var got []string
	countries := 0
	for _, code := range index(t).codes {
		if region, ok := strings.CutPrefix(code, RegionPrefix); ok {
			got = append(got, region)
		} else {
			countries++
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("regions %v, want %v", got, want)
	}
	if countries < 250 {
		t.Errorf("only %d countries and territories", countries)
	}
}

// TestVendorPlacesAreKnown holds the names to the places the vendor really sells.
func TestVendorPlacesAreKnown(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/data/location-list.json")
	if err != nil {
		t.Skip("../../../shared is absent: ", err)
	}
	var list struct {
		Obj struct {
			LocationList []struct{ Code, Name string }
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	x, checked := index(t), 0
	for _, l := range list.Obj.LocationList {
		if len(l.Code) != 2 {
			continue
		}
		checked++
		if !x.known[l.Code] {
			t.Errorf("%s (%s) has no name", l.Code, l.Name)
		}
		if found := x.Find(l.Name, 3); len(found) == 0 || !slices.ContainsFunc(found, func(p Place) bool { return p.Code == l.Code }) {
			t.Errorf("the vendor's %q finds %v, not %s", l.Name, found, l.Code)
		}
	}
	if checked < 100 {
		t.Errorf("only %d places in the vendor's list", checked)
	}
}

func TestBrokenTablesAreRefused(t *testing.T) {
	tests := []struct {
		name string
		add  func(g *Gazetteer, b *indexBuilder) error
	}{
		{"an alias of no country", func(g *Gazetteer, b *indexBuilder) error { return g.addAliases(b, []string{"QQ", "Nowhere"}) }},
		{"a city in no country", func(g *Gazetteer, _ *indexBuilder) error { return g.addCity([]string{"QQ", "X", ""}) }},
		{"a region without its prefix", func(g *Gazetteer, _ *indexBuilder) error { return g.addRegion([]string{"asia", "A"}) }},
		{"a name too few", func(g *Gazetteer, _ *indexBuilder) error { return g.addNames([]string{"en"}) }},
		{"a column too few", func(g *Gazetteer, _ *indexBuilder) error { return table("x.tsv", "JP\n", 2, g.addNames) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGazetteer(nil)
			g.addCode("JP")
			if tt.add(g, newIndexBuilder()) == nil {
				t.Error("accepted")
			}
		})
	}
}

// TestBrokenLanguagesAreRefused: the error says which language and what.
func TestBrokenLanguagesAreRefused(t *testing.T) {
	tests := []struct {
		name string
		l    Language
		want string
	}{
		{"a name of no place", Language{Names: map[string]string{"QQ": "Nowhere"}}, `the code "QQ"`},
		{"a city that is not in the table", Language{Cities: map[string]string{"Dubay": "Dubaj"}}, `no city "Dubay"`},
		{"a keyboard without all keys", Language{Keyboard: "q w e"}, "3 keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.l.Code = "cy"
			_, err := load(Language{Code: "en"}, tt.l)
			if err == nil || !strings.Contains(err.Error(), "places in cy") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to name cy and %q", err, tt.want)
			}
		})
	}
}

// TestNamesOfALanguage: its own before CLDR's, CLDR's of the nearest tag, else the first language's.
func TestNamesOfALanguage(t *testing.T) {
	x, err := load(Language{Code: "en", Names: map[string]string{"region:gulf": "Gulf"}},
		Language{Code: "pt-BR", Names: map[string]string{"US": "EUA"}}, Language{Code: "zh-Hans"}, Language{Code: "zh-Hant"}, Language{Code: "x-none"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ lang, code, want string }{
		{"pt-BR", "US", "EUA"},
		{"pt-BR", "DE", "Alemanha"},
		{"pt-BR", "region:gulf", "Gulf"},
		{"zh-Hans", "DE", "德国"},
		{"zh-Hant", "DE", "德國"},
		{"zh-Hans", "AN", "Netherlands Antilles"},
		{"x-none", "DE", "Germany"},
		{"x-none", "region:gulf", "Gulf"},
	}
	for _, tt := range tests {
		if got := x.Names(tt.lang)[tt.code]; got != tt.want {
			t.Errorf("%s in %s is %q, want %q", tt.code, tt.lang, got, tt.want)
		}
	}
}

// TestKeyboards: a layout is data, also one with keys that type two letters.
func TestKeyboards(t *testing.T) {
	arabic, err := newKeyboard("ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر لا ى ة و ز ذ")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ typed, want string }{
		{"hgdhfhk", "اليابان"}, {"hgdhfh;", "الياباك"}, {"B", "لا"}, {"تشحشى", "japan"}, {"12", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := arabic.other(tt.typed); got != tt.want {
			t.Errorf("%q is %q, want %q", tt.typed, got, tt.want)
		}
	}
	if same, err := newKeyboard(strings.Join(strings.Split(latinKeys, ""), " ")); same != nil || err != nil {
		t.Errorf("the Latin keyboard is another one: %v %v", same, err)
	}
}

// TestPartsOfTheWorldHaveTheirOwnMembers: what is not in Schengen is not said to be left out of it.
func TestPartsOfTheWorldHaveTheirOwnMembers(t *testing.T) {
	x := index(t)
	tests := []struct {
		region        string
		number        int
		with, without string
	}{
		{"schengen", 29, "CH NO IS LI HR BG RO", "GB IE CY TR RS UA"},
		{"eu", 27, "IE CY BG HR", "GB CH NO IS LI TR"},
		{"eurozone", 21, "HR BG", "PL SE DK CZ"},
		{"benelux", 3, "BE NL LU", "DE FR"},
		{"scandinavia", 3, "DK NO SE", "FI IS"},
		{"nordics", 5, "FI IS", "EE"},
		{"baltics", 3, "EE LV LT", "FI"},
		{"dach", 3, "DE AT CH", "LI"},
		{"gulf", 6, "AE QA", "IQ IR YE"},
		{"cis", 9, "RU MD", "GE UA TM"},
		{"ex-ussr", 15, "GE UA TM EE", "PL"},
		{"balkans", 11, "GR XK", "TR"},
		{"western-balkans", 6, "XK", "HR BG"},
		{"asean", 11, "TL SG", "HK IN"},
		{"arab-world", 22, "EG MA", "TR IL IR"},
		{"latin-america", 22, "MX DO", "US JM"},
	}
	for _, tt := range tests {
		t.Run(tt.region, func(t *testing.T) {
			members := x.Members(RegionPrefix + tt.region)
			if len(members) != tt.number {
				t.Errorf("%d members, want %d", len(members), tt.number)
			}
			for code := range strings.FieldsSeq(tt.with) {
				if !slices.Contains(members, code) {
					t.Errorf("without %s", code)
				}
			}
			for code := range strings.FieldsSeq(tt.without) {
				if slices.Contains(members, code) {
					t.Errorf("with %s", code)
				}
			}
		})
	}
}

// TestNoNameIsOfTwoPartsOfTheWorld: "EU" is the Union, and not Europe too.
func TestNoNameIsOfTwoPartsOfTheWorld(t *testing.T) {
	x := index(t)
	for _, e := range x.entries {
		var regions []string
		for _, h := range e.hits {
			if strings.HasPrefix(h.code, RegionPrefix) && h.loss == familiar {
				regions = append(regions, h.code)
			}
		}
		if len(regions) > 1 {
			t.Errorf("%q is the name of %v", e.name, regions)
		}
	}
}

// load is Read and Index at once.
func load(languages ...Language) (*Index, error) {
	g, err := Read(languages...)
	if err != nil {
		return nil, err
	}
	return g.Index()
}
