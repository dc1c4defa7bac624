// Building the page out of elements. Nothing here, or anywhere else, turns data into HTML text.

// h makes an element: h("button.key", { type: "button", onclick: f, test: "key" }, "text", child).
// Children may be nested arrays; null, undefined and false are skipped.
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const el = document.createElement(tag);
  if (classes.length) el.className = classes.join(" ");
  if (tag === "button") el.type = "button";
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (name === "test") el.dataset.test = value;
    else if (name === "value") el.value = value;
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...real(children));
  return el;
}

const real = (children) => children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);

// fill puts children, given as for h, in place of whatever el held, and keeps the focus on the same button.
export function fill(el, ...children) {
  const at = el.contains(document.activeElement) && document.activeElement.dataset.test;
  el.replaceChildren(...real(children));
  if (at) el.querySelector(`[data-test="${at}"]`)?.focus({ preventScroll: true });
}

const drawn = new WeakMap(); // element → what it shows, as JSON

// redraw fills el with what build returns, but only if `what` has changed since the last time:
// a button that is replaced between the press and the release would miss its click.
export function redraw(el, what, build) {
  const json = JSON.stringify(what);
  if (drawn.get(el) === json) return;
  drawn.set(el, json);
  fill(el, build());
}

export const $ = (id) => document.getElementById(id);

const paths = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  down: "M5 9l7 7 7-7",
  send: "M4 12L20 4l-5 16-4-7zM11 13l9-9",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  link: "M8 16L17 7M9 7h8v8",
  world: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
  plus: "M12 5v14M5 12h14",
  check: "M5 13l4 4L19 7",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
  moon: "M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8l5-3M12 13l8-4M12 18l7-4",
  sticker: "M12 3a9 9 0 1 0 0 18c1 0 2-.2 3-.5L20.5 15c.3-1 .5-2 .5-3a9 9 0 0 0-9-9zM15 20c-.5-4 2-6 5.5-5M8.5 10v1M15 10v1M8.5 14c1.5 2 4 2.5 6 1",
  clip: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a1.800 1.800 0 0 1-2.500-2.500L15 7",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  reply: "M10 6l-6 6 6 6M4 12h10c4 0 6 3 6 7",
  out: "M5 12h14M13 6l6 6-6 6",
  in: "M19 12H5M11 6l-6 6 6 6",
  phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2",
};
const star = "M12 2.800l2.8 5.9 6.4.8-4.7 4.4 1.2 6.400L12 17.200l-5.7 3.1 1.2-6.400L2.8 9.500l6.4-.8z";
const svgNS = "http://www.w3.org/2000/svg";

// icon draws one of the line icons above, or the filled "star" that stands for Stars.
export function icon(name) {
  const svg = document.createElementNS(svgNS, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name === "star" ? "icon star" : "icon");
  const path = document.createElementNS(svgNS, "path");
  path.setAttribute("d", name === "star" ? star : paths[name]);
  svg.append(path);
  return svg;
}

// avatar draws the round picture of a person or chat: its initials on a colour taken from its id.
export function avatar(id, name, extra = "") {
  const initials = name.trim().split(/\s+/).slice(0, 2).map((w) => [...w][0] || "").join("").toUpperCase();
  const el = h("span.avatar", { "aria-hidden": "true" }, initials || "?");
  el.classList.add(`tint-${Math.abs(Number(id)) % 7}`);
  if (extra) el.classList.add(extra);
  return el;
}

// starred puts the drawn star in place of ⭐ and XTR in a text, as payment buttons show them.
export function starred(text) {
  return text.split(/(?:⭐\uFE0F?|\bXTR\b)/u).flatMap((part, i) => (i ? [icon("star"), part] : [part]));
}

// dialog opens a modal <dialog>, which brings focus handling and Escape along, and forgets it when closed.
export function dialog(cls, label, content, { onclose, test } = {}) {
  const box = h(`dialog.${cls}`, { "aria-label": label, test }, h("div.inside", null, content));
  box.addEventListener("click", (e) => e.target === box && box.close());
  box.addEventListener("close", () => {
    box.remove();
    onclose?.();
  });
  document.body.append(box);
  box.showModal();
  return box;
}
