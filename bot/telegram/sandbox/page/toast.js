// Words that pass over the page: toasts, alerts to confirm, and questions before leaving it.

import { $, h, dialog } from "./dom.js";

export function toast(text) {
  const el = h("div.toast", { test: "toast" }, text);
  // Shown in the top layer, so that a toast is seen above an open dialog.
  $("toasts").replaceChildren(el); // one at a time, as in the apps: they lie over the buttons
  $("toasts").popover = "manual";
  $("toasts").hidePopover();
  $("toasts").showPopover();
  const life = Math.min(1500 + text.length * 50, 8000);
  setTimeout(() => el.classList.add("leaving"), life);
  setTimeout(() => el.remove(), life + 250);
}

export const failed = (err) => toast(err.message);

// alertBox is the modal of answerCallbackQuery with show_alert.
export function alertBox(title, text) {
  const box = dialog("box", title, [
    h("h2", null, title),
    h("p", { test: "alert", dir: "auto" }, text),
    h("div.box-buttons", null, h("button.primary", { onclick: () => box.close(), autofocus: true }, "OK")),
  ]);
}

export async function copy(text, said = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyTheOldWay(text);
  }
  toast(said);
}

// The clipboard API is missing on plain http from another machine.
function copyTheOldWay(text) {
  const area = h("textarea", { value: text, class: "unseen", readonly: true });
  (document.querySelector("dialog[open]") || document.body).append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
