//go:build browser

package main

import (
	"fmt"
	"strings"
	"testing"

	"esimbot/i18n"
)

// TestBrowserTour goes through what a traveller sees, on a phone and on a screen, light and dark: nothing is
// wider than the screen, no word of it is cut off or too pale to read. With ESIMBOT_SCREENSHOTS the pictures
// are for people to look at.
func TestBrowserTour(t *testing.T) {
	for _, width := range []int64{390, 1366} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d-%s", width, scheme), func(t *testing.T) { tour(t, width, scheme) })
		}
	}
}

func tour(t *testing.T, width int64, scheme string) {
	s := browserShop(t, "")
	w := english(t)
	height := int64(844)
	if width > 800 {
		height = 900
	}
	p := openPage(t, s.page, width, height)
	p.scheme(scheme)
	p.click("person-101")
	p.looks("people")
	if width < 800 {
		p.click("chat-101")
	}
	p.say("/start")
	p.sees(w.Place("JP"))
	p.looks("start")
	p.key(w.Place("JP"))
	p.sees(strings.SplitN(i18n.HTML(w.T("browse.good", i18n.Args{"place": ""})).Text(), "\n", 3)[1])
	p.looks("country")
	p.key(w.Plain("need.btn", nil))
	p.sees("1 of 3")
	p.looks("finder-days")
	p.key(w.Days(7))
	p.sees("2 of 3")
	p.key(w.Plain("need.btn_use_social", nil))
	p.sees("3 of 3")
	p.key(w.PlainN("need.btn_phones", 1, nil))
	p.sees("in all.")
	p.looks("finder-answer")
	p.say(w.Place("JP"))
	p.key(w.Plain("browse.btn_all", nil))
	p.sees("all data packs")
	p.looks("all-plans")
	p.key(w.Plain("menu.btn_back", nil))
	p.key(w.Data(1<<30) + " · ")
	buyButton := w.label("plan.btn_buy")
	p.until("the card", `[...document.querySelectorAll('[data-test="key"]')].some((k) => k.innerText.includes(`+fmt.Sprintf("%q", buyButton)+`))`)
	p.looks("card")
	p.key(w.Plain("plan.btn_details", nil))
	p.sees(w.head("plan.hotspot"))
	p.looks("details")
	p.key(w.Plain("plan.btn_share", nil))
	p.sees("?start=p_")
	p.looks("share")
	p.key(w.Plain("menu.btn_back", nil))
	p.key(w.Plain("menu.btn_back", nil))
	p.key(buyButton)
	p.until("the invoice", `document.querySelector('[data-test="pay"]')`)
	p.looks("invoice")
	p.click("pay")
	p.until("the payment sheet", `document.querySelector('[data-test="pay-confirm"]')`)
	p.looks("sheet")
	p.click("pay-confirm")
	p.until("the QR picture", `document.querySelector('[data-test="photo"] img')?.naturalWidth > 0 && !document.querySelector('dialog[open]')`)
	p.looks("receipt")
	p.key(w.Plain("guide.btn", nil))
	p.sees("Google Pixel")
	p.key("iPhone")
	p.sees(w.Plain("guide.title_link", nil))
	p.looks("guide")
	p.typeInline("@" + s.telegram.Username() + " japan")
	p.looks("inline")
	p.click("inline-result")
	p.sees("via @" + s.telegram.Username())
	p.looks("inline-card")
	p.say("my esim does not work in tokyo")
	p.sees(w.Plain("fault.btn_lost", nil)) // the fault finder of the one eSIM
	p.looks("trouble")
	p.key(w.Plain("support.btn_person", nil))
	p.sees("staff")
	p.say("It says: no service")
	p.sees(w.Plain("support.btn_end", nil))
	p.looks("support")
	p.opensPanel()
	p.looks("panel")
	if width < 700 { // where the panel covers the chat, and the chat the people
		p.click("panel-toggle")
		p.click("back")
	}
	p.click("person-201")
	p.click(fmt.Sprintf("chat-%d", s.telegram.Group().ID))
	p.sees("It says: no service")
	p.looks("staff-thread")
}

// typeInline writes into the input and waits for the list above it.
func (p *page) typeInline(text string) {
	p.t.Helper()
	p.write(text)
	p.until("inline results", `document.querySelectorAll('[data-test="inline-result"]').length > 3`)
	first := value[string](p, "read the results", `document.querySelector('[data-test="inline-result"]').innerText`)
	if !strings.Contains(first, "Japan") {
		p.t.Errorf("the first inline result is %q", first)
	}
}

// opensPanel shows the world at the side, or over the chat on a phone.
func (p *page) opensPanel() {
	p.t.Helper()
	if !value[bool](p, "look for the panel", `!document.querySelector('[data-test="panel"]').hidden`) {
		p.click("panel-toggle")
	}
	p.until("the panel", `!document.querySelector('[data-test="panel"]').hidden && document.querySelector('[data-test="advance-day"]')`)
}

// looks takes a picture of a screen, and fails where something on it is wider than the screen, cut off at a
// side, or too pale to read on its ground.
func (p *page) looks(what string) {
	p.t.Helper()
	p.still()
	p.fits(what)
	p.shoot(what)
	for _, fault := range value[[]string](p, "look at "+what, faultsOfLooks) {
		p.t.Errorf("%s: %s", what, fault)
	}
}

// faultsOfLooks finds buttons that stand outside of what holds them, and texts below a contrast of 4.5 (3 for large
// ones), as https://www.w3.org/TR/WCAG22/#contrast-minimum asks.
const faultsOfLooks = `(() => {
	const faults = [];
	const seen = (el) => {
		const r = el.getBoundingClientRect();
		if (r.width === 0 || r.height === 0 || r.bottom <= 0 || r.top >= innerHeight || getComputedStyle(el).visibility === "hidden") return false;
		const at = document.elementFromPoint(Math.min(Math.max((r.left + r.right) / 2, 1), innerWidth - 1), Math.min(Math.max((r.top + r.bottom) / 2, 1), innerHeight - 1));
		return at && (el.contains(at) || at.contains(el));
	};
	const words = (el) => el.innerText.trim().replace(/\s+/g, " ").slice(0, 40);
	for (const el of document.querySelectorAll("button, .tool, select, .bubble")) {
		const r = el.getBoundingClientRect();
		const scrolls = el.closest(".people");
		if (!scrolls && seen(el) && (r.left < -1 || r.right > innerWidth + 1)) faults.push("\"" + words(el) + "\" stands out at " + Math.round(r.left) + "-" + Math.round(r.right) + " of " + innerWidth);
		else if (seen(el) && el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflow !== "visible" && !el.matches(".bubble") && !el.closest(".keys, .inline")) faults.push("\"" + words(el) + "\" is cut");
	}
	const parse = (c) => { const m = c.match(/[\d.]+/g)?.map(Number) || [0, 0, 0, 0]; const s = c.startsWith("color(") ? 255 : 1; return { r: m[0] * s, g: m[1] * s, b: m[2] * s, a: m[3] ?? 1 }; };
	const over = (t, u) => ({ r: t.r * t.a + u.r * (1 - t.a), g: t.g * t.a + u.g * (1 - t.a), b: t.b * t.a + u.b * (1 - t.a), a: 1 });
	const ground = (el) => {
		const layers = [];
		for (let e = el; e; e = e.parentElement) {
			const st = getComputedStyle(e);
			if (st.backgroundImage.includes("gradient") || st.backgroundImage.includes("url(")) return null;
			layers.push(parse(st.backgroundColor));
			if (layers.at(-1).a === 1) break;
		}
		return layers.reverse().reduce((u, t) => over(t, u), parse(getComputedStyle(document.body).backgroundColor));
	};
	const light = (c) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b); };
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const pale = new Set();
	while (walker.nextNode()) {
		const el = walker.currentNode.parentElement;
		if (!walker.currentNode.textContent.trim() || !/[\p{L}\p{N}]/u.test(walker.currentNode.textContent) || !el || el.closest(":disabled, noscript, svg") || !seen(el)) continue;
		const st = getComputedStyle(el), g = ground(el);
		if (!g) continue;
		let opacity = 1;
		for (let e = el; e; e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
		const c = parse(st.color);
		c.a *= opacity;
		const a = light(over(c, g)), b = light(g);
		const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const large = parseFloat(st.fontSize) >= 24 || parseFloat(st.fontSize) >= 18.6 && Number(st.fontWeight) >= 700;
		if (contrast < (large ? 3 : 4.5)) pale.add("\"" + walker.currentNode.textContent.trim().slice(0, 30) + "\" (" + (el.className || el.tagName) + ") has a contrast of " + contrast.toFixed(2));
	}
	return [...faults, ...pale];
})()`
