// What a press on a link does: deep links to the bot stay inside, the rest is asked about first.

import { h, dialog } from "./dom.js";
import { state, emit } from "./state.js";
import { copy, toast } from "./toast.js";

// parse reads an address as people write it, "example.com" too; null for what is none.
function parse(address) {
  try {
    return new URL(/^[a-z]+:/i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
}

const safe = (url) => /^(https?|mailto|tel):$/.test(url?.protocol);

// hrefOf is what a link shows to the browser: never a script.
export function hrefOf(address) {
  const url = parse(address);
  return safe(url) ? url.href : "#";
}

export function openLink(address) {
  const url = parse(address);
  if (!url) {
    toast("This link is not a valid address");
    return;
  }
  const start = deepLink(url);
  if (start !== null) emit("start", start);
  else if (isInvoice(url)) emit("invoice-link", url.href);
  else if (safe(url)) ask(url.href);
  else toast(`A ${url.protocol} link opens nothing here`);
}

// deepLink returns the start parameter of a link to this bot ("" without one), or null for other links.
function deepLink(url) {
  const bot = state.bot.username.toLowerCase();
  const web = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.slice(1).toLowerCase() === bot;
  const app = url.protocol === "tg:" && url.searchParams.get("domain")?.toLowerCase() === bot;
  return web || app ? url.searchParams.get("start") || "" : null;
}

// Links of createInvoiceLink open the payment sheet.
const isInvoice = (url) => url.hostname === "t.me" && /^\/(\$|invoice\/)/.test(url.pathname);

function ask(href) {
  const open = () => {
    window.open(href, "_blank", "noopener");
    box.close();
  };
  const box = dialog("box", "Open link", [
    h("h2", null, "Open this link?"),
    h("p.address", { test: "link-address" }, href),
    h("div.box-buttons", null,
      h("button.plain", { onclick: () => box.close() }, "Cancel"),
      h("button.plain", { onclick: () => copy(href, "Link copied") }, "Copy"),
      h("button.primary", { onclick: open, autofocus: true }, "Open")),
  ]);
}
