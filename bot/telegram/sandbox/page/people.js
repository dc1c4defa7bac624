// Who the human is: the row of people, the card of the chosen one, and adding another.

import { $, h, icon, avatar, dialog, redraw } from "./dom.js";
import { get, post } from "./api.js";
import { state, me, personNamed, emit, on, remember, recall } from "./state.js";
import { number, browserZone } from "./format.js";
import { failed, toast } from "./toast.js";

const unread = new Map(); // person id → unread messages in all their chats

export const languages = {
  ar: "العربية", bg: "Български", cs: "Čeština", da: "Dansk", de: "Deutsch", el: "Ελληνικά", en: "English", es: "Español",
  fa: "فارسی", fi: "Suomi", fr: "Français", he: "עברית", hi: "हिन्दी", hu: "Magyar", id: "Indonesia", it: "Italiano", ja: "日本語",
  kk: "Қазақша", ko: "한국어", nl: "Nederlands", no: "Norsk", pl: "Polski", "pt-br": "Português (Brasil)", pt: "Português",
  ro: "Română", ru: "Русский", sv: "Svenska", th: "ไทย", tr: "Türkçe", uk: "Українська", uz: "Oʻzbekcha", vi: "Tiếng Việt",
  "zh-hans": "简体中文", "zh-hant": "繁體中文",
};
const languageName = (code) => languages[code] || code || "no language";

// zoneOf is the time zone of somebody's phone: times in messages are shown in it, as real apps do.
export const zoneOf = (id) => recall(`zone.${id}`, browserZone());
const shortZone = (name) => name.split("/").pop().replaceAll("_", " ");

export function drawPeople() {
  redraw($("people"), [state.people, state.person, [...unread]], () => [
    state.people.map((p) => {
      const here = p.id === state.person;
      const news = here ? 0 : unread.get(p.id) || 0;
      return h("button.who", { test: `person-${p.id}`, "aria-pressed": String(here), onclick: () => !here && emit("person", p.id),
        "aria-label": `Be ${p.first_name}${p.staff ? ", staff" : ""}${news ? `, ${news} unread` : ""}` },
        h("span.ring", null, avatar(p.id, p.first_name), news > 0 && h("span.badge", null, news > 99 ? "99+" : news)),
        h("span.name", null, p.first_name),
        h("span.lang", null, p.staff ? "staff" : p.language_code || "—"));
    }),
    h("button.who", { test: "add-person", "aria-label": "Add a person", onclick: addPerson },
      h("span.ring", null, h("span.avatar.add", null, icon("plus"))), h("span.name", null, "Add")),
  ]);
  drawSelf();
}

function drawSelf() {
  const p = me();
  redraw($("self"), p ? [p, zoneOf(p.id)] : null, () => p && [
    h("div.self-name", null, h("b", null, p.first_name), p.staff && h("span.tag", null, "staff"),
      h("small", null, [p.username && `@${p.username}`, languageName(p.language_code)].filter(Boolean).join(" · "))),
    h("div.self-buttons", null,
      h("button.chip", { test: "stars", title: "Add 10,000 Stars of play money", onclick: () => topUp(p) },
        icon("star"), p.balance === undefined ? "Top up" : [number(p.balance), h("span.plus", null, "+")]),
      h("button.chip", { test: "zone", title: `The time zone of this phone: ${zoneOf(p.id)}`, onclick: () => chooseZone(p) },
        icon("world"), shortZone(zoneOf(p.id))),
      h("button.chip", { test: "block", "aria-pressed": String(Boolean(p.blocked)), onclick: () => emit("block", !p.blocked) },
        icon("block"), p.blocked ? "Unblock the bot" : "Block the bot")),
  ]);
}

async function topUp(p) {
  try {
    const balance = await addStars(p.id, 10000);
    toast(`${p.first_name} now has ⭐ ${number(balance)}`);
  } catch (err) {
    failed(err);
  }
}

// addStars is also how the balance is read: by adding none.
async function addStars(id, amount) {
  const { balance } = await post("/api/stars", { person: id, amount });
  personNamed(id).balance = balance;
  drawSelf();
  return balance;
}
const readBalance = () => me() && addStars(state.person, 0).catch(() => { /* the button then shows no number */ });
on("balance", readBalance);
on("connected", readBalance);

// refreshOthers counts what waits for the people the human is not at the moment.
export async function refreshOthers() {
  await Promise.all(state.people.filter((p) => p.id !== state.person).map(async (p) => {
    const { chats } = await get("/api/chats", { person: p.id });
    unread.set(p.id, chats.reduce((sum, c) => sum + (c.unread || 0), 0));
  })).catch(() => { /* only badges: the next hint tries again */ });
  drawPeople();
}

function chooseZone(p) {
  const zones = [...new Set([browserZone(), zoneOf(p.id), "UTC", ...Intl.supportedValuesOf("timeZone")])];
  const choice = h("select", { name: "zone", test: "new-zone" },
    zones.map((name) => h("option", { value: name, selected: name === zoneOf(p.id) }, name)));
  const save = (e) => {
    e.preventDefault();
    remember(`zone.${p.id}`, choice.value);
    box.close();
    emit("person", p.id);
  };
  const box = dialog("box", "Time zone", h("form", { onsubmit: save },
    h("h2", null, `Where is ${p.first_name}'s phone?`),
    h("label", null, "Times in messages are shown in its zone", choice),
    h("div.box-buttons", null,
      h("button.plain", { onclick: () => box.close() }, "Cancel"),
      h("button.primary", { type: "submit", test: "zone-save" }, "Set"))));
}

function addPerson() {
  const name = h("input", { name: "first_name", required: true, maxlength: 64, autocomplete: "off", autofocus: true, test: "new-name" });
  const language = h("select", { name: "language_code", test: "new-language" },
    Object.entries(languages).map(([code, label]) => h("option", { value: code, selected: code === "en" }, `${label} (${code})`)));
  const save = async (e) => {
    e.preventDefault();
    if (!name.value.trim()) return;
    try {
      const { person } = await post("/api/person", { first_name: name.value.trim(), language_code: language.value });
      if (!state.people.some((p) => p.id === person.id)) state.people.push(person);
      box.close();
      emit("person", person.id);
    } catch (err) {
      failed(err);
    }
  };
  const box = dialog("box", "Add a person", h("form", { onsubmit: save },
    h("h2", null, "Add a person"),
    h("label", null, "First name", name),
    h("label", null, "Language of their Telegram", language),
    h("div.box-buttons", null,
      h("button.plain", { onclick: () => box.close() }, "Cancel"),
      h("button.primary", { type: "submit", test: "new-save" }, "Add"))));
}
