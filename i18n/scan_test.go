package i18n

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// How a sentence is used in Go code:
//
//	p.T("plan.card", i18n.Args{"plan": name})   the key must exist, with these values
//	p.T(keyCard, nil)                           a constant of the same package
//	{Route: "x", TitleKey: "menu.btn_find"}     any string that is a key counts as its use;
//	                                            a field named Key or …Key must hold one that exists
//	//i18n:use continent.*                      keys made at run time are declared, * for any part
//
// Tests do not count as use.
type use struct {
	at     string // file:line
	key    string
	method string   // T, Plain, N, PlainN; "" for a string that is not an argument
	given  []string // names of the Args literal
	exact  bool     // given is all there is
}

// uses is what a scan of Go code found.
type uses struct {
	calls    []use
	strings  map[string]bool // every string constant
	alone    []use           // string constants that no other is put to: one that looks like a key is one
	declared []use           // patterns of //i18n:use
	problems []string
}

// methods and the number of their arguments.
var methods = map[string]int{"T": 2, "Plain": 2, "N": 3, "PlainN": 3}

// scan parses the Go files under the folders and all folders in them, except tests,
// testdata and the simulators, which speak to nobody. A folder that does not exist has no uses.
func scan(folders ...string) (*uses, error) {
	u := &uses{strings: map[string]bool{}}
	for _, folder := range folders {
		packages := map[string][]*ast.File{}
		fset := token.NewFileSet()
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "sandbox"):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
				return nil
			}
			f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return fmt.Errorf("parse: %w", err)
			}
			packages[filepath.Dir(name)] = append(packages[filepath.Dir(name)], f)
			return nil
		})
		if err != nil {
			return nil, err
		}
		for _, files := range packages {
			u.pkg(fset, files)
		}
	}
	return u, nil
}

func (u *uses) pkg(fset *token.FileSet, files []*ast.File) {
	consts := constants(files)
	parts := map[ast.Node]bool{} // of strings that are put together
	for _, f := range files {
		at := func(n ast.Node) string {
			p := fset.Position(n.Pos())
			return fmt.Sprintf("%s:%d", p.Filename, p.Line)
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if patterns, ok := strings.CutPrefix(c.Text, "//i18n:use "); ok {
					for p := range strings.FieldsSeq(patterns) {
						u.declared = append(u.declared, use{at: at(c), key: p})
					}
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.BasicLit:
				if s, ok := consts.value(n); ok {
					u.strings[s] = true
					if !parts[n] && keyPattern.MatchString(s) {
						u.alone = append(u.alone, use{at: at(n), key: s})
					}
				}
			case *ast.BinaryExpr:
				if s, ok := consts.value(n); ok {
					u.strings[s] = true
				}
				parts[n.X], parts[n.Y] = n.Op == token.ADD, n.Op == token.ADD
			case *ast.KeyValueExpr:
				u.field(n, consts, at(n))
			case *ast.CallExpr:
				u.call(n, consts, at(n))
			}
			return true
		})
	}
}

// field takes {TitleKey: "menu.btn_find"} as a use that must exist.
func (u *uses) field(kv *ast.KeyValueExpr, consts constantTable, at string) {
	name, ok := kv.Key.(*ast.Ident)
	if !ok || !strings.HasSuffix(name.Name, "Key") {
		return
	}
	if s, ok := consts.value(kv.Value); ok && keyPattern.MatchString(s) {
		u.calls = append(u.calls, use{at: at, key: s})
	}
}

func (u *uses) call(call *ast.CallExpr, consts constantTable, at string) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || methods[sel.Sel.Name] != len(call.Args) {
		return
	}
	key, ok := consts.value(call.Args[0])
	if !ok {
		// A key handed over in a variable is a string somewhere; one that is put
		// together here must be declared.
		if prefix, made := consts.prefix(call.Args[0]); made {
			u.calls = append(u.calls, use{at: at, key: prefix + "*", method: sel.Sel.Name})
		}
		return
	}
	if !keyPattern.MatchString(key) {
		u.problems = append(u.problems, fmt.Sprintf("%s: %q is not a key", at, key))
		return
	}
	found := use{at: at, key: key, method: sel.Sel.Name}
	found.given, found.exact = argNames(call.Args[len(call.Args)-1], consts)
	u.calls = append(u.calls, found)
}

// argNames reads i18n.Args{"plan": …} or nil; a variable is not read.
func argNames(e ast.Expr, consts constantTable) (names []string, exact bool) {
	switch e := e.(type) {
	case *ast.Ident:
		return nil, e.Name == "nil"
	case *ast.CompositeLit:
		for _, element := range e.Elts {
			kv, ok := element.(*ast.KeyValueExpr)
			if !ok {
				return nil, false
			}
			name, ok := consts.value(kv.Key)
			if !ok {
				return nil, false
			}
			names = append(names, name)
		}
		return names, true
	}
	return nil, false
}

// constantTable is the string constants of a package by name.
type constantTable map[string]ast.Expr

func constants(files []*ast.File) constantTable {
	table := constantTable{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			decl, ok := n.(*ast.GenDecl)
			if !ok || decl.Tok != token.CONST {
				return true
			}
			for _, spec := range decl.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						table[name.Name] = v.Values[i]
					}
				}
			}
			return true
		})
	}
	return table
}

// value evaluates literals, constants, their sums and conversions of them.
func (c constantTable) value(e ast.Expr) (string, bool) { return c.eval(e, 0) }

func (c constantTable) eval(e ast.Expr, depth int) (string, bool) {
	if depth > 20 {
		return "", false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.Ident:
		if v, ok := c[e.Name]; ok {
			return c.eval(v, depth+1)
		}
	case *ast.ParenExpr:
		return c.eval(e.X, depth+1)
	case *ast.CallExpr: // string(keyCard)
		if f, ok := e.Fun.(*ast.Ident); ok && f.Name == "string" && len(e.Args) == 1 {
			return c.eval(e.Args[0], depth+1)
		}
	case *ast.BinaryExpr:
		left, ok1 := c.eval(e.X, depth+1)
		right, ok2 := c.eval(e.Y, depth+1)
		return left + right, e.Op == token.ADD && ok1 && ok2
	}
	return "", false
}

// prefix returns the constant beginning of a key that is put together.
func (c constantTable) prefix(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BinaryExpr)
	if !ok || b.Op != token.ADD {
		return "", false
	}
	if s, ok := c.value(b.X); ok {
		return s, true
	}
	s, _ := c.prefix(b.X)
	return s, true
}
