package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"esimbot/bot/telegram"
	tgsandbox "esimbot/bot/telegram/sandbox"
	"esimbot/cmd/esimbot/shop/shoptest"
	"esimbot/esim"
	vendorsandbox "esimbot/esim/esimaccess/sandbox"
	"esimbot/storage"
)

// TestMain lets more tests run at once than there are cores: they mostly wait for
// what the shop does by the clock.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f != nil {
		f.Value.Set("8")
	}
	dir, err := os.MkdirTemp("", "esimbot-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	scratch = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var scratch string // folder of what is made once for all tests

var buildOnce = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(scratch, "esimbot")
	// as the Dockerfile links it
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return bin, nil
})

// smallCatalog is a file with all of shoptest's few plans for Japan and two for each other place:
// reading longer lists dozens of times is what most of the time would go into.
func smallCatalog(t testing.TB) string {
	t.Helper()
	path, err := catalogOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var catalogOnce = sync.OnceValues(func() (string, error) {
	plans, err := shoptest.FewPlans(1)
	if err != nil {
		return "", err
	}
	var answer struct {
		Success bool `json:"success"`
		Obj     struct {
			PackageList []json.RawMessage `json:"packageList"`
		} `json:"obj"`
	}
	if err := json.NewDecoder(plans).Decode(&answer); err != nil {
		return "", err
	}
	of := map[string]int{}
	answer.Obj.PackageList = slices.DeleteFunc(answer.Obj.PackageList, func(raw json.RawMessage) bool {
		var p struct{ LocationCode string }
		if json.Unmarshal(raw, &p) == nil { // else it stays, and the simulator says what is wrong
			of[p.LocationCode]++
		}
		return p.LocationCode != "JP" && of[p.LocationCode] > 2
	})
	b, err := json.Marshal(answer)
	if err != nil {
		return "", err
	}
	path := filepath.Join(scratch, "catalog.json")
	return path, os.WriteFile(path, b, 0o600)
})

// binary is the program as it is shipped, built once.
func binary(t testing.TB) string {
	t.Helper()
	bin, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// town is the two simulated neighbours, for shops that are processes of their own.
type town struct {
	*rig     // without an app: for its customers and waits
	tgURL    string
	database string
	limits   telegram.Limits // of the shops that opens starts
}

func newTown(t testing.TB) *town {
	t.Helper()
	return townOf(t, patient(t), tgsandbox.Options{})
}

// hastyTown is a town in whose Telegram nobody counts messages: who presses a hundred buttons would wait for
// two minutes there, at a message a second.
func hastyTown(t testing.TB) *town {
	t.Helper()
	w := townOf(t, patient(t), tgsandbox.Options{NoFlood: true})
	w.limits = telegram.Limits{PerSecond: -1, BulkPerSecond: -1, PerChat: -1, PerGroupMinute: -1}
	return w
}

// townOf is a town with customers of its own, for as long as ctx lasts.
func townOf(t testing.TB, ctx context.Context, o tgsandbox.Options) *town {
	t.Helper()
	vendor, err := vendorsandbox.New(vendorsandbox.Options{CatalogFile: smallCatalog(t), AllocationTime: time.Millisecond, UsageLag: vendorsandbox.Off, AccessCode: goodCode})
	if err != nil {
		t.Fatal(err)
	}
	o.Now = vendor.Time
	tg := tgsandbox.New(o)
	vs, ts := httptest.NewServer(vendor), httptest.NewServer(tg)
	t.Cleanup(func() {
		tg.Close()
		ts.Close()
		vs.Close()
	})
	s := &rig{&runningSandbox{vendor: vendor, telegram: tg, vendorURL: vs.URL}, t, ctx}
	return &town{rig: s, tgURL: ts.URL, database: shoptest.EmptyDatabase(t)}
}

const goodCode = "access-code-of-the-town"

// env is a complete configuration; later pairs replace earlier ones.
func (w *town) env(more ...string) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"),
		"TELEGRAM_TOKEN=" + w.telegram.Token(), "TELEGRAM_API=" + w.tgURL,
		"ESIM_ACCESS_CODE=" + goodCode, "ESIM_ACCESS_API=" + w.vendorURL,
		fmt.Sprintf("ADMIN_CHAT_ID=%d", w.telegram.Group().ID), "DATABASE=" + w.database, "LISTEN=127.0.0.1:0", "LOG_LEVEL=debug",
	}
	return append(env, more...)
}

// process is one running `esimbot serve`.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	addr string // of /healthz, once it is open
	log  *lockedBuffer
	// opened is closed when it serves, ended when it is no more.
	opened, ended chan struct{}
	// stocked is closed when this run has fetched the price list, reconciled when it has
	// compared its books for the first time.
	stocked, reconciled chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.WriteString(line + "\n")
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts `esimbot serve` and waits until it is open.
func (w *town) serve(more ...string) *process {
	w.t.Helper()
	p, err := spawn(w.t, binary(w.t), w.env(more...))
	if err == nil {
		err = p.open(w.ctx)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// spawn starts a program with `serve`. It may be called from any goroutine.
func spawn(t testing.TB, program string, env []string) (*process, error) {
	cmd := exec.Command(program, "serve")
	cmd.Env = env
	return spawned(t, cmd)
}

// spawned starts a command that serves.
func spawned(t testing.TB, cmd *exec.Cmd) (*process, error) {
	p := &process{
		t: t, cmd: cmd, log: &lockedBuffer{},
		opened: make(chan struct{}), ended: make(chan struct{}), stocked: make(chan struct{}), reconciled: make(chan struct{}),
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.ended // it must not write into a folder that is being removed
	})
	go p.read(stderr)
	return p, nil
}

// open waits until the shop is open.
func (p *process) open(ctx context.Context) error {
	select {
	case <-p.opened:
		return nil
	case <-p.ended:
		return fmt.Errorf("serve ended: %s\n%s", p.cmd.ProcessState, p.log)
	case <-ctx.Done():
		return fmt.Errorf("serve did not open:\n%s", p.log)
	}
}

func (p *process) read(stderr io.Reader) {
	defer close(p.ended)
	lines := bufio.NewScanner(stderr)
	lines.Buffer(nil, 1<<20)
	compared := false
	for lines.Scan() {
		p.log.add(lines.Text())
		var l struct{ Msg, Listen, Job string }
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue
		}
		switch {
		case l.Msg == "the shop is open":
			p.addr = l.Listen
			close(p.opened)
		case l.Msg == "job done" && l.Job == "catalog":
			close(p.stocked)
		case l.Msg == "reconciled" && !compared:
			compared = true
			close(p.reconciled)
		}
	}
	p.cmd.Wait()
}

// kill ends the process as a power cut does.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Error(err)
	}
	<-p.ended
}

// stop asks the process to end and returns its exit code.
func (p *process) stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("serve does not stop:\n%s", p.log)
	}
	return p.cmd.ProcessState.ExitCode()
}

// runs runs a command to its end and returns what it said.
func (w *town) runs(env []string, args ...string) (out, errOut string, code int) {
	w.t.Helper()
	var o, e bytes.Buffer
	cmd := exec.CommandContext(w.ctx, binary(w.t), args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &o, &e
	cmd.Run()
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// states counts the orders in a database that no shop has open.
func (w *town) states() map[esim.State]int {
	w.t.Helper()
	db, err := storage.Open(w.ctx, w.database, storage.Options{})
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	n, err := db.CountOrders(w.ctx, time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// buys goes by the buttons alone from /start to a paid plan of Japan.
func (p *process) buys(v visitor) {
	p.t.Helper()
	select {
	case <-p.stocked:
	case <-v.ctx.Done():
		p.t.Fatalf("the price list does not arrive:\n%s", p.log)
	}
	v.says("/start", "Where are you going")
	v.presses("🇯🇵 Japan")
	v.untilText("Good plans")
	v.presses("1 GB")
	v.untilText("Price:")
	v.presses("Buy for")
	v.until("invoice", func(m tgsandbox.Message) bool { return m.Invoice != nil && !m.Invoice.Paid })
	if err := v.Pay(); err != nil {
		p.t.Fatalf("pay: %v", err)
	}
}

func health(t testing.TB, addr string) (int, string) {
	t.Helper()
	resp, err := http.Get("http://" + addr + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}
