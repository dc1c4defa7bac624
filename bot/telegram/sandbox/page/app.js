// Start of the page: loads the state, follows the events, and tells the parts what to show.

import { $, h, icon } from "./dom.js";
import { get, post, listen } from "./api.js";
import { state, me, personNamed, on, emit, remember, recall } from "./state.js";
import { alertBox, failed, toast } from "./toast.js";
import { openLink } from "./links.js";
import { answered, forgetPresses } from "./keyboard.js";
import { drawPeople, refreshOthers, zoneOf } from "./people.js";
import { setLanguage, setZone } from "./format.js";
import { drawChats } from "./chats.js";
import { clearMessages, drawHead, drawIntro, isEmpty, putMessage, removeMessage, setMessages } from "./chat.js";
import { drawBanner, focusInput, loadCommands, sendText, setReply, typeText } from "./composer.js";
import { startPanel } from "./panel.js";
import { startTheme } from "./theme.js";

const typing = new Map(); // chat id → { action, timer }
const narrow = matchMedia("(max-width: 799px)");

let stopListening = () => {};
let loads = 0;      // the running number of the newest load of messages
let held = null;    // events that came during it, to be applied after it

async function start() {
  startTheme();
  await loadState();
  startPanel();
  const wanted = recall("person", 0);
  await become(personNamed(wanted) ? wanted : state.people[0]?.id);
}

async function loadState() {
  const s = await get("/api/state");
  $("inline-tip").textContent = `@${s.bot.username} japan`;
  Object.assign(state, { bot: s.bot, people: s.people || [], group: s.group, hasPanel: s.panel, now: s.now });
}

// become makes the human another person, in the same kind of chat if that person has it.
async function become(id) {
  if (!id) return;
  const wasGroup = state.chat < 0;
  stopListening();
  forgetPresses();
  dropTyping();
  Object.assign(state, { person: id, chats: [], chat: 0, loaded: false });
  remember("person", id);
  setZone(zoneOf(id));
  setLanguage(personNamed(id)?.language_code);
  clearMessages();
  drawPeople();
  await refreshChats();
  const first = state.chats.find((c) => c.type === (wasGroup ? "group" : "private")) || state.chats[0];
  if (first && !narrow.matches) openChat(first.id);
  else redrawAll();
  stopListening = listen(id, { onEvent, onUp, onDown });
  refreshOthers();
}

async function openChat(id) {
  if ($("app").dataset.view !== "chat") {
    $("app").dataset.view = "chat";
    if (narrow.matches) history.pushState({ chat: true }, "");
  }
  if (state.chat !== id) {
    Object.assign(state, { chat: id, loaded: false });
    clearMessages();
    setReply(null);
  }
  redrawAll();
  loadCommands();
  await loadMessages();
  focusInput();
}

function closeChat() {
  $("app").dataset.view = "list";
  state.chat = narrow.matches ? 0 : state.chat;
  redrawAll();
}

async function loadMessages() {
  const { person, chat } = state;
  if (!chat) return;
  const ticket = ++loads;
  held = [];
  try {
    const { messages } = await get("/api/messages", { person, chat });
    if (ticket !== loads) return;
    state.loaded = true;
    setMessages(messages || []);
    const read = state.chats.find((c) => c.id === chat);
    if (read) read.unread = 0;
  } catch (err) {
    if (ticket === loads && $("offline").hidden) failed(err);
  }
  if (ticket !== loads) return;
  const late = held;
  held = null;
  late.forEach(showEvent);
  redrawAll();
}

let chatsTimer = 0;
const soonRefreshChats = () => {
  clearTimeout(chatsTimer);
  chatsTimer = setTimeout(refreshChats, 150);
};

async function refreshChats() {
  const { person } = state;
  try {
    const { chats } = await get("/api/chats", { person });
    if (person !== state.person) return;
    state.chats = chats || [];
  } catch {
    return; // the line about reconnecting says it already
  }
  // A group that became a supergroup has another id: follow it.
  if (state.chat && !state.chats.some((c) => c.id === state.chat)) {
    const same = state.chats.find((c) => (c.id < 0) === (state.chat < 0));
    if (same) return openChat(same.id);
  }
  redrawAll();
  // Loading the messages is what marks them as read.
  const open = state.chats.find((c) => c.id === state.chat);
  if (open?.unread && !document.hidden && !held) loadMessages();
}

function redrawAll() {
  drawHead(typing.get(state.chat)?.action);
  drawChats(typing);
  drawIntro();
  drawBanner();
  document.body.classList.toggle("no-chat", !state.chat);
}

function onUp() {
  $("offline").hidden = true;
  forgetPresses();
  loadState().then(drawPeople).catch(() => { /* the next connection brings it */ });
  refreshChats();
  loadMessages();
  emit("connected");
}

function onDown() {
  $("offline").hidden = false;
}

function onEvent(e) {
  switch (e.type) {
    case "message":
      if (e.message.payment) emit("balance");
      if (e.message.from?.id !== state.person) stopTyping(e.chat);
      soonRefreshChats();
      return held ? held.push(e) : showEvent(e);
    case "edit":
    case "delete":
      soonRefreshChats();
      return held ? held.push(e) : showEvent(e);
    case "typing":
      return startTyping(e.chat, e.action);
    case "toast":
      return showAnswer(e);
    case "clock":
      state.now = e.now;
      emit("clock");
      return redrawAll();
    case "calls":
      return emit("calls");
  }
}

function showEvent(e) {
  if (e.chat !== state.chat) return;
  if (e.type === "delete") removeMessage(e.message_id);
  else putMessage(e.message);
}

function showAnswer(e) {
  answered(e.chat, e.message_id);
  if (e.url) openLink(e.url);
  else if (e.text && e.alert) alertBox(state.bot.first_name, e.text);
  else if (e.text) toast(e.text);
}

// A chat action lasts five seconds unless it is repeated, or until the bot says something.
function startTyping(chat, action) {
  clearTimeout(typing.get(chat)?.timer);
  typing.set(chat, { action, timer: setTimeout(() => stopTyping(chat), 5000) });
  redrawAll();
}

function stopTyping(chat) {
  clearTimeout(typing.get(chat)?.timer);
  if (typing.delete(chat)) redrawAll();
}

function dropTyping() {
  for (const chat of [...typing.keys()]) stopTyping(chat);
}

on("person", (id) => become(id).catch(failed));
on("open", openChat);
on("back", () => (history.state?.chat ? history.back() : closeChat()));
on("messages", () => {
  drawIntro();
  drawBanner();
});
on("sent", (m) => onEvent({ type: "message", chat: m.chat, message: m }));
on("send", (text) => sendText(text));
on("type", typeText);
on("start", async (parameter) => {
  if (state.chat !== state.person) await openChat(state.person);
  if (parameter || isEmpty()) sendText(`/start ${parameter}`.trim());
});
// Blocked from another tab: a refused message tells.
on("blocked", () => {
  me().blocked = true;
  drawPeople();
  redrawAll();
});
on("block", async (blocked) => {
  try {
    await post("/api/block", { person: state.person, blocked });
    me().blocked = blocked;
    drawPeople();
    redrawAll();
  } catch (err) {
    failed(err);
  }
});

let othersTimer = 0;
on("calls", () => {
  othersTimer ||= setTimeout(() => {
    othersTimer = 0;
    refreshOthers();
  }, 2000);
});
addEventListener("popstate", () => $("app").dataset.view === "chat" && closeChat());
document.addEventListener("visibilitychange", () => !document.hidden && soonRefreshChats());
narrow.addEventListener("change", () => {
  if (!narrow.matches && !state.chat && state.chats[0]) openChat(state.chats[0].id);
});

start().catch((err) => {
  $("messages").replaceChildren(h("li.msg.service", null, h("span.pill", null, err.message)));
  $("chat-head").replaceChildren(h("button.primary", { onclick: () => location.reload() }, icon("auto"), "Try again"));
});
