// Text with entities, as elements. Offsets are UTF-16 units, which is what JavaScript strings count in.

import { h, icon } from "./dom.js";
import { emit } from "./state.js";
import { copy } from "./toast.js";
import { moment } from "./format.js";
import { hrefOf, openLink } from "./links.js";

export function renderText(text, entities) {
  const list = (entities || []).map((e) => ({ ...e, from: e.offset, to: e.offset + e.length }));
  return build(text, 0, text.length, list, true);
}

// build renders text[from:to]. An entity that sticks out of the one around it is cut in two.
function build(text, from, to, list, linkable) {
  const nodes = [];
  let at = from, afterBlock = false;
  const plain = (end) => {
    let part = text.slice(at, end);
    if (afterBlock) part = part.replace(/^\n/, ""); // the block has ended the line already
    if (part) nodes.push(...(linkable ? linkify(part) : [part]));
  };
  while (list.length) {
    list.sort((a, b) => a.from - b.from || b.to - a.to);
    const [e, ...others] = list;
    const inside = others.filter((o) => o.from < e.to).map((o) => ({ ...o, to: Math.min(o.to, e.to) }));
    list = others.filter((o) => o.to > e.to).map((o) => ({ ...o, from: Math.max(o.from, e.to) }));
    plain(e.from);
    const make = makers[e.type];
    const children = build(text, e.from, e.to, inside, linkable && !closed.has(e.type));
    nodes.push(...(make ? [make(children, text.slice(e.from, e.to), e)] : children));
    at = e.to;
    afterBlock = blocks.has(e.type);
  }
  plain(to);
  return nodes;
}

const blocks = new Set(["pre", "blockquote", "expandable_blockquote"]);
const closed = new Set(["code", "pre", "url", "text_link", "bot_command", "mention", "email", "phone_number", "date_time"]);

const link = (children, href) =>
  h("a", { href: hrefOf(href), onclick: (e) => { e.preventDefault(); openLink(href); } }, children);
const command = (children, text) =>
  h("button.inline-link", { onclick: () => emit("send", text) }, children);
const coloured = (children) => h("span.mention", null, children);

const makers = {
  bold: (c) => h("b", null, c),
  italic: (c) => h("i", null, c),
  underline: (c) => h("u", null, c),
  strikethrough: (c) => h("s", null, c),
  spoiler,
  code: (c, text) => pressable(h("code", { title: "Copy" }, c), () => copy(text)),
  pre: (c, text, e) => h("figure.pre", null,
    h("figcaption", null, e.language || "code",
      h("button", { "aria-label": "Copy this code", onclick: () => copy(text) }, icon("copy"))),
    h("pre", null, c)),
  blockquote: (c) => h("blockquote", null, c),
  expandable_blockquote: expandable,
  url: (c, text) => link(c, text),
  text_link: (c, text, e) => link(c, e.url),
  email: (c, text) => link(c, `mailto:${text}`),
  phone_number: (c, text) => link(c, `tel:${text}`),
  bot_command: command,
  mention: coloured,
  text_mention: coloured,
  hashtag: coloured,
  cashtag: coloured,
  date_time: (c, text, e) => h("time", { datetime: new Date(e.unix_time * 1000).toISOString(), title: moment(e.unix_time, "wDT") },
    e.date_time_format ? moment(e.unix_time, e.date_time_format) : c),
};

function spoiler(children) {
  const el = h("span.spoiler", { title: "Show" }, h("span", null, children));
  return pressable(el, () => el.classList.add("shown"));
}

function expandable(children) {
  const more = h("button.more", { "aria-expanded": "false", onclick: () => {
    const open = el.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.replaceChildren(open ? "Show less" : "Show more");
  } }, "Show more");
  const el = h("blockquote.expandable", null, h("div.quoted", null, children), more);
  return el;
}

// pressable makes inline text act as a button; a real one would not wrap over lines.
function pressable(el, action) {
  el.setAttribute("role", "button");
  el.tabIndex = 0;
  el.addEventListener("click", action);
  el.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    action();
  });
  return el;
}

// Telegram marks addresses, commands and mentions in any text; this covers what came without entities.
const found = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|(?<![\w/@.])(\/[a-z]\w{0,31}(?:@\w+)?)(?![\w/])|(?<![\w@])(@[a-z]\w{3,31})/giu;

function linkify(text) {
  const nodes = [];
  let at = 0;
  for (const m of text.matchAll(found)) {
    if (m.index > at) nodes.push(text.slice(at, m.index));
    const [all, address, cmd] = m;
    nodes.push(address ? link(all, address) : cmd ? command(all, all) : coloured(all));
    at = m.index + all.length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}
