// Inline mode: "@bot japan" typed into any chat brings a list above the input; a press sends the card.

import { h, fill } from "./dom.js";
import { post } from "./api.js";
import { state, emit } from "./state.js";
import { failed } from "./toast.js";

const patience = 300; // ms without a key before the bot is asked, as in the apps

export const inlineList = h("div.commands.inline", { id: "inline", role: "listbox", "aria-label": "Inline results", test: "inline", hidden: true });

let timer = 0, asked = 0, open = null; // open: { query, next } of the list that is shown

// queryOf returns what is typed behind the bot's name, null for any other text.
export function queryOf(text) {
  const name = `@${state.bot.username} `.toLowerCase();
  return text.toLowerCase().startsWith(name) ? text.slice(name.length) : null;
}

// typed asks the bot for what stands in the input once nobody types any more.
export function typed(text) {
  clearTimeout(timer);
  const query = queryOf(text);
  if (query === null) return closeInline();
  timer = setTimeout(() => ask(query.trim(), ""), patience);
}

export function closeInline() {
  clearTimeout(timer);
  asked++;
  open = null;
  inlineList.hidden = true;
}

async function ask(text, offset) {
  const ticket = ++asked;
  try {
    const answer = await post("/api/inline", { person: state.person, chat: state.chat, text, offset });
    if (ticket === asked) show(text, answer, offset !== "");
  } catch (err) {
    if (ticket !== asked) return;
    closeInline();
    failed(err);
  }
}

function show(text, answer, more) {
  const lines = answer.results.map((r) =>
    h("button.result", { role: "option", test: "inline-result", "aria-selected": "false", onclick: () => send(answer.query_id, r.id) },
      h("b", { dir: "auto" }, r.title), r.description && h("span", { dir: "auto" }, r.description)));
  open = { text, next: answer.next_offset, asking: false };
  if (more) return inlineList.append(...lines);
  fill(inlineList, answer.button && aboveButton(answer.button), lines,
    !lines.length && !answer.button && h("p.none", null, "No results"));
  inlineList.scrollTop = 0;
  inlineList.hidden = false;
}

const aboveButton = (b) =>
  h("button.result.above", { test: "inline-button", onclick: () => {
    closeInline();
    emit("typed-away");
    if (b.start_parameter) emit("start", b.start_parameter);
  } }, h("b", null, b.text));

inlineList.addEventListener("scroll", () => {
  if (!open?.next || open.asking || inlineList.scrollTop + inlineList.clientHeight < inlineList.scrollHeight - 80) return;
  open.asking = true;
  ask(open.text, open.next);
});

async function send(query, result) {
  closeInline();
  emit("typed-away");
  try {
    const { message } = await post("/api/inline_send", { person: state.person, chat: state.chat, query_id: query, result_id: result });
    emit("sent", message);
  } catch (err) {
    failed(err);
  }
}
