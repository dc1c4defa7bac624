// The sandbox's page: it shows what the control API says once a second, and presses its buttons.

const $ = (id) => document.getElementById(id);

// el makes an element; texts are never read as HTML.
function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (k === "class") e.className = v;
    else if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
    else if (k in e) e[k] = v;
    else e.setAttribute(k, v);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

function toast(text) {
  const t = el("div", { class: "toast" }, text);
  $("toasts").append(t);
  setTimeout(() => t.remove(), 5000);
}

async function api(path, body, method) {
  const answer = await fetch("/_control/" + path, {
    method: method || (body === undefined ? "GET" : "POST"),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error || answer.statusText);
  return json;
}

// press does something and shows what it led to.
async function press(path, body, method) {
  try {
    await api(path, body, method);
    await refresh();
    return true;
  } catch (err) {
    toast(err.message);
    return false;
  }
}

const money = (units) => "$" + (units / 10000).toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const data = (bytes) => (bytes >= 2 ** 30 ? +(bytes / 2 ** 30).toFixed(2) + " GB" : Math.round(bytes / 2 ** 20) + " MB");
const when = (t) => t.slice(0, 16).replace("T", " ");
const clockOf = (t) => t.slice(11, 19);

// pretty indents JSON and leaves anything else as it is.
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text || "(empty)";
  }
}

// once draws only if what is drawn has changed, so that nothing moves under a finger.
const drawn = new Map();
function once(id, value, draw) {
  const now = JSON.stringify(value);
  if (drawn.get(id) === now) return;
  drawn.set(id, now);
  draw();
}

const tones = {
  IN_USE: "good", GOT_RESOURCE: "", USED_UP: "warn", SUSPENDED: "warn", GETTING_RESOURCE: "warn",
  CANCEL: "bad", REVOKE: "bad", USED_EXPIRED: "bad", UNUSED_EXPIRED: "bad",
  ENABLED: "good", DISABLED: "warn", DOWNLOAD: "warn", DELETED: "bad",
};
const pill = (word) => el("span", { class: "pill " + (tones[word] || "") }, word);

function drawTiles(s) {
  const tile = (label, value, ...more) => el("div", { class: "tile" }, el("span", { class: "label" }, label), el("b", { title: String(value) }, String(value)), ...more);
  $("tiles").replaceChildren(
    tile("Balance", money(s.balance), el("button", { class: "ghost", type: "button", onclick: askBalance }, "Change")),
    tile("Catalogue", s.catalogue.toLocaleString("en"), el("span", { class: "soft" }, "plans, " + s.topUps.toLocaleString("en") + " top-ups")),
    tile("Orders", s.orders, el("span", { class: "soft" }, "charged " + s.charged + (s.charged === 1 ? " time" : " times"))),
    tile("Exchanges", s.exchanges, el("span", { class: "soft" }, s.switches.rateLimit ? "at most " + s.switches.rateLimit + " a second" : "no rate limit")),
    tile("Webhooks waiting", s.waiting, el("span", { class: "soft" }, s.webhook ? "address is set" : "no address set")),
    tile("State", s.fileError ? "not saved" : s.file ? "kept" : "in memory", el("span", { class: "soft", title: s.fileError || s.file }, s.fileError || (s.file ? s.file.split(/[\\/]/).pop() : "gone with the program"))),
  );
}

function askBalance() {
  const dollars = prompt("The account’s money in US dollars:", "10.00");
  if (dollars === null) return;
  const units = Math.round(Number(dollars.replace(",", ".")) * 10000);
  if (!Number.isFinite(units) || units < 0) return toast("That is not an amount.");
  press("balance", { balance: units });
}

const ended = ["CANCEL", "REVOKE", "USED_EXPIRED", "UNUSED_EXPIRED", "GETTING_RESOURCE"];

function drawProfile(p) {
  const act = (name, body) => () => press(`profiles/${p.esimTranNo}/${name}`, body || {});
  const over = ended.includes(p.esimStatus);
  const on = ["ENABLED", "DISABLED"].includes(p.smdpStatus);
  const out = p.esimStatus === "SUSPENDED" || p.smdpStatus === "DELETED";
  const b = (text, name, can, body) => el("button", { type: "button", class: "small", disabled: over || !can, onclick: act(name, body) }, text);
  const used = Math.min(100, (100 * p.used) / p.total), known = Math.min(100, (100 * p.reported) / p.total);
  const bar = el("div", { class: "bar", title: `used ${data(p.used)}, reported ${data(p.reported)} of ${data(p.total)}` }, el("i"), el("i", { class: "known" }));
  bar.children[0].style.width = used + "%";
  bar.children[1].style.width = known + "%";
  return el("div", { class: "profile" },
    el("div", { class: "head" }, el("b", {}, p.name), pill(p.esimStatus), pill(p.smdpStatus), p.silent && el("span", { class: "pill warn" }, "never reports")),
    bar,
    el("div", { class: "facts" },
      el("span", {}, `used ${data(p.used)} of ${data(p.total)}, reported ${data(p.reported)}`),
      el("span", {}, (p.activated ? "ends " : "unused until ") + when(p.expires)),
      el("span", { class: "mono" }, p.esimTranNo), el("span", { class: "mono", title: "order" }, p.orderNo)),
    el("div", { class: "row" },
      b("Download", "download", p.smdpStatus === "RELEASED"),
      b("Install", "install", ["RELEASED", "DOWNLOAD"].includes(p.smdpStatus)),
      b("Connect", "use", !out),
      b("Burn 10 %", "burn", !out, { part: 0.1 }), b("50 %", "burn", !out, { part: 0.5 }), b("All", "burn", !out, { part: 2 }),
      p.smdpStatus === "DISABLED" ? b("Switch on", "enable", true) : b("Switch off", "disable", p.smdpStatus === "ENABLED"),
      b("Delete", "delete", on),
      p.esimStatus === "SUSPENDED" ? b("Unsuspend", "unsuspend", true) : b("Suspend", "suspend", true),
      b("Expire", "expire", true), b("Cancel", "cancel", p.smdpStatus === "RELEASED" && p.esimStatus === "GOT_RESOURCE"), b("Revoke", "revoke", true)));
}

function drawProfiles(list) {
  const shown = list.slice(0, 50);
  $("profiles-note").textContent = list.length > 50 ? `the newest 50 of ${list.length}` : list.length ? `${list.length}` : "";
  $("profiles").replaceChildren(...(shown.length ? shown.map(drawProfile) : [el("p", { class: "empty" }, "None yet. Order one through the API: see “Call it”.")]));
}

// addEntries puts new entries of a log on top and keeps the open ones open.
function addEntries(list, entries, max) {
  list.querySelector(".empty")?.remove();
  for (const e of entries) list.prepend(e);
  while (list.children.length > max) list.lastChild.remove();
}

function entry(head, parts) {
  const d = el("details", {}, el("summary", {}, ...head));
  d.addEventListener("toggle", () => {
    if (!d.open || d.childElementCount > 1) return;
    for (const [label, text] of parts) d.append(el("p", { class: "label", style: "margin:4px 8px 0" }, label), el("pre", {}, text));
  });
  return el("li", {}, d);
}

function callEntry(c) {
  let ok = c.status === 200, word = c.status || "lost";
  try {
    const e = JSON.parse(c.answer);
    if (e.success === false) [ok, word] = [false, e.errorCode];
  } catch { /* cut or not JSON: the status says it */ }
  if (c.cut && /^.{0,80}"success":false/.test(c.answer)) ok = false;
  return entry(
    [el("span", { class: "when" }, clockOf(c.at)), el("span", { class: "what mono" }, c.endpoint), c.fault && c.fault !== String(word) && el("span", { class: "pill warn" }, c.fault), el("span", { class: "pill " + (ok ? "good" : "bad") }, String(word))],
    [["Request", pretty(c.request)], [c.cut ? "Answer, its beginning" : c.status ? "Answer" : "Answer that was lost", pretty(c.answer)]]);
}

const tries = (d) => (d.waiting ? ["warn", d.tries.length ? `retry ${clockOf(d.next)}` : "waiting"] : d.tries.at(-1)?.status === 200 ? ["good", "200"] : ["bad", String(d.tries.at(-1)?.status || "failed")]);

function drawHooks(answer) {
  const input = $("hook").elements.url;
  if (document.activeElement !== input) input.value = answer.url;
  $("hooks-note").textContent = answer.webhooks.length ? `${answer.webhooks.length}, newest first` : "";
  once("hooks", answer.webhooks.map((d) => [d.number, d.waiting, d.tries.length]), () => {
    const list = answer.webhooks.slice(-60).reverse();
    const open = new Set([...$("hooks").querySelectorAll("details[open]")].map((d) => d.dataset.n));
    $("hooks").replaceChildren(...(list.length ? list.map((d) => {
      const [tone, word] = tries(d);
      const body = JSON.parse(d.body);
      const li = entry([el("span", { class: "when" }, clockOf(d.made)), el("span", { class: "what" }, d.kind + " ", el("span", { class: "soft" }, body.content.smdpStatus && d.kind === "SMDP_EVENT" ? body.content.smdpStatus : body.content.esimStatus || body.content.orderStatus || (body.content.remainThreshold ? body.content.remainThreshold * 100 + " % left" : body.content.remain ? body.content.remain + " day left" : ""))), el("span", { class: "pill " + tone }, word)],
        [["Body", pretty(d.body)], ["Tries", d.tries.map((t) => `${clockOf(t.at)}  ${t.status || t.error}`).join("\n") || "none yet"]]);
      li.firstChild.dataset.n = d.number;
      li.firstChild.open = open.has(String(d.number));
      return li;
    }) : [el("li", { class: "empty" }, "None. Save an address with webhook/save, or set one here.")]));
  });
}

function drawOrders(list) {
  $("orders-note").textContent = list.length ? String(list.length) : "";
  $("orders").replaceChildren(...(list.length ? list.slice(-60).reverse().map((o) => el("li", {}, el("div", { class: "plain" },
    el("span", { class: "when long" }, when(o.at)), el("span", { class: "what mono", title: o.transactionId }, o.orderNo + "  " + o.transactionId),
    el("span", { class: "soft" }, o.esimTranNos.length + (o.esimTranNos.length === 1 ? " eSIM" : " eSIMs")), el("b", {}, money(o.amount)),
    el("span", { class: "pill " + (o.charged === 1 ? "good" : "bad") }, "charged " + o.charged + "×")))) : [el("li", { class: "empty" }, "None yet.")]));
}

function drawFaults(s) {
  $("status").textContent = s.down ? "down" : s.faults.length ? "broken" : "up";
  $("status").className = "pill " + (s.down ? "bad" : s.faults.length ? "warn" : "good");
  const rows = s.faults.map((f) => el("div", { class: "fault" },
    el("span", {}, el("b", {}, f.kind), ` on ${f.endpoint || "every endpoint"}` + (f.skip ? `, after ${f.skip}` : "") + (f.count ? `, ${f.left} left` : ", until mended") + (f.code ? ` (${f.code})` : "")),
    el("button", { type: "button", class: "small", onclick: () => press("faults/" + f.id, undefined, "DELETE") }, "Mend")));
  rows.push(el("div", { class: "fault" }, el("span", {}, s.down ? "Every connection is closed unanswered." : "All at once:"), el("button", { type: "button", class: "small" + (s.down ? "" : " danger"), onclick: () => press("down", { down: !s.down }) }, s.down ? "Up again" : "Take it down")));
  $("faults").replaceChildren(...rows);
}

const settingFields = [["allocation", "Allocation takes"], ["usageLag", "Usage is late by"], ["topupTime", "A top-up takes"], ["latency", "Every answer takes"], ["late", "Webhooks are late by"], ["rateLimit", "Calls a second (0: any)"], ["repeatedOrder", "A used transactionId"], ["neverReported", "Places that never report"], ["codeForm", "Activation codes (each, url …)"]];
const switchFields = [
  ["doubled", "Webhooks come twice"], ["outOfOrder", "Webhooks out of order"], ["loseWebhooks", "Webhooks get lost"], ["noNotifyId", "Webhooks without notifyId"],
  ["oldTimes", "Webhook times as +0000"], ["signed", "Webhooks are signed"], ["codeHeader", "Webhooks carry rt-accesscode"], ["early", "ORDER_STATUS before the order’s answer"],
  ["emptyAtFirst", "A new order’s list is empty once"], ["missingUsageRows", "Rows missing in usage/query"], ["topUpWantsIccid", "Top-ups by esimTranNo fail"],
  ["reuseIccid", "ICCIDs are used again"], ["oldRows", "Rows without newer keys"], ["partialRows", "Rows of orders that are not whole"], ["numberCodes", "errorCode is a number"], ["newFields", "Unknown members"],
  ["pagerOptional", "esim/query needs no pager"], ["activatedOnly", "Only activated eSIMs are suspended and revoked"], ["dayPassSteps", "A day pass’s price falls in steps"],
];

function drawSettings(sw) {
  const f = $("settings");
  if (!f.childElementCount) {
    for (const [name, label] of settingFields) {
      const input = name === "repeatedOrder" ? el("select", { name }, el("option", { value: "first" }, "first order"), el("option", { value: "310402" }, "310402")) : el("input", { name, placeholder: name === "neverReported" ? "ES, JP" : "" });
      input.addEventListener("change", () => set(name, name === "rateLimit" ? Number(input.value) : name === "neverReported" ? input.value.split(/[\s,]+/).filter(Boolean) : input.value));
      f.append(el("label", {}, label, input));
    }
    for (const [name, label] of switchFields) {
      const box = el("input", { type: "checkbox", id: "sw-" + name, onchange: () => set(name, box.checked) });
      $("switches").append(el("label", {}, box, label));
    }
  }
  for (const [name] of settingFields) {
    const input = f.elements[name];
    if (document.activeElement !== input) input.value = name === "neverReported" ? sw[name].join(", ") : sw[name];
  }
  for (const [name] of switchFields) $("sw-" + name).checked = sw[name];
}

async function set(name, value) {
  if (!(await press("switches", { [name]: value }))) drawn.delete("settings");
  else toast("Set.");
  await refresh();
}

let calls = 0, exchanges = -1, offset = 0;

async function refresh() {
  const s = await api("state");
  if (s.exchanges < calls) { // started over
    calls = 0;
    $("calls").replaceChildren();
  }
  offset = Date.parse(s.time) - Date.now();
  once("tiles", { ...s, time: 0 }, () => drawTiles(s));
  once("faults", [s.faults, s.down], () => drawFaults(s));
  once("settings", s.switches, () => drawSettings(s.switches));
  const [profiles, orders, hooks, fresh] = await Promise.all([api("profiles"), api("orders"), api("webhooks"), api(`calls?last=100&after=${calls}`)]);
  once("profiles", profiles.profiles, () => drawProfiles(profiles.profiles));
  once("orders", orders.orders, () => drawOrders(orders.orders));
  drawHooks(hooks);
  const news = fresh.calls.filter((c) => c.number > calls);
  if (news.length) {
    calls = news.at(-1).number;
    addEntries($("calls"), news.map(callEntry), 100);
  } else if (!$("calls").childElementCount) $("calls").append(el("li", { class: "empty" }, "Nobody has called yet."));
  exchanges = s.exchanges;
}

async function forever() {
  try {
    if (!document.hidden) await refresh();
  } catch {
    $("status").textContent = "not reachable";
    $("status").className = "pill bad";
    drawn.delete("faults");
  }
  setTimeout(forever, 1000);
}

function start() {
  for (const [text, d] of [["+1 min", "1m"], ["+1 h", "1h"], ["+3 h", "3h"], ["+1 day", "1d"], ["+7 days", "7d"], ["+30 days", "30d"]]) {
    $("clock-buttons").append(el("button", { type: "button", class: "small", onclick: () => press("clock", { advance: d }) }, text));
  }
  setInterval(() => { $("time").textContent = new Date(Date.now() + offset).toISOString().slice(0, 19).replace("T", " "); }, 250);

  const fault = $("fault"), kinds = [["lose-answer", "the answer is lost"], ["lose-request", "the request is lost"], ["slow", "slow"], ["bad-gateway", "HTML 502"], ["cut-body", "the body is cut"], ["refuse", "refused with a code"], ["rate-burst", "too many calls"]];
  fault.elements.kind.append(...kinds.map(([value, text]) => el("option", { value }, text)));
  const paths = ["esim/order", "esim/query", "esim/topup", "esim/usage/query", "esim/cancel", "esim/suspend", "esim/unsuspend", "esim/revoke", "esim/sendSms", "package/list", "location/list", "balance/query", "esim/realtimeBalance/query", "webhook/save", "webhook/query"];
  fault.elements.endpoint.append(el("option", { value: "" }, "every endpoint"), ...paths.map((p) => el("option", { value: p }, p)));
  fault.elements.endpoint.value = "esim/order";
  const fit = () => { for (const l of fault.querySelectorAll("[data-for]")) l.hidden = !l.dataset.for.split(" ").includes(fault.elements.kind.value); };
  fault.elements.kind.addEventListener("change", fit);
  fit();
  fault.addEventListener("submit", (e) => {
    e.preventDefault();
    const f = fault.elements, kind = f.kind.value, body = { kind, endpoint: f.endpoint.value, count: Number(f.count.value), skip: Number(f.skip.value) };
    if (kind === "slow") body.delay = f.delay.value;
    if (kind === "refuse") body.code = f.code.value;
    if ((kind === "slow" || kind === "bad-gateway") && f.worked.checked) body.worked = true;
    press("faults", body);
  });
  $("mend").addEventListener("click", () => press("faults", undefined, "DELETE"));
  $("hook").addEventListener("submit", (e) => { e.preventDefault(); press("webhooks", { url: $("hook").elements.url.value }); });
  $("reset").addEventListener("click", () => { if (confirm("Forget all orders, eSIMs and settings?")) press("reset", {}); });

  const themes = ["auto", "light", "dark"];
  let theme = localStorage.getItem("theme") || "auto";
  const paint = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    $("theme").textContent = "◐ " + theme;
    $("theme").title = "Theme: " + theme + ". Press to change it.";
  };
  $("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % 3];
    localStorage.setItem("theme", theme);
    paint();
  });
  paint();
  $("curl").textContent = `curl ${location.origin}/api/v1/open/esim/order \\\n  -H 'RT-AccessCode: any' -d '{\n  "transactionId": "my-1",\n  "packageInfoList": [\n    {"packageCode": "ES_1_7", "count": 1}]}'`;
  forever();
}

start();
