// The eSIMs the vendor has sold: their state, their data, and what a traveller's phone would do.

import { h, icon } from "./dom.js";
import { bytes, shortDate } from "./format.js";

// Vendor words to people's words; the second is the colour of the label.
function stateOf(p) {
  if (p.esimStatus === "GOT_RESOURCE") {
    return p.smdpStatus === "RELEASED" ? ["not installed", "new"] : p.smdpStatus === "ENABLED" ? ["installed", "good"] : [p.smdpStatus.toLowerCase(), "new"];
  }
  if (p.esimStatus === "IN_USE" && p.smdpStatus === "DELETED") return ["deleted", "dead"];
  return {
    IN_USE: ["in use", "good"],
    USED_UP: ["no data left", "bad"],
    USED_EXPIRED: ["expired", "dead"],
    UNUSED_EXPIRED: ["lapsed unused", "dead"],
    CANCEL: ["cancelled", "dead"],
    SUSPENDED: ["suspended", "warn"],
    REVOKE: ["revoked", "dead"],
    REVOKED: ["revoked", "dead"],
  }[p.esimStatus] || [p.esimStatus.toLowerCase().replaceAll("_", " "), "new"];
}

const flag = (place) =>
  /^[A-Z]{2}$/.test(place) ? String.fromCodePoint(...[...place].map((c) => 0x1f1a5 + c.charCodeAt(0))) : "🌍";

const cards = new Map(); // esimTranNo → { json, el }

// drawProfiles shows one card for each eSIM and touches only those that changed.
export function drawProfiles(root, list, act) {
  const numbers = new Set(list.map((p) => p.esimTranNo));
  for (const [no, c] of cards) {
    if (!numbers.has(no)) {
      c.el.remove();
      cards.delete(no);
    }
  }
  root.querySelector(":scope > .none")?.remove();
  if (!list.length) root.append(h("p.none", null, icon("phone"), "No eSIM sold yet. Buy one in the chat and it appears here."));
  for (const p of list) {
    const json = JSON.stringify(p);
    const old = cards.get(p.esimTranNo);
    if (old?.json === json) continue;
    const el = card(p, act);
    if (old) {
      const focused = old.el.contains(document.activeElement) && document.activeElement.dataset.test;
      old.el.replaceWith(el);
      if (focused) el.querySelector(`[data-test="${focused}"]`)?.focus();
    } else root.prepend(el);
    cards.set(p.esimTranNo, { json, el });
  }
}

function card(p, act) {
  const [label, tone] = stateOf(p);
  const part = p.total ? Math.min(p.used / p.total, 1) : 0;
  const phone = (test, text, path, extra, disabled) =>
    h("button.tool", { test, disabled, onclick: (e) => act(e.currentTarget, path, { esimTranNo: p.esimTranNo, ...extra }) }, text);
  const over = tone === "dead";
  const fresh = p.smdpStatus === "RELEASED";
  return h("article.profile", { test: "profile", "data-tran-no": p.esimTranNo },
    h("div.profile-top", null,
      h("span.flag", { "aria-hidden": "true" }, flag(p.place)),
      h("span.profile-name", null, h("b", { title: p.plan }, p.plan),
        h("small", null, [p.owner, `#${p.esimTranNo}`].filter(Boolean).join(" · "))),
      h(`span.state.${tone}`, { test: "profile-state" }, label)),
    h("div.data", null,
      h("div.bar", { role: "meter", "aria-label": "Data used", "aria-valuenow": Math.round(part * 100), "aria-valuemin": 0, "aria-valuemax": 100 },
        fill(part)),
      h("span", null, `${bytes(p.used)} of ${bytes(p.total)}${p.daypass ? " · day pass" : ""}`),
      p.expires && h("span.until", null, `until ${shortDate(new Date(p.expires))}`)),
    h("div.tools", null,
      phone("install", "Install", "/panel/install", {}, !fresh || over),
      phone("burn-100", "Burn 100 MB", "/panel/burn", { megabytes: 100 }, over),
      phone("burn-500", "Burn 500 MB", "/panel/burn", { megabytes: 500 }, over)));
}

function fill(part) {
  const el = h("i");
  el.style.width = `${part * 100}%`;
  el.className = part >= 0.9 ? "bad" : part >= 0.8 ? "warn" : "";
  return el;
}
