// Inline keyboards under a message, and the presses on them that wait for an answer.

import { h, icon, starred } from "./dom.js";
import { post } from "./api.js";
import { state, emit } from "./state.js";
import { copy, failed, toast } from "./toast.js";
import { openLink } from "./links.js";
import { openPayment } from "./payment.js";

// After this long without answerCallbackQuery the spinner stops and the page says so.
const patience = 30_000;

// Presses not yet answered, oldest first, by "chat/message". An answer names only the message.
const waiting = new Map();
const keyOf = (chat, id) => `${chat}/${id}`;

export function renderKeyboard(m) {
  let rows = m.keyboard || [];
  // An invoice without a keyboard of its own has its pay button all the same.
  if (m.invoice && !rows.flat().some((k) => k.kind === "pay")) {
    rows = [[{ text: m.invoice.pay_button, kind: "pay" }], ...rows];
  }
  if (!rows.length) return null;
  return h("div.keys", { role: "group", "aria-label": "Buttons" },
    rows.map((row) => h("div.row", null, row.map((k) => renderKey(m, k)))));
}

const corner = { url: "link", webapp: "link", copy: "copy", inline: "reply" };

function renderKey(m, k) {
  if (k.kind === "pay") return payKey(m, k);
  const el = h("button.key", { test: "key", "data-kind": k.kind, "data-style": k.style, onclick: () => act(m, k, el) },
    h("span.key-text", { dir: "auto" }, k.text),
    corner[k.kind] && icon(corner[k.kind]));
  if (k.kind === "url" || k.kind === "webapp") el.title = k.url;
  if (k.kind === "callback") {
    el.dataset.press = k.data;
    setBusy(el, (waiting.get(keyOf(m.chat, m.id)) || []).some((w) => w.data === k.data));
  }
  return el;
}

function payKey(m, k) {
  const paid = m.invoice?.paid;
  return h("button.key.pay", { test: "pay", "data-style": k.style, disabled: paid, onclick: () => openPayment(m) },
    h("span.key-text", null, paid ? [icon("check"), "Paid"] : starred(k.text || "Pay")));
}

function act(m, k, el) {
  switch (k.kind) {
    case "callback": return press(m, k, el);
    case "url":
    case "webapp": return openLink(k.url);
    case "copy": return copy(k.copy);
    case "inline": // the apps ask for a chat first; here it is the one that is open
      return emit("type", `@${state.bot.username} ${k.data || ""}`);
  }
}

async function press(m, k, el) {
  if (el.getAttribute("aria-busy")) return;
  const key = keyOf(m.chat, m.id);
  const entry = { data: k.data };
  const list = waiting.get(key) || [];
  waiting.set(key, [...list, entry]);
  setBusy(el, true);
  entry.timer = setTimeout(() => drop(key, entry) && toast("The bot has not answered this press"), patience);
  try {
    const res = await post("/api/press", { person: state.person, chat: m.chat, message_id: m.id, data: k.data });
    if (!res.ok) throw new Error(res.error);
  } catch (err) {
    drop(key, entry);
    failed(err);
  }
}

// answered stops the spinner of the oldest press on that message.
export function answered(chat, id) {
  const key = keyOf(chat, id);
  const entry = waiting.get(key)?.[0];
  if (entry) drop(key, entry);
}

// forgetPresses is for a change of person or a lost connection: the answers would never be heard.
export function forgetPresses() {
  for (const [key, list] of waiting) list.forEach((entry) => drop(key, entry));
}

function drop(key, entry) {
  const list = waiting.get(key) || [];
  if (!list.includes(entry)) return false;
  clearTimeout(entry.timer);
  waiting.set(key, list.filter((w) => w !== entry));
  const id = key.split("/")[1];
  for (const el of document.querySelectorAll(`[data-message-id="${id}"] .key[aria-busy]`)) {
    if (el.dataset.press === entry.data) setBusy(el, false);
  }
  return true;
}

function setBusy(el, busy) {
  if (busy && !el.getAttribute("aria-busy")) {
    el.setAttribute("aria-busy", "true");
    el.append(h("span.spinner"));
  } else if (!busy) {
    el.removeAttribute("aria-busy");
    el.querySelector(".spinner")?.remove();
  }
}
