// One message as a list item.

import { h, icon, avatar } from "./dom.js";
import { fileURL } from "./api.js";
import { state, emit } from "./state.js";
import { money, timeOfDay } from "./format.js";
import { renderText } from "./entities.js";
import { renderKeyboard } from "./keyboard.js";
import { photoButton } from "./viewer.js";
import { price } from "./payment.js";
import { openLink } from "./links.js";

// renderMessage draws m. old is the element it replaces, whose picture is kept if it is the same one.
export function renderMessage(m, old) {
  const li = h("li.msg", { test: "message", "data-message-id": m.id });
  const service = serviceText(m);
  if (service) {
    li.classList.add("service");
    li.append(h("span.pill", null, service));
    return li;
  }
  li.dataset.author = m.from.name;
  li.dataset.snippet = snippet(m);
  const own = m.from.id === state.person;
  li.classList.add(own ? "own" : "other");
  if (m.photo?.height) li.style.setProperty("--ratio", m.photo.width / m.photo.height);
  const inGroup = m.chat < 0;
  if (inGroup && !own) li.append(h("span.beside", null, avatar(m.from.id, m.from.name, m.from.is_bot && "bot")));
  li.append(h("div.stack", null, bubble(m, own, inGroup, old), renderKeyboard(m)));
  if (inGroup && !own) {
    li.append(h("button.round.reply", { test: "reply", "aria-label": "Reply", title: "Reply", onclick: () => emit("reply", m) }, icon("reply")));
  }
  return li;
}

function serviceText(m) {
  if (m.payment) {
    const sum = money(m.payment.total, m.payment.currency);
    return m.payment.kind === "refunded" ? `${state.bot.first_name} refunded you ${sum}` : `You paid ${sum} to ${state.bot.first_name}`;
  }
  return m.service || "";
}

function bubble(m, own, inGroup, old) {
  const meta = h("span.meta", null,
    m.reaction ? h("span.reaction", { test: "reaction" }, m.reaction) : null,
    m.edit_date ? h("span.edited", null, "edited") : null,
    h("time", { datetime: new Date(m.date * 1000).toISOString() }, timeOfDay(m.date)),
    own && icon("check"));

  if (m.sticker) return h("div.bubble.sticker", null, h("span.emoji", null, m.sticker), meta);

  const el = h("div.bubble");
  if (inGroup && !own) {
    el.append(h("div.author", null, m.from.name, m.from.is_bot && h("span.tag", null, "bot")));
    el.lastChild.classList.add(`ink-${Math.abs(m.from.id) % 7}`);
  }
  if (m.topic) el.append(h("div.topic", { test: "topic", dir: "auto" }, m.topic));
  if (m.via_bot) el.append(h("div.via", null, `via @${m.via_bot}`));
  if (m.reply_to) el.append(quoted(m.reply_to));
  if (m.photo) {
    const kept = old?.querySelector(".photo");
    el.classList.add("with-photo");
    el.append(kept?.dataset.file === m.photo.file_id ? kept : photoButton(m.photo, m.text));
  }
  if (m.document) el.append(documentCard(m.document));
  if (m.clip) el.append(documentCard({ file_id: m.clip.file_id, file_name: clipNames[m.clip.kind] || m.clip.kind }));
  if (m.location) el.append(h("div.text", null, `📍 ${m.location.latitude}, ${m.location.longitude}`));
  if (m.invoice) el.append(invoiceCard(m.invoice));
  if (m.text) el.append(h("div.text", { dir: "auto" }, renderText(m.text, m.entities), m.link_preview ? null : meta));
  if (m.link_preview) el.append(previewCard(m.link_preview));
  if (!m.text || m.link_preview) {
    if (m.photo && !m.text) meta.classList.add("over");
    el.append(h("div.last", null, meta));
  }
  return el;
}

// clipNames are what the files that are played are called.
const clipNames = { video: "Video", voice: "Voice message", audio: "Audio", animation: "GIF", video_note: "Round video" };

// quoted stands for the message that m answers; the text comes from the one on the page, if it is there still.
function quoted(id) {
  const old = document.querySelector(`[data-message-id="${id}"]`);
  return h("button.preview.quoted-message", { onclick: () => emit("jump", id) },
    h("b", null, old?.dataset.author || "Reply"), h("small", null, old?.dataset.snippet || `to message ${id}`));
}

// snippet is a message in one line.
export const snippet = (m) =>
  m.text.replace(/\s+/g, " ").slice(0, 120) || m.sticker || (m.photo && "Photo") || m.document?.file_name || (m.clip && clipNames[m.clip.kind]) || (m.location && "Location") || m.invoice?.title || "Message";

const documentCard = (d) =>
  h("a.document", { href: fileURL(d.file_id), download: d.file_name },
    h("span.disc", null, icon("file")),
    h("span", null, h("b", null, d.file_name), h("small", null, "Download")));

const invoiceCard = (inv) =>
  h("div.invoice", null,
    h("div.invoice-top", null, h("b", { dir: "auto" }, inv.title), price(inv.total, inv.currency)),
    h("p", { dir: "auto" }, inv.description));

function previewCard(address) {
  let host = address;
  try {
    host = new URL(address).hostname;
  } catch { /* shown as it came */ }
  return h("button.preview", { onclick: () => openLink(address) }, h("b", null, host), h("small", null, address));
}
