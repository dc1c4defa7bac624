package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"esimbot/cmd/esimbot/shop"
)

type setupCmd struct {
	File  string        `default:".env" placeholder:"FILE" help:"Where to write the settings. It must not exist."`
	Wait  time.Duration `default:"5m" help:"How long to wait for /here in the staff's group. 0: leave the group for later."`
	Group bool          `help:"Only find the staff's group, of a shop that is configured already, and print its line."`
}

// Run asks for what nobody else can know, checks it, finds the staff's group and writes a file of settings.
func (s setupCmd) Run(ctx context.Context, w world) error {
	if s.Group {
		return s.onlyGroup(ctx, w)
	}
	if _, err := os.Lstat(s.File); err == nil {
		return existsAlready(s.File)
	}
	answers := map[string]string{}
	lookup := func(name string) string {
		if v, ok := answers[strings.TrimSuffix(name, "_FILE")]; ok {
			if strings.HasSuffix(name, "_FILE") {
				return "" // what was typed wins over a file that the environment names
			}
			return v
		}
		return w.lookup(name)
	}
	p := &prompter{in: w.in, out: w.out}
	for _, q := range []struct{ name, ask string }{
		{"TELEGRAM_TOKEN", "The bot's token (from @BotFather: /newbot, or /mybots, API Token): "},
		{"ESIM_ACCESS_CODE", "The access code (from the eSIM Access console, Account): "},
	} {
		v, err := p.secret(ctx, q.ask)
		if err != nil {
			return err
		}
		answers[q.name] = v
	}
	answers["ADMIN_CHAT_ID"] = "" // found below
	cfg, err := LoadConfig(lookup)
	if err != nil {
		return errors.Join(errUsage, err)
	}
	if err := checkBoth(ctx, cfg, w.out); err != nil {
		return err
	}
	if answers["ADMIN_CHAT_ID"], err = s.findGroup(ctx, cfg, p, w.out); err != nil {
		return err
	}
	for _, name := range []string{"TELEGRAM_API", "ESIM_ACCESS_API", "ESIM_ACCESS_SECRET"} { // what was checked with them holds with them
		answers[name] = w.lookup(name)
	}
	if err := writeEnv(s.File, fillEnv(answers)); err != nil {
		return err
	}
	fmt.Fprintf(w.out, `
Written: %s (readable by you alone; it holds the token, so never commit it).
Next, here:     set -a; . %s; set +a; esimbot doctor && esimbot serve
Anywhere else:  README.md, Run a shop
`, s.File, dotted(s.File))
	return nil
}

// dotted is a path that a shell reads from the folder, and not from PATH.
func dotted(path string) string {
	if strings.Contains(path, "/") {
		return path
	}
	return "./" + path
}

func (s setupCmd) onlyGroup(ctx context.Context, w world) error {
	cfg, err := LoadConfig(func(name string) string {
		if strings.TrimSuffix(name, "_FILE") == "ADMIN_CHAT_ID" {
			return "" // what stands there now may be what is wrong
		}
		return w.lookup(name)
	})
	if err != nil {
		return errors.Join(errUsage, err)
	}
	id, err := s.findGroup(ctx, cfg, &prompter{in: w.in, out: w.out}, w.out)
	if err != nil {
		return err
	}
	if id == "" {
		return errors.New("no group was found")
	}
	fmt.Fprintf(w.out, "\nADMIN_CHAT_ID=%s\n", id)
	return nil
}

// checkBoth asks both neighbours at once and says everything that is wrong.
func checkBoth(ctx context.Context, cfg shop.Config, out io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	var telegram, vendor finding
	var both sync.WaitGroup
	both.Go(func() { telegram = checkTelegram(ctx, cfg) })
	both.Go(func() { vendor = checkVendor(ctx, cfg) })
	both.Wait()
	fmt.Fprintln(out)
	if failed := telegram.print(out) + vendor.print(out); failed > 0 {
		return errors.New("nothing was written: run esimbot setup again with what is missing")
	}
	return nil
}

// findGroup is the number of the staff's group, "" if none was found in time.
func (s setupCmd) findGroup(ctx context.Context, cfg shop.Config, p *prompter, out io.Writer) (string, error) {
	if s.Wait <= 0 {
		return "", nil
	}
	g := groupFinder{cfg: cfg, ask: p, out: out}
	waiting, cancel := context.WithTimeout(ctx, s.Wait)
	defer cancel()
	id, err := g.find(ctx, waiting)
	switch {
	case err == nil:
		return strconv.FormatInt(id, 10), nil
	case ctx.Err() != nil:
		return "", errors.New("interrupted: nothing was written")
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Fprintf(out, "! no /here was heard within %s. Without ADMIN_CHAT_ID the shop sells and nobody watches;\n  find the group later, while the shop does not run: esimbot setup --group\n", s.Wait)
		return "", nil
	}
	return "", err
}

// A prompter asks the operator and reads lines.
type prompter struct {
	in    io.Reader
	out   io.Writer
	lines *bufio.Reader
}

// secret reads a line that a terminal does not show.
func (p *prompter) secret(ctx context.Context, question string) (string, error) {
	fmt.Fprint(p.out, question)
	show, hidden := hideTyping(p.in)
	defer show()
	v, err := p.line(ctx)
	if hidden {
		fmt.Fprintln(p.out)
	}
	return v, err
}

// yes asks a question to which no answer is a yes too.
func (p *prompter) yes(ctx context.Context, question string) (bool, error) {
	fmt.Fprint(p.out, question)
	v, err := p.line(ctx)
	return v == "" || strings.EqualFold(v, "y") || strings.EqualFold(v, "yes"), err
}

// line reads one line, and returns at once when ctx ends: the program is about to, too.
func (p *prompter) line(ctx context.Context) (string, error) {
	if p.lines == nil {
		p.lines = bufio.NewReader(p.in)
	}
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := p.lines.ReadString('\n')
		got <- answer{strings.TrimSpace(text), err}
	}()
	select {
	case a := <-got:
		if a.text == "" && a.err != nil {
			return "", fmt.Errorf("the answers ended: %w", a.err)
		}
		return a.text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
