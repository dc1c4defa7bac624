package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// An arrow is what one package may import. The table is the picture in
// .github/CONTRIBUTING.md.
type arrow struct {
	ours  string // packages of this module
	third string // libraries; what begins with one of them
	// world is what of the outside a package may touch, of the list in risky.
	world string
}

var arrows = map[string]arrow{
	"esim": {third: "github.com/cenkalti/backoff/v5"}, // arithmetic
	"esim/esimaccess": {
		ours: "esim", third: "golang.org/x/time/rate", world: "net/http net/http/httptrace crypto/tls",
	},
	"esim/esimaccess/sandbox": {world: "net/http os embed"},
	"storage": {
		ours: "esim", third: "modernc.org/sqlite", world: "database/sql database/sql/driver os embed io/fs",
	},
	"i18n":              {ours: "i18n/places", third: "github.com/nicksnyder/go-i18n/v2 golang.org/x/text", world: "embed io/fs"},
	"i18n/countrynotes": {third: "golang.org/x/text", world: "embed"},
	"i18n/zones":        {world: "embed"},
	"i18n/places":       {third: "golang.org/x/text", world: "embed io/fs"},
	// The bot's rooms: customer and staff never know each other, and whoever serves both
	// knows neither.
	"bot": {
		ours: "bot/chart bot/customer bot/notify bot/qrcard bot/staff bot/telegram bot/ui esim i18n i18n/countrynotes",
	},
	"bot/customer": {
		ours: "bot/chart bot/customer/buy bot/customer/find bot/customer/forsale bot/customer/money bot/customer/own bot/customer/refs bot/customer/rights bot/customer/support bot/notify bot/qrcard bot/telegram bot/ui esim i18n i18n/countrynotes",
	},
	// The customer's rooms never know each other: they meet in refs.
	"bot/customer/find":    {ours: "bot/customer/forsale bot/customer/refs bot/telegram bot/ui esim i18n"},
	"bot/customer/buy":     {ours: "bot/customer/forsale bot/customer/money bot/customer/refs bot/telegram bot/ui esim i18n i18n/countrynotes"},
	"bot/customer/own":     {ours: "bot/chart bot/customer/forsale bot/customer/money bot/customer/refs bot/qrcard bot/ui esim i18n i18n/countrynotes i18n/zones"},
	"bot/customer/rights":  {ours: "bot/customer/money bot/customer/refs bot/ui esim i18n"},
	"bot/customer/support": {ours: "bot/customer/money bot/customer/refs bot/telegram bot/ui esim i18n"},
	"bot/customer/forsale": {ours: "bot/customer/refs bot/ui esim i18n i18n/countrynotes"},
	"bot/customer/money":   {ours: "bot/ui esim i18n"},
	"bot/customer/refs":    {ours: "bot/telegram bot/ui esim"},
	"bot/staff":            {ours: "bot/chart bot/notify bot/sheet bot/telegram bot/ui esim i18n"},
	"bot/ui":               {ours: "bot/telegram esim i18n", third: "golang.org/x/sync golang.org/x/text"},
	"bot/notify":           {ours: "bot/telegram esim"},
	"bot/intake":           {ours: "bot/telegram esim"},
	"bot/qrcard":           {third: "github.com/skip2/go-qrcode golang.org/x/image golang.org/x/text/unicode/norm"},
	"bot/chart":            {third: "golang.org/x/image"},
	"bot/sheet":            {},
	"bot/telegram": {
		third: "github.com/cenkalti/backoff/v5 github.com/go-telegram-bot-api/telegram-bot-api/v5 golang.org/x/time/rate",
		world: "net net/http crypto/tls syscall",
	},
	"bot/telegram/sandbox":          {world: "net net/http embed io/fs"},
	"bot/telegram/sandbox/apitable": {world: "net/http io/fs os testing"}, // for tests
	"cmd/esimbot/memnet":            {world: "net net/http"},              // for tests
	// The shop, wired, and the program around it: commands, the environment, the sandbox.
	"cmd/esimbot/shop": {
		ours:  "bot bot/chart bot/intake bot/notify bot/qrcard bot/staff bot/telegram esim esim/esimaccess i18n i18n/countrynotes storage",
		third: "github.com/VictoriaMetrics/metrics github.com/cenkalti/backoff/v5 github.com/robfig/cron/v3",
		world: "net net/http",
	},
	"cmd/esimbot/shop/shoptest": { // for tests
		ours:  "bot bot/telegram bot/telegram/sandbox cmd/esimbot/shop esim esim/esimaccess esim/esimaccess/sandbox i18n i18n/countrynotes storage",
		world: "net/http os testing",
	},
	"cmd/esimbot": {
		ours:  "bot/telegram bot/telegram/sandbox cmd/esimbot/shop esim esim/esimaccess esim/esimaccess/sandbox i18n i18n/countrynotes storage",
		third: "github.com/alecthomas/kong github.com/cenkalti/backoff/v5 github.com/robfig/cron/v3 golang.org/x/crypto/x509roots/fallback golang.org/x/sys/unix",
		world: "crypto/tls embed io/fs net net/http os os/signal syscall",
	},
}

// risky packages reach outside the program; who needs one says so in the table.
var risky = strings.Fields(`database/sql database/sql/driver embed io/fs io/ioutil log net net/http net/http/httptrace
	net/rpc net/smtp os os/exec os/signal os/user plugin syscall unsafe crypto/tls testing`)

type goPackage struct {
	ImportPath, Dir string
	Imports         []string
	GoFiles         []string
}

const module = "esimbot"

// listed asks the go command for every package of the module.
func listed(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"/...")
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, errOut.String())
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listed(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		seen[name] = true
		for _, complaint := range complaints(name, p.Imports) {
			t.Error(complaint)
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("the table names package %s, which does not exist", name)
		}
	}
}

// complaints are the sentences about the imports of a package that its arrows do not allow.
func complaints(name string, imports []string) []string {
	allowed, known := arrows[name]
	if !known {
		return []string{"package " + name + " is new: say in the picture of .github/CONTRIBUTING.md and in the table of arrows what it may know"}
	}
	var out []string
	for _, imp := range imports {
		ours, isOurs := strings.CutPrefix(imp, module+"/")
		first, _, _ := strings.Cut(imp, "/")
		switch {
		case isOurs:
			if !slices.Contains(strings.Fields(allowed.ours), ours) {
				out = append(out, "package "+name+" must not know "+ours+": the arrows of the architecture do not allow it")
			}
		case strings.Contains(first, "."):
			if !slices.ContainsFunc(strings.Fields(allowed.third), func(lib string) bool { return imp == lib || strings.HasPrefix(imp, lib+"/") }) {
				out = append(out, "package "+name+" must not use the library "+imp)
			}
		case slices.Contains(risky, imp):
			if !slices.Contains(strings.Fields(allowed.world), imp) {
				out = append(out, "package "+name+" must not use "+imp+": that is no concern of it")
			}
		}
	}
	return out
}

// The guard itself must be able to say no.
func TestArrowsRefuse(t *testing.T) {
	tests := []struct{ name, imp string }{
		{"esim", "net/http"},
		{"esim", "database/sql"},
		{"esim", "os"},
		{"esim", "esimbot/storage"},
		{"esim", "golang.org/x/time/rate"},
		{"bot", "github.com/go-telegram-bot-api/telegram-bot-api/v5"},
		{"bot", "net/http"},
		{"bot", "esimbot/storage"},
		{"bot", "esimbot/esim/esimaccess"},
		{"storage", "esimbot/bot"},
		{"bot", "esimbot/cmd/esimbot/shop"},
		{"esim", "esimbot/cmd/esimbot/shop"},
		{"cmd/esimbot/shop", "esimbot/esim/esimaccess/sandbox"},
		{"cmd/esimbot/shop", "esimbot/bot/telegram/sandbox"},
		{"cmd/esimbot", "esimbot/bot"},
		{"bot/customer", "esimbot/bot/staff"},
		{"bot/customer", "esimbot/bot"},
		{"bot/customer/find", "esimbot/bot/customer/buy"},
		{"bot/customer/buy", "esimbot/bot/customer/find"},
		{"bot/customer/own", "esimbot/bot/customer/buy"},
		{"bot/customer/own", "esimbot/bot/customer/support"},
		{"bot/customer/support", "esimbot/bot/customer/find"},
		{"bot/customer/refs", "esimbot/bot/customer/forsale"},
		{"bot/customer/money", "esimbot/bot/customer/refs"},
		{"bot/customer/buy", "esimbot/bot/customer"},
		{"bot/customer/buy", "esimbot/bot/staff"},
		{"bot/staff", "esimbot/bot/customer/refs"},
		{"bot/staff", "esimbot/bot/customer"},
		{"bot/staff", "esimbot/bot/qrcard"},
		{"bot/notify", "esimbot/bot/customer"},
		{"bot/notify", "esimbot/bot/staff"},
		{"bot/notify", "esimbot/bot/ui"},
		{"bot/intake", "esimbot/bot/ui"},
		{"bot/ui", "esimbot/bot/customer"},
		{"bot/qrcard", "esimbot/esim"},
		{"bot/qrcard", "esimbot/i18n"},
		{"bot/chart", "esimbot/esim"},
		{"bot/chart", "esimbot/i18n"},
		{"i18n/zones", "esimbot/i18n"},
		{"bot/telegram", "esimbot/bot/ui"},
		{"bot/telegram", "esimbot/esim"},
		{"bot/telegram/sandbox", "esimbot/bot/telegram"},
		{"esim/esimaccess/sandbox", "esimbot/esim"},
		{"esim/esimaccess", "esimbot/esim/esimaccess/sandbox"},
		{"storage", "github.com/robfig/cron/v3"},
		{"bot/customer", "github.com/cenkalti/backoff/v5"},
		{"esim/esimaccess", "github.com/VictoriaMetrics/metrics"},
		{"bot/telegram", "github.com/VictoriaMetrics/metrics"},
		{"bot", "modernc.org/sqlite"},
		{"i18n", "esimbot/esim"},
		{"i18n", "esimbot/bot"},
		{"i18n/places", "esimbot/i18n"},
		{"helpers", "fmt"},
	}
	for _, tt := range tests {
		if len(complaints(tt.name, []string{tt.imp})) == 0 {
			t.Errorf("package %s may import %s", tt.name, tt.imp)
		}
	}
	if got := complaints("esim", []string{"fmt", "time", "context"}); got != nil {
		t.Errorf("esim may not import what it needs: %q", got)
	}
}

// The given layout of the top: no other folder.
func TestTopLevelFolders(t *testing.T) {
	postings, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range postings {
		if e.IsDir() && !slices.Contains(strings.Fields("cmd bot esim storage i18n .ci .git .github"), e.Name()) {
			t.Errorf("folder %s at the top: the layout is cmd, bot, esim, storage, i18n", e.Name())
		}
	}
}

// The clock is read in cmd only; elsewhere time.Now is a default that the caller
// can replace, and is never called.
func TestTheClockIsGiven(t *testing.T) {
	for _, p := range listed(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		if strings.HasPrefix(name, "cmd/") {
			continue
		}
		for _, file := range p.GoFiles {
			for _, at := range clockReads(t, filepath.Join(p.Dir, file)) {
				t.Errorf("%s/%s: the clock belongs into a field Now", name, at)
			}
		}
	}
}

// clockReads finds calls of time.Now, time.Since and time.Sleep. time.Until is for the
// deadlines of contexts, which are of the real clock.
func clockReads(t *testing.T, path string) (found []string) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Sleep"}, sel.Sel.Name) {
			pos := fset.Position(call.Pos())
			found = append(found, filepath.Base(pos.Filename)+": time."+sel.Sel.Name+" is called")
		}
		return true
	})
	return found
}
