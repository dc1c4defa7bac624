package main

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts plays what an operator types: testdata/script/*.txtar. Each script has two
// simulated neighbours of its own and a complete configuration in its environment
// (town.env), and besides testscript's own commands
//
//	esimbot CODE ARGS…   runs the program to its end; CODE is the exit code it must have.
//	                     No stack trace and no secret may be in what it writes.
//	serve                starts esimbot serve and waits until it is open; $ADDR is its address.
//	sigterm              sends SIGTERM to what serve started, which must end with 0.
//	healthy              asks what serve started at /healthz.
func TestScripts(t *testing.T) {
	t.Parallel()
	binary(t) // once, and not in the time of one script
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		Setup:               setUpScript,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"esimbot": func(ts *testscript.TestScript, neg bool, args []string) { operatorOf(ts).runsProgram(ts, neg, args) },
			"serve":   func(ts *testscript.TestScript, neg bool, args []string) { operatorOf(ts).serves(ts, neg, args) },
			"sigterm": func(ts *testscript.TestScript, neg bool, args []string) { operatorOf(ts).stops(ts, neg, args) },
			"healthy": func(ts *testscript.TestScript, neg bool, args []string) { operatorOf(ts).asksHealth(ts, neg, args) },
		},
	})
}

// operator is who types the script.
type operator struct {
	*town
	program string
	shop    *process
}

type operatorKey struct{}

func operatorOf(ts *testscript.TestScript) *operator { return ts.Value(operatorKey{}).(*operator) }

func setUpScript(e *testscript.Env) error {
	t := e.T().(testing.TB) // which testscript.Run promises
	w := newTown(t)
	w.database = filepath.Join(t.TempDir(), "shop.db") // not there yet: the programs make it
	for _, pair := range w.env("VENDOR_URL=" + w.vendorURL) {
		name, value, _ := strings.Cut(pair, "=")
		if name != "PATH" && name != "HOME" {
			e.Setenv(name, value)
		}
	}
	e.Values[operatorKey{}] = &operator{town: w, program: binary(t)}
	return nil
}

func (o *operator) runsProgram(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: esimbot CODE ARGS…")
	}
	err := ts.Exec(o.program, args[1:]...)
	code := 0
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	o.mayBeSaid(ts, ts.ReadFile("stdout")+ts.ReadFile("stderr"))
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// mayBeSaid holds that there is nothing in an output that must not be there.
func (o *operator) mayBeSaid(ts *testscript.TestScript, output string) {
	for _, trace := range []string{"goroutine ", "panic", ".go:"} {
		if strings.Contains(output, trace) {
			ts.Fatalf("the output has a stack trace:\n%s", output)
		}
	}
	for _, s := range o.secrets() {
		if strings.Contains(output, s) {
			ts.Fatalf("the output holds a secret (%.6s…):\n%s", s, output)
		}
	}
}

// environment is that of the script as it stands.
func (o *operator) environment(ts *testscript.TestScript) []string {
	var env []string
	for _, pair := range o.env() {
		name, _, _ := strings.Cut(pair, "=")
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

func (o *operator) serves(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: serve")
	}
	p, err := spawn(o.t, o.program, o.environment(ts))
	if err == nil {
		err = p.open(o.ctx)
	}
	ts.Check(err)
	o.shop = p
	ts.Setenv("ADDR", p.addr)
}

func (o *operator) stops(ts *testscript.TestScript, neg bool, _ []string) {
	if neg || o.shop == nil {
		ts.Fatalf("nothing to stop")
	}
	ts.Check(o.shop.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-o.shop.ended:
	case <-o.ctx.Done():
		ts.Fatalf("serve does not stop:\n%s", o.shop.log)
	}
	o.mayBeSaid(ts, o.shop.log.String())
	if code := o.shop.cmd.ProcessState.ExitCode(); code != 0 {
		ts.Fatalf("exit code %d\n%s", code, o.shop.log)
	}
	o.shop = nil
}

func (o *operator) asksHealth(ts *testscript.TestScript, neg bool, _ []string) {
	if code, body := health(o.t, ts.Getenv("ADDR")); (code == 200) == neg {
		ts.Fatalf("/healthz says %d %s", code, body)
	}
}
