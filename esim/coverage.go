package esim

import "strings"

// A Continent groups countries for browsing, the way a traveller would look for them.
type Continent string

// The continents, in the order they are offered.
const (
	Europe       Continent = "europe"
	Asia         Continent = "asia"
	MiddleEast   Continent = "middle_east"
	NorthAmerica Continent = "north_america"
	SouthAmerica Continent = "south_america"
	Caribbean    Continent = "caribbean"
	Africa       Continent = "africa"
	Oceania      Continent = "oceania"
)

// Continents lists all continents in the order they are offered.
func Continents() []Continent {
	return []Continent{Europe, Asia, MiddleEast, NorthAmerica, SouthAmerica, Caribbean, Africa, Oceania}
}

// members follows the UN's M49 regions (https://unstats.un.org/unsd/methodology/m49/),
// bent where travellers expect otherwise: the Middle East stands alone, Mexico and
// Central America are with the North, Turkey and Cyprus are with Europe.
var members = map[Continent]string{
	Europe:       "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK",
	Asia:         "AF AM AZ BD BN BT CN GE HK ID IN IO JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TL TM TW UZ VN",
	MiddleEast:   "AE BH IL IQ IR JO KW LB OM PS QA SA SY YE",
	NorthAmerica: "BM BZ CA CR GL GT HN MX NI PA PM SV US",
	SouthAmerica: "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
	Caribbean:    "AG AI AN AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
	Africa:       "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
	Oceania:      "AS AU CK CX CC FJ FM GU KI MH MP NC NF NR NU NZ PF PG PW SB TK TO TV UM VU WF WS",
}

var continentOf = func() map[string]Continent {
	m := make(map[string]Continent, 256)
	for c, list := range members {
		for code := range strings.FieldsSeq(list) {
			m[code] = c
		}
	}
	return m
}()

// ContinentOf returns where a country lies, "" for codes that are not countries.
func ContinentOf(place string) Continent { return continentOf[place] }

// PopularDestinations lists destinations offered first, most wanted first. It is our own
// choice until the shop has sales to count.
func PopularDestinations() []string {
	return []string{"JP", "TR", "TH", "US", "AE", "GB", "IT", "ES", "FR", "ID", "KR", "CN", "VN", "GE", "DE", "EG"}
}

// MostVisitedCountries lists countries a traveller may well cross into, most visited first:
// the ones worth a warning when a regional plan leaves them out. Order after UN
// Tourism's arrivals: https://www.unwto.org/tourism-statistics.
func MostVisitedCountries() []string {
	return strings.Fields("FR ES US IT TR MX GB DE GR AT JP TH PL PT MY CN NL AE CA SA HR KR HU VN ID EG IN MA CH " +
		"CZ DK SG HK IE SE BE RO BG RU UA NO FI CY ME AL RS GE KZ QA JO IL OM TN ZA KE TZ DO CU JM BS AR BR CL PE CO " +
		"UY EC AU NZ FJ PH TW KH LA LK NP MV UZ AM AZ IS EE LV LT SK SI LU MT MK BA MD BY")
}
