// Where the human writes: the input, the commands menu, START and UNBLOCK.

import { $, h, icon, fill, redraw } from "./dom.js";
import { get, post } from "./api.js";
import { state, me, emit, on } from "./state.js";
import { failed } from "./toast.js";
import { isEmpty } from "./chat.js";
import { snippet } from "./message.js";
import { closeInline, inlineList, typed } from "./inline.js";

const input = h("textarea", { test: "input", rows: 1, placeholder: "Message", "aria-label": "Message",
  "aria-autocomplete": "list", "aria-controls": "commands", enterkeyhint: "send", maxlength: 4096, dir: "auto" });
const sendButton = h("button.round.send", { test: "send", "aria-label": "Send", onclick: send }, icon("send"));
const menuButton = h("button.round.slash", { test: "commands", "aria-label": "Commands", "aria-expanded": "false",
  "aria-controls": "commands", onclick: toggleMenu }, "/");
const menu = h("div.commands", { id: "commands", role: "listbox", "aria-label": "Commands", hidden: true });
const banner = h("div.banner", { hidden: true });

const replyBar = h("div.reply-bar", { hidden: true });

let commands = [], picked = -1, replyTo = 0;

const chooser = h("input", { test: "file", type: "file", hidden: true, "aria-hidden": "true", tabindex: -1, onchange: attach });

$("composer").append(menu, inlineList, banner, replyBar, h("div.entry", null, menuButton,
  h("div.field", null, input, chooser,
    h("button.round", { test: "attach", "aria-label": "Send a picture or file", title: "Send a picture or file", onclick: () => chooser.click() }, icon("clip")),
    h("button.round", { test: "sticker", "aria-label": "Send a sticker", title: "Send a sticker", onclick: sticker }, icon("sticker"))),
  sendButton));

input.addEventListener("input", () => {
  grow();
  suggest();
  typed(input.value);
});

input.addEventListener("keydown", (e) => {
  if (!menu.hidden && ["ArrowDown", "ArrowUp", "Tab", "Escape"].includes(e.key) && menuKey(e.key)) e.preventDefault();
  else if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    if (!menu.hidden && picked >= 0) menu.children[picked].click();
    else send();
  }
});

const closeLists = () => {
  closeMenu();
  closeInline();
};
document.addEventListener("click", (e) => !e.composedPath().includes($("composer")) && closeLists());
addEventListener("keydown", (e) => e.key === "Escape" && closeLists());
on("typed-away", () => typeText(""));

function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
  sendButton.classList.toggle("ready", input.value.trim() !== "");
}

// typeText puts text into the input for the human to go on with.
export function typeText(text) {
  input.value = text;
  grow();
  typed(text);
  input.focus();
}

// focusInput is for a mouse; on a touch screen it would bring up the keyboard.
export const focusInput = () => matchMedia("(pointer: fine)").matches && input.focus({ preventScroll: true });

function send() {
  const text = input.value;
  if (!text.trim()) return;
  input.value = "";
  grow();
  closeLists();
  sendText(text, () => !input.value && typeText(text), replyTo);
  setReply(null);
}

// setReply shows which message the next text answers; null for none.
export function setReply(m) {
  replyTo = m?.id || 0;
  replyBar.hidden = !m;
  fill(replyBar, m && [icon("reply"),
    h("span", null, h("b", null, m.from.name), h("small", null, snippet(m))),
    h("button.round", { "aria-label": "Do not reply", onclick: () => setReply(null) }, icon("close"))]);
  if (m) input.focus();
}
on("reply", setReply);

// sendText sends text to the open chat; onFail gives the text back.
export async function sendText(text, onFail = () => {}, reply = 0) {
  try {
    const { message } = await post("/api/send", { person: state.person, chat: state.chat, text, ...(reply && { reply_to: reply }) });
    emit("sent", message);
  } catch (err) {
    onFail();
    failed(err);
    if (/blocked the bot/.test(err.message)) emit("blocked");
  }
}

// attach sends the file that was chosen, with what stands in the input as its caption.
async function attach() {
  const [file] = chooser.files, text = input.value, reply = replyTo;
  chooser.value = "";
  if (!file) return;
  try {
    const { message } = await post("/api/file", { person: state.person, chat: state.chat, name: file.name, text,
      file: await base64(file), ...(reply && { reply_to: reply }) });
    typeText("");
    setReply(null);
    emit("sent", message);
  } catch (err) {
    failed(err);
  }
}

const base64 = (file) => new Promise((done, lost) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
  reader.onerror = () => lost(new Error("The file cannot be read."));
  reader.readAsDataURL(file);
});

async function sticker() {
  try {
    const { message } = await post("/api/sticker", { person: state.person, chat: state.chat });
    emit("sent", message);
  } catch (err) {
    failed(err);
  }
}

export async function loadCommands() {
  const { person, chat } = state;
  const got = chat ? (await get("/api/commands", { person, chat }).catch(() => ({ commands: [] }))).commands || [] : [];
  if (person !== state.person || chat !== state.chat) return;
  commands = got;
  menuButton.hidden = commands.length === 0;
}

async function toggleMenu() {
  if (!menu.hidden) return closeMenu();
  await loadCommands();
  offer(commands);
}

function suggest() {
  const slash = /^\/(\w*)$/.exec(input.value);
  const fitting = slash ? commands.filter((c) => c.command.startsWith(slash[1].toLowerCase())) : [];
  if (fitting.length) offer(fitting);
  else closeMenu();
}

function offer(some) {
  picked = -1;
  fill(menu, some.map((c) =>
    h("button.command", { role: "option", test: "command", "aria-selected": "false", onclick: () => choose(c) },
      h("b", null, `/${c.command}`), h("span", null, c.description))));
  menu.hidden = some.length === 0;
  menuButton.setAttribute("aria-expanded", String(!menu.hidden));
}

function choose(c) {
  input.value = "";
  grow();
  closeMenu();
  sendText(`/${c.command}`);
  focusInput();
}

function closeMenu() {
  menu.hidden = true;
  menuButton.setAttribute("aria-expanded", "false");
}

function menuKey(key) {
  const all = [...menu.children];
  if (key === "Escape") closeMenu();
  else if (key === "Tab") {
    const c = all[Math.max(picked, 0)];
    typeText(`${c.firstChild.textContent} `);
    closeMenu();
  } else {
    picked = (picked + (key === "ArrowDown" ? 1 : -1) + all.length + (picked < 0 && key === "ArrowUp" ? 1 : 0)) % all.length;
    all.forEach((el, i) => el.setAttribute("aria-selected", String(i === picked)));
    all[picked].scrollIntoView({ block: "nearest" });
  }
  return true;
}

// drawBanner shows START in an empty private chat and UNBLOCK in a blocked one.
export function drawBanner() {
  const chat = state.chats.find((c) => c.id === state.chat);
  $("composer").hidden = !chat;
  if (!chat) return;
  const privately = chat.type === "private";
  const blocked = privately && me()?.blocked;
  $("composer").classList.toggle("blocked", Boolean(blocked));
  const kind = blocked ? "unblock" : privately && state.loaded && isEmpty() ? "start" : "";
  banner.hidden = !kind;
  redraw(banner, kind, () => [
    kind === "unblock" && h("button.primary.wide", { test: kind, onclick: () => emit("block", false) }, "Unblock the bot"),
    kind === "start" && h("button.primary.wide", { test: kind, onclick: () => sendText("/start") }, "START"),
  ]);
}
