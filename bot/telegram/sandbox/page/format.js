// Times, money and data volumes as people read them, in the time zone of the phone that the page shows.

let zone; // of the phone; undefined: the browser's
let language = "en-GB"; // of the phone: of the moments in messages; the page itself is English
const formats = new Map(); // zone, language and options → Intl.DateTimeFormat, which is dear to make

export const setZone = (name) => { zone = name; };

// setLanguage takes the language of a phone, as a person's language_code has it; "": they told none.
export function setLanguage(code) {
  const [known] = code ? Intl.DateTimeFormat.supportedLocalesOf([code]) : [];
  language = !known || known === "en" ? "en-GB" : known;
}
export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const fmt = (options, inLanguage = "en-GB") => (date) => {
  const key = JSON.stringify([zone, inLanguage, options]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(inLanguage, { ...options, timeZone: zone }));
  return formats.get(key).format(date);
};
const clock = fmt({ hour: "2-digit", minute: "2-digit" });
const dayMonth = fmt({ day: "numeric", month: "long" });
const dayMonthYear = fmt({ day: "numeric", month: "long", year: "numeric" });
const year = fmt({ year: "numeric" });
const shortDay = fmt({ day: "numeric", month: "short" });
const withSeconds = fmt({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

const toDate = (unix) => new Date(unix * 1000);
const now = (iso) => (iso ? new Date(iso) : new Date());

export const timeOfDay = (unix) => clock(toDate(unix));
export const seconds = (iso) => withSeconds(new Date(iso));
const dayOf = (date) => dayMonthYear(date);
export const dayKey = (unix) => dayOf(toDate(unix));

// dayName is the separator between days; the year is left out while it is this one.
export function dayName(unix, nowISO) {
  const d = toDate(unix), today = now(nowISO);
  if (dayOf(d) === dayOf(today)) return "Today";
  return year(d) === year(today) ? dayMonth(d) : dayMonthYear(d);
}

// shortTime is the stamp in the chat list.
export function shortTime(unix, nowISO) {
  const d = toDate(unix);
  return dayOf(d) === dayOf(now(nowISO)) ? clock(d) : shortDay(d);
}

export const clockDate = fmt({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const clockTime = clock;
export const shortDate = fmt({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

// moment writes a time as the format of a date_time entity says: "r" is relative, otherwise any
// of w (day of the week), d or D (short or long date), t or T (time without or with seconds).
// Source: https://core.telegram.org/bots/api#date-time-entity-formatting
export function moment(unix, format) {
  if (format === "r") return relative(unix - Date.now() / 1000);
  const parts = [
    format.includes("w") && { weekday: "long" },
    /d/i.test(format) && { dateStyle: format.includes("D") ? "long" : "short" },
    /t/i.test(format) && { timeStyle: format.includes("T") ? "medium" : "short" },
  ];
  return parts.filter(Boolean).map((options) => fmt(options, language)(toDate(unix))).join(", ");
}

function relative(ahead) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, length] = units.find(([, n]) => Math.abs(ahead) >= n) || ["second", 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(ahead / length), unit);
}

export const number = (n) => new Intl.NumberFormat("en").format(n);

// money writes an amount in minor units; Stars (XTR) have none.
export function money(total, currency) {
  if (currency === "XTR") return `⭐ ${number(total)}`;
  const f = new Intl.NumberFormat("en", { style: "currency", currency });
  return f.format(total / 10 ** f.resolvedOptions().maximumFractionDigits);
}

export function bytes(n) {
  const mb = n / 1048576;
  if (mb < 1000) return `${number(Math.round(mb))} MB`;
  return `${number(Math.round((mb / 1024) * 100) / 100)} GB`;
}
