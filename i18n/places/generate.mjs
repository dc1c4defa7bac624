// Writes names.tsv: the CLDR names of countries, territories and world regions
// in the languages below. Alpha-3 codes need no file: golang.org/x/text knows them.
// Run from this folder, with Node 20 or later (full ICU, the default):
//
//	node generate.mjs > names.tsv
//
// First line: "codes" and the codes. Then two lines per language: its code and
// one name per code, as shown; "+" and its code and CLDR's other name ("UK"),
// used by the search only, "" where there is none. Our region codes stand for
// UN M49 codes. Made with CLDR 48. A language whose menus should say it otherwise
// ("США" for "Соединенные Штаты") says so in its own locales/*.json.
const languages = (
  "en ru de fr es it pt nl pl uk tr ar fa he hi zh zh-Hant ja ko th vi id ms cs sv el ro hu"
).split(" ");

const regions = {
  "region:global": "001", "region:africa": "002", "region:north-america": "003",
  "region:south-america": "005", "region:oceania": "009", "region:central-america": "013",
  "region:north-africa": "015", "region:caribbean": "029", "region:southeast-asia": "035",
  "region:asia": "142", "region:central-asia": "143", "region:europe": "150",
};

// Not places one travels to: organisations, pseudo-locales, "unknown region".
const skip = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "CP"]);

// A code is one that the first language has a name for: CLDR is complete in it.
const named = new Intl.DisplayNames(languages[0], { type: "region", fallback: "none" });
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const codes = letters
  .flatMap((a) => letters.map((b) => a + b))
  // A withdrawn code (SU, YU, DD) is replaced by its successor in a canonical tag.
  .filter((c) => named.of(c) && !skip.has(c) && new Intl.Locale("und-" + c).region === c);

// Dissolved in 2010 and so without a name in CLDR, but the eSIM vendor sells it (Bonaire,
// Saba and their neighbours). Languages that are not here show it in English.
const withdrawn = { AN: {
  en: "Netherlands Antilles", ru: "Нидерландские Антилы", de: "Niederländische Antillen", fr: "Antilles néerlandaises",
  es: "Antillas Neerlandesas", it: "Antille Olandesi", pt: "Antilhas Holandesas", nl: "Nederlandse Antillen",
  pl: "Antyle Holenderskie", uk: "Нідерландські Антили", tr: "Hollanda Antilleri", sv: "Nederländska Antillerna",
} };

// CLDR's long name of these is a statement ("Hong Kong SAR China"); the short one is a name.
const preferShort = new Set(["HK", "MO", "PS", "MM"]);

const all = [...[...codes, ...Object.keys(withdrawn)].sort(), ...Object.keys(regions)];
const lines = [["codes", ...all]];
for (const lang of languages) {
  const long = new Intl.DisplayNames(lang, { type: "region", fallback: "none" });
  const short = new Intl.DisplayNames(lang, { type: "region", fallback: "none", style: "short" });
  const shown = [], other = [];
  for (const code of all) {
    if (withdrawn[code]) {
      shown.push(withdrawn[code][lang] ?? "");
      other.push("");
      continue;
    }
    const pair = [long, short].map((n) => (n.of(regions[code] ?? code) ?? "").replaceAll("\t", " "));
    if (preferShort.has(code)) pair.reverse();
    const [name, second] = pair;
    shown.push(name);
    other.push(second === name ? "" : second);
  }
  lines.push([lang, ...shown], ["+" + lang, ...other]);
}
process.stdout.write(lines.map((l) => l.join("\t") + "\n").join(""));
