package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"esimbot/bot/telegram"
)

// settingUp runs `esimbot setup` with what the operator types, without a terminal.
func (w *town) settingUp(typed string, args ...string) (file, out, errOut string, code int) {
	w.t.Helper()
	file = filepath.Join(w.t.TempDir(), "shop.env")
	out, errOut, code = w.types(typed, append([]string{"setup", "--file", file}, args...)...)
	return file, out, errOut, code
}

func (w *town) types(typed string, args ...string) (out, errOut string, code int) {
	w.t.Helper()
	env := map[string]string{"TELEGRAM_API": w.tgURL, "ESIM_ACCESS_API": w.vendorURL}
	if args[len(args)-1] == "--group" {
		env["TELEGRAM_TOKEN"], env["ESIM_ACCESS_CODE"] = w.telegram.Token(), goodCode
	}
	var o, e bytes.Buffer
	code = run(args, world{func(name string) string { return env[name] }, strings.NewReader(typed), &o, &e})
	return o.String(), e.String(), code
}

// waiting are the updates that Telegram still has for the bot.
func (w *town) waiting() []telegram.RawUpdate {
	w.t.Helper()
	tg, err := telegram.New(telegram.Config{Token: w.telegram.Token(), BaseURL: w.tgURL})
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := tg.GetUpdates(w.ctx, 0, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	if _, err := w.ann().Send("/start"); err != nil { // a customer who came early
		t.Fatal(err)
	}
	if _, err := w.staff().Send("/here"); err != nil {
		t.Fatal(err)
	}
	before := len(w.waiting())
	file, out, errOut, code := w.settingUp(w.telegram.Token() + "\n" + goodCode + "\ny\n")
	if code != 0 || !strings.Contains(out, "✓ telegram token") || !strings.Contains(out, "✓ eSIM Access") || !strings.Contains(out, "Written: "+file) {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	w.keepsSecrets("what setup says", out+errOut)
	if n := len(w.waiting()); n != before {
		t.Errorf("%d updates wait for the shop, before it were %d", n, before)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v: the token is for its owner's eyes", info.Mode(), err)
	}
	set := readEnv(t, file, false)
	for name, want := range map[string]string{
		"TELEGRAM_TOKEN": w.telegram.Token(), "ESIM_ACCESS_CODE": goodCode, "ADMIN_CHAT_ID": fmt.Sprint(w.telegram.Group().ID),
		"TELEGRAM_API": w.tgURL, "ESIM_ACCESS_API": w.vendorURL,
	} {
		if set[name] != want {
			t.Errorf("%s is %q", name, set[name])
		}
	}
	// The shop takes it.
	cfg, err := LoadConfig(func(name string) string { return set[name] })
	if err != nil {
		t.Fatal(err)
	}
	if f := checkStaff(w.ctx, cfg); f.advice != "" {
		t.Errorf("the group: %s, %s", f.found, f.advice)
	}
	// Nothing is written over, and nothing asked before that is known.
	was, _ := os.ReadFile(file)
	out, errOut, code = w.types("", "setup", "--file", file)
	if now, _ := os.ReadFile(file); code != 1 || out != "" || !strings.Contains(errOut, "exists") || !bytes.Equal(was, now) {
		t.Errorf("a second time: exit code %d\n%s%s", code, out, errOut)
	}
}

func TestSetUpSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	file, out, errOut, code := w.settingUp("123456:AAEhBOweik6ad9rQXy1234567890abcde\nwrong\n")
	if code != 1 || !strings.Contains(out, "✗ telegram token") || !strings.Contains(out, "✗ eSIM Access") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
	for typed, want := range map[string]string{
		"no token\n\"in quotes\"\n":     "TELEGRAM_TOKEN does not look",
		w.telegram.Token() + "\n":       "the answers ended",
		w.telegram.Token() + "\n\n\n\n": "ESIM_ACCESS_CODE is not set",
	} {
		if _, out, errOut, code := w.settingUp(typed); code == 0 || !strings.Contains(errOut, want) {
			t.Errorf("exit code %d, want %q\n%s%s", code, want, out, errOut)
		}
	}
}

// TestSetUpLeavesOtherProgramsAlone: who else takes the bot's updates is named, and not pushed aside.
func TestSetUpLeavesOtherProgramsAlone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	resp, err := http.PostForm(w.tgURL+"/bot"+w.telegram.Token()+"/setWebhook", url.Values{"url": {"https://other.example.com/hook"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	_, out, errOut, code := w.settingUp(w.telegram.Token() + "\n" + goodCode + "\n")
	if code != 1 || !strings.Contains(errOut, "a webhook is set") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}

	w = newTown(t)
	stop := w.pollsToo()
	_, out, errOut, code = w.settingUp(w.telegram.Token() + "\n" + goodCode + "\n")
	stop()
	if code != 1 || !strings.Contains(errOut, "another program polls") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
}

// pollsToo is another program with the same token, which comes back whenever it is cut off.
func (w *town) pollsToo() (stop func()) {
	tg, err := telegram.New(telegram.Config{Token: w.telegram.Token(), BaseURL: w.tgURL})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.ctx)
	begun, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for first := true; ctx.Err() == nil; first = false {
			if first {
				close(begun)
			}
			tg.GetUpdates(ctx, 0, telegram.MaxPoll)
		}
	}()
	<-begun
	return func() { cancel(); <-ended }
}

// TestSetUpFindsTheRightGroup: one that could not be the staff's is named, a stranger's is asked about.
func TestSetUpFindsTheRightGroup(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.telegram.HideMembers(true)
	if _, err := w.staff().Send("/here"); err != nil {
		t.Fatal(err)
	}
	in, typing := io.Pipe()
	screen, out := io.Pipe()
	context.AfterFunc(w.ctx, func() { screen.Close() }) // nothing waits for ever
	file := filepath.Join(t.TempDir(), "shop.env")
	ended := make(chan int, 1)
	env := map[string]string{"TELEGRAM_API": w.tgURL, "ESIM_ACCESS_API": w.vendorURL}
	go func() {
		ended <- run([]string{"setup", "--file", file}, world{func(name string) string { return env[name] }, in, out, out})
	}()
	says := func(words string) {
		t.Helper()
		for said, b := "", make([]byte, 1<<12); !strings.Contains(said, words); {
			n, err := screen.Read(b)
			if said += string(b[:n]); err != nil {
				t.Fatalf("%q is not said: %v\n%s", words, err, said)
			}
		}
	}
	says("token")
	fmt.Fprintln(typing, w.telegram.Token())
	says("Account")
	fmt.Fprintln(typing, goodCode)
	says("hides its members")
	w.telegram.HideMembers(false)
	if _, err := w.staff().Send("/here"); err != nil {
		t.Fatal(err)
	}
	says("[Y/n]")
	fmt.Fprintln(typing, "n")
	says("Not that one")
	if _, err := w.staff().Send("/here@esim_sandbox_bot"); err != nil {
		t.Fatal(err)
	}
	says("[Y/n]")
	fmt.Fprintln(typing)
	says("Written")
	go io.Copy(io.Discard, screen)
	if code := <-ended; code != 0 || readEnv(t, file, false)["ADMIN_CHAT_ID"] != fmt.Sprint(w.telegram.Group().ID) {
		t.Errorf("exit code %d", code)
	}
}

func TestSetUpGivesUpWaiting(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	file, out, errOut, code := w.settingUp(w.telegram.Token()+"\n"+goodCode+"\n", "--wait", "50ms")
	if code != 0 || !strings.Contains(out, "no /here was heard") || !strings.Contains(out, "esimbot setup --group") {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	if set := readEnv(t, file, false); set["ADMIN_CHAT_ID"] != "" || set["TELEGRAM_TOKEN"] == "" {
		t.Errorf("written: %v", set)
	}
	// Later, of the shop that is configured.
	if _, err := w.staff().Send("/here"); err != nil {
		t.Fatal(err)
	}
	out, errOut, code = w.types("\n", "setup", "--group")
	if want := fmt.Sprintf("\nADMIN_CHAT_ID=%d\n", w.telegram.Group().ID); code != 0 || !strings.HasSuffix(out, want) {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	// A queue so long that /here cannot be seen.
	w = newTown(t)
	for range queueHead {
		w.telegram.Inject(map[string]any{"poll": map[string]any{"id": "1"}})
	}
	if _, errOut, code = w.types("", "setup", "--group"); code != 1 || !strings.Contains(errOut, "more than 100 updates") {
		t.Errorf("exit code %d\n%s", code, errOut)
	}
}
