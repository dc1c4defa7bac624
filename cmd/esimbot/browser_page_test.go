//go:build browser

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Each step may take this long; in life it takes a fraction of a second.
const stepLimit = 2 * time.Minute

// page is a browser on the sandbox's page, used as a customer would: by what is seen.
type page struct {
	t     *testing.T
	ctx   context.Context
	shots []shot
}

type shot struct {
	name string
	png  []byte
}

// openPage starts a browser without a window, and leaves its pictures behind when the
// test fails or when ESIMBOT_SCREENSHOTS names a folder for them.
func openPage(t *testing.T, url string, width, height int64) *page {
	t.Helper()
	binary := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			binary = path
			break
		}
	}
	if binary == "" {
		t.Skip("no browser on this machine: install chromium (Debian: apt-get install chromium) to run this test")
	}
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(binary), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-GB"),
	))
	t.Cleanup(cancel)
	// The browser lives as long as the context of the first call, which has no time limit therefore.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", binary, err)
	}
	p := &page{t: t, ctx: ctx}
	t.Cleanup(p.keepShots)
	p.size(width, height)
	p.do("open the page", chromedp.Navigate(url))
	return p
}

func (p *page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	err := chromedp.Do(ctx, steps...)
	for err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "(-32000)") {
		// The page drew that element anew while it was being aimed at: a customer would aim again.
		err = chromedp.Do(ctx, steps...)
	}
	if err != nil {
		p.shoot("failed")
		p.t.Fatalf("%s: %v", what, err)
	}
}

// value evaluates JavaScript, and waits for it if it is a promise.
func value[T any](p *page, what, js string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.shoot("failed")
		p.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// until waits for a condition in JavaScript. chromedp.Poll is not for here: it makes a
// function of a string, which the page's content security policy rightly forbids.
func (p *page) until(what, condition string) {
	p.t.Helper()
	value[bool](p, "waiting for "+what, fmt.Sprintf(
		`new Promise((done, fail) => { const look = async () => (await (%s)) ? done(true) : setTimeout(() => look().catch(fail), 40); look().catch(fail); })`, condition))
}

func (p *page) size(width, height int64) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(width, height))
}

// scheme chooses between the light and the dark look, as the system would.
func (p *page) scheme(name string) {
	p.t.Helper()
	p.do(name+" look", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return err
	}))
}

// hook is the selector of an element by its data-test.
func hook(name string) string { return fmt.Sprintf(`[data-test=%q]`, name) }

// still waits until nothing slides or fades any more: a click would miss a sheet that is
// still rising. What turns for ever, a spinner, is not waited for.
func (p *page) still() {
	p.t.Helper()
	value[bool](p, "waiting for the page to stand still", `Promise.allSettled(document.getAnimations()
		.filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished)).then(() => true)`)
}

// click presses the only element with this hook, when it is there and not disabled.
func (p *page) click(name string) {
	p.t.Helper()
	p.until(name, fmt.Sprintf(`document.querySelector(%q)`, hook(name)+":not(:disabled)"))
	p.still()
	p.do("click "+name, chromedp.Click(chromedp.CSS(hook(name)+":not(:disabled)")))
}

// key presses the button of the newest message that has one whose label contains text.
func (p *page) key(text string) {
	p.t.Helper()
	p.still()
	p.do("press "+text, chromedp.Click(chromedp.JSPath(fmt.Sprintf(`[...document.querySelectorAll('[data-test="message"]')]
		.map((m) => [...m.querySelectorAll('[data-test="key"]')].find((k) => k.innerText.includes(%q))).findLast(Boolean)`, text))))
}

// write types text into the input.
func (p *page) write(text string) {
	p.t.Helper()
	p.do("write "+text, chromedp.SendKeys(chromedp.CSS(hook("input")), text, chromedp.NodeVisible))
}

// say writes text into the input and sends it.
func (p *page) say(text string) {
	p.t.Helper()
	p.write(text)
	p.click("send")
}

// messages are the texts in the open chat, oldest first.
func (p *page) messages() []string {
	p.t.Helper()
	return value[[]string](p, "read the chat", `[...document.querySelectorAll('[data-test="message"]')].map((m) => m.innerText)`)
}

// count is how many messages contain text.
func (p *page) count(text string) int {
	p.t.Helper()
	n := 0
	for _, m := range p.messages() {
		if strings.Contains(m, text) {
			n++
		}
	}
	return n
}

// sees waits until the chat contains text.
func (p *page) sees(text string) {
	p.t.Helper()
	p.until(strconv.Quote(text), fmt.Sprintf(`[...document.querySelectorAll('[data-test="message"]')].some((m) => m.innerText.includes(%q))`, text))
}

// fits fails if the page is wider than the screen.
func (p *page) fits(what string) {
	p.t.Helper()
	if w := value[[]int](p, "measure "+what, `[document.documentElement.scrollWidth, innerWidth]`); w[0] > w[1] {
		p.t.Errorf("%s is %d pixels wide on a screen of %d", what, w[0], w[1])
	}
}

// inView fails unless the newest message is on the screen from side to side.
func (p *page) inView(what string) {
	p.t.Helper()
	p.until(what+" between the sides of the screen", `(() => {
		const all = document.querySelectorAll('[data-test="message"] .stack');
		const r = all[all.length - 1]?.getBoundingClientRect();
		return r && r.width > 0 && r.left >= 0 && r.right <= innerWidth && r.bottom > 0 && r.top < innerHeight;
	})()`)
}

// shoot keeps a picture of the page as it is now.
func (p *page) shoot(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, stepLimit)
	defer cancel()
	if name != "failed" {
		p.still()
	}
	if b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		p.shots = append(p.shots, shot{fmt.Sprintf("%02d-%s.png", len(p.shots)+1, name), b})
	}
}

func (p *page) keepShots() {
	dir := os.Getenv("ESIMBOT_SCREENSHOTS")
	if dir == "" && !p.t.Failed() {
		return
	}
	var err error
	if dir == "" {
		dir, err = os.MkdirTemp("", "esimbot-screenshots-")
	} else {
		dir = filepath.Join(dir, p.t.Name())
		err = os.MkdirAll(dir, 0o755)
	}
	for _, s := range p.shots {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, s.name), s.png, 0o644)
		}
	}
	p.t.Logf("%d screenshots in %s (%v)", len(p.shots), dir, err)
}

// readQR reads a QR picture as a hand-held scanner does.
func readQR(t *testing.T, b []byte) string {
	t.Helper()
	text, err := readCode(b)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
