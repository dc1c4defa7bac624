// The calls both ways, newest first, as they happen.

import { h, icon, dialog } from "./dom.js";
import { get } from "./api.js";
import { recall, remember } from "./state.js";
import { seconds } from "./format.js";
import { copy } from "./toast.js";

const most = 500; // rows kept on the page

const filters = {
  all: ["All", () => true],
  telegram: ["Telegram", (c) => c.side === "telegram"],
  vendor: ["Vendor", (c) => c.side === "vendor"],
  errors: ["Errors", (c) => !c.ok],
};

const list = h("ol.calls");
const none = h("p.none", null, "No calls yet.");
const search = h("input.call-search", { type: "search", placeholder: "Filter by name", "aria-label": "Filter by name", oninput: () => refilter() });
const rows = []; // { call, el }, newest first
const known = new Set();

// Each side is taken from the list of who serves it, whether or not the panel repeats Telegram's.
const sources = { telegram: { path: "/api/calls", after: 0 }, vendor: { path: "/panel/calls", after: 0 } };

let busy = false, again = false;
let filter = recall("filter", "all");
let polls = recall("polls", false); // whether idle getUpdates are shown

// startCalls returns the list. Without the panel there is no vendor to tell apart.
export function startCalls(withVendor) {
  if (!withVendor) delete sources.vendor;
  const few = Object.entries(filters).filter(([key]) => withVendor || key === "all" || key === "errors");
  if (!few.some(([key]) => key === filter)) filter = "all";
  const chips = few.map(([key, [label]]) =>
    h("button.chip", { test: `filter-${key}`, "data-key": key, onclick: () => {
      filter = key;
      remember("filter", key);
      refilter();
    } }, label));
  const pollsChip = h("button.chip.push", { test: "filter-polls", title: "Show getUpdates that brought nothing", onclick: () => {
    polls = !polls;
    remember("polls", polls);
    refilter();
  } }, "Polls");
  const press = () => {
    chips.forEach((c) => c.setAttribute("aria-pressed", String(c.dataset.key === filter)));
    pollsChip.setAttribute("aria-pressed", String(polls));
  };
  refilter.after = press;
  press();
  return h("section.call-box", { "aria-label": "Calls" },
    h("div.call-head", null, h("h3", null, withVendor ? "Calls" : "Bot API"), search),
    h("div.chips", { role: "group", "aria-label": "Filter" }, chips, pollsChip),
    none, list);
}

// pollCalls fetches what is new; a call while one is under way asks once more after it.
export async function pollCalls() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  await Promise.all(Object.keys(sources).map(fetchSide));
  for (const r of rows.splice(most)) r.el.remove();
  none.hidden = rows.some((r) => !r.el.hidden);
  busy = false;
  if (again) {
    again = false;
    pollCalls();
  }
}

async function fetchSide(side) {
  const source = sources[side];
  try {
    const { calls, last } = await get(source.path, { after: source.after });
    if (last < source.after) return startOver(side); // the server has been started anew
    source.after = last;
    (calls || []).filter((c) => c.side === side).slice(-most).forEach(add);
  } catch { /* tried again at the next hint */ }
}

function startOver(side) {
  sources[side].after = 0;
  again = true;
  for (const r of rows.filter((r) => r.call.side === side)) {
    r.el.remove();
    rows.splice(rows.indexOf(r), 1);
  }
  for (const key of [...known]) if (key.startsWith(side)) known.delete(key);
}

function add(call) {
  const key = `${call.side}/${call.n}`;
  if (known.has(key)) return;
  known.add(key);
  const row = { call, el: callRow(call) };
  row.el.hidden = !wanted(call);
  const at = rows.findIndex((r) => r.call.at <= call.at);
  const place = at < 0 ? rows.length : at;
  list.insertBefore(row.el, rows[place]?.el || null);
  rows.splice(place, 0, row);
}

const emptyPoll = (c) => c.name === "getUpdates" && c.ok && /"result"\s*:\s*\[\s*\]/.test(c.answer || "");
const wanted = (c) =>
  filters[filter]?.[1](c) && (polls || !emptyPoll(c)) && c.name.toLowerCase().includes(search.value.trim().toLowerCase());

function refilter() {
  for (const r of rows) r.el.hidden = !wanted(r.call);
  none.hidden = rows.some((r) => !r.el.hidden);
  refilter.after();
}

const roughly = (ms) => (ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms));
const outward = (c) => c.dir.startsWith("bot");

// outcome is the status, or the vendor's error code, which it sends with status 200.
function outcome(c) {
  const code = !c.ok && c.status === 200 && /"errorCode"\s*:\s*"(\w+)"/.exec(c.answer)?.[1];
  return h(`span.code.${c.ok ? "good" : "bad"}`, null, code || c.status || "—");
}

function callRow(c) {
  return h(`li`, null, h(`button.call.${c.side}`, { test: "call", "data-n": c.n, onclick: () => showCall(c), title: c.dir },
    h("time", null, seconds(c.at)),
    h("span.way", null, icon(outward(c) ? "out" : "in")),
    h("span.call-name", null, c.name, c.unknown ? h("span.unknown", { title: ignored(c) }, " ?") : null),
    h("span.ms", null, `${roughly(c.ms)} ms`),
    outcome(c)));
}

const ignored = (c) => `The method has no ${c.unknown.join(", ")}: Telegram ignores it`;

function showCall(c) {
  const part = (title, text) => h("section", null,
    h("header", null, h("h3", null, title),
      h("button.round", { "aria-label": `Copy the ${title.toLowerCase()}`, onclick: () => copy(pretty(text)) }, icon("copy"))),
    h("pre.json", { tabindex: 0 }, colour(pretty(text))));
  const box = dialog("call-view", c.name, [
    h("header.call-title", null,
      h("div", null, h("h2", null, c.name),
        h("p", null, h(`span.dir.${c.side}`, null, c.dir.replace("→", " → ")), ` · ${seconds(c.at)} · ${roughly(c.ms)} ms · `,
          outcome(c))),
      h("button.round", { "aria-label": "Close", onclick: () => box.close(), autofocus: true }, icon("close"))),
    c.unknown ? h("p.unknown", { test: "unknown" }, ignored(c)) : null,
    h("div.call-parts", null, part("Request", c.request), part("Answer", c.answer)),
  ], { test: "call-view" });
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text || "(empty)"; // cut at 4 KB, or not JSON at all
  }
}

// colour marks keys, texts, numbers and words of JSON.
function colour(text) {
  const nodes = [];
  let at = 0;
  for (const m of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?\b/g)) {
    nodes.push(text.slice(at, m.index));
    const cls = m[2] ? "key" : m[1] ? "str" : "num";
    nodes.push(h(`span.j-${cls}`, null, m[1] || m[0]), m[2] || "");
    at = m.index + m[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}
