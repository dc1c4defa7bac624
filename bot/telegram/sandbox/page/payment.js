// The payment sheet: from the pay button to "paid" or the reason why not.

import { fill, h, icon, dialog } from "./dom.js";
import { post } from "./api.js";
import { state, on, emit } from "./state.js";
import { money, number } from "./format.js";
import { failed } from "./toast.js";

// The cards that pay what is not in Stars: as every provider's test mode has, one of them is declined.
const cards = [["good", "Visa •••• 4242"], ["declined", "Visa •••• 0002 (is declined)"]];

let opening = false;

export const openPayment = (m) => open({ person: state.person, chat: m.chat, message_id: m.id });
on("invoice-link", (link) => open({ person: state.person, link }));

// open asks for the form of an invoice, named by its message or its link, and shows it.
async function open(which) {
  if (opening) return;
  opening = true;
  try {
    show(which, await post("/api/invoice", which));
  } catch (err) {
    failed(err);
  } finally {
    opening = false;
  }
}

// price is an amount with the drawn star in front when it is in Stars.
export function price(total, currency) {
  return currency === "XTR" ? h("span.price", null, icon("star"), number(total)) : h("span.price", null, money(total, currency));
}

function show(which, form) {
  const stars = form.currency === "XTR";
  let busy = false, refused = false;
  const card = stars || h("select", { test: "pay-card", "aria-label": "Card" }, cards.map(([value, label]) => h("option", { value }, label)));

  const body = h("div.sheet-body");
  const sheet = dialog("sheet", `Pay for ${form.title}`, body, { test: "payment" });
  sheet.addEventListener("cancel", (e) => busy && e.preventDefault());
  const close = () => sheet.close();

  const draw = (error = "") => {
    const missing = stars ? form.total - form.balance : 0;
    const confirm = missing > 0
      ? h("button.primary.wide", { test: "pay-topup", onclick: topUp }, "Top up ", icon("star"), number(roundUp(missing)))
      : h("button.primary.wide", { test: "pay-confirm", onclick: pay, autofocus: true },
          error ? "Try again · " : "Pay ", price(form.total, form.currency));
    fill(body,
      h("div.sheet-head", null,
        stars && h("span.balance", null, "Balance ", icon("star"), number(form.balance)),
        h("button.round", { "aria-label": "Close", onclick: close }, icon("close"))),
      h("div.sheet-emblem", null, stars ? icon("star") : "💳"),
      h("h2", { dir: "auto" }, form.title),
      h("p.sheet-text", { dir: "auto" }, form.description),
      h("dl.bill", null,
        h("div", null, h("dt", null, "Seller"), h("dd", null, state.bot.first_name)),
        !stars && h("div", null, h("dt", null, "Card"), h("dd", null, card)),
        h("div", null, h("dt", null, "Total"), h("dd", null, price(form.total, form.currency)))),
      missing > 0 && h("p.sheet-note", { test: "pay-short" }, `You need ${number(missing)} more Stars.`),
      error && h("p.sheet-error", { test: "pay-error", role: "alert" }, error),
      h("div.sheet-buttons", null, confirm, h("button.plain.wide", { test: "pay-cancel", onclick: close }, "Cancel")),
      h("p.sheet-fine", null, "Play money: nothing is charged."));
  };

  const topUp = async () => {
    try {
      form.balance = (await post("/api/stars", { person: state.person, amount: roundUp(form.total - form.balance) })).balance;
      emit("balance");
      draw();
    } catch (err) {
      draw(err.message);
    }
  };

  const pay = async () => {
    if (busy) return;
    setBusy(true);
    try {
      if (refused) Object.assign(form, await post("/api/invoice", which)); // a form is good for one try
      refused = true;
      const res = await post("/api/pay", { person: state.person, form_id: form.form_id, declined: card.value === "declined" });
      setBusy(false);
      emit("balance");
      if (res.ok) drawSuccess();
      else draw(res.error || "The payment was refused.");
    } catch (err) {
      setBusy(false);
      draw(err.message);
    }
  };

  const setBusy = (on) => {
    busy = on;
    sheet.toggleAttribute("data-busy", on);
    for (const b of body.querySelectorAll("button, select")) b.disabled = on;
    if (on) body.querySelector(".primary").replaceChildren(h("span.spinner"), "Waiting for the bot…");
  };

  const drawSuccess = () => {
    fill(body,
      h("div.sheet-emblem.done", null, icon("check")),
      h("h2", { test: "pay-done", role: "status" }, "Paid"),
      h("p.sheet-text", null, price(form.total, form.currency), ` to ${state.bot.first_name}`),
      h("div.sheet-buttons", null, h("button.primary.wide", { onclick: close, autofocus: true }, "Done")));
    body.querySelector(".primary").focus();
    setTimeout(close, 2500);
  };

  sheet.addEventListener("click", (e) => busy && e.stopImmediatePropagation(), true);
  draw();
}

const roundUp = (n) => Math.ceil(n / 1000) * 1000;
