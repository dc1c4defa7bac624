// Times, money and data volumes as people read them, in the browser's time zone.

const fmt = (options) => {
  const f = new Intl.DateTimeFormat("en-GB", options);
  return (date) => f.format(date);
};
const clock = fmt({ hour: "2-digit", minute: "2-digit" });
const dayMonth = fmt({ day: "numeric", month: "long" });
const dayMonthYear = fmt({ day: "numeric", month: "long", year: "numeric" });
const shortDay = fmt({ day: "numeric", month: "short" });
const withSeconds = fmt({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

const toDate = (unix) => new Date(unix * 1000);
const now = (iso) => (iso ? new Date(iso) : new Date());

export const timeOfDay = (unix) => clock(toDate(unix));
export const seconds = (iso) => withSeconds(new Date(iso));
export const dayKey = (unix) => toDate(unix).toDateString();

// dayName is the separator between days; the year is left out while it is this one.
export function dayName(unix, nowISO) {
  const d = toDate(unix), today = now(nowISO);
  if (d.toDateString() === today.toDateString()) return "Today";
  return d.getFullYear() === today.getFullYear() ? dayMonth(d) : dayMonthYear(d);
}

// shortTime is the stamp in the chat list.
export function shortTime(unix, nowISO) {
  const d = toDate(unix);
  return d.toDateString() === now(nowISO).toDateString() ? clock(d) : shortDay(d);
}

export const clockDate = fmt({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const clockTime = clock;
export const shortDate = fmt({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

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
