// The open chat: its header, its messages, and where the reader is in them.

import { $, h, icon, avatar, fill, redraw } from "./dom.js";
import { state, emit, on } from "./state.js";
import { dayKey, dayName } from "./format.js";
import { renderMessage } from "./message.js";

const shown = new Map(); // message id → { m, json, li }
const list = $("messages"), scroller = $("scroll"), downButton = $("down");

let stick = true;  // the reader is at the newest message and stays there
let unseen = 0;    // messages that came below while the reader was further up

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 90;

function toEnd() {
  stick = true;
  scroller.scrollTop = scroller.scrollHeight;
}

scroller.addEventListener("scroll", () => {
  stick = atEnd();
  if (stick) unseen = 0;
  showDown();
}, { passive: true });

// Pictures, the on-screen keyboard and a growing input change heights: who was at the end stays there.
const heights = new ResizeObserver(() => stick && toEnd());
heights.observe(list);
heights.observe(scroller);

downButton.addEventListener("click", () => {
  const smooth = matchMedia("(prefers-reduced-motion: no-preference)").matches;
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth ? "smooth" : "auto" });
});

function showDown() {
  downButton.hidden = stick || !state.chat;
  fill(downButton, icon("down"), unseen > 0 && h("span.badge", null, unseen));
}

// setMessages shows exactly these messages, leaving alone what is on the screen already.
export function setMessages(messages) {
  const keep = new Set(messages.map((m) => m.id));
  for (const id of [...shown.keys()]) if (!keep.has(id)) drop(id);
  for (const m of messages) put(m);
  settle();
}

export function clearMessages() {
  shown.clear();
  list.replaceChildren();
  stick = true;
  unseen = 0;
  settle();
}

// putMessage adds a message or brings an edit of it.
export function putMessage(m) {
  const fresh = put(m);
  if (fresh && m.from?.id === state.person) stick = true;
  else if (fresh && !stick) unseen++;
  settle();
  if (fresh) shown.get(m.id).li.classList.add("fresh");
}

export function removeMessage(id) {
  drop(id);
  settle();
}

export const isEmpty = () => shown.size === 0;

function put(m) {
  const json = JSON.stringify(m);
  const old = shown.get(m.id);
  if (old?.json === json) return false;
  const li = renderMessage(m, old?.li);
  if (old) replaceKeepingFocus(old.li, li);
  else list.insertBefore(li, nodeAfter(m.id));
  shown.set(m.id, { m, json, li });
  return !old;
}

// An edit takes the pressed button away; the keyboard user goes on at the same place of the new one.
function replaceKeepingFocus(old, li) {
  const keys = [...old.querySelectorAll(".key")];
  const at = keys.indexOf(document.activeElement);
  old.replaceWith(li);
  const now = li.querySelectorAll(".key");
  if (at >= 0 && now.length) now[Math.min(at, now.length - 1)].focus({ preventScroll: true });
}

function nodeAfter(id) {
  for (let li = list.lastElementChild, next = null; ; next = li, li = li.previousElementSibling) {
    if (!li || Number(li.dataset.messageId) < id) return next;
  }
}

function drop(id) {
  shown.get(id)?.li.remove();
  shown.delete(id);
}

// settle puts day lines, tails and the scroll position right after any change.
function settle() {
  const items = [...list.children].map((li) => shown.get(Number(li.dataset.messageId)));
  items.forEach(({ m, li }, i) => {
    const before = items[i - 1]?.m, after = items[i + 1]?.m;
    const newDay = !before || dayKey(before.date) !== dayKey(m.date);
    li.querySelector(":scope > .day")?.remove();
    if (newDay) li.prepend(h("div.day", null, h("span.pill", null, dayName(m.date, state.now))));
    li.classList.toggle("head", newDay || !together(before, m));
    li.classList.toggle("tail", !together(m, after));
  });
  if (stick) toEnd();
  showDown();
  emit("messages");
}

const together = (a, b) =>
  Boolean(a && b && a.from && b.from && a.from.id === b.from.id && !isService(a) && !isService(b) &&
    Math.abs(b.date - a.date) < 600 && dayKey(a.date) === dayKey(b.date));
const isService = (m) => Boolean(m.payment || m.service);

on("jump", (id) => {
  const li = shown.get(id)?.li;
  li?.scrollIntoView({ block: "center" });
  li?.animate({ opacity: [0.35, 1] }, 700);
});

const doing = { upload_photo: "sending a photo", upload_document: "sending a file" };

export function drawHead(typing) {
  const chat = state.chats.find((c) => c.id === state.chat);
  const staff = state.people.filter((p) => p.staff).length;
  redraw($("chat-head"), [chat?.id, chat?.title, staff, typing], () => chat && [
    h("button.round.back", { test: "back", "aria-label": "Back to the chats", onclick: () => emit("back") }, icon("back")),
    chatAvatar(chat),
    h("div.head-text", null,
      h("h2", null, chat.title),
      typing ? h("p.typing", { test: "typing" }, `${doing[typing] || "typing"} `, h("span.dots", null, h("i"), h("i"), h("i")))
             : h("p", null, chat.type === "private" ? `bot · @${state.bot.username}` : `${staff} staff and the bot`)),
    h("button.round", { "aria-label": state.hasPanel ? "The world" : "Calls", title: state.hasPanel ? "The world" : "Calls",
      test: "panel-toggle", onclick: () => emit("toggle-panel") }, icon("world")),
  ]);
}

export const chatAvatar = (chat) =>
  chat.type === "private" ? avatar(state.bot.id, chat.title, "bot") : avatar(chat.id, chat.title);

// drawIntro is what a private chat shows before its first message.
export function drawIntro() {
  const show = state.chat > 0 && state.loaded && isEmpty();
  $("intro").hidden = !show;
  redraw($("intro"), [show, state.bot.description], () => show && h("div", null,
    avatar(state.bot.id, state.bot.first_name, "bot"),
    h("h3", null, "What can this bot do?"),
    h("p", { dir: "auto" }, state.bot.description || "Press START to begin.")));
}
