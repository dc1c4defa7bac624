// The side panel: the world around the chat. Without /panel/* it holds only the calls.

import { $, fill, h, icon } from "./dom.js";
import { get, post } from "./api.js";
import { state, on, emit, remember, recall } from "./state.js";
import { clockDate, clockTime } from "./format.js";
import { failed, toast } from "./toast.js";
import { drawProfiles } from "./profiles.js";
import { startCalls, pollCalls } from "./calls.js";

const wide = matchMedia("(min-width: 1180px)");
const every = 4000; // ms between looks at the world while the panel is open

const panel = $("panel"), shade = $("shade");
const time = h("output.clock", { test: "clock" });
const date = h("div.clock-date");
const vendorFacts = h("div.facts");
const profiles = h("div.profiles");
const world = {}; // the latest /panel/state

let vendorMode, telegramMode, affiliates;
let polling = 0;

export function startPanel() {
  panel.setAttribute("aria-label", state.hasPanel ? "The world" : "Calls");
  panel.append(
    h("header.panel-head", null, h("h2", null, state.hasPanel ? "The world" : "Calls"),
      h("button.round", { "aria-label": "Close the panel", onclick: () => setOpen(false) }, icon("close"))),
    state.hasPanel ? h("div.panel-world", null, clockCard(), troubleCard(), profilesCard()) : "",
    startCalls(state.hasPanel));

  shade.addEventListener("click", () => setOpen(false));
  addEventListener("keydown", (e) => e.key === "Escape" && !wide.matches && !document.querySelector("dialog[open]") && setOpen(false));
  wide.addEventListener("change", () => setOpen(wide.matches && recall("panel", true)));
  on("toggle-panel", () => setOpen(panel.hidden));
  on("clock", drawClock);
  on("connected", refresh);
  on("calls", () => !panel.hidden && pollCalls());
  document.addEventListener("visibilitychange", refresh);
  setOpen(wide.matches && recall("panel", true));
}

function setOpen(open) {
  panel.hidden = !open;
  shade.hidden = !open || wide.matches;
  if (wide.matches) remember("panel", open);
  $("app").classList.toggle("with-panel", open);
  refresh();
}

async function refresh() {
  clearTimeout(polling);
  if (panel.hidden || document.hidden) return;
  polling = setTimeout(refresh, every);
  pollCalls();
  if (!state.hasPanel) return;
  try {
    const s = await get("/panel/state");
    Object.assign(world, s);
    state.now = s.now;
    drawWorld();
  } catch { /* the reconnecting line says it; the next look tries again */ }
}

function drawWorld() {
  drawClock();
  fill(vendorFacts,
    h("span", null, "Balance ", h("b", { test: "balance" }, world.balance)),
    h("span", null, "Orders ", h("b", null, world.orders)));
  vendorMode.show(world.vendor);
  telegramMode.show(world.telegram);
  affiliates.show(world.affiliates);
  drawProfiles(profiles, world.profiles || [], act);
}

function drawClock() {
  if (!state.now) return;
  const d = new Date(state.now);
  if (time.title === state.now) return; // said aloud by screen readers at every change
  time.title = state.now;
  time.textContent = clockTime(d);
  date.textContent = clockDate(d);
}

// act posts to the panel, shows the wait on the button, and looks at the world again.
async function act(button, path, body, done) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    const res = await post(path, body);
    if (res.now) {
      state.now = res.now;
      emit("clock");
    }
    if (done) toast(done);
  } catch (err) {
    failed(err);
  }
  button.removeAttribute("aria-busy");
  refresh();
}

function clockCard() {
  const forward = (label, hours, test) =>
    h("button.tool", { test, onclick: (e) => act(e.currentTarget, "/panel/advance", { hours }) }, label);
  return h("section.card.clock-card", { "aria-label": "Clock" },
    h("div.clock-face", null, time, date),
    h("div.tools", null, forward("+1 hour", 1, "advance-hour"), forward("+1 day", 24, "advance-day")));
}

function troubleCard() {
  vendorMode = modes("vendor", "/panel/vendor", ["ok", "slow", "down"]);
  telegramMode = modes("telegram", "/panel/telegram", ["ok", "429", "502", "cut"]);
  affiliates = modes("affiliates", "/panel/affiliates", ["off", "10", "30"]);
  return h("section.card", { "aria-label": "Neighbours" },
    h("div.neighbour", null, h("h3.vendor-ink", null, "Vendor"), vendorMode),
    vendorFacts,
    h("div.neighbour", null, h("h3.telegram-ink", null, "Telegram"), telegramMode),
    h("div.neighbour", null, h("h3.telegram-ink", null, "Affiliates, %"), affiliates));
}

const meaning = {
  ok: "Everything works", slow: "Answers come late", down: "No answers",
  429: "Too Many Requests", 502: "Bad Gateway", cut: "Connections break off",
  off: "No affiliate program", 10: "An affiliate gets 10 % of each payment in Stars", 30: "An affiliate gets 30 % of each payment in Stars",
};

// modes is a row of buttons of which one is pressed.
function modes(name, path, names) {
  const buttons = names.map((mode) =>
    h("button", { test: `${name}-${mode}`, "data-mode": mode, title: meaning[mode], onclick: async (e) => {
      await act(e.currentTarget, path, { mode });
      world[name] = mode;
      group.show(mode);
    } }, mode));
  const group = h("div.modes", { role: "group", "aria-label": `${name} mode` }, buttons);
  group.show = (mode) => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.mode === String(mode))));
  return group;
}

const profilesCard = () => h("section.card.flush", { "aria-label": "eSIMs" }, profiles);
