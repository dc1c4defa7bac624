// Command esimbot is a travel-eSIM shop inside Telegram: one binary, one SQLite
// file. `esimbot serve` runs the shop, `esimbot sandbox` runs it with a simulated
// Telegram and a simulated vendor and needs no account, `esimbot setup` asks for what a
// first shop needs, `esimbot doctor` checks a configuration and says what to do,
// `esimbot recover` makes a lost database anew.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the image has no time zones

	"github.com/alecthomas/kong"
	_ "golang.org/x/crypto/x509roots/fallback" // nor certificate roots
)

// Exit codes: 1 something failed, 2 the configuration or the command line is wrong.
const (
	exitFailed = 1
	exitUsage  = 2
)

type commandLine struct {
	Serve   serveCmd   `cmd:"" default:"1" help:"Run the shop (default). Everything is configured by environment variables."`
	Sandbox sandboxCmd `cmd:"" help:"Run the shop with a simulated Telegram and a simulated vendor. Needs no account."`
	Setup   setupCmd   `cmd:"" help:"Ask for token and access code, check both, find the staff's group, and write a file of settings."`
	Doctor  doctorCmd  `cmd:"" help:"Check the configuration, both neighbours, the disk and the database, and say what to do."`
	Health  healthCmd  `cmd:"" help:"Ask the shop on this machine whether it is well, for health checks where there is no shell."`
	Backup  backupCmd  `cmd:"" help:"Write a checked copy of the database to a new file, while the shop goes on."`
	Restore restoreCmd `cmd:"" help:"Put a copy in the place of a database that is gone. It writes nothing over."`
	Recover recoverCmd `cmd:"" help:"Rebuild a lost database from Telegram's account of Stars and the vendor's list. Without --write it only says what it found."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// world is what commands may touch of the process.
type world struct {
	lookup func(name string) string
	in     io.Reader
	out    io.Writer
	errOut io.Writer
}

func main() {
	os.Exit(run(os.Args[1:], world{os.Getenv, os.Stdin, os.Stdout, os.Stderr}))
}

// errUsage marks errors that the operator mends in the configuration.
var errUsage = errors.New("configuration")

func run(args []string, w world) (code int) {
	var line commandLine
	parser, err := kong.New(&line,
		kong.Name("esimbot"), kong.Description("A travel-eSIM shop inside Telegram: an eSIM or your money back."),
		kong.Writers(w.out, w.errOut), kong.Exit(func(c int) { code = c; panic(exited{}) }))
	if err != nil {
		fmt.Fprintln(w.errOut, "esimbot:", err)
		return exitFailed
	}
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exited); !ok {
				panic(p)
			}
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(w.errOut, "esimbot: %v\nTry: esimbot --help\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(w); err != nil {
		fmt.Fprintln(w.errOut, "esimbot:", explain(err))
		if errors.Is(err, errUsage) {
			return exitUsage
		}
		return exitFailed
	}
	return 0
}

// exited ends run when --help printed its text.
type exited struct{}

// explain puts the faults of a configuration on a line each.
func explain(err error) string {
	if !errors.Is(err, errUsage) {
		return err.Error()
	}
	return "the configuration has faults:\n  " + strings.ReplaceAll(strings.TrimPrefix(err.Error(), errUsage.Error()+"\n"), "\n", "\n  ")
}
